"""What becomes of the pairs of an invented season: when they met, for how long, how it ended. Pure, from a stream."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Lengths are whole quarters of an hour, so that any whole number of hours can be met.
QUARTER = 15
SHORTEST, LONGEST = 30, 120
LENGTHS = (45, 60, 60, 60, 75, 90)
HOURS = (9, 10, 11, 13, 14, 15, 16)
MODES = ("video", "video", "video", "phone", "in-person")
REASONS = (
    "We ran over and forgot to count it.",
    "We had to stop early: the desk was short of people.",
    "One of us typed the planned length.",
)
MOVED = "Logged by mistake: we moved it to the week after."


class Ending(StrEnum):
    """How a pair's work came to its end, if it did."""

    GOES_ON = "goes on"
    WITH_SEASON = "with the season"
    EARLY = "early"
    ENDED = "ended"


class ImpossibleSumError(Exception):
    """The meetings can't be made to add up to what is asked for."""


@dataclass
class Correction:
    """What was logged at first: the length, and whether it was said to have taken place."""

    minutes: int
    reason: str
    by_coordinator: bool = False


@dataclass
class Told:
    """One past meeting as it stands in the end; `minutes` is 0 for nobody: a missed one keeps its planned length."""

    starts_at: datetime
    minutes: int
    mode: str
    by_mentor: bool
    planned: bool = True
    held: bool = True
    mentor: bool = True
    mentee: bool = True
    correction: Correction | None = None

    @property
    def present(self) -> int:
        return int(self.mentor) + int(self.mentee) if self.held else 0

    @property
    def person_minutes(self) -> int:
        return self.minutes * self.present


@dataclass
class Story:
    """One pair from its first day to its last."""

    first_day: date
    last_day: date
    ending: Ending
    meetings: list[Told] = field(default_factory=list)


def person_minutes(stories: Iterable[Story]) -> int:
    """The minutes of everybody who was there, over all meetings."""
    return sum(meeting.person_minutes for story in stories for meeting in story.meetings)


def tell(story: Story, rng: random.Random, zone: ZoneInfo, *, every: tuple[int, int] = (18, 30)) -> Story:
    """Let the pair meet every few weeks, on its own weekday and hour, until its last day."""
    hour, mode = rng.choice(HOURS), rng.choice(MODES)
    day = story.first_day + timedelta(days=rng.randint(2, 16))
    by_mentor = rng.random() < 0.35
    while (day := _working_day(day)) <= story.last_day:
        starts_at = datetime.combine(day, time(hour, rng.choice((0, 0, 30))), zone)
        meeting = Told(starts_at, rng.choice(LENGTHS), mode, by_mentor if rng.random() < 0.8 else not by_mentor)
        chance = rng.random()
        # Whoever has never met can't have missed it twice in a row and still be called a pair.
        meeting.held = chance > 0.08 or not story.meetings
        meeting.planned = not (meeting.held and chance > 0.9)
        story.meetings.append(meeting)
        day += timedelta(days=rng.randint(*every) if meeting.held else rng.randint(4, 8))
    return story


def leave_alone(stories: Sequence[Story], rng: random.Random, *, one_in: int = 80) -> None:
    """Let one of the two wait in vain in a few meetings: it counts for the one who was there."""
    together = [meeting for meeting in _held(stories) if meeting.present == 2]
    for meeting in rng.sample(together, min(len(together), max(1, len(together) // one_in))):
        meeting.mentor, meeting.mentee = rng.choice([(True, False), (False, True)])


def add_up(stories: Sequence[Story], minutes: int, rng: random.Random) -> None:
    """Lengthen and shorten meetings by quarters of an hour until everybody's minutes are `minutes` in all.

    Raises ImpossibleSumError.
    """
    held = _held(stories)
    rng.shuffle(held)
    missing = minutes - person_minutes(stories)
    # What two share moves the sum by half an hour at a time, so an odd quarter needs somebody who was alone.
    if missing % (2 * QUARTER):
        alone = next((meeting for meeting in held if meeting.present == 1), None)
        if alone is None or missing % QUARTER:
            raise ImpossibleSumError
        change = QUARTER if alone.minutes < LONGEST else -QUARTER
        alone.minutes += change
        missing -= change
    together = [meeting for meeting in held if meeting.present == 2]
    while missing:
        change = QUARTER if missing > 0 else -QUARTER
        movable = [meeting for meeting in together if SHORTEST <= meeting.minutes + change <= LONGEST]
        if not movable:
            raise ImpossibleSumError
        for meeting in movable[: abs(missing) // (2 * QUARTER)]:
            meeting.minutes += change
            missing -= 2 * change


def put_right(stories: Sequence[Story], rng: random.Random, *, count: int) -> None:
    """Say of `count` meetings that something else was logged at first; what they add up to stays.

    One more was logged and hadn't taken place at all.
    """
    planned = [meeting for story in stories for meeting in story.meetings if meeting.planned]
    held = [meeting for meeting in planned if meeting.held]
    for number, meeting in enumerate(rng.sample(held, min(count, len(held)))):
        before = meeting.minutes + rng.choice([-QUARTER, QUARTER])
        meeting.correction = Correction(before, REASONS[number % len(REASONS)], by_coordinator=number == 0)
    missed = [meeting for meeting in planned if not meeting.held]
    for meeting in missed[:1]:
        meeting.correction = Correction(meeting.minutes, MOVED)


def _held(stories: Iterable[Story]) -> list[Told]:
    return [meeting for story in stories for meeting in story.meetings if meeting.held]


def _working_day(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
