"""What a change does to a season, in the words of the coordinator's pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import Effect, Move
from matching.models import AdjustmentMove
from mentorship.applications.models import Application

TOLD_MOVES = 3


@dataclass(frozen=True)
class Person:
    """Somebody who is named on a page: in a sentence, and in full with what tells them apart."""

    short: str
    name: str
    unit: str


@dataclass(frozen=True)
class MoveLine:
    """One mentee before and after, for a table."""

    mentee: Person
    before: Person | None
    after: Person | None
    fit_before: int | None
    fit_after: int | None
    asked: bool


@dataclass(frozen=True)
class Told:
    """An effect in words: a sentence for each move, and what it costs or brings the season.

    `left` counts the moves that are not told. `alarm` is what weighs most, empty where nothing does, and `kind` that
    of its status: "trouble" where somebody loses their mentor, "attention" where more fall under a cut.
    """

    moves: list[str]
    left: int
    alarm: str
    kind: str
    costs: list[str]

    @property
    def sentence(self) -> str:
        """The costs besides as one sentence, "Nobody loses a mentor; goal fit of the season −12."."""
        return f"{capital('; '.join(self.costs))}." if self.costs else ""


def people(keys: Iterable[str | UUID]) -> dict[str, Person]:
    """These applications' people, in one query; short names that two of them share are told in full."""
    wanted = {UUID(str(key)) for key in keys}
    rows = Application.objects.filter(pk__in=wanted).select_related("applicant__profile__unit")
    found = {str(row.pk): row.applicant for row in rows} if wanted else {}
    shorts = [user.get_short_name() for user in dict.fromkeys(found.values())]
    return {
        key: Person(
            short=user.display_name if shorts.count(user.get_short_name()) > 1 else user.get_short_name(),
            name=user.display_name,
            unit=str(user.profile.unit or ""),
        )
        for key, user in found.items()
    }


def named_in(effects: Iterable[Effect]) -> set[str]:
    """The keys of everybody whom these effects name."""
    moves = [move for effect in effects for move in effect.moves]
    return {key for move in moves for key in (move.mentee, move.before, move.after) if key}


def told(effect: Effect, named: Mapping[str, Person], *, leave_out: str = "", most: int | None = None) -> Told:
    """Put `effect` into words; the move of the mentee `leave_out` is known from where it is shown."""
    moves = [move for move in effect.moves if move.mentee != leave_out]
    shown = moves[:most]
    losing = sum(1 for move in effect.moves if move.before and not move.after)
    lower = [_below(change, cut) for cut, change in effect.below.items() if change > 0]
    alarm = [_losing(losing)] if losing else lower[:1]
    costs = lower if losing else [_("nobody loses a mentor"), *lower[1:]]
    return Told(
        moves=[_move(move, named) for move in shown],
        left=len(moves) - len(shown),
        alarm=capital(alarm[0]) if alarm else "",
        kind="trouble" if losing else "attention" if lower else "neutral",
        costs=[*costs, *_differences(effect)],
    )


def lines(effect: Effect, named: Mapping[str, Person], asked: Iterable[str]) -> list[MoveLine]:
    """The moves as rows of a table."""
    wanted = set(asked)
    return [
        MoveLine(
            mentee=named[move.mentee],
            before=named[move.before] if move.before else None,
            after=named[move.after] if move.after else None,
            fit_before=move.fit_before,
            fit_after=move.fit_after,
            asked=move.mentee in wanted,
        )
        for move in effect.moves
    ]


def signed(number: int) -> str:
    """A difference with its sign, "−12", "+3" or "±0"."""
    return f"−{-number}" if number < 0 else f"+{number}" if number else "±0"


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def moved(move: AdjustmentMove, named: Mapping[str, Person]) -> str:
    """What a change did to one mentee, for the list of changes."""
    words = {"mentee": named[str(move.mentee_id)].short}
    if move.after_id is None:
        return _("%(mentee)s was left without a mentor.") % words
    words["after"] = named[str(move.after_id)].short
    if move.before_id is None:
        return _("%(mentee)s got %(after)s.") % words
    return _("%(mentee)s moved from %(before)s to %(after)s.") % (
        words | {"before": named[str(move.before_id)].short}
    )


def _move(move: Move, named: Mapping[str, Person]) -> str:
    words: dict[str, Any] = {"mentee": named[move.mentee].short}
    if move.after is None:
        return _("%(mentee)s is left without a mentor.") % words
    words["mentor"] = named[move.after].short
    if move.before is None:
        return _("%(mentee)s gets %(mentor)s.") % words
    change = (move.fit_after or 0) - (move.fit_before or 0)
    if not change:
        return _("%(mentee)s moves to %(mentor)s.") % words
    return _("%(mentee)s moves to %(mentor)s (%(change)s).") % (words | {"change": signed(change)})


def _losing(count: int) -> str:
    text = ngettext(
        "one mentee would be left without a mentor", "%(n)d mentees would be left without a mentor", count
    )
    return text % {"n": count}


def _differences(effect: Effect) -> list[str]:
    """What it brings or costs besides, in the order in which it weighs."""
    gaining = sum(1 for move in effect.moves if move.after and not move.before)
    told = []
    if gaining:
        text = ngettext("one mentee gets a mentor", "%(n)d mentees get a mentor", gaining)
        told.append(text % {"n": gaining})
    if effect.priority < 0:
        text = ngettext(
            "one who had nobody last season is among them", "%(n)d who had nobody last season are among them",
            -effect.priority,
        )  # fmt: skip
        told.append(text % {"n": -effect.priority})
    told += [_below(change, cut) for cut, change in effect.below.items() if change < 0]
    told.append(
        _("goal fit of the season %(change)s") % {"change": signed(effect.fit)}
        if effect.fit
        else _("goal fit of the season as before")
    )
    if effect.favourites:
        told.append(_favourites(effect.favourites))
    return told


def _below(change: int, cut: str) -> str:
    if change > 0:
        text = ngettext("one more under %(cut)s", "%(n)d more under %(cut)s", change)
    else:
        text = ngettext("one fewer under %(cut)s", "%(n)d fewer under %(cut)s", -change)
    return text % {"n": abs(change), "cut": cut}


def _favourites(change: int) -> str:
    if change > 0:
        text = ngettext("one favourite more", "%(n)d favourites more", change)
    else:
        text = ngettext("one favourite fewer", "%(n)d favourites fewer", -change)
    return text % {"n": abs(change)}
