"""How invented pairs begin and what they work on: agreement, training, goals; as the services would write it."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mentorship.applications.models import ApplicationGoal
from mentorship.common.bilingual import localized
from mentorship.learning.models import Completion, Path, Resource
from mentorship.partnerships.models import Agreement, PairGoal
from mentorship.portal.demo.ledger import Ledger
from mentorship.portal.demo.meetings import Pair
from mentorship.seasons.models import Season

Progress = PairGoal.Progress
GOALS = 3
UNDER_WAY = 0.8


class Beginnings:
    """Writes what pairs begin with; `until` is the last moment that anything happened."""

    def __init__(self, season: Season, rng: random.Random, ledger: Ledger, until: datetime) -> None:
        self.season, self.rng, self.ledger, self.until = season, rng, ledger, until

    def accept_agreements(self, pairs: Sequence[Pair], *, share: float) -> None:
        """Let `share` of the members accept the agreement in their language within their first days."""
        rows = []
        for pair in pairs:
            for member in (pair.mentor, pair.mentee):
                language = member.person.language
                text = localized(self.season, "agreement", language)
                if text.strip() and self.rng.random() < share:
                    at = self._after(told_at(pair), self.rng.randint(60, 9000))
                    rows.append(Agreement(membership=member, language=language, text=text, accepted_at=at))
                    self.ledger.did(member.person, "accept-agreement", pair.partnership, at)
        Agreement.objects.bulk_create(rows)

    def read_texts(self, pairs: Sequence[Pair], *, everything: float) -> None:
        """Let people read on their paths: that share of them everything, others the first texts, some nothing."""
        open_to_all = Path.objects.filter(season=None, template_slug="").prefetch_related("steps")
        paths = {path.role: path for path in open_to_all}
        texts = {text.slug: text for text in Resource.objects.in_use()}
        read = set(Completion.objects.filter(season=self.season).values_list("person", "resource__slug"))
        rows = []
        for member in (member for pair in pairs for member in (pair.mentor, pair.mentee)):
            path = paths.get(member.role)
            steps = [step.slug for step in path.steps.all() if step.slug in texts] if path else []
            count = len(steps) if self.rng.random() < everything else self.rng.randint(0, max(0, len(steps) - 1))
            at = self._after(member.joined_at, self.rng.randint(200, 20_000))
            for slug in steps[:count]:
                at = self._after(at, self.rng.randint(10, 4000))
                if (member.person_id, slug) not in read:
                    read.add((member.person_id, slug))
                    rows.append(
                        Completion(person=member.person, resource=texts[slug], season=self.season, completed_at=at)
                    )
                    self.ledger.did(member.person, "mark-read", texts[slug], at)
        Completion.objects.bulk_create(rows)
        # From its first reader on a text is fixed.
        for text in texts.values():
            first = min((row.completed_at for row in rows if row.resource_id == text.pk), default=None)
            if first is not None:
                Resource.objects.filter(pk=text.pk, frozen_at=None).update(frozen_at=first)

    def share_goals(self, pairs: Sequence[Pair], *, reached: float) -> None:
        """Give pairs that have met a few goals, first those that the mentor offers; that share of them is reached."""
        named = self._named(pairs)
        rows = []
        for pair in pairs:
            met = [told.starts_at for told in pair.story.meetings if told.held]
            if not met:
                continue
            offered = set(named.get(pair.mentor.application_id, ()))
            wanted = sorted(named.get(pair.mentee.application_id, ()), key=lambda goal: goal not in offered)
            for order, goal in enumerate(wanted[: self.rng.randint(2, GOALS)]):
                at = self._after(met[0], 75 + order)
                by = self._either(pair)
                row = PairGoal(
                    partnership=pair.partnership, goal_id=goal, order=order, added_by=by, added_at=at, changed_at=at
                )
                self.ledger.did(by, "add-goal", row, at)
                self._advance(row, pair, reached, self._after(met[-1], 80 + order))
                rows.append(row)
        PairGoal.objects.bulk_create(rows)

    def _named(self, pairs: Sequence[Pair]) -> dict[Any, list[Any]]:
        """The goals of each application, the most important first."""
        applications = [member.application_id for pair in pairs for member in (pair.mentor, pair.mentee)]
        named: dict[Any, list[Any]] = {}
        for row in ApplicationGoal.objects.filter(application__in=applications).order_by("-weight", "goal__slug"):
            named.setdefault(row.application_id, []).append(row.goal_id)
        return named

    def _advance(self, row: PairGoal, pair: Pair, reached: float, at: datetime) -> None:
        chance = self.rng.random()
        if chance < max(reached, UNDER_WAY):
            row.progress = Progress.REACHED if chance < reached else Progress.UNDER_WAY
            row.changed_at = at
            self.ledger.did(self._either(pair), "set-goal-progress", row, at)

    def _either(self, pair: Pair) -> Any:
        return self.rng.choice([pair.mentor, pair.mentee]).person

    def _after(self, moment: datetime, minutes: int) -> datetime:
        return min(moment + timedelta(minutes=minutes), self.until)


def told_at(pair: Pair) -> datetime:
    """When both heard of each other."""
    return pair.partnership.announced_at or pair.partnership.approved_at
