"""The gap board: what mentees want and mentors offer, goal by goal, and whom one could invite to close a gap."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _

from mentorship.applications.models import Application, ApplicationGoal, Invitation
from mentorship.people.models import Degree, User
from mentorship.seasons.models import Goal, Season
from mentorship.seasons.phases import today

STANDING = ["submitted", "eligible", "waiting"]
LEAST_SERVICE = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Gap:
    """One goal: how many mentees want it, how many mentors offer it, and how many were invited for it."""

    goal: Goal
    wanted: int
    offered: int
    invited: int

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.offered)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be invited, and why, in words."""

    person: User
    reasons: list[str]


def gap_board(season: Season) -> list[Gap]:
    """Return every goal of the season, the widest gap first; drafts don't count."""
    among = Q(pk__in=ApplicationGoal.objects.filter(application__season=season).values("goal")) | Q(seasons=season)
    counts: dict[tuple[Any, str], int] = {
        (row["goal"], row["application__role"]): row["people"]
        for row in ApplicationGoal.objects.filter(application__season=season, application__state__in=STANDING)
        .order_by()
        .values("goal", "application__role")
        .annotate(people=Count("pk"))
    }
    invited = dict(
        Invitation.objects.filter(season=season, role="mentor")
        .order_by()
        .values_list("goal")
        .annotate(people=Count("pk"))
    )
    gaps = [
        Gap(
            goal=goal,
            wanted=counts.get((goal.pk, "mentee"), 0),
            offered=counts.get((goal.pk, "mentor"), 0),
            invited=invited.get(goal.pk, 0),
        )
        for goal in Goal.objects.filter(among).distinct()
    ]
    return sorted(gaps, key=lambda gap: (-gap.lacking, -gap.wanted, -gap.offered, gap.goal.order))


def places(season: Season) -> tuple[int, int]:
    """Return how many mentees have applied and how many places the mentors offer together."""
    standing = Application.objects.filter(season=season, state__in=STANDING)
    return (
        standing.filter(role="mentee").count(),
        standing.filter(role="mentor").aggregate(places=Coalesce(Sum("capacity"), 0))["places"],
    )


def candidates(season: Season, goal: Goal, now: datetime) -> QuerySet[User]:
    """Return staff who could mentor for `goal`, those who did so before first, then by job rank and service.

    Listed is who has two years of service, a job above the average of those who want the goal, doesn't want it too,
    and neither applied as mentor in this season nor was invited to.
    """
    wanting = Application.objects.filter(season=season, role="mentee", state__in=STANDING, goals__goal=goal)
    rank = wanting.aggregate(rank=Avg("applicant__profile__job_class__rank"))["rank"] or 0
    applied = Application.objects.open().filter(season=season, role="mentor").values("applicant")
    invited = Invitation.objects.filter(season=season, role="mentor").values("person")
    earlier = Application.objects.filter(applicant=OuterRef("pk"), role="mentor", state="eligible").exclude(
        season=season
    )
    found: QuerySet[User] = (
        User.objects.active()
        .filter(
            profile__service_start__lte=today(season, now) - LEAST_SERVICE,
            profile__job_class__rank__gt=rank,
        )
        .exclude(pk__in=applied)
        .exclude(pk__in=wanting.values("applicant"))
        .exclude(pk__in=invited)
        .annotate(
            offered_before=Exists(earlier.filter(goals__goal=goal)),
            mentored_before=Exists(earlier),
        )
        .select_related("profile__unit", "profile__job_class")
        .order_by("-offered_before", "-mentored_before", "-profile__job_class__rank", "profile__service_start", "pk")
    )
    return found


def in_words(person: Any) -> Candidate:
    """Return one of `candidates` with the reasons for being listed."""
    reasons = []
    if person.offered_before:
        reasons.append(_("offered this in an earlier season"))
    elif person.mentored_before:
        reasons.append(_("mentored before"))
    if person.profile.degree == Degree.MLS:
        reasons.append(_("holds a library degree"))
    since = formats.date_format(person.profile.service_start, "YEAR_MONTH_FORMAT")
    reasons.append(_("here since %(month)s") % {"month": since})
    return Candidate(person, reasons)
