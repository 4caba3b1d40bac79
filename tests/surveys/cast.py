"""A season in which people were told of their matches, and a survey at each point of its way."""

from datetime import timedelta
from typing import Any

from mentorship.seasons.models import Season
from surveys.models import Wave
from surveys.services import close_wave, open_wave, publish_release, submit_response
from tests.factories import (
    NOW,
    MenteeFactory,
    MentorFactory,
    PartnershipFactory,
    QuestionFactory,
    QuestionnaireFactory,
    SeasonFactory,
)

AFTER = NOW + timedelta(days=29)
SCALE = [{"key": key, "en": key, "es": key} for key in ("1", "2", "3", "4", "5", "na")]
CONSENT = [{"key": key, "en": key, "es": key} for key in ("no", "anonymous", "role")]


def questions() -> Any:
    """A short survey with one of everything: a statement, a skill, tools, a comment with its consent."""
    questionnaire = QuestionnaireFactory(slug="end-of-season", title_en="How was it?", title_es="¿Cómo fue?")
    rows = [
        ("growth", "likert", SCALE, True),
        ("safe", "likert", SCALE, False),
        ("skill-listening", "likert", SCALE, True),
        ("tools", "multiple", [{"key": "resume", "en": "Resume", "es": "Currículum"}, *CONSENT[:1]], False),
        ("comment-helped", "long-text", [], False),
        ("consent-helped", "single", CONSENT, False),
    ]
    for order, (key, kind, options, required) in enumerate(rows):
        QuestionFactory(
            questionnaire=questionnaire, key=key, kind=kind, options=options, required=required, order=order,
            label_en=f"Question {key}", label_es=f"Pregunta {key}",
        )  # fmt: skip
    return questionnaire


def season_of(pairs: int, **fields: Any) -> Season:
    """A season with so many announced pairs, each mentor with one mentee."""
    season = SeasonFactory(announced_at=NOW - timedelta(days=180), **fields)
    for _number in range(pairs):
        PartnershipFactory(
            season=season,
            pair=(MenteeFactory(season=season), MentorFactory(season=season)),
            announced_at=NOW - timedelta(days=180),
        )
    return season


def opened(by: Any, *, pairs: int = 3, season: Season | None = None, now: Any = NOW) -> Wave:
    """An open survey; the questions are made unless there are some."""
    from mentorship.questionnaires.models import Questionnaire

    if not Questionnaire.objects.filter(slug="end-of-season").exists():
        questions()
    return open_wave(season=season or season_of(pairs), by=by, now=now)


def people(wave: Wave) -> list[Any]:
    """Everybody who was invited, in a fixed order."""
    return [ticket.person for ticket in wave.tickets.select_related("person").order_by("person__employee_number")]


def is_mentor(wave: Wave, person: Any) -> bool:
    return person.memberships.filter(season=wave.season, role="mentor").exists()


def answers(wave: Wave, person: Any, growth: int = 4, **more: Any) -> dict[str, Any]:
    """Valid answers of a person; names in `more` have underscores for hyphens."""
    given: dict[str, Any] = {"growth": growth, **{key.replace("_", "-"): value for key, value in more.items()}}
    if is_mentor(wave, person):
        given.setdefault("skill-listening", 5)
    return given


def answer_all(wave: Wave, points: list[int], *, now: Any = NOW, **more: Any) -> None:
    """One answer for each of `points`, by the people in their fixed order."""
    for person, growth in zip(people(wave), points, strict=False):
        submit_response(wave=wave, answers=answers(wave, person, growth, **more), by=person, now=now)


def closed(by: Any, points: list[int], *, pairs: int = 3, **more: Any) -> Wave:
    wave = opened(by, pairs=pairs)
    answer_all(wave, points, **more)
    return close_wave(wave=wave, by=by, now=AFTER)


def published(by: Any, points: list[int], *, pairs: int = 3, **more: Any) -> Wave:
    wave = closed(by, points, pairs=pairs, **more)
    publish_release(wave=wave, by=by, now=AFTER)
    wave.refresh_from_db()
    return wave
