"""The side panel of one suggested match: why these two, what one can do, and the mentors there are besides."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count

from matching import words
from matching.engine import parse, told
from matching.engine.grid import Grid
from matching.models import MatchRun, Pin, Proposal
from matching.querysets import OVERDUE, WITHDREW, is_good
from mentorship.applications.models import Application
from mentorship.partnerships.words import Why, goal_titles, why

OTHERS_PER_PAGE = 6


@dataclass(frozen=True)
class Other:
    """Another mentor for the same mentee: goal fit, what rules it out, and how many suggestions they have already."""

    key: UUID
    name: str
    unit: str
    fit: int
    rules: list[str]
    has: int
    current: bool


@dataclass(frozen=True)
class Panel:
    """Everything that the panel says of `match`; the names are those that pages use."""

    match: Proposal
    mentee: str
    mentor: str
    why: Why
    favourites: list[str]
    nobody: list[str]
    removed: list[tuple[str, int]]
    pin: Pin | None
    others: "Page[Other] | None"
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


def panel(match: Proposal, user: Any, page: str | None) -> Panel:
    """Read the panel of `match`, a row of `ProposalQuerySet.named`; a constant number of queries."""
    mentee = match.mentee.applicant.get_short_name()
    mentor = match.mentor.applicant.get_short_name() if match.mentor else ""
    others, hidden = (None, 0)
    if match.state != Proposal.State.APPROVED:
        others, hidden = other_mentors(match, user, page)
    return Panel(
        match=match,
        mentee=mentee,
        mentor=mentor,
        why=why(match.reasons, goal_titles(match.reasons)),
        favourites=words.favourites_in_words(match.reasons, mentee=mentee, mentor=mentor),
        nobody=words.nobody_in_words(match.reasons) if match.mentor is None else [],
        removed=words.removed_in_words(match.reasons),
        pin=Pin.objects.filter(mentee=match.mentee_id, season=match.run.season_id).first(),
        others=others,
        hidden=hidden,
    )


def other_mentors(match: Proposal, user: Any, page: str | None) -> tuple["Page[Other]", int]:
    """The run's mentors for this mentee, possible ones first, by goal fit; and how many this user may not see."""
    run = MatchRun.objects.only("problem").get(pk=match.run_id)
    fits = fits_of(run.problem, str(match.mentee_id))
    own = set(
        Application.objects.screenable_by(user)
        .filter(season=match.mentee.season_id, role="mentor")
        .values_list("pk", flat=True)
    )
    seen = [entry for entry in fits if UUID(entry[0]) in own]
    wanted: Page[Any] = Paginator(seen, OTHERS_PER_PAGE).get_page(page)
    keys = [UUID(key) for key, _fit, _codes in wanted.object_list]
    people = {
        row.pk: row for row in Application.objects.filter(pk__in=keys).select_related("applicant__profile__unit")
    }
    load = dict(
        Proposal.objects.visible_to(user)
        .filter(is_good(), run=match.run_id, mentor__in=keys)
        .order_by()
        .values_list("mentor")
        .annotate(count=Count("pk"))
    )
    wanted.object_list = [
        Other(
            key=key,
            name=people[key].applicant.display_name,
            unit=str(people[key].applicant.profile.unit or ""),
            fit=fit,
            rules=words.rules_in_words(codes),
            has=load.get(key, 0),
            current=key == match.mentor_id,
        )
        for key, (_key, fit, codes) in zip(keys, wanted.object_list, strict=True)
        if key in people
    ]
    return wanted, len(fits) - len(seen)


def fits_of(problem: dict[str, Any], mentee: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """(mentor, goal fit, rules in the way as coordinators may read them) for one mentee of a run's inputs."""
    if not problem:
        # The season is archived, and what its runs were worked out from is gone.
        return []
    alone = {
        "settings": problem["settings"],
        "mentors": problem["mentors"],
        "mentees": [person for person in problem["mentees"] if person["id"] == mentee],
        "forbid": [pair for pair in problem["forbid"] if pair[0] == mentee],
        "past": [pair for pair in problem["past"] if pair[0] == mentee],
    }
    if not alone["mentees"]:
        return []
    grid = Grid(parse(alone))
    found = [
        (mentor.id, int(grid.fit[0, place]), told(code for code, mask in grid.blocks.items() if mask[0, place]))
        for place, mentor in enumerate(grid.mentors)
    ]
    return sorted(found, key=lambda entry: (bool(entry[2]), -entry[1], entry[0]))
