"""Who has no match: in this season for the call list, in the last one for their priority in this."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from matching.models import CallListEntry, MatchRun, Proposal
from matching.querysets import is_good
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD
from mentorship.seasons.models import Season


def unmatched(*seasons: Season | UUID) -> QuerySet[Application]:
    """The eligible mentees of these seasons who have no pair, and nobody suggested who could still be approved."""
    newest = MatchRun.objects.done().filter(season=OuterRef("mentee__season")).order_by("-number").values("pk")[:1]
    open_to = Proposal.objects.filter(is_good(), mentee=OuterRef("pk"), run=Subquery(newest)).exclude(
        state="approved"
    )
    paired = Membership.objects.filter(application=OuterRef("pk"), kind="pair", role="mentee", active=True)
    rows: QuerySet[Application] = Application.objects.matchable().filter(
        ~Exists(paired), ~Exists(open_to), season__in=seasons, role="mentee"
    )
    return rows


def to_call(user: Any, *seasons: Season | UUID) -> QuerySet[Application]:
    """Those without a match who weren't told yet and whom this coordinator may call: never somebody near them."""
    own = Application.objects.screenable_by(user).filter(season__in=seasons).values("pk")
    return unmatched(*seasons).filter(pk__in=own).exclude(call__told_at__isnull=False)


def waiting(*seasons: Season | UUID) -> QuerySet[Application]:
    """Those without a match who were told so and stay on the waiting list: a long wait, for a coordinator's eyes."""
    return unmatched(*seasons).filter(call__told_at__isnull=False).exclude(call__waits=False)


def entry_of(user: Any, application: UUID) -> CallListEntry | None:
    """What somebody was told of their own application without a match, until they are told of one."""
    entry: CallListEntry | None = entries_of(user).filter(application=application).first()
    return entry


def entries_of(user: Any) -> QuerySet[CallListEntry]:
    """The seasons that told somebody that they have no match for them, and nothing else since; the newest first.

    A match that is suggested, approved or asked about changes nothing here: it would tell them of it.
    """
    told = Membership.objects.filter(
        application=OuterRef("application"), kind="pair", role="mentee", partnership__state__in=TOLD
    )
    rows: QuerySet[CallListEntry] = CallListEntry.objects.filter(
        ~Exists(told), application__applicant=user, application__state="eligible", told_at__isnull=False
    )
    return rows.select_related("season", "application").order_by("-told_at", "pk")


def left_without(season: Season) -> set[UUID]:
    """The people who were told that this season has no match for them and were not paired later."""
    told = CallListEntry.objects.filter(application__in=unmatched(season), told_at__isnull=False)
    return set(told.values_list("application__applicant_id", flat=True))


def left_without_before(season: Season) -> set[UUID]:
    """The people whom the season before this one, as far as it was announced, left without a match."""
    before = Season.objects.filter(announced_at__isnull=False, has_pairs=True, opens_on__lt=season.opens_on)
    last = before.order_by("-opens_on", "slug").first()
    return set() if last is None else left_without(last)
