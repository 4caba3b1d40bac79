"""What a pair has to do next: one thing, read from where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mentorship.common.bilingual import localized
from mentorship.partnerships.models import Agreement, Meeting, Partnership
from mentorship.partnerships.querysets import GOING_ON
from mentorship.partnerships.services.meetings import ends_at


@dataclass(frozen=True)
class Step:
    """`kind`: agree, log, meet, plan-first, plan-next, or over. `meeting` is the one to log or to come."""

    kind: str
    meeting: Meeting | None = None


def steps_of(pairs: Iterable[Partnership], person: Any, now: datetime) -> dict[UUID, Step]:
    """The next step of each pair for `person`, in two queries for all of them. Their members are loaded."""
    pairs = list(pairs)
    own = {member.pk: pair.pk for pair in pairs for member in pair.memberships.all() if member.person_id == person.pk}
    accepted = {own[key] for key in Agreement.objects.filter(membership__in=own).values_list("membership", flat=True)}
    planned: dict[UUID, list[Meeting]] = {}
    for meeting in Meeting.objects.planned().filter(partnership__in=pairs).order_by("starts_at", "pk"):
        planned.setdefault(meeting.partnership_id, []).append(meeting)
    return {pair.pk: next_step(pair, pair.pk in accepted, planned.get(pair.pk, []), now) for pair in pairs}


def next_step(pair: Partnership, accepted: bool, planned: list[Meeting], now: datetime) -> Step:
    """The one thing to do next; `planned` are the meetings that nobody settled, the earliest first."""
    if pair.state not in GOING_ON or pair.season.archived_at is not None:
        return Step("over")
    if not accepted and has_agreement(pair):
        return Step("agree")
    over = [meeting for meeting in planned if ends_at(meeting) <= now]
    if over:
        return Step("log", over[-1])
    if planned:
        return Step("meet", planned[0])
    return Step("plan-next" if pair.last_met_at else "plan-first")


def has_agreement(pair: Partnership) -> bool:
    """Whether the season has a text to agree to."""
    return bool(localized(pair.season, "agreement").strip())
