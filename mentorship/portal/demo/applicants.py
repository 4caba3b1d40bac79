"""Believable applications: what people at Riverbend want, offer and can do, drawn from a seeded stream."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mentorship.applications.models import (
    Application,
    ApplicationGoal,
    Avoidance,
    EligibilityResult,
    Favourite,
    IdentityAnswer,
)
from mentorship.people.models import User
from mentorship.seasons.eligibility import check, facts_of
from mentorship.seasons.models import EligibilityRule, ExperienceTag, Goal, IdentityOption, Season

State = Application.State
SECTIONS = ["work", "goals", "meeting"]


@dataclass
class Draft:
    """Rows of one application that are written together with everybody else's."""

    application: Application
    goals: list[ApplicationGoal] = field(default_factory=list)
    tags: list[ExperienceTag] = field(default_factory=list)
    identity: dict[str, Any] = field(default_factory=dict)
    avoids: list[str] = field(default_factory=list)


class Applicants:
    """Makes the applications of one season; `write` puts them into the database in a few statements."""

    def __init__(self, season: Season, rng: random.Random, now: datetime) -> None:
        self.season, self.rng, self.now = season, rng, now
        # The engine decides among equals by these keys, so a seed has to make them again; no two seasons share any.
        self.keys = random.Random(f"applications of {season.slug}")  # noqa: S311 - believable, not secret
        self.goals = list(Goal.objects.filter(seasons=season))
        # Few goals draw many people, as in any library: a gap that coordinators can see and mend.
        self.popularity = [1 / (n + 1) for n in range(len(self.goals))]
        rng.shuffle(self.popularity)
        self.tags = list(ExperienceTag.objects.filter(active=True))
        self.options: dict[str, list[str]] = {}
        for option in IdentityOption.objects.filter(active=True):
            self.options.setdefault(option.dimension, []).append(option.slug)
        self.rules: dict[str, list[EligibilityRule]] = {}
        for rule in season.eligibility_rules.all():
            self.rules.setdefault(rule.role, []).append(rule)
        self.drafts: list[Draft] = []

    def is_eligible(self, person: User, role: str) -> bool:
        """True where every rule of the season for `role` is met."""
        results = check(self.rules.get(role, ()), facts_of(person, self.now.date()), self.now.date())
        return all(result.outcome == "met" for result in results)

    def add(self, person: User, role: str, state: str) -> Draft:
        """Draw one application of `person` in `state`; a draft has some of its sections."""
        profile = person.profile
        sent = None if state == State.DRAFT else self.now - timedelta(hours=self.rng.randint(3, 200))
        sections = SECTIONS if sent else SECTIONS[: self.rng.randint(1, 2)]
        application = Application(
            pk=UUID(int=self.keys.getrandbits(128), version=4),
            season=self.season,
            applicant=person,
            role=role,
            state=state,
            sections=sections,
            capacity=self.rng.choices([1, 2], [4, 1])[0] if role == "mentor" else 1,
            slots=profile.slots,
            schedule_rotates=profile.schedule_rotates,
            modes=profile.modes,
            languages=profile.languages,
            questionnaire=self.season.questionnaire,
            facts_confirmed=True,
            submitted_at=sent,
            screened_at=self.now - timedelta(hours=1) if state in {State.ELIGIBLE, State.INELIGIBLE} else None,
            released_at=self.now - timedelta(minutes=30) if state == State.ELIGIBLE else None,
        )
        draft = Draft(application)
        if "goals" in sections:
            draft.goals = self._goals(application)
        draft.tags = self.rng.sample(self.tags, min(len(self.tags), self.rng.randint(0, 3)))
        draft.identity = self._identity() if self.season.identity_matching else {}
        self.drafts.append(draft)
        return draft

    def _goals(self, application: Application) -> list[ApplicationGoal]:
        mentor = application.role == "mentor"
        chosen = self._popular(self.rng.randint(4, 8) if mentor else self.rng.randint(3, 5))
        if mentor:
            return [
                ApplicationGoal(application=application, goal=goal, weight=2 if n < 3 else 1)
                for n, goal in enumerate(chosen)
            ]
        return [
            ApplicationGoal(application=application, goal=goal, weight=self.rng.choice([1, 2, 3])) for goal in chosen
        ]

    def _popular(self, count: int) -> list[Goal]:
        """Draw different goals, the popular ones more often."""
        drawn = sorted(
            zip(self.goals, self.popularity, strict=True), key=lambda pair: self.rng.random() ** (1 / pair[1])
        )
        return [goal for goal, _weight in drawn[::-1][:count]]

    def _identity(self) -> dict[str, Any]:
        """Six in ten skip the page, as one may."""
        if self.rng.random() < 0.6:
            return {}
        return {
            dimension: {
                "values": self.rng.sample(options, 1),
                "own_words": "",
                "match": self.rng.choice([0, 1, 1, 2]),
                "show": self.rng.random() < 0.5,
                "count": self.rng.random() < 0.5,
            }
            for dimension, options in sorted(self.options.items())
        }

    def write(self) -> None:
        """Write all applications with what belongs to each: a fixed number of statements."""
        drafts = self.drafts
        Application.objects.bulk_create([draft.application for draft in drafts], batch_size=500)
        ApplicationGoal.objects.bulk_create([goal for draft in drafts for goal in draft.goals], batch_size=2000)
        through = Application.tags.through
        through.objects.bulk_create(
            through(application_id=draft.application.pk, experiencetag_id=tag.pk)
            for draft in drafts
            for tag in draft.tags
        )
        IdentityAnswer.objects.bulk_create(
            (IdentityAnswer(application=draft.application, given=draft.identity) for draft in drafts), batch_size=500
        )
        Avoidance.objects.bulk_create(
            (Avoidance(application=draft.application, people=draft.avoids) for draft in drafts), batch_size=500
        )
        self._write_results()
        self._write_favourites()

    def _write_results(self) -> None:
        EligibilityResult.objects.bulk_create(
            EligibilityResult(
                application=draft.application,
                kind=result.rule_kind,
                value=result.value,
                outcome=result.outcome,
                fact=result.fact,
                checked_at=self.now,
            )
            for draft in drafts_sent(self.drafts)
            for result in check(
                self.rules.get(draft.application.role, ()),
                facts_of(draft.application.applicant, self.now.date()),
                self.now.date(),
            )
        )

    def _write_favourites(self) -> None:
        """Some mentees name up to three mentors out of the directory."""
        listed = [
            draft.application.applicant
            for draft in drafts_sent(self.drafts)
            if draft.application.role == "mentor" and draft.application.applicant.profile.in_directory
        ]
        rows = []
        for draft in drafts_sent(self.drafts):
            if draft.application.role == "mentee" and listed and self.rng.random() < 0.4:
                for rank, person in enumerate(self.rng.sample(listed, min(len(listed), self.rng.randint(1, 3))), 1):
                    rows.append(Favourite(application=draft.application, person=person, rank=rank))
        Favourite.objects.bulk_create(rows)


def drafts_sent(drafts: Iterable[Draft]) -> list[Draft]:
    """Those that were submitted."""
    return [draft for draft in drafts if draft.application.submitted_at]
