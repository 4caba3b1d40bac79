"""The season's matching in figures, as the workbench, the tasks and the confirm pages say it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from matching.models import MatchRun, Proposal
from matching.present import Present, take_present
from matching.querysets import FINE, Median, ProposalQuerySet, is_good
from mentorship.applications.models import Application
from mentorship.seasons.models import Season

APPROVABLE = Q(
    barred=False,
    state__in=["proposed", "locked"],
    mentor__isnull=False,
    mentor__state="eligible",
    mentee__state="eligible",
)


@dataclass(frozen=True)
class Overview:
    """Where the season's matching stands: people, fits of the pairs as things are, and what waits for whom.

    `clear` can be approved without a look, `approvable` at all. The `concerned` are another coordinator's, whatever
    has become of them: they are in no other figure, since what changes with them would tell their coordinator of
    their own match.
    """

    mentees: int
    matched: int
    least: int | None
    median: int | None
    first: int
    clear: int
    approvable: int
    concerned: int
    to_ask: int
    asked: int
    confirmed: int

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


def proposals(run: MatchRun, user: Any, now: datetime, present: Present | None = None) -> ProposalQuerySet:
    """The run's suggested matches of those still in the pool, in the order in which to look at them.

    `present` is how the season stands for this coordinator, where the page has it already.
    """
    cut = max(run.season.cuts, default=0)
    forbidden = (present or take_present(run, user)).forbidden
    standing = Proposal.objects.filter(run=run).standing()
    rows: ProposalQuerySet = standing.marked_for(user).by_attention(cut, now, forbidden)
    return rows


def overview(rows: ProposalQuerySet) -> Overview:
    """Count everything in one query; `rows` come from `proposals`."""
    theirs = Q(barred=False)
    good = theirs & is_good()
    counts = rows.aggregate(
        mentees=Count("pk", filter=theirs),
        matched=Count("pk", filter=good),
        least=Min("fit", filter=good),
        median=Median("fit", filter=good),
        first=Count("pk", filter=Q(attention__lt=FINE)),
        clear=Count("pk", filter=APPROVABLE & Q(attention=FINE)),
        approvable=Count("pk", filter=APPROVABLE),
        concerned=Count("pk", filter=~theirs),
        to_ask=Count("pk", filter=theirs & Q(partnership__state="approved")),
        asked=Count("pk", filter=theirs & Q(partnership__state="asked")),
        confirmed=Count("pk", filter=theirs & Q(partnership__state="confirmed")),
    )
    return Overview(**counts)


def pool(season: Season) -> dict[str, Any]:
    """How many eligible mentees and mentors there are."""
    counts: dict[str, Any] = (
        Application.objects.matchable()
        .filter(season=season)
        .aggregate(
            mentees=Count("pk", filter=Q(role="mentee")),
            mentors=Count("pk", filter=Q(role="mentor")),
        )
    )
    return counts


def joined_since(run: MatchRun) -> int:
    """Eligible mentees who are not in this run yet."""
    known = Proposal.objects.filter(run=run).values("mentee")
    rows = Application.objects.matchable().filter(season=run.season_id, role="mentee").exclude(pk__in=known)
    return rows.count()
