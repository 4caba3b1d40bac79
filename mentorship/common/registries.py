"""What apps add to pages of lower layers: home-page sections, coordinator's tasks, navigation, content loaders.

Lower layers never name upper ones; each app registers here from `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.http import HttpRequest


@dataclass(frozen=True)
class HomeSection:
    """One card of a participant's home page: `template` is rendered with `context`.

    The section with the smallest `order` among those with `next_action` gets the green edge.
    """

    template: str
    context: dict[str, Any]
    order: int = 100
    next_action: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Task:
    """One line of the admin's home: what waits, how many, since when, and the one page that deals with it.

    `kind` is what such lines are called where they are counted without naming anybody (the weekly mail). With
    `waits` false there is nothing to be done: it tells how something goes that is under way, and isn't counted.
    """

    text: str
    url: str
    action: str
    order: int = 100
    count: int = 1
    urgent: bool = False
    since: datetime | None = None
    kind: str = ""
    waits: bool = True


@dataclass(frozen=True)
class NavItem:
    """One entry of the page header."""

    label: str
    url: str
    order: int = 100


class ContentLoader(Protocol):
    """Loads one kind of content file; returns one line per difference that it found (and, unless `check`, mended)."""

    def __call__(self, folder: Path, *, check: bool, now: datetime) -> list[str]: ...


def _unaudited(by: Any, verb: str, targets: list[Any]) -> None:
    raise RuntimeError("no audit trail is installed")


@dataclass
class Registries:
    """The one instance is `registries`, below.

    `tasks` are functions of a person and the moment, so that a mail can count what waits for its recipient.
    `purges` run every night and return how many rows they emptied; `resealers` encrypt again, under the active key,
    what is sealed outside of encrypted fields, and return how many values that were.
    """

    home: list[Callable[[HttpRequest], HomeSection | None]] = field(default_factory=list)
    tasks: list[Callable[[Any, datetime], list[Task]]] = field(default_factory=list)
    navigation: list[Callable[[HttpRequest], list[NavItem]]] = field(default_factory=list)
    ribbon: list[Callable[[HttpRequest], Any]] = field(default_factory=list)
    audit: Callable[[Any, str, list[Any]], None] = _unaudited
    purges: list[Callable[[datetime], int]] = field(default_factory=list)
    resealers: list[Callable[[], int]] = field(default_factory=list)
    content: list[tuple[int, Path, ContentLoader]] = field(default_factory=list)

    def add_content(self, order: int, folder: Path, loader: ContentLoader) -> None:
        """Register a folder of content files; lower `order` loads first."""
        self.content.append((order, folder, loader))

    def tasks_of(self, person: Any, now: datetime) -> list[Task]:
        """Everything that waits for `person`: the urgent first, then by its order and by how long it has waited."""
        return self.today_of(person, now)[0]

    def today_of(self, person: Any, now: datetime) -> tuple[list[Task], list[Task]]:
        """What waits for `person`, in that order, and what is under way."""
        found = [task for source in self.tasks for task in source(person, now)]
        found.sort(key=lambda task: (not task.urgent, task.order, task.since is None, task.since or now))
        return [task for task in found if task.waits], [task for task in found if not task.waits]


registries = Registries()
