"""The people and steps that the matching tests share."""

from typing import Any

from matching.models import MatchRun, Proposal
from matching.services import approve_proposals, execute_run, start_run
from mentorship.applications.models import Avoidance, IdentityAnswer
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory


def silent(done: int, total: int, step: str = "") -> None:
    """A job's progress that nobody watches."""


def run_matching(season: Any, by: Any, now: Any = NOW) -> MatchRun:
    """Ask for a run and do it at once."""
    run = start_run(season=season, by=by, now=now)
    execute_run(run_id=run.pk, progress=silent, now=now)
    return MatchRun.objects.get(pk=run.pk)


def pairs_of(run: MatchRun) -> set[tuple[Any, Any]]:
    return set(run.proposals.filter(mentor__isnull=False).values_list("mentee", "mentor"))


def pool(mentees: int, mentors: int, season: Any = None, **fields: Any) -> Any:
    """A season with so many of each, all wanting and offering one goal; returns (season, mentees, mentors)."""
    season = season or SeasonFactory()
    goal = GoalFactory()
    return (
        season,
        [MenteeFactory(season=season, wants={goal: 3}, **fields) for _ in range(mentees)],
        [MentorFactory(season=season, wants={goal: 2}, **fields) for _ in range(mentors)],
    )


def approve_all(run: MatchRun, by: Any, now: Any = NOW) -> Any:
    keys = Proposal.objects.filter(run=run, mentor__isnull=False).values_list("pk", flat=True)
    return approve_proposals(run=run, proposals=keys, by=by, now=now)


def mentor_of(pair: Partnership) -> Any:
    return Membership.objects.get(partnership=pair, role="mentor").person


def mentee_of(pair: Partnership) -> Any:
    return Membership.objects.get(partnership=pair, role="mentee").person


def confirm_all(season: Any, by: Any, now: Any = NOW) -> None:
    """Ask every approved pair's mentor, who says yes."""
    ask_mentors(season=season, by=by, now=now)
    for pair in Partnership.objects.filter(season=season, state="asked"):
        answer_question(partnership=pair, yes=True, by=mentor_of(pair), now=now)


def give_identity(application: Any, **given: Any) -> None:
    answer = IdentityAnswer.objects.get(application=application)
    answer.given = given
    answer.save()


def avoid(application: Any, *people: Any) -> None:
    row = Avoidance.objects.get(application=application)
    row.people = [str(person.pk) for person in people]
    row.save()


def report_to(person: Any, supervisor: Any) -> None:
    person.profile.supervisor = supervisor
    person.profile.save(update_fields=["supervisor"])
