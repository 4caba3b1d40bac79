"""What a survey asks whom: the screens of questions, and the three attributes that are kept with the answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD
from mentorship.people.models import Profile
from mentorship.people.tenure import Tenure, tenure_on
from mentorship.questionnaires.models import Question
from surveys.models import Wave

Role = Membership.Role
# Keys of questions say where they belong; whatever else a library adds is asked of everybody.
SKILL, TOOLS, COMMENT, CONSENT = "skill-", "tools", "comment-", "consent-"
ON_A_SCREEN = 5
# Of somebody with several roles in one season, the first of these counts.
ROLES_IN_ORDER = (Role.MENTOR, Role.FACILITATOR, Role.MENTEE, Role.PEER)


@dataclass(frozen=True)
class Attributes:
    """What is kept with the answers and told to the person before: "" where it isn't known."""

    role: str
    unit_kind: str
    unit_kind_words: str
    tenure: str

    @property
    def words(self) -> list[str]:
        """The same as the person reads it."""
        tenure = str(Tenure(self.tenure).label) if self.tenure else ""
        return [word for word in (str(Role(self.role).label), self.unit_kind_words, tenure) if word]


@dataclass(frozen=True)
class Screen:
    """One group of questions that are asked together."""

    key: str
    title: str
    questions: list[Question]


def questions_for(wave: Wave, role: str) -> list[Question]:
    """The questions that somebody in `role` is asked, in order."""
    return [
        question
        for question in wave.questionnaire.questions.all()
        if role == Role.MENTOR or not question.key.startswith(SKILL)
    ]


def screens_for(wave: Wave, role: str) -> list[Screen]:
    """The same, one group a screen."""
    groups: dict[str, list[Question]] = {"season": [], "skills": [], "tools": [], "comments": []}
    for question in questions_for(wave, role):
        groups[_group_of(question)].append(question)
    season = groups.pop("season")
    parts = [season[start : start + ON_A_SCREEN] for start in range(0, len(season), ON_A_SCREEN)]
    screens = [
        Screen(f"season-{number}", _("Your season, part %(number)d of %(total)d") % {
            "number": number, "total": len(parts)
        } if len(parts) > 1 else _("Your season"), part)
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip
    titles = {
        "skills": _("As a mentor"),
        "tools": _("What you have made"),
        "comments": _("In your own words"),
    }
    return screens + [Screen(key, titles[key], found) for key, found in groups.items() if found]


def attributes_of(wave: Wave, person: Any) -> Attributes:
    """The three attributes of a person at the moment at which the survey opened."""
    roles = set(
        Membership.objects.filter(
            partnership__season=wave.season_id, partnership__state__in=TOLD, person=person
        ).values_list("role", flat=True)
    )
    profile = Profile.objects.select_related("unit__kind").filter(user=person).first()
    kind = profile.unit.kind if profile and profile.unit else None
    asked_on = (wave.opened_at or wave.closes_at).date()
    return Attributes(
        role=first_of(roles),
        unit_kind=kind.slug if kind else "",
        unit_kind_words=str(kind or ""),
        tenure=tenure_on(asked_on, profile.service_start if profile else None),
    )


def first_of(roles: Iterable[str]) -> str:
    """The one role that counts. Raises StopIteration for somebody with none."""
    held = set(roles)
    return str(next(role for role in ROLES_IN_ORDER if role in held))


def _group_of(question: Question) -> str:
    if question.key.startswith(SKILL):
        return "skills"
    if question.key.startswith((COMMENT, CONSENT)):
        return "comments"
    return "tools" if question.key == TOOLS else "season"
