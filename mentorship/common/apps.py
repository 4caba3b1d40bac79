"""Names the leaf package to Django and installs the season's admin site as the default one."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CommonConfig(AppConfig):
    name = "mentorship.common"
    default = True


class SeasonAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "mentorship.common.admin_site.SeasonAdminSite"
