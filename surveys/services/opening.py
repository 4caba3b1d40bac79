"""Opening a survey, and until when it is open: everybody who was announced is invited, those who left early too."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentorship.common.states import IllegalMove
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
# What is asked later than that is about a season which nobody remembers.
LONGEST_AFTER = timedelta(weeks=12)
CLOSING_HOUR = time(17, 0)
SLUGS = {Wave.Kind.END_OF_SEASON: "end-of-season"}


class CannotOpen(Exception):
    """The survey can't be opened; the text says why, for a coordinator to read."""


class WrongClosingDay(Exception):
    """The survey can't close on that day; the text says until when it can, for a coordinator to read."""


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


def last_closing_day(season: Season, now: datetime) -> date:
    """The latest day on which a survey may close: twelve weeks after the season's end, or after today if later."""
    return max(season.ends_on, today(season, now)) + LONGEST_AFTER


def newest_questions(kind: str) -> Questionnaire | None:
    """The version that a new survey asks: a library's own before what is shipped, since its number is higher."""
    return Questionnaire.objects.filter(slug=SLUGS[Wave.Kind(kind)]).order_by("-version").first()


@transaction.atomic
def open_wave(*, season: Season, by: Any, now: datetime, closes_on: date | None = None) -> Wave:
    """Ask everybody who was announced; one survey of a kind for each season. Raises CannotOpen, WrongClosingDay,
    IllegalMove.

    It closes at 17:00 of `closes_on` in the season's zone, by default after four weeks.
    """
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    closes_on = closes_on or closing_day(season, now)
    _check_closing_day(season, closes_on, now)
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
def move_closing_day(*, wave: Wave, closes_on: date, by: Any, now: datetime) -> Wave:
    """Let an open survey close on another day, earlier or later. Raises WrongClosingDay, IllegalMove."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("season").get(pk=wave.pk)
    if wave.state != Wave.State.OPEN:
        raise IllegalMove(WAVE.name, wave.state, Wave.State.OPEN)
    _check_closing_day(wave.season, closes_on, now)
    before, wave.closes_at = wave.closes_at, _end_of(wave.season, closes_on)
    if wave.closes_at != before:
        wave.save(update_fields=["closes_at"])
        record(by=by, verb="move-survey-closing-day", target=wave, now=now)
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


def _check_closing_day(season: Season, day: date, now: datetime) -> None:
    """Raises WrongClosingDay."""
    last = last_closing_day(season, now)
    if day <= today(season, now):
        raise WrongClosingDay(_("The closing day must be later than today."))
    if day > last:
        words = _("The last possible day is %(day)s, twelve weeks after the end of the season or after today.")
        raise WrongClosingDay(words % {"day": date_format(last, "DATE_FORMAT")})


def _end_of(season: Season, day: date) -> datetime:
    return datetime.combine(day, CLOSING_HOUR, zone(season))
