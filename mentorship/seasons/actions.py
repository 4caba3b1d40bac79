"""What upper apps add to a season: the one thing a person can do on its page, and what goes when it is archived."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from mentorship.seasons.models import Season


@dataclass(frozen=True)
class Action:
    """A button on the season's page. `text` is the sentence above it, `tag` the small word above that."""

    label: str
    url: str
    text: str = ""
    tag: str = ""
    order: int = 100


ActionSource = Callable[[HttpRequest, Season, datetime], Action | None]
ArchiveStep = Callable[[Season, datetime], None]


@dataclass(frozen=True)
class Unread:
    """What nobody has dealt with and archiving deletes: the sentence, and the page that deals with it."""

    text: str
    url: str


UnreadSource = Callable[[Season], Unread | None]

_sources: list[ActionSource] = []
_archive_steps: list[ArchiveStep] = []
_unread_sources: list[UnreadSource] = []


def register_action(source: ActionSource) -> None:
    """Add what may offer the person of a request something to do in a season; None where there is nothing."""
    _sources.append(source)


def actions_for(request: HttpRequest, season: Season, now: datetime) -> list[Action]:
    """Return what the person can do in `season` now, the most pressing first."""
    found = [action for source in _sources if (action := source(request, season, now))]
    return sorted(found, key=lambda action: action.order)


def register_archive_step(step: ArchiveStep) -> None:
    """Add what is purged, in the same transaction, when a season is archived."""
    _archive_steps.append(step)


def archive_steps() -> list[ArchiveStep]:
    return list(_archive_steps)


def register_unread(source: UnreadSource) -> None:
    """Add what archiving would delete before anybody has read it; None where there is nothing."""
    _unread_sources.append(source)


def unread(season: Season) -> list[Unread]:
    """Return what coordinators should look at before they archive this season."""
    return [found for source in _unread_sources if (found := source(season))]
