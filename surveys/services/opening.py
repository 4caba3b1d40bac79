"""Opening a survey: everybody who was announced is invited, those who left early too."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD
from mentorship.people.models import User
from mentorship.questionnaires.models import Questionnaire
from mentorship.questionnaires.services import freeze_version
from mentorship.records.audit import record
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import today, zone
from surveys.models import Ticket, Wave
from surveys.states import WAVE

OPEN_DAYS = 28
CLOSING_HOUR = time(17, 0)
SLUGS = {Wave.Kind.END_OF_SEASON: "end-of-season"}


class CannotOpen(Exception):
    """The survey can't be opened; the text says why, for a coordinator to read."""


def people_to_invite(season: Season) -> QuerySet[User]:
    """Everybody who was told of a partnership in the season, whether it still goes on or not.

    With the survivors alone, the figures would be about those who were content.
    """
    told = Membership.objects.filter(partnership__season=season, partnership__state__in=TOLD)
    people: QuerySet[User] = User.objects.filter(pk__in=told.values("person")).order_by("pk")
    return people


def closing_day(season: Season, now: datetime) -> date:
    """The day on which a survey closes that is opened now and lasts as long as reminders take."""
    return today(season, now) + timedelta(days=OPEN_DAYS)


def newest_questions(kind: str) -> Questionnaire | None:
    """The version that a new survey asks: a library's own before what is shipped, since its number is higher."""
    return Questionnaire.objects.filter(slug=SLUGS[Wave.Kind(kind)]).order_by("-version").first()


@transaction.atomic
def open_wave(*, season: Season, by: Any, now: datetime, closes_on: date | None = None) -> Wave:
    """Ask everybody who was announced; one survey of a kind for each season. Raises CannotOpen, IllegalMove.

    It closes at 17:00 of `closes_on` in the season's zone, by default after four weeks.
    """
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    closes_on = closes_on or closing_day(season, now)
    if closes_on <= today(season, now):
        raise CannotOpen(_("The closing day must be later than today."))
    questionnaire = newest_questions(Wave.Kind.END_OF_SEASON)
    if questionnaire is None:
        raise CannotOpen(_("There are no questions yet: an administrator has to load the content files."))
    people = list(people_to_invite(season))
    if not people:
        raise CannotOpen(_("Nobody was told of a match in this season, so there is nobody to invite."))
    wave: Wave
    wave, _made = Wave.objects.select_for_update(of=("self",)).get_or_create(
        season=season,
        kind=Wave.Kind.END_OF_SEASON,
        defaults={"questionnaire": questionnaire, "closes_at": _end_of(season, closes_on)},
    )
    WAVE.check(wave.state, Wave.State.OPEN)
    freeze_version(questionnaire, now)
    wave.state, wave.questionnaire = Wave.State.OPEN, questionnaire
    wave.opened_at, wave.closes_at = now, _end_of(season, closes_on)
    wave.save()
    _invite(wave, people, now)
    record(by=by, verb="open-survey", target=wave, now=now)
    return wave


@transaction.atomic
def invite_latecomers(*, wave: Wave, now: datetime) -> int:
    """Invite those who were announced after the survey had opened; returns how many."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("season").get(pk=wave.pk)
    if wave.state != Wave.State.OPEN:
        return 0
    late = list(people_to_invite(wave.season).exclude(survey_tickets__wave=wave))
    _invite(wave, late, now)
    return len(late)


def _invite(wave: Wave, people: list[User], now: datetime) -> None:
    Ticket.objects.bulk_create(Ticket(wave=wave, person=person) for person in people)
    queue_deliveries(
        drafts=[
            Draft(
                rule="survey-invitation",
                recipient=person,
                dedupe_key=f"survey-invitation:{wave.pk}:{person.pk}",
                subject=wave,
            )
            for person in people
        ],
        now=now,
    )


def _end_of(season: Season, day: date) -> datetime:
    return datetime.combine(day, CLOSING_HOUR, zone(season))
