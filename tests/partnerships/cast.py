"""A pair at each point of its way, for the tests of partnerships."""

from datetime import timedelta
from typing import Any

from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.services import (
    PairDraft,
    Plan,
    announce,
    answer_question,
    approve_pairs,
    ask_mentors,
    log_unplanned_meeting,
    plan_meeting,
)
from mentorship.seasons.models import Goal
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory, UserFactory

GOAL = "supervising"


def reasons() -> dict[str, Any]:
    return {
        "goals": [{"key": GOAL, "weight": 3, "strength": 2}],
        "slots": ["tue-am"],
        "modes": ["video"],
        "languages": ["en", "es"],
    }


def approved(by: Any, *, season: Any = None, now: Any = NOW, people: Any = None) -> Partnership:
    """A pair that a coordinator has just approved; `people` are the mentee and the mentor, else Rosa and Sam."""
    season = season or SeasonFactory()
    goal = Goal.objects.filter(slug=GOAL).first() or GoalFactory(
        slug=GOAL, title_en="Supervising", title_es="Supervisar"
    )
    rosa, sam = people or (UserFactory(given_name="Rosa"), UserFactory(given_name="Sam"))
    mentee = MenteeFactory(season=season, wants={goal: 3}, applicant=rosa)
    mentor = MentorFactory(season=season, wants={goal: 2}, applicant=sam)
    draft = PairDraft(mentee.pk, mentor.pk, 90, reasons())
    return approve_pairs(drafts=[draft], by=by, now=now).made[draft]


def asked(by: Any, *, season: Any = None, now: Any = NOW) -> Partnership:
    pair = approved(by, season=season, now=now)
    ask_mentors(season=pair.season, by=by, now=now)
    pair.refresh_from_db()
    return pair


def confirmed(by: Any, *, season: Any = None, now: Any = NOW) -> Partnership:
    pair = asked(by, season=season, now=now)
    return answer_question(partnership=pair, yes=True, by=person(pair, "mentor"), now=now)


def person(pair: Partnership, role: str) -> Any:
    return pair.memberships.get(role=role).person


def announced(by: Any, *, season: Any = None, now: Any = NOW, **fields: Any) -> Partnership:
    """A pair whose members were told; `fields` are those of its season."""
    pair = confirmed(by, season=season or SeasonFactory(**fields), now=now)
    announce(season=pair.season, by=by, now=now)
    pair.refresh_from_db()
    return pair


def planned(pair: Partnership, *, by: str = "mentee", starts_at: Any = None, now: Any = NOW, **plan: Any) -> Meeting:
    """A meeting that a member planned; by default in a week, for 45 minutes."""
    plan = {"minutes": 45, "mode": "video", **plan}
    starts_at = starts_at or now + timedelta(days=7)
    return plan_meeting(partnership=pair, plan=Plan(starts_at, **plan), by=person(pair, by), now=now)


def held(pair: Partnership, *, starts_at: Any, minutes: int = 60, by: str = "mentee", now: Any = None) -> Meeting:
    """A meeting that took place and was logged at its end, or at `now`."""
    return log_unplanned_meeting(
        partnership=pair,
        starts_at=starts_at,
        minutes=minutes,
        mode="video",
        by=person(pair, by),
        now=now or starts_at + timedelta(minutes=minutes),
    )


def running(by: Any, *, now: Any = NOW, **fields: Any) -> Partnership:
    """A pair that met once, a day after it was told."""
    pair = announced(by, now=now, **fields)
    held(pair, starts_at=now + timedelta(days=1))
    pair.refresh_from_db()
    return pair
