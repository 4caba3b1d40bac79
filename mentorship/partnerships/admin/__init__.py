"""What coordinators see of partnerships and decide on them."""

from django.contrib import admin

from mentorship.partnerships.admin.meetings import MeetingAdmin
from mentorship.partnerships.admin.partnerships import PartnershipAdmin
from mentorship.partnerships.checkins import admin as checkins
from mentorship.partnerships.helping import admin as helping
from mentorship.partnerships.models import Meeting, Partnership

admin.site.register(Partnership, PartnershipAdmin)
admin.site.register(Meeting, MeetingAdmin)

__all__ = ["MeetingAdmin", "PartnershipAdmin", "checkins", "helping"]
