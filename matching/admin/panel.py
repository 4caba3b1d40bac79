"""The side panel of one suggested match: why these two, what one can do, and who else there is at which cost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from matching import words
from matching.admin import effects
from matching.models import Pin, Proposal
from matching.present import Present
from matching.querysets import FORBIDDEN, OVERDUE, WITHDREW
from mentorship.partnerships.words import Why, goal_titles, why

AT_ONCE = 6
RULED_OUT_AT_ONCE = 10
WAIVABLE_BUT = frozenset({"no_places", "other"})


@dataclass(frozen=True)
class Alternative:
    """Another mentor for the same mentee: goal fit, and what choosing them would do to the season."""

    key: UUID
    person: effects.Person
    fit: int
    told: effects.Told


@dataclass(frozen=True)
class RuledOut:
    """A mentor whom rules keep from this mentee; `waivable` rules may be set aside with a reason."""

    key: UUID
    person: effects.Person
    fit: int
    rules: list[str]
    waivable: bool


@dataclass(frozen=True)
class Panel:
    """Everything that the panel says of `match`; the names are those that pages use.

    `alternatives` is None where there is nothing to choose: the pair is approved, or kept together by a wish.
    """

    match: Proposal
    mentee: str
    mentor: str
    why: Why
    favourites: list[str]
    nobody: list[str]
    removed: list[tuple[str, int]]
    pin: Pin | None
    forbidden: list[str]
    alternatives: "Page[Alternative] | None"
    ruled_out: "Page[RuledOut] | None"
    hidden: int

    @property
    def withdrew(self) -> bool:
        """Somebody's application no longer stands; `match` comes from `overview.proposals`."""
        return bool(self.match.attention == WITHDREW)  # type: ignore[attr-defined]

    @property
    def overdue(self) -> bool:
        """The mentor was asked and the time to answer is over."""
        return bool(self.match.attention == OVERDUE)  # type: ignore[attr-defined]

    @property
    def undecided(self) -> bool:
        return self.match.mentor is not None and self.match.state in {"proposed", "locked"}

    @property
    def left_out(self) -> bool:
        """A coordinator leaves the mentee without a mentor."""
        return self.match.mentor is None and self.match.state == Proposal.State.LOCKED


def panel(match: Proposal, present: Present, asked: Any) -> Panel:
    """Read the panel of `match`, a row of `ProposalQuerySet.named`; a constant number of queries.

    `asked` is the page's query: `mentors` and `out` are pages of the alternatives and of those ruled out.
    """
    mentee = match.mentee.applicant.get_short_name()
    mentor = match.mentor.applicant.get_short_name() if match.mentor else ""
    pin = Pin.objects.filter(mentee=match.mentee_id, season=match.run.season_id).first()
    others, out = _others(match, present, asked) if pin is None else (None, None)
    return Panel(
        match=match,
        mentee=mentee,
        mentor=mentor,
        why=why(match.reasons, goal_titles(match.reasons)),
        favourites=words.favourites_in_words(match.reasons, mentee=mentee, mentor=mentor),
        nobody=words.nobody_in_words(match.reasons) if match.mentor is None else [],
        removed=words.removed_in_words(match.reasons),
        pin=pin,
        forbidden=_forbidding(match, present),
        alternatives=others,
        ruled_out=out,
        hidden=present.hidden if others else 0,
    )


def _others(
    match: Proposal, present: Present, asked: Any
) -> "tuple[Page[Alternative] | None, Page[RuledOut] | None]":
    """The mentors who are possible, by what they would cost the season, and those who are ruled out."""
    mentee = str(match.mentee_id)
    if mentee not in present.mentees:
        return None, None
    most = len(present.mentors)
    possible: Page[Any] = Paginator(present.standing.alternatives(mentee, most=most), AT_ONCE).get_page(
        asked.get("mentors")
    )
    barred: Page[Any] = Paginator(
        [each for each in present.candidates(mentee) if each.rules and each.key != str(match.mentor_id)],
        RULED_OUT_AT_ONCE,
    ).get_page(asked.get("out"))
    keys = {choice.mentor for choice in possible.object_list} | {each.key for each in barred.object_list}
    named = effects.people(keys | effects.named_in(choice.effect for choice in possible.object_list))
    possible.object_list = [
        Alternative(
            key=UUID(choice.mentor),
            person=named[choice.mentor],
            fit=choice.fit,
            told=effects.told(choice.effect, named, leave_out=mentee, most=effects.TOLD_MOVES),
        )
        for choice in possible.object_list
    ]
    barred.object_list = [
        RuledOut(
            key=UUID(each.key),
            person=named[each.key],
            fit=each.fit,
            rules=words.rules_in_words(each.rules),
            waivable=not set(each.rules) & WAIVABLE_BUT,
        )
        for each in barred.object_list
    ]
    return possible, barred


def _forbidding(match: Proposal, present: Present) -> list[str]:
    """The rules that have come to forbid this pair, in words."""
    if match.attention != FORBIDDEN:  # type: ignore[attr-defined]
        return []
    found = [each for each in present.candidates(str(match.mentee_id)) if each.key == str(match.mentor_id)]
    return words.rules_in_words(code for each in found for code in each.rules)
