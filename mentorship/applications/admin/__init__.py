"""Where coordinators screen applications and see what a season lacks."""

from django.contrib import admin

from mentorship.applications.admin.applications import ApplicationAdmin
from mentorship.applications.models import Application

admin.site.register(Application, ApplicationAdmin)

__all__ = ["ApplicationAdmin"]
