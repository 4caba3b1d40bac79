"""Takes people from a season's pool to announced pairs, by the services that coordinators use."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from matching.models import CircleRun, MatchRun, Proposal
from matching.services import announce_season, approve_proposals, execute_run, reject_proposal, start_run
from matching.services.circles import execute_circle_run, name_facilitator, start_circle_run
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from mentorship.people.models import User
from mentorship.seasons.models import Season


class NotEverybodyError(Exception):
    """Somebody was left without a match who was to have one."""


def match_and_announce(*, season: Season, by: Any, now: datetime) -> None:
    """Run, approve everything, let every mentor say yes, and announce; `by` is a coordinator."""
    run = _run(season, by, now)
    _tell(run, Proposal.objects.filter(run=run, mentor__isnull=False).values_list("pk", flat=True), by, now)


def match_everybody(*, season: Season, by: Any, now: datetime) -> None:
    """The same, for a season in which nobody is to be left alone. Raises NotEverybodyError."""
    match_and_announce(season=season, by=by, now=now)
    pool = Application.objects.matchable().filter(season=season)
    if pool.exclude(memberships__active=True).exists():
        raise NotEverybodyError


def match_anew(*, mentee: Application, but: Application, by: Any, now: datetime) -> None:
    """Find `mentee`, whose pair has ended, somebody else than the mentor `but`, and announce it.

    Raises NotEverybodyError.
    """
    run = _run(mentee.season, by, now)
    same = Proposal.objects.filter(run=run, mentee=mentee, mentor=but).first()
    if same is not None:
        reject_proposal(proposal=same, exclude=True, by=by, now=now)
        run = _run(mentee.season, by, now)
    suggested = Proposal.objects.filter(run=run, mentee=mentee, mentor__isnull=False).values_list("pk", flat=True)
    if not suggested:
        raise NotEverybodyError
    _tell(run, suggested, by, now)


def suggest_circles(*, season: Season, facilitators: Iterable[User], by: Any, now: datetime) -> CircleRun:
    """Name these facilitators and look for circles; what is suggested waits for a coordinator's yes."""
    for person in facilitators:
        name_facilitator(season=season, person=person, circles=1, by=by, now=now)
    run = start_circle_run(season=season, by=by, now=now)
    execute_circle_run(run_id=run.pk, progress=_silent, now=now)
    return run


def _run(season: Season, by: Any, now: datetime) -> MatchRun:
    run = start_run(season=season, by=by, now=now)
    execute_run(run_id=run.pk, progress=_silent, now=now)
    return run


def _tell(run: MatchRun, suggested: Iterable[Any], by: Any, now: datetime) -> None:
    season = run.season
    approve_proposals(run=run, proposals=suggested, by=by, now=now)
    ask_mentors(season=season, by=by, now=now)
    asked = Membership.objects.filter(season=season, role="mentor", partnership__state=Partnership.State.ASKED)
    for mentor in asked.select_related("person", "partnership"):
        answer_question(partnership=mentor.partnership, yes=True, by=mentor.person, now=now)
    announce_season(season=season, by=by, now=now)


def _silent(done: int, total: int, step: str = "") -> None:
    """Nobody watches."""
