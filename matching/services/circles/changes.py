"""A coordinator's change to suggested circles: worked out, shown, and done only if it is still what was shown."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching import circle_snapshot
from matching.circle_snapshot import CircleSnapshot
from matching.engine.circles import Broken, Circle, Kind, rescue, what_if_moved, what_if_swapped
from matching.engine.circles.problem import WAIVABLE
from matching.models import CircleProposal, CircleRun, CircleSeat
from matching.services.standing import hold_standing
from mentorship.applications.models import Application
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record

# What a coordinator may set aside by hand: what people said that they would like. Everything else protects somebody.
BY_HAND = frozenset({*WAIVABLE, "too_small"})
DISPLACED = {"nobody": "by-hand"}
MOVE, SWAP, MERGE = "move", "swap", "merge"


class NothingMoves(Exception):
    """Everything is as the change would have it, or nobody of the circle can go anywhere else."""


class RulesBroken(Exception):
    """The change would break rules that nobody sets aside by hand; the preview says which."""

    def __init__(self, preview: "CirclePreview") -> None:
        super().__init__()
        self.preview = preview


class MeanwhileChanged(Exception):
    """What was shown isn't what would happen any more; nothing was changed."""


@dataclass(frozen=True)
class CircleChange:
    """What a coordinator asks for: `peer` into the circle `to` (None: into none), `peer` and `other` in each other's
    place, or the people of the circle `to` to others since it is too small. People are application keys.
    """

    kind: str
    peer: UUID | None = None
    other: UUID | None = None
    to: UUID | None = None


@dataclass(frozen=True)
class Moved:
    """Somebody whom a change moves: from and to circles by key; empty: none."""

    person: str
    before: str
    after: str


@dataclass(frozen=True)
class CirclePreview:
    """What a change would do to the circles that the coordinator decides on.

    `placed` is how many more have a circle then, `broken` the rules that circles would break and don't break now,
    `kind` the new time or way of the circle that takes the others in, where it needs one.
    """

    change: CircleChange
    shot: CircleSnapshot
    before: tuple[Circle, ...]
    after: tuple[Circle, ...]
    broken: tuple[Broken, ...]
    placed: int
    kind: Kind | None = None

    @property
    def moves(self) -> tuple[Moved, ...]:
        """Everybody whose circle changes."""
        here, there = _where(self.before), _where(self.after)
        return tuple(
            Moved(person, here.get(person, ""), there.get(person, ""))
            for person in sorted({*here, *there})
            if here.get(person) != there.get(person)
        )

    @property
    def closed(self) -> tuple[str, ...]:
        """The circles that nobody would be left in."""
        left = {circle.id for circle in self.after if circle.members}
        return tuple(circle.id for circle in self.before if circle.members and circle.id not in left)

    @property
    def refused(self) -> tuple[Broken, ...]:
        """Those of the broken rules that aren't set aside by hand."""
        return tuple(each for each in self.broken if each.code not in BY_HAND)

    @property
    def fingerprint(self) -> str:
        told = [
            [str(part) for part in (self.change.kind, self.change.peer, self.change.other, self.change.to)],
            [[c.id, str(c.kind), c.members, c.facilitators] for c in (*self.before, *self.after)],
            [[each.circle, each.code] for each in self.broken],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def preview_circle_change(*, run: CircleRun, change: CircleChange, by: Any) -> CirclePreview:
    """Work out what a change to the season's last run would do; nothing is changed.

    Raises NotTheirs, NothingMoves.
    """
    shot = circle_snapshot.take(run.season)
    theirs = {str(key) for key in CircleProposal.objects.visible_to(by).filter(run=run).values_list("pk", flat=True)}
    circles = tuple(circle for circle in shot.circles if circle.id in theirs)
    known = {circle.id for circle in circles}
    people = {str(shot.applications[each].pk): each for each in shot.applications}
    asked = [key for key in (change.peer, change.other) if key]
    own = Application.objects.screenable_by(by).filter(pk__in=asked, season=run.season_id, role="peer")
    if own.count() != len(asked) or any(str(key) not in people for key in asked):
        raise NotTheirs
    if change.to is not None and str(change.to) not in known:
        raise NotTheirs
    here = _where(shot.circles)
    named = [people[str(key)] for key in asked]
    if any(person in shot.settled or here.get(person, next(iter(known), "")) not in known for person in named):
        raise NotTheirs
    preview = _worked_out(shot, circles, change, named)
    if not preview.moves:
        raise NothingMoves
    return preview


@transaction.atomic
def apply_circle_change(*, run: CircleRun, change: CircleChange, shown: str, by: Any, now: datetime) -> CirclePreview:
    """Do what was shown. Raises MeanwhileChanged, RulesBroken, NotTheirs, NothingMoves and RunUnderWay."""
    hold_standing(run)
    rows = {
        str(row.pk): row
        for row in CircleProposal.objects.select_for_update(of=("self",)).filter(run=run).order_by("pk")
    }
    preview = preview_circle_change(run=run, change=change, by=by)
    if preview.fingerprint != shown:
        raise MeanwhileChanged
    if preview.refused:
        raise RulesBroken(preview)
    for move in preview.moves:
        CircleSeat.objects.update_or_create(
            run=run,
            application=preview.shot.applications[move.person],
            defaults={
                "circle": rows[move.after] if move.after else None,
                "reasons": {} if move.after else DISPLACED,
            },
        )
    _meet_otherwise(preview, rows)
    CircleProposal.objects.filter(pk__in=[rows[key].pk for key in preview.closed]).delete()
    record(by=by, verb=f"{change.kind}-in-circles", target=run, now=now)
    return preview


def _worked_out(
    shot: CircleSnapshot, circles: tuple[Circle, ...], change: CircleChange, named: list[str]
) -> CirclePreview:
    target = str(change.to) if change.to else None
    if change.kind == MERGE:
        found = rescue(shot.problem, circles, str(change.to))
        after = found.circles if found.placed else circles
        return CirclePreview(
            change, shot, circles, after, (), found.placed - _size(circles, str(change.to)), found.kind
        )
    if change.kind == SWAP:
        effect = what_if_swapped(shot.problem, circles, *named)
    else:
        effect = what_if_moved(shot.problem, circles, named[0], target)
    return CirclePreview(change, shot, circles, effect.circles, effect.broken, effect.placed)


def _meet_otherwise(preview: CirclePreview, rows: dict[str, CircleProposal]) -> None:
    """Give the circle that took others in the time, way or language that suits all of them."""
    before = {circle.id: circle.kind for circle in preview.before}
    for circle in preview.after:
        if circle.kind != before[circle.id]:
            row = rows[circle.id]
            row.slot, row.mode, row.language = circle.kind.slot, circle.kind.mode, circle.kind.language
            row.save(update_fields=["slot", "mode", "language"])


def _where(circles: Iterable[Circle]) -> dict[str, str]:
    return {member: circle.id for circle in circles for member in circle.members}


def _size(circles: Iterable[Circle], key: str) -> int:
    return next(len(circle.members) for circle in circles if circle.id == key)
