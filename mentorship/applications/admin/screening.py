"""The coordinator's pages for screening a season: what needs a person first, then all the rest at once."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.applications.admin.forms import SecondLookForm
from mentorship.applications.models import Application, SecondLook
from mentorship.applications.querysets import CLEAR, SECOND_LOOK, TO_DECIDE, TO_TELL
from mentorship.applications.services import (
    ApplicationError,
    decide_second_look,
    release_decisions,
    screen_clear,
)
from mentorship.common.states import IllegalMove
from mentorship.seasons.eligibility import describe
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone
from mentorship.seasons.working_hours import next_moment

PAGE = 25


class SeasonPages:
    """What pages about a season in the admin share: who may open them, and the season."""

    admin_site: Any
    page: Any

    def season(self, request: HttpRequest, season_id: Any) -> Season:
        """Return the season and set the request's, which the ribbon reads. Raises Http404."""
        season: Season = get_object_or_404(Season.objects.visible_to(request.user), pk=season_id)
        request.season = season  # type: ignore[attr-defined]
        return season

    def show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return render(request, f"admin/applications/{template}", {**self.admin_site.each_context(request), **context})


class ScreeningPages(SeasonPages):
    """Screening, bulk decisions, telling, second looks."""

    def screening_urls(self) -> list[URLPattern]:
        name = "applications_application_{}".format
        return [
            path("season/<uuid:season_id>/", self.page(self.screening_view), name=name("screening")),
            path("season/<uuid:season_id>/eligible/", self.page(self.clear_view), name=name("clear")),
            path("season/<uuid:season_id>/tell/", self.page(self.release_view), name=name("release")),
            path("<uuid:pk>/decide/", self.page(self.decide_view), name=name("decide")),  # type: ignore[attr-defined]
            path("<uuid:pk>/second-look/", self.page(self.second_look_view), name=name("second_look")),
        ]

    def screening_view(self, request: HttpRequest, season_id: Any) -> HttpResponse:
        """How the season's applications stand; those that need a person on top."""
        season = self.season(request, season_id)
        rows = _of(request, season)
        counts = Counter(dict(rows.order_by().values_list("urgency").annotate(people=Count("pk"))))
        doubtful = rows.filter(urgency__in=[SECOND_LOOK, TO_DECIDE]).select_related("applicant__profile__unit")
        page = Paginator(doubtful.prefetch_related("eligibility"), PAGE).get_page(request.GET.get("page"))
        rules = {(rule.role, rule.kind): describe(rule) for rule in season.eligibility_rules.all()}
        needy = counts[SECOND_LOOK] + counts[TO_DECIDE]
        return self.show(
            request,
            "screening.html",
            {
                "title": _("Screening"),
                "season": season,
                "headline": ngettext(
                    "%(needy)d of %(all)d application needs you", "%(needy)d of %(all)d applications need you", needy
                )
                % {"needy": needy, "all": counts.total()},
                "total": counts.total(),
                "page": page,
                "entries": [_entry(row, rules) for row in page],
                "clear": counts[CLEAR],
                "to_tell": counts[TO_TELL],
            },
        )

    def clear_view(self, request: HttpRequest, season_id: Any) -> HttpResponse:
        """Mark everybody who meets every rule as eligible, after saying what that means."""
        season = self.season(request, season_id)
        if request.method == "POST":
            return self._done(
                request,
                season,
                lambda: screen_clear(season=season, by=request.user, now=timezone.now()),
                lambda n: (
                    ngettext("%(n)d application is eligible now.", "%(n)d applications are eligible now.", n)
                    % {"n": n}
                ),
            )
        clear = _of(request, season).filter(urgency=CLEAR).count()
        return self.show(request, "clear.html", {"title": _("Mark as eligible"), "season": season, "clear": clear})

    def release_view(self, request: HttpRequest, season_id: Any) -> HttpResponse:
        """Tell everybody what was decided, after saying how many hear what."""
        season = self.season(request, season_id)
        now = timezone.now()
        if request.method == "POST":
            return self._done(
                request,
                season,
                lambda: release_decisions(season=season, by=request.user, now=now).total(),
                lambda n: ngettext("%(n)d person is told.", "%(n)d people are told.", n) % {"n": n},
            )
        untold = _of(request, season).filter(urgency=TO_TELL).order_by()
        sent_from = next_moment(season, now).astimezone(zone(season))
        counts = dict(untold.values_list("state").annotate(people=Count("pk")))
        return self.show(
            request,
            "release.html",
            {
                "title": _("Tell decisions"),
                "season": season,
                "total": sum(counts.values()),
                "eligible": counts.get("eligible", 0),
                "ineligible": counts.get("ineligible", 0),
                "waiting": counts.get("waiting", 0),
                "at_once": sent_from <= now,
                "sent_day": formats.date_format(sent_from, "MONTH_DAY_FORMAT"),
                "sent_time": formats.time_format(sent_from, "TIME_FORMAT"),
            },
        )

    def second_look_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Decide anew on a "not this season"; not for whoever decided the first time."""
        application = self._application(request, str(pk))  # type: ignore[attr-defined]
        request.season = application.season  # type: ignore[attr-defined]
        look: SecondLook | None = getattr(application, "second_look", None)
        if look is None or look.decision != SecondLook.Decision.OPEN:
            raise Http404
        form = SecondLookForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                decide_second_look(look=look, by=request.user, now=timezone.now(), **form.cleaned_data)
            except ApplicationError as error:
                form.add_error(None, str(error))
            except IllegalMove:
                form.add_error(None, _("Somebody decided it meanwhile."))
            else:
                messages.success(request, _("Decided, and told to the applicant."))
                return redirect("admin:applications_application_screening", application.season_id)
        return self.show(
            request,
            "second_look.html",
            {
                "title": _("Second look"),
                "application": application,
                "season": application.season,
                "look": look,
                "form": form,
                "first_was_you": application.screened_by_id == request.user.pk,
            },
        )

    def _done(self, request: HttpRequest, season: Season, act: Any, sentence: Any) -> HttpResponse:
        try:
            messages.success(request, sentence(act()))
        except ApplicationError as error:
            messages.error(request, str(error))
        return redirect("admin:applications_application_screening", season.pk)


def _of(request: HttpRequest, season: Season) -> Any:
    """Return the applications that this coordinator may screen, with their urgency."""
    return Application.objects.screenable_by(request.user).filter(season=season).by_urgency()


def _entry(application: Any, rules: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "application": application,
        "is_second_look": application.urgency == SECOND_LOOK,
        "doubts": [
            {
                "rule": rules.get((application.role, result.kind), result.kind),
                "is_unknown": result.outcome == "unknown",
            }
            for result in application.eligibility.all()
            if result.outcome != "met"
        ],
    }
