"""Believable answers to the end-of-season survey, drawn from a seeded stream."""

import random
from collections.abc import Sequence
from typing import Any

from mentorship.questionnaires.definitions import NOT_APPLICABLE, Kind
from mentorship.questionnaires.models import Question
from surveys.asking import COMMENT, CONSENT

GROWTH = "growth"
# Of those who give a valid answer, so many in a hundred agree that it helped them grow.
AGREEING_PERCENT = 89
# One in so many would rather not say.
SILENT_ONE_IN = 29
# Weights of 1 to 5 for the other statements; what a season does less well than the rest is a library's to see.
WEIGHTS = {
    "training": (1, 4, 9, 28, 14),
    "support": (1, 2, 8, 22, 18),
    "meetings": (0, 2, 5, 24, 27),
}
USUAL = (0, 2, 6, 26, 24)
CONSENTS = ("anonymous", "anonymous", "role", "no")
COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "helped": (
            "Somebody who had been through the promotion exam sat down with me and my plan.",
            "Finding out how another branch solves the same problem with half the staff.",
            "An hour a month that nobody could schedule over.",
            "Being asked what I want, for the first time in years.",
            "Writing my goal down with steps and dates. I still have the sheet on my wall.",
            "My mentor showed me what a budget meeting looks like from the inside.",
            "Listening more than I talked. I had to learn that.",
        ),
        "change": (
            "Start earlier in the year: summer reading took two of our six meetings.",
            "More time for staff who work evenings. We met on my break more often than not.",
            "The training was good but long. Two shorter parts would be easier between desk shifts.",
            "A room that one can book for an hour without asking a supervisor.",
            "Tell supervisors sooner that this is work time.",
        ),
        "colleague": (
            "You don't need to know where you want to go. That is what the first meetings are for.",
            "Do it. The worst that happens is that you know one more person in the system.",
            "Choose somebody from outside your building.",
            "It costs an hour a month and it is worth it.",
        ),
    },
    "es": {
        "helped": ("Practicar la entrevista en voz alta con alguien que ya la había pasado.",),
        "change": ("Más materiales en español desde el principio.",),
        "colleague": ("Anímate: se aprende en las dos direcciones.",),
    },
}
# What a reader would recognise somebody by; a coordinator keeps it back.
TELLING = "As the only night messenger on the Harbor route I can't meet during the day."


def marks_of_growth(respondents: int, rng: random.Random) -> list[int | str]:
    """One answer each to whether it helped them grow: the agreed share of the valid ones agrees."""
    silent = respondents // SILENT_ONE_IN
    valid = respondents - silent
    agreeing = (valid * AGREEING_PERCENT + 50) // 100
    strongly = agreeing * 9 // 20
    disagreeing = (valid - agreeing) // 3
    marks: list[int | str] = [*[5] * strongly, *[4] * (agreeing - strongly)]
    marks += [2] * disagreeing + [3] * (valid - agreeing - disagreeing) + [NOT_APPLICABLE] * silent
    rng.shuffle(marks)
    return marks


def draw_answers(questions: Sequence[Question], growth: int | str, rng: random.Random) -> dict[str, Any]:
    """One person's answers to the statements and what they made, without comments."""
    given: dict[str, Any] = {}
    for question in questions:
        if question.kind == Kind.LIKERT:
            given[question.key] = growth if question.key == GROWTH else _mark(question.key, growth, rng)
        elif question.kind == Kind.MULTIPLE:
            keys = [option["key"] for option in question.options]
            given[question.key] = sorted(rng.sample(keys, rng.randint(0, 3)), key=keys.index)
    return given


def draw_comments(languages: Sequence[str], rng: random.Random) -> list[dict[str, str]]:
    """Each person's comments with what they agree to; nobody says what somebody else has said."""
    left = {
        language: {name: rng.sample(texts, len(texts)) for name, texts in by_question.items()}
        for language, by_question in COMMENTS.items()
    }
    rows = []
    for language in languages:
        row: dict[str, str] = {}
        for name, texts in left.get(language, left["en"]).items():
            if texts and rng.random() < 0.3:
                row[COMMENT + name] = texts.pop()
                row[CONSENT + name] = rng.choice(CONSENTS)
        rows.append(row)
    if rows:
        rows[-1] |= {f"{COMMENT}change": TELLING, f"{CONSENT}change": "anonymous"}
    return rows


def _mark(key: str, growth: int | str, rng: random.Random) -> int | str:
    if rng.random() < 1 / SILENT_ONE_IN:
        return NOT_APPLICABLE
    weights = WEIGHTS.get(key, USUAL)
    first = rng.choices((1, 2, 3, 4, 5), weights)[0]
    # Whoever didn't grow says so elsewhere too.
    return min(first, rng.choices((1, 2, 3, 4, 5), weights)[0]) if growth in (2, 3) else first
