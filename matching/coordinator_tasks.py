"""What matching asks of coordinators on the admin's home, season by season; one query for each kind of thing."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.alone import to_call
from matching.models import MatchRun, Proposal
from mentorship.applications.models import Application
from mentorship.common.registries import Task
from mentorship.partnerships.models import Membership, Partnership
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase


def tasks(user: Any, now: datetime) -> list[Task]:
    """The open steps of every current season with pairs, for coordinators."""
    if not user.has_role("coordinator"):
        return []
    seasons = [
        season
        for season in Season.objects.current(now).filter(has_pairs=True)
        if phase(season, now) in {Phase.REVIEWING, Phase.RUNNING}
    ]
    keys = [season.pk for season in seasons]
    if not keys:
        return []
    runs = dict(
        MatchRun.objects.done().filter(season__in=keys).order_by().values_list("season").annotate(Max("number"))
    )
    ready = _ready(keys)
    suggested = _suggested(user, runs)
    pairs = _pairs(user, keys, now)
    calls = _calls(user, keys)
    found = []
    for season in seasons:
        found += _of(season, season.pk in runs, ready[season.pk], suggested[season.pk], pairs[season.pk], calls)
    return found


def workbench_url(season: Season) -> str:
    """Where coordinators work on a season's matches; on its circles where it has no pairs."""
    name = "circles" if season.has_circles and not season.has_pairs else "workbench"
    return reverse(f"admin:matching_{name}", args=[season.pk])


def _of(
    season: Season, has_run: bool, ready: bool, suggested: int, pairs: Counter[str], calls: Counter[UUID]
) -> list[Task]:
    bench = workbench_url(season)
    found = []

    def add(text: str, url: str, action: str, order: int, count: int, *, urgent: bool = False) -> None:
        line = _("%(season)s: %(what)s") % {"season": season, "what": text}
        found.append(Task(line, url, action, order=order, count=count, urgent=urgent, kind=_("Matches")))

    def page(name: str) -> str:
        return reverse(f"admin:matching_{name}", args=[season.pk])

    if ready and not has_run and season.announced_at is None:
        add(_("find matches"), bench, _("Open the workbench"), 30, 1)
    if suggested:
        text = ngettext("%(n)d match to approve", "%(n)d matches to approve", suggested) % {"n": suggested}
        add(text, bench, _("Look at the matches"), 31, suggested)
    if count := pairs["declined"]:
        text = ngettext("%(n)d mentor declined", "%(n)d mentors declined", count) % {"n": count}
        add(text, bench, _("Find somebody else"), 32, count, urgent=True)
    if count := pairs["overdue"]:
        text = ngettext("%(n)d mentor hasn't answered", "%(n)d mentors haven't answered", count) % {"n": count}
        add(text, bench, _("See who"), 33, count, urgent=True)
    if count := pairs["approved"]:
        text = ngettext("%(n)d mentor to ask", "%(n)d mentors to ask", count) % {"n": count}
        add(text, page("ask"), _("Ask them"), 34, count)
    if (count := pairs["confirmed"]) and not suggested and not pairs["approved"] and not pairs["asked"]:
        text = ngettext("%(n)d pair can be announced", "%(n)d pairs can be announced", count) % {"n": count}
        add(text, page("announce"), _("Preview and announce"), 35, count)
    if season.announced_at is not None and (count := calls[season.pk]):
        text = ngettext("%(n)d person without a match to call", "%(n)d people without a match to call", count)
        add(text % {"n": count}, page("calls"), _("Open the call list"), 36, count)
    return found


def _ready(keys: list[UUID]) -> dict[UUID, bool]:
    """Seasons with somebody on both sides and no application left to decide on."""
    counts = (
        Application.objects.filter(season__in=keys)
        .order_by()
        .values("season")
        .annotate(
            mentees=Count("pk", filter=Q(role="mentee", state="eligible")),
            mentors=Count("pk", filter=Q(role="mentor", state="eligible")),
            undecided=Count("pk", filter=Q(state="submitted")),
        )
    )
    found = {row["season"]: bool(row["mentees"] and row["mentors"] and not row["undecided"]) for row in counts}
    return {key: found.get(key, False) for key in keys}


def _suggested(user: Any, runs: dict[UUID, int]) -> Counter[UUID]:
    """Matches of each season's last run that this coordinator can approve."""
    if not runs:
        return Counter()
    newest = Q()
    for season, number in runs.items():
        newest |= Q(run__season=season, run__number=number)
    rows = Proposal.objects.visible_to(user).approvable().filter(newest).order_by().values_list("run__season")
    return Counter(dict(rows.annotate(Count("pk"))))


def _pairs(user: Any, keys: list[UUID], now: Any) -> dict[UUID, Counter[str]]:
    """How many pairs of each season are in which state; declined ones only where the mentee has nobody yet."""
    rows = Partnership.objects.decidable_by(user).filter(season__in=keys, kind="pair").order_by()
    paired = Membership.objects.filter(season__in=keys, role="mentee", active=True).values("application")
    waiting = Membership.objects.filter(
        partnership__in=rows.filter(state="declined").values("pk"), role="mentee", application__state="eligible"
    ).exclude(application__in=paired)
    found: dict[UUID, Counter[str]] = {key: Counter() for key in keys}
    overdue = Count("pk", filter=Q(state="asked", answer_due__lte=now))
    for season, state, count, late in rows.values_list("season", "state").annotate(Count("pk"), late=overdue):
        if state != "declined":
            found[season][state] += count
        found[season]["overdue"] += late
    for season, count in waiting.order_by().values_list("season").annotate(Count("application", distinct=True)):
        found[season]["declined"] += count
    return found


def _calls(user: Any, keys: list[UUID]) -> Counter[UUID]:
    """People without a match whom this coordinator has still to call."""
    rows = to_call(user, *keys).order_by().values_list("season")
    return Counter(dict(rows.annotate(Count("pk"))))
