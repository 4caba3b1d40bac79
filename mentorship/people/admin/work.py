"""Places and jobs: the lists that describe where people work, edited by coordinators and administrators."""

from django.contrib import admin

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.people.models import JobClass, UnitKind, WorkUnit

BOTH = ("coordinator", "administrator")


class WorkAdmin(SeasonModelAdmin):
    """Nothing is deleted: people refer to it, and history too."""

    view_roles = add_roles = change_roles = BOTH


@admin.register(WorkUnit)
class WorkUnitAdmin(WorkAdmin):
    list_display = ("__str__", "region", "kind", "active")
    list_filter = ("active", "kind", "region")
    list_select_related = ("kind",)
    search_fields = ("location", "department", "region")
    fields = ("location", "department", "region", "kind", "active")


@admin.register(UnitKind)
class UnitKindAdmin(WorkAdmin):
    list_display = ("__str__", "slug", "order")
    fields = ("slug", "title_en", "title_es", "order")


@admin.register(JobClass)
class JobClassAdmin(WorkAdmin):
    list_display = ("__str__", "family", "rank", "managerial", "degree_required")
    list_filter = ("family", "managerial", "degree_required")
    search_fields = ("title_en", "title_es")
    fields = ("slug", "title_en", "title_es", "family", "rank", "managerial", "degree_required")
