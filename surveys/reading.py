"""What was published of a season's survey, for pages and for the season's report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from mentorship.seasons.models import Season
from surveys.models import Comment, Release, Wave

GROWTH = "growth"


@dataclass(frozen=True)
class PublishedComment:
    """A released comment: the question, the words, and the writer's role where they agreed and it tells nobody."""

    question: str
    title: str
    text: str
    role: str


@dataclass(frozen=True)
class Agreement:
    """How many per cent of `n` valid answers agreed."""

    percent: int
    n: int


@dataclass(frozen=True)
class Results:
    """The frozen release of a wave with the comments released so far; `figures` as `surveys.release` makes them.

    Besides, `figures` holds `definitions`, `titles`, `options` and `group_titles` in both languages.
    """

    wave: Wave
    figures: Mapping[str, Any]
    published_at: datetime
    comments: list[PublishedComment]

    @property
    def invited(self) -> int:
        return int(self.figures["invited"])

    @property
    def submitted(self) -> int:
        return int(self.figures["submitted"])

    @property
    def response_percent(self) -> int | None:
        value: int | None = self.figures["response_percent"]
        return value

    @property
    def growth(self) -> Agreement | None:
        """Agreement with the statement about growing, the season's headline; None where it is hidden or not asked."""
        return self.agreement(GROWTH)

    def agreement(self, key: str) -> Agreement | None:
        """The total of one statement; None where it is hidden or was not asked."""
        statement = self.figures["statements"].get(key)
        return Agreement(statement["agreement_percent"], statement["n"]) if statement else None

    def definition(self, key: str) -> str:
        return text(self.figures["definitions"][key])

    def title(self, key: str) -> str:
        return text(self.figures["titles"][key])


def results(season: Season) -> Results | None:
    """What was published of the season's survey at its end; None until then."""
    release = (
        Release.objects.filter(wave__season=season, wave__kind=Wave.Kind.END_OF_SEASON)
        .select_related("wave__season")
        .first()
    )
    return None if release is None else results_of(release)


def results_of(release: Release) -> Results:
    """The release with the comments that were published since."""
    figures = release.figures
    shown = figures["groups"]["role"]
    rows = Comment.objects.published().filter(wave=release.wave_id)
    comments = [
        PublishedComment(
            row.question,
            text(figures["titles"][row.question]),
            row.text,
            # A role that the figures hide would tell more than they do.
            text(figures["group_titles"]["role"][row.role]) if row.role in shown else "",
        )
        for row in rows
    ]
    return Results(release.wave, figures, release.published_at, comments)


def text(texts: Mapping[str, str]) -> str:
    """The text in the reader's language."""
    return texts.get((get_language() or "en")[:2]) or texts["en"]
