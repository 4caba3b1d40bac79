"""What becomes due by itself while applications are open: begun and left, and closing soon."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from mentorship.applications.models import Application, Invitation
from mentorship.applications.querysets import ApplicationQuerySet
from mentorship.reminders import season_rules
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.reminders.weekly import DAYS as WEEK
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase, today
from mentorship.seasons.states import Phase

IDLE, CLOSING, INVITED = "application-idle", "application-closing", "invitation-closing"
IDLE_DAYS, CLOSING_DAYS = 5, 3


def remind_applicants(now: datetime) -> None:
    """Queue what is due to those with an application that isn't sent, and to those who were invited.

    Begun and left: once for each time that it was left, unless the last reminder before the close went or follows
    within a week: a person gets one a week, and it would be in the other's way. Days are those of the season's zone.
    """
    near = now.date()
    # A day more on both sides than any zone needs; the phase decides.
    seasons = Season.objects.filter(
        published_at__lte=now,
        announced_at=None,
        archived_at=None,
        opens_on__lte=near + timedelta(days=1),
        closes_on__gte=near - timedelta(days=1),
    )
    drafts: list[Draft] = []
    for season in seasons:
        if phase(season, now) == Phase.APPLYING:
            drafts += _of_season(season, today(season, now))
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _of_season(season: Season, day: date) -> list[Draft]:
    choices = season_rules.choices([rule_of(key) for key in (IDLE, CLOSING, INVITED)], season.pk)
    days = {key: timedelta(days=choice.days or 0) for key, choice in choices.items() if choice.on}
    left = season.closes_on - day
    drafts: list[Draft] = []
    if IDLE in days and (CLOSING not in days or left >= days[CLOSING] + timedelta(days=WEEK)):
        drafts += _idle(season, day - days[IDLE])
    if CLOSING in days and left <= days[CLOSING]:
        drafts += _closing(season)
    if INVITED in days and left <= days[INVITED]:
        drafts += _invited(season, day)
    return drafts


def _idle(season: Season, left_on: date) -> Iterable[Draft]:
    said = (
        Delivery.objects.filter(rule=IDLE, subject_id=OuterRef("pk"))
        .annotate(left_on=KT("ids__changed_on"))
        .filter(left_on=Cast(OuterRef("changed_on"), CharField()))
    )
    for row in _begun(season).filter(~Exists(said), changed_on__lte=left_on):
        yield Draft(
            rule=IDLE,
            recipient=row.applicant,
            dedupe_key=f"{IDLE}:{row.pk}:{row.changed_on}",
            subject=row,
            ids={"season": str(season.pk), "changed_on": f"{row.changed_on}"},
        )


def _closing(season: Season) -> Iterable[Draft]:
    for row in _begun(season).filter(season_rules.not_said(CLOSING)):
        yield Draft(
            rule=CLOSING,
            recipient=row.applicant,
            dedupe_key=f"{CLOSING}:{row.pk}",
            subject=row,
            ids={"season": str(season.pk)},
        )


def _invited(season: Season, day: date) -> Iterable[Draft]:
    """Those who were invited before today and neither applied nor began to."""
    applied = Application.objects.open().filter(season=season, applicant=OuterRef("person"), role=OuterRef("role"))
    rows = Invitation.objects.filter(
        season_rules.not_said(INVITED), ~Exists(applied), season=season, person__is_active=True
    )
    for row in rows.select_related("person").order_by("pk"):
        if today(season, row.invited_at) < day:
            yield Draft(
                rule=INVITED,
                recipient=row.person,
                dedupe_key=f"{INVITED}:{row.pk}",
                subject=row,
                ids={"season": str(season.pk)},
            )


def _begun(season: Season) -> ApplicationQuerySet:
    return (
        Application.objects.filter(season=season, state=Application.State.DRAFT, applicant__is_active=True)
        .select_related("applicant")
        .order_by("pk")
    )
