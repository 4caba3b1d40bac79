"""A season that is over, with its meetings and its survey, for the tests of reports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from mentorship.partnerships.models import Attendance, Meeting, Partnership
from mentorship.seasons.models import Season
from surveys.models import Wave
from surveys.services import close_wave, open_wave, publish_release
from tests.factories import ApplicationFactory, MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory
from tests.surveys.cast import answer_all, questions

STARTED = datetime(2026, 7, 6, 17, 0, tzinfo=UTC)
SURVEYED = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
CLOSED = datetime(2027, 2, 2, 17, 0, tzinfo=UTC)


def over(slug: str = "autumn", *, pairs: int = 6, **fields: Any) -> Season:
    """A season of July to December 2026, closed on February 1, with so many completed pairs and a lone applicant."""
    season = SeasonFactory(
        **{
            "slug": slug,
            "name_en": "Autumn 2026",
            "name_es": "Otoño de 2026",
            "opens_on": date(2026, 5, 1),
            "closes_on": date(2026, 5, 29),
            "matches_on": date(2026, 6, 15),
            "starts_on": date(2026, 7, 1),
            "ends_on": date(2026, 12, 31),
            "survey_on": date(2027, 1, 4),
            "report_on": date(2027, 2, 1),
            "published_at": datetime(2026, 4, 1, tzinfo=UTC),
            "announced_at": datetime(2026, 6, 15, tzinfo=UTC),
            **fields,
        }
    )
    for _number in range(pairs):
        PartnershipFactory(
            season=season,
            state="completed",
            pair=(MenteeFactory(season=season), MentorFactory(season=season)),
            announced_at=season.announced_at,
        )
    ApplicationFactory(season=season, state="ineligible")
    return season


def meet(pair: Partnership, *, day: datetime = STARTED, minutes: int = 60, present: int = 2) -> Meeting:
    """A meeting that was held, with so many of the members there."""
    members = list(pair.memberships.order_by("role"))
    meeting = Meeting.objects.create(
        partnership=pair,
        state="held",
        starts_at=day,
        minutes=minutes,
        made_by=members[0].person,
        made_at=day,
        changed_at=day,
        settled_by=members[0].person,
        settled_at=day,
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=member, present=place < present)
        for place, member in enumerate(members)
    )
    return meeting


def meet_all(season: Season) -> None:
    """Every pair meets in July for an hour, every second one in September for 45 minutes, once with one person."""
    for number, pair in enumerate(season.partnerships.order_by("pk")):
        meet(pair)
        if number % 2 == 0:
            meet(pair, day=STARTED + timedelta(days=62), minutes=45, present=2 if number else 1)


def survey(season: Season, by: Any, points: list[int], **more: Any) -> Wave:
    """The season's survey, answered with `points` and closed; its results aren't published."""
    from mentorship.questionnaires.models import Questionnaire

    if not Questionnaire.objects.filter(slug="end-of-season").exists():
        questions()
    wave = open_wave(season=season, by=by, now=SURVEYED)
    answer_all(wave, points, now=SURVEYED, **more)
    return close_wave(wave=wave, by=by, now=CLOSED)


def publish(wave: Wave, by: Any) -> None:
    publish_release(wave=wave, by=by, now=CLOSED)


def reported(by: Any, points: list[int] | None = None, **fields: Any) -> Season:
    """A closed season with meetings and published results."""
    season = over(**fields)
    meet_all(season)
    publish(survey(season, by, points or [5, 5, 4, 4, 4, 3, 2, 5, 4]), by)
    return season
