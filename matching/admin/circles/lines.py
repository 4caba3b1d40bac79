"""A run's circles as lines: what each is, who is in it, what to look at first, and the season in figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matching import circle_words as words
from matching.circle_words import DECLINED, FINE, NO_FACILITATOR, OVERDUE, TOO_SMALL, WITHDREW
from matching.engine.circles.problem import LEAST
from matching.models import CircleProposal, CircleRun, CircleSeat
from mentorship.applications.models import Application
from mentorship.partnerships.querysets import HELD
from mentorship.partnerships.services import is_overdue
from mentorship.partnerships.words import goal_titles, together
from mentorship.seasons.models import Season

EARLY = {"approved", "asked", "confirmed"}


@dataclass(frozen=True)
class Line:
    """A circle that this coordinator decides on; `peers` are the seats of who still stands, `left` the others."""

    row: CircleProposal
    peers: list[CircleSeat]
    left: list[CircleSeat]
    guides: list[Any]
    attention: int

    @property
    def label(self) -> Any:
        return self._status[0]

    @property
    def kind(self) -> str:
        return self._status[1]

    @property
    def meets(self) -> str:
        return " · ".join(words.kind_words(self.row.slot, self.row.mode, self.row.language))

    @property
    def names(self) -> str:
        return together(seat.application.applicant.display_name for seat in self.peers)

    @property
    def guided_by(self) -> str:
        return together(person.display_name for person in self.guides)

    @property
    def settled(self) -> bool:
        """It has its partnership."""
        return self.row.partnership is not None and self.row.partnership.state in HELD

    @property
    def approvable(self) -> bool:
        return not self.settled and bool(self.guides) and len(self.peers) > 1 and self.attention != DECLINED

    @property
    def clear(self) -> bool:
        """It can be approved without a look."""
        return self.approvable and self.attention == FINE

    @property
    def can_merge(self) -> bool:
        return not self.settled and len(self.peers) < LEAST

    @property
    def _status(self) -> tuple[Any, str]:
        if self.attention != FINE:
            return words.ATTENTION[self.attention]
        if self.row.partnership is not None:
            return words.PARTNERED[self.row.partnership.state]
        return words.STATES.get(self.row.state, words.STATES["proposed"])


@dataclass(frozen=True)
class Figures:
    """Where the season's circles stand for one coordinator. `concerned` are another's, and in no other figure."""

    peers: int
    placed: int
    circles: int
    first: int
    clear: int
    to_ask: int
    asked: int
    confirmed: int
    concerned: int

    @property
    def next(self) -> str:
        """The one thing to do next: "approve", "ask", "wait", "announce" or ""."""
        if self.clear:
            return "approve"
        if self.to_ask:
            return "ask"
        if self.asked:
            return "wait"
        return "announce" if self.confirmed else ""


@dataclass(frozen=True)
class Alone:
    """A peer without a circle, and why."""

    application: Application
    why: str


def last_run(season: Season) -> CircleRun | None:
    """The season's newest result, without its encrypted parts."""
    run: CircleRun | None = (
        CircleRun.objects.done().filter(season=season).defer("problem", "trace").order_by("-number").first()
    )
    return run


def lines_of(run: CircleRun, user: Any, now: datetime) -> tuple[list[Line], int]:
    """The circles on which this coordinator decides, those to look at first before the others, and how many more."""
    rows = CircleProposal.objects.filter(run=run).marked_for(user).loaded().order_by("number")
    found = [line_of(row, now) for row in rows if not row.barred]
    concerned = sum(1 for row in rows if row.barred)
    return sorted(found, key=lambda line: (line.attention, line.row.number)), concerned


def line_of(row: CircleProposal, now: datetime) -> Line:
    """One circle; the row comes from `loaded`."""
    seats = list(row.seats.all())
    peers = [seat for seat in seats if seat.application.state == "eligible"]
    left = [seat for seat in seats if seat.application.state != "eligible"]
    declined = row.partnership is not None and row.partnership.state == "declined"
    guides = [] if declined else _guides(row)
    return Line(row, peers, left, guides, _attention(row, peers, left, guides, now))


def alone(run: CircleRun, user: Any) -> list[Alone]:
    """Eligible peers without a circle whom this coordinator decides on, those who joined since the run among them."""
    seats = dict(CircleSeat.objects.filter(run=run).values_list("application", "reasons"))
    placed = CircleSeat.objects.filter(run=run, circle__isnull=False).values("application")
    rows = list(
        Application.objects.screenable_by(user)
        .matchable()
        .filter(season=run.season_id, role="peer", applicant__is_active=True)
        .exclude(pk__in=placed)
        .select_related("applicant__profile__unit", "applicant__profile__job_class")
        .order_by("applicant__family_name", "pk")
    )
    reasons = [seats.get(row.pk, {}) for row in rows]
    titles = goal_titles({"goals": [{"key": each["theme"]} for each in reasons if each.get("theme")]})
    return [Alone(row, words.unplaced_in_words(why, titles)) for row, why in zip(rows, reasons, strict=True)]


def figures(lines: Iterable[Line], waiting: int, concerned: int) -> Figures:
    """Count what these lines say; `waiting` are the people without a circle."""
    lines = list(lines)
    placed = sum(len(line.peers) for line in lines)

    def among(state: str) -> int:
        return sum(1 for line in lines if line.row.partnership is not None and line.row.partnership.state == state)

    return Figures(
        peers=placed + waiting,
        placed=placed,
        circles=len(lines),
        first=sum(1 for line in lines if line.attention < FINE),
        clear=sum(1 for line in lines if line.clear),
        to_ask=among("approved"),
        asked=among("asked"),
        confirmed=among("confirmed"),
        concerned=concerned,
    )


def _guides(row: CircleProposal) -> list[Any]:
    """Who guides it; of an approved circle those who are still in it."""
    people = [guide.person for guide in row.guides.all()]
    if row.partnership is None:
        return people
    inside = {member.person_id for member in row.partnership.memberships.all() if member.active}
    return [person for person in people if person.pk in inside]


def _attention(
    row: CircleProposal, peers: list[CircleSeat], left: list[CircleSeat], guides: list[Any], now: datetime
) -> int:
    state = row.partnership.state if row.partnership is not None else ""
    if state == "declined":
        return DECLINED
    if state and state not in EARLY:
        return FINE
    if left:
        return WITHDREW
    if row.partnership is not None:
        return OVERDUE if is_overdue(row.partnership, now) else FINE
    if len(peers) < LEAST:
        return TOO_SMALL
    return FINE if guides else NO_FACILITATOR
