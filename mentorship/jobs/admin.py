"""The list of long work, for looking only: it is started and stopped where it belongs."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.jobs import registry
from mentorship.jobs.models import Job


@admin.register(Job)
class JobAdmin(SeasonModelAdmin):
    """Read-only for coordinators and administrators."""

    view_roles: ClassVar[tuple[str, ...]] = ("coordinator", "administrator")
    list_display = ("title", "state", "requested_by", "requested_at", "ended_at", "error")
    list_filter = ("state",)
    list_select_related = ("requested_by__profile",)
    fields = (
        "title",
        "state",
        "requested_by",
        "requested_at",
        "started_at",
        "ended_at",
        "attempts",
        "step",
        "done",
        "total",
        "error",
    )
    readonly_fields = ("title",)

    @admin.display(description=_("work"))
    def title(self, job: Job) -> str:
        return registry.title_of(job)
