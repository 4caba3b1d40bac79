"""A pair at each point of its way, for the tests of partnerships."""

from typing import Any

from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import PairDraft, answer_question, approve_pairs, ask_mentors
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory

GOAL = "supervising"


def reasons() -> dict[str, Any]:
    return {
        "goals": [{"key": GOAL, "weight": 3, "strength": 2}],
        "slots": ["tue-am"],
        "modes": ["video"],
        "languages": ["en", "es"],
    }


def approved(by: Any, *, season: Any = None, now: Any = NOW) -> Partnership:
    """A pair that a coordinator has just approved."""
    season = season or SeasonFactory()
    goal = GoalFactory(slug=GOAL, title_en="Supervising", title_es="Supervisar")
    mentee = MenteeFactory(season=season, wants={goal: 3}, applicant__given_name="Rosa")
    mentor = MentorFactory(season=season, wants={goal: 2}, applicant__given_name="Sam")
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
