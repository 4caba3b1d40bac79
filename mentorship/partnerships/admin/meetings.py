"""Meetings as coordinators see them: date, length, who was there. Never what was said, nor where."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.admin.deciding import names_of
from mentorship.partnerships.forms.meetings import CorrectionForm
from mentorship.partnerships.meeting_words import moment_words, words_of
from mentorship.partnerships.models import Meeting
from mentorship.partnerships.services import Closed, NobodyThere, NothingChanged, NotTheirs
from mentorship.partnerships.views.common import members_of

SETTLED = (Meeting.State.HELD, Meeting.State.MISSED)


class MeetingAdmin(SeasonModelAdmin):
    """Every meeting of the pairs that don't concern the coordinator."""

    list_display = ["when", "pair", "minutes", "people", "state"]
    list_filter = ["partnership__season", "state"]
    list_display_links = ["when"]
    fields = ["pair", "when", "minutes", "state", "attendance", "corrections", "put_right"]
    readonly_fields: ClassVar[list[str]] = ["pair", "when", "attendance", "corrections", "put_right"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = Meeting.objects.visible_to(request.user).exclude(partnership__memberships__person=request.user)
        rows = (
            rows.with_present()
            .select_related("partnership__season")
            .prefetch_related("partnership__memberships__person__profile")
            .order_by("-starts_at", "pk")
        )
        return cast("QuerySet[Any]", rows)

    def get_urls(self) -> list[URLPattern]:
        correct = require_http_methods(["GET", "HEAD", "POST"])(self.correct)
        view = self.admin_site.admin_view(correct)
        return [path("<uuid:pk>/correct/", view, name="partnerships_meeting_correct"), *super().get_urls()]

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, row: Meeting) -> str:
        return moment_words(row, row.partnership.season)

    @admin.display(description=gettext_lazy("who"))
    def pair(self, row: Meeting) -> str:
        return names_of(row.partnership)

    @admin.display(description=gettext_lazy("people there"))
    def people(self, row: Any) -> int:
        return int(row.people)

    @admin.display(description=gettext_lazy("who was there"))
    def attendance(self, row: Meeting) -> str:
        there = {entry.membership_id for entry in row.attendances.all() if entry.present}
        names = [member.person.display_name for member in row.partnership.memberships.all() if member.pk in there]
        return ", ".join(names) or "–"

    @admin.display(description=gettext_lazy("put right"))
    def corrections(self, row: Meeting) -> str:
        lines = [
            (entry.before_minutes, entry.after_minutes, entry.by.display_name, entry.reason)
            for entry in row.corrections.select_related("by__profile")
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} → {} · {} · {}</li>", lines)) if lines else "–"

    @admin.display(description=gettext_lazy("what you can do"))
    def put_right(self, row: Meeting) -> str:
        if row.state not in SETTLED:
            return "–"
        url = reverse("admin:partnerships_meeting_correct", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Put something right"))

    def correct(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put hours right; what they were before stays in a row of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row: Meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        pair = row.partnership
        request.season = pair.season  # type: ignore[attr-defined]
        back = redirect("admin:partnerships_meeting_change", row.pk)
        if row.state not in SETTLED:
            return back
        form = CorrectionForm(
            request.POST if request.method == "POST" else None, meeting=row, members=members_of(pair)
        )
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.correct_meeting(
                    meeting=row,
                    took_place=form.took,
                    minutes=data["minutes"] or row.minutes,
                    present=data["present"],
                    reason=data["reason"],
                    by=request.user,
                    now=timezone.now(),
                )
            except NothingChanged:
                messages.info(request, _("It was so already; nothing was changed."))
            except (Closed, IllegalMove, NobodyThere, NotTheirs):
                messages.info(request, _("It was changed meanwhile. Look at it again before you decide."))
            else:
                messages.success(request, _("Put right."))
            return back
        context = {
            "title": _("Put a meeting right"),
            "form": form,
            "names": names_of(pair),
            "words": words_of(row, pair.season, timezone.now()),
            "back": reverse("admin:partnerships_meeting_change", args=[row.pk]),
        }
        return render(request, "admin/partnerships/correct.html", context)
