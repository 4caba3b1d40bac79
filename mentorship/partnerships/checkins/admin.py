"""Check-ins for coordinators: the list, one to read and deal with, and a letter to who has fallen silent."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import ReadingAdmin
from mentorship.common.states import IllegalMove
from mentorship.partnerships.checkins.forms import LetterForm
from mentorship.partnerships.checkins.services import settle_check_in, write_to_member
from mentorship.partnerships.checkins.today import quiet_members
from mentorship.partnerships.checkins.words import (
    QUIET,
    going_words,
    month_words,
    partner_names,
    ready_letter,
    reason_of,
)
from mentorship.partnerships.models import CheckIn, Membership

PAGE = 25


class WaitsFilter(admin.SimpleListFilter):
    """Narrow the list to what has to be dealt with."""

    title = gettext_lazy("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Waits for a coordinator"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(waits_since__isnull=False) if self.value() == "yes" else queryset


@admin.register(CheckIn)
class CheckInAdmin(ReadingAdmin):
    """Check-ins of pairs that concern neither the coordinator nor somebody near them."""

    list_display = ("who", "season", "month_in_words", "going_in_words", "fit", "call", "state")
    list_filter: ClassVar[Any] = (WaitsFilter, "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = CheckIn.objects.handled_by_others_than(request.user).select_related(
            "membership__person__profile", "membership__season"
        )
        return rows

    @admin.display(description=gettext_lazy("who"))
    def who(self, row: CheckIn) -> str:
        return row.membership.person.display_name

    @admin.display(description=gettext_lazy("season"))
    def season(self, row: CheckIn) -> str:
        return str(row.membership.season)

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def month_in_words(self, row: CheckIn) -> str:
        return month_words(row)

    @admin.display(description=gettext_lazy("would like a call"), ordering="wants_call")
    def call(self, row: CheckIn) -> str:
        return _("yes") if row.wants_call else ""

    @admin.display(description=gettext_lazy("how it is going"), ordering="going")
    def going_in_words(self, row: CheckIn) -> str:
        return going_words(row)

    def get_urls(self) -> list[URLPattern]:
        name = "partnerships_checkin_{}".format
        return [
            path("<uuid:pk>/letter/", self.page(self.letter_view, ["POST"]), name=name("letter")),
            path("<uuid:pk>/settle/", self.page(self.settle_view, ["POST"]), name=name("settle")),
            path("quiet/", self.page(self.quiet_list_view, ["GET", "HEAD"]), name=name("quiet_list")),
            path("quiet/<uuid:membership_id>/", self.page(self.quiet_view), name=name("quiet")),
            *super().get_urls(),
        ]

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One check-in to read; its buttons deal with it."""
        row = self._row(request, object_id)
        return self._detail(request, row, LetterForm(initial=self._ready(request, row)))

    def letter_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Send what the coordinator wrote, which deals with the check-in."""
        row = self._row(request, str(pk))
        form = LetterForm(request.POST)
        if not form.is_valid():
            return self._detail(request, row, form)
        try:
            write_to_member(
                membership=row.membership,
                check_in=row,
                words=form.cleaned_data["words"],
                by=request.user,
                now=timezone.now(),
            )
        except IllegalMove:
            messages.info(request, _("It was dealt with already; nothing was sent."))
        else:
            messages.success(request, _("Sent to %(who)s.") % {"who": row.membership.person.display_name})
        return redirect("admin:index")

    def settle_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Note that a coordinator has dealt with it: they called, or spoke with the person."""
        row = self._row(request, str(pk))
        try:
            settle_check_in(check_in=row, by=request.user, now=timezone.now())
        except IllegalMove:
            messages.info(request, _("It was dealt with already; nothing was changed."))
        else:
            messages.success(request, _("Noted."))
        return redirect("admin:index")

    def quiet_list_view(self, request: HttpRequest) -> HttpResponse:
        """Everybody who has answered no check-in for two months."""
        page = Paginator(quiet_members(request.user, timezone.now()), PAGE).get_page(request.GET.get("page"))
        return self._show(
            request, "quiet_list.html", {"title": _("No check-in answered for two months"), "page": page}
        )

    def quiet_view(self, request: HttpRequest, membership_id: Any) -> HttpResponse:
        """A letter to one of them."""
        members = quiet_members(request.user, timezone.now())
        member = get_object_or_404(
            members.prefetch_related("partnership__memberships__person__profile"), pk=membership_id
        )
        ready = {"words": ready_letter(member, QUIET, request.user)}
        form = LetterForm(request.POST if request.method == "POST" else None, initial=ready)
        if form.is_valid():
            write_to_member(membership=member, words=form.cleaned_data["words"], by=request.user, now=timezone.now())
            messages.success(request, _("Sent to %(who)s.") % {"who": member.person.display_name})
            return redirect("admin:index")
        title = _("%(name)s has answered no check-in for two months") % {"name": member.person.display_name}
        return self._show(request, "unheard.html", {"title": title, "member": member, "form": form, **_about(member)})

    def _row(self, request: HttpRequest, object_id: str) -> CheckIn:
        """Return the check-in with what its page reads. Raises Http404."""
        row = self.found(request, object_id)
        found: CheckIn = CheckIn.objects.named().select_related("handled_by__profile").get(pk=row.pk)
        return found

    def _ready(self, request: HttpRequest, row: CheckIn) -> dict[str, str]:
        if row.waits_since is None:
            return {}
        return {"words": ready_letter(row.membership, reason_of(row), request.user)}

    def _detail(self, request: HttpRequest, row: CheckIn, form: LetterForm) -> HttpResponse:
        return self._show(
            request,
            "check_in.html",
            {
                "title": row.membership.person.display_name,
                "check_in": row,
                "member": row.membership,
                "month": month_words(row),
                "going": going_words(row),
                "form": form,
                "waits": row.waits_since is not None,
                "may_settle": row.state == CheckIn.State.ANSWERED,
                **_about(row.membership),
            },
        )

    def _show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        member = context.get("member")
        if member is not None:
            request.season = member.partnership.season  # type: ignore[attr-defined]
        return render(request, f"admin/partnerships/{template}", {**self.admin_site.each_context(request), **context})


def _about(member: Membership) -> dict[str, Any]:
    return {"partner": partner_names(member), "language": member.person.get_language_display()}
