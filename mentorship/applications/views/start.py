"""Where an application begins: who can apply and what is asked, before any typing; and the task list."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.applications import sections, summary
from mentorship.applications.hooks import outcome_of
from mentorship.applications.models import Application
from mentorship.applications.services import ApplicationError, start_application
from mentorship.applications.services.second_look import may_ask
from mentorship.applications.views.access import may_write, own_application, person, season_of
from mentorship.common.bilingual import localized
from mentorship.seasons.eligibility import describe
from mentorship.seasons.models import ParticipationRole, Season
from mentorship.seasons.phases import WORDS, phase
from mentorship.seasons.states import Phase


@dataclass(frozen=True)
class RoleCard:
    """A role that one can apply in: its rules in words, what is asked, and one's own application if there is one."""

    role: ParticipationRole
    requirements: list[str]
    asked: list[str]
    application: Application | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Show each role with its requirements; a POST starts an application in one."""
    season = season_of(request, slug)
    now = timezone.now()
    if request.method == "POST":
        try:
            application = start_application(
                season=season, applicant=person(request), role=request.POST.get("role", ""), now=now
            )
        except ApplicationError as error:
            messages.error(request, str(error))
            return redirect("applications:start", slug=season.slug)
        return redirect("applications:tasks", pk=application.pk)
    stage = phase(season, now)
    return render(
        request,
        "applications/start.html",
        {
            "season": season,
            "intro": localized(season, "intro"),
            "is_open": stage == Phase.APPLYING,
            "phase_words": WORDS[stage],
            "closes": sections.closing_words(season),
            "cards": _role_cards(request, season),
        },
    )


def _role_cards(request: HttpRequest, season: Season) -> list[RoleCard]:
    own = {
        application.role: application
        for application in Application.objects.visible_to(request.user)
        .open()
        .filter(applicant=person(request), season=season)
    }
    rules: dict[str, list[str]] = {}
    for rule in season.eligibility_rules.all():
        rules.setdefault(rule.role, []).append(describe(rule))
    return [RoleCard(role, rules.get(role, []), _asked(role), own.get(role)) for role in season.roles]


def _asked(role: ParticipationRole) -> list[str]:
    goals = (
        _("What you can help with: one goal or more")
        if role == sections.MENTOR
        else _("What you want to work on: three goals or more")
    )
    return [_("Whether your work details are right"), goals, _("When you can usually meet")]


@login_required
@require_GET
def tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The application at a glance: a task list while it is open, then where it stands."""
    application = own_application(request, pk)
    now = timezone.now()
    standings = sections.standings(application)
    todo = next((row.section for row in standings if row.section.required and not row.done), None)
    return render(
        request,
        "applications/tasks.html",
        {
            "application": application,
            "season": application.season,
            "title": role_title(application),
            "closes": sections.closing_words(application.season),
            "standings": standings,
            "required": sum(row.section.required for row in standings),
            "todo": todo,
            "may_write": may_write(application, now),
            "told": application.told_state,
            "reasons": _reasons(application),
            "second_look": getattr(application, "second_look", None) if application.is_told else None,
            "may_ask": may_ask(application, now),
            "outcome": outcome_of(request, application) if application.state == "eligible" else None,
        },
    )


def role_title(application: Application) -> str:
    """Return the page's title: which application this is."""
    if application.role == sections.MENTOR:
        return _("Your application to be a mentor")
    if application.role == sections.MENTEE:
        return _("Your application to be a mentee")
    return _("Your application to join a circle") if application.season.has_circles else _("Your application")


def _reasons(application: Application) -> list[dict[str, str]]:
    """Return the rules that aren't met or not known, in words, once the applicant was told "not this season"."""
    if not application.is_told or application.state != Application.State.INELIGIBLE:
        return []
    return summary.reasons_of(application)
