"""What a coordinator reads before approving: whom the matches reach, how well they fit, and that it was checked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, Value
from django.db.models.functions import Least

from matching.admin.groups import Breakdown, breakdowns
from matching.admin.overview import Overview
from matching.models import MatchRun
from matching.querysets import ProposalQuerySet, is_good
from matching.services.figures import run_with_wishes

BANDS = 10


@dataclass(frozen=True)
class Band:
    """The matches whose goal fit lies between two numbers, and how long their bar is."""

    least: int
    most: int
    count: int
    width: int


@dataclass(frozen=True)
class Share:
    """So many of those who asked for something have it."""

    met: int
    asked: int
    width: int


@dataclass(frozen=True)
class Before:
    """The page before approval.

    A match that concerns the reader is in nothing of this; where there is one, `favourites`, `wishes` and the file
    are left out, since one's own could be worked out from them.
    """

    figures: Overview
    bands: list[Band]
    breakdowns: list[Breakdown]
    concerned: bool
    favourites: dict[str, Share]
    wishes: dict[str, int]
    wishes_run: MatchRun | None
    file: str


def before(run: MatchRun, rows: ProposalQuerySet, figures: Overview, user: Any, now: datetime) -> Before:
    """Read everything of `run`; `rows` and `figures` are those of `overview`. A constant number of queries."""
    concerned = bool(figures.concerned)
    wishes_run = run_with_wishes(run.season) if run.figures.get("identity") else None
    told = run.figures
    return Before(
        figures=figures,
        bands=bands(rows),
        breakdowns=breakdowns(run, rows, user, now),
        concerned=concerned,
        favourites={} if concerned else {side: _share(told[f"{side}_favourites"]) for side in ("mentee", "mentor")},
        wishes={} if concerned or wishes_run is None else wishes_run.figures["wishes"],
        wishes_run=wishes_run,
        file="" if concerned else told.get("file", ""),
    )


def bands(rows: ProposalQuerySet) -> list[Band]:
    """The goal fits of the matches as they stand, in bands of ten; the last one has the 100 too."""
    counted = dict(
        rows.filter(is_good(), barred=False, fit__isnull=False)
        .order_by()
        .annotate(band=Least(F("fit") / 10, Value(BANDS - 1), output_field=IntegerField()))
        .values_list("band")
        .annotate(count=Count("pk"))
    )
    most = max(counted.values(), default=0)
    return [
        Band(
            10 * place,
            100 if place == BANDS - 1 else 10 * place + 9,
            counted.get(place, 0),
            round(100 * counted.get(place, 0) / most) if most else 0,
        )
        for place in range(BANDS)
    ]


def _share(share: dict[str, int]) -> Share:
    asked, met = share["asked"], share["met"]
    return Share(met, asked, round(100 * met / asked) if asked else 0)
