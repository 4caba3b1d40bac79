"""The coordinator's own pages on pairs: the quiet ones, the wishes for a different match, and the end of a pair."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mentorship.common.admin_access import View, for_coordinators
from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.coordinator_tasks import gone_quiet, never_met, wishing
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.querysets import TOLD
from mentorship.partnerships.reading import with_members
from mentorship.partnerships.services import Closed, NotTheirs
from mentorship.partnerships.services.helping import OFFER
from mentorship.partnerships.states import PARTNERSHIP
from mentorship.reminders import previews
from mentorship.reminders.registry import rule_of

PER_PAGE = 20
ORDER: dict[str, int] = {Membership.Role.MENTEE: 0, Membership.Role.PEER: 1}


def names_of(row: Partnership) -> str:
    """Who works together, the mentor last; the members are loaded."""
    members = sorted(row.memberships.all(), key=lambda member: (ORDER.get(member.role, 2), str(member.pk)))
    return " – ".join(member.person.display_name for member in members)


class DecidingPages:
    """Mixed into the admin of partnerships; every page begins with the pairs that a coordinator may decide on."""

    admin_site: Any

    def deciding_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, View, str]] = [
            ("quiet/", require_GET, self.quiet, "quiet"),
            ("wishes/", require_GET, self.wishes, "wishes"),
            ("<uuid:pk>/offer/", require_POST, self.offer, "offer"),
            ("<uuid:pk>/settle/", require_POST, self.settle, "settle"),
            ("<uuid:pk>/complete/", require_http_methods(["GET", "HEAD", "POST"]), self.complete, "complete"),
            ("<uuid:pk>/end/", require_http_methods(["GET", "HEAD", "POST"]), self.end, "end"),
        ]
        door = self.admin_site.admin_view
        return [
            path(route, door(by_method(for_coordinators(page))), name=f"partnerships_partnership_{name}")
            for route, by_method, page, name in pages
        ]

    def quiet(self, request: HttpRequest) -> HttpResponse:
        """Pairs that haven't met, the longest silence first, each with one ready message."""
        now = timezone.now()
        quiet = never_met(request.user, now) | gone_quiet(request.user, now)
        rows = with_members(quiet).order_by("last_met_at", "announced_at", "pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": _("Pairs that haven't met"),
            "page": page,
            "rows": [
                {"pair": row, "names": names_of(row), "since": row.last_met_at or row.announced_at} for row in page
            ],
            "message": previews.preview(rule_of(OFFER), (get_language() or "en")[:2]),
        }
        return render(request, "admin/partnerships/quiet.html", context)

    def offer(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send the ready message to a quiet pair."""
        pair = self._pair(request, pk)
        try:
            services.offer_help(partnership=pair, by=request.user, now=timezone.now())
        except (Closed, NotTheirs):
            messages.info(request, _("This pair was changed meanwhile; nothing was sent."))
        else:
            messages.success(request, _("Written to %(who)s.") % {"who": names_of(pair)})
        return redirect("admin:partnerships_partnership_quiet")

    def wishes(self, request: HttpRequest) -> HttpResponse:
        """Who would like a different match, the longest waiting first."""
        rows = wishing(request.user).select_related(
            "membership__person__profile__unit", "membership__partnership__season"
        )
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        keys = [wish.membership.partnership_id for wish in page]
        pairs = {pair.pk: names_of(pair) for pair in with_members(Partnership.objects.filter(pk__in=keys))}
        context = {
            "title": _("Wishes for a different match"),
            "page": page,
            "rows": [{"wish": wish, "names": pairs[wish.membership.partnership_id]} for wish in page],
        }
        return render(request, "admin/partnerships/wishes.html", context)

    def settle(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Note that a coordinator has talked with them and the pair goes on."""
        pair = self._pair(request, pk)
        services.settle_wishes(partnership=pair, by=request.user, now=timezone.now())
        messages.success(request, _("Noted: the pair goes on."))
        return redirect("admin:partnerships_partnership_wishes")

    def complete(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say that a pair has done what it came for."""
        return self._close(request, pk, Partnership.State.COMPLETED, services.complete_pair)

    def end(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """End a pair without fault."""
        return self._close(request, pk, Partnership.State.ENDED, services.end_pair)

    def _close(self, request: HttpRequest, pk: UUID, target: str, service: Any) -> HttpResponse:
        pair = self._pair(request, pk)
        back = redirect("admin:partnerships_partnership_change", pair.pk)
        if not PARTNERSHIP.allows(pair.state, target):
            messages.info(request, _("This pair can't be brought to that end as it stands."))
            return back
        if request.method == "POST":
            try:
                service(partnership=pair, by=request.user, now=timezone.now())
            except (IllegalMove, NotTheirs):
                messages.info(request, _("This pair was changed meanwhile; nothing was done."))
            else:
                messages.success(request, _("Done. Both are told."))
            return back
        context = {
            "title": names_of(pair),
            "pair": pair,
            "names": names_of(pair),
            "ending": target == Partnership.State.ENDED,
            "planned": pair.meetings.upcoming(timezone.now()).count(),
        }
        return render(request, "admin/partnerships/close.html", context)

    def _pair(self, request: HttpRequest, pk: UUID) -> Partnership:
        """The told pair, if it is this coordinator's to decide on. Raises Http404."""
        rows = with_members(Partnership.objects.decidable_by(request.user).filter(state__in=TOLD))
        pair: Partnership = get_object_or_404(rows, pk=pk)
        request.season = pair.season  # type: ignore[attr-defined]
        return pair
