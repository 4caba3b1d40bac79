"""Partnerships to look at and to bring to their end; who goes with whom is decided in the matching workbench."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.partnerships.admin.deciding import DecidingPages, names_of
from mentorship.partnerships.meeting_words import length_words, moment_words
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.states import PARTNERSHIP

SHOWN = 20


class PartnershipAdmin(DecidingPages, SeasonModelAdmin):
    """Who works with whom; pairs that concern the coordinator themselves aren't listed."""

    list_display = ["pair", "season", "state", "fit", "announced_at", "last_met_at"]
    list_filter = ["season", "state", "kind"]
    list_select_related = ["season"]
    search_fields = [
        "memberships__person__given_name",
        "memberships__person__family_name",
        "memberships__person__profile__preferred_name",
    ]
    fields = [
        "pair", "season", "kind", "state", "what_next", "fit", "approved_at", "approved_by",
        "asked_at", "answer_due", "announced_at", "closed_at", "liaison", "hours", "latest_meetings",
    ]  # fmt: skip
    readonly_fields: ClassVar[list[str]] = ["pair", "what_next", "hours", "latest_meetings"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partnership]:
        return super().get_queryset(request).prefetch_related("memberships__person__profile")

    def get_urls(self) -> list[URLPattern]:
        return [*self.deciding_urls(), *super().get_urls()]

    @admin.display(description=gettext_lazy("who"))
    def pair(self, row: Partnership) -> str:
        return names_of(row)

    @admin.display(description=gettext_lazy("what you can do"))
    def what_next(self, row: Partnership) -> str:
        """The ways to an end that are open to it, each a page that says what will happen."""
        words = {"completed": ("complete", _("Complete it")), "ended": ("end", _("End it"))}
        links = [
            (reverse(f"admin:partnerships_partnership_{name}", args=[row.pk]), label)
            for target, (name, label) in words.items()
            if PARTNERSHIP.allows(row.state, target)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links) or "–"

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, row: Partnership) -> str:
        totals = row.meetings.all().totals()
        return _("%(meetings)d meetings, %(together)s hours, %(each)s hours counted per person") % {
            "meetings": totals.meetings,
            "together": f"{totals.meeting_hours:g}",
            "each": f"{totals.person_hours:g}",
        }

    @admin.display(description=gettext_lazy("latest meetings"))
    def latest_meetings(self, row: Partnership) -> str:
        """Date, length and how many were there: what coordinators see of a meeting, and nothing else."""
        lines = [
            (
                reverse("admin:partnerships_meeting_change", args=[meeting.pk]),
                moment_words(meeting, row.season),
                length_words(meeting.minutes),
                meeting.people,
                meeting.get_state_display(),
            )
            for meeting in row.meetings.with_present().order_by("-starts_at", "pk")[:SHOWN]
        ]
        if not lines:
            return "–"
        items = format_html_join("", '<li><a href="{}">{}</a> · {} · {} · {}</li>', lines)
        return format_html("<ul>{}</ul>", items)
