"""A season that is over: everybody was matched, most pairs met to the end, people answered, results are published."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from matching.demonstration import match_everybody
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import close_season_pairs
from mentorship.portal.demo.answers import TELLING, draw_answers, draw_comments, marks_of_growth
from mentorship.portal.demo.beginnings import Beginnings
from mentorship.portal.demo.changes import change_partner, part
from mentorship.portal.demo.ledger import Ledger
from mentorship.portal.demo.meetings import Meetings, Pair, told_pairs
from mentorship.portal.demo.statistics import take_stock
from mentorship.portal.demo.stories import Ending, Story, add_up, leave_alone, put_right, tell
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at, zone
from surveys.asking import attributes_of, questions_for
from surveys.models import Comment, Ticket, Wave
from surveys.services import (
    close_wave,
    open_wave,
    publish_release,
    release_comment,
    submit_response,
    withhold_comment,
)

# The season of 67 people that the program is made for: what they spent together, to scale for others.
PEOPLE, PERSON_HOURS = 67, 528
# So many mentors offer a place to whoever is to be matched anew.
OFFERING = 8
CORRECTIONS = 3
ANSWERING_PERCENT = 87
# The lives of a season's first pairs: how they ended, and on which day after the start. The others met to the end.
# The mentee of the first one goes on with another mentor.
LIVES = ((Ending.ENDED, 47), (Ending.EARLY, 54), (Ending.ENDED, 96), (Ending.EARLY, 118), (Ending.EARLY, 131))
AGAIN_AFTER = 60


def live_to_the_end(season: Season, people: int, by: Any, rng: random.Random) -> None:
    """Take a season under review to its published survey; `by` is the coordinator."""
    match_everybody(season=season, by=by, now=at(season, season.matches_on))
    take_stock()
    told = told_pairs(Partnership.objects.filter(season=season))
    stories = _stories(season, len(told), rng)
    leave_alone(stories, rng)
    add_up(stories, person_hours_of(people) * 60, rng)
    put_right(stories, rng, count=CORRECTIONS)
    pairs = [Pair(*row, story) for row, story in zip(told, stories, strict=False)]
    _write(season, pairs, by, rng)
    _part(season, pairs, stories[len(pairs) :], by, rng)
    close_season_pairs(season=season, now=meetings_end_at(season) + timedelta(minutes=1))
    _ask(season, by, rng)


def person_hours_of(people: int) -> int:
    """What so many people spend in meetings in six months, each counted."""
    return round(people * PERSON_HOURS / PEOPLE)


def at(season: Season, day: date, hour: int = 10) -> datetime:
    """That hour of the day by the season's clocks."""
    return datetime.combine(day, time(hour), zone(season))


def _stories(season: Season, count: int, rng: random.Random) -> list[Story]:
    """One for each of `count` pairs, and one more for whoever changes partner, where there are enough pairs."""
    lives = LIVES if count > 2 * len(LIVES) else ()
    stories = [Story(season.starts_on, season.starts_on + timedelta(days=after), ending) for ending, after in lives]
    stories += [Story(season.starts_on, season.ends_on, Ending.WITH_SEASON) for _n in range(count - len(stories))]
    if lives:
        stories.append(Story(season.starts_on + timedelta(days=AGAIN_AFTER), season.ends_on, Ending.WITH_SEASON))
    return [tell(story, rng, zone(season)) for story in stories]


def _write(season: Season, pairs: Sequence[Pair], by: Any, rng: random.Random) -> None:
    """Let these pairs agree, read, meet and work on their goals."""
    until = meetings_end_at(season)
    ledger = Ledger()
    beginnings = Beginnings(season, rng, ledger, until)
    beginnings.accept_agreements(pairs, share=0.94)
    beginnings.read_texts(pairs, everything=0.7)
    beginnings.share_goals(pairs, reached=0.5)
    meetings = Meetings(ledger, rng, by)
    for pair in pairs:
        meetings.add(pair)
    meetings.write()


def _part(season: Season, pairs: Sequence[Pair], later: Sequence[Story], by: Any, rng: random.Random) -> None:
    """Let pairs part as their stories say, and whoever is to have another mentor meet them in between."""
    leaving = [pair for pair in pairs if pair.story.ending in {Ending.EARLY, Ending.ENDED}]
    for story in later:
        _part_until(season, leaving, story.first_day)
        again = change_partner(
            leaving[0], pairs[-OFFERING:], by=by, now=at(season, story.first_day - timedelta(days=1))
        )
        _write(season, [Pair(*again, story)], by, rng)
    _part_until(season, leaving, season.ends_on)


def _part_until(season: Season, leaving: Sequence[Pair], day: date) -> None:
    for pair in sorted(leaving, key=lambda pair: pair.story.last_day):
        if pair.partnership.closed_at is None and pair.story.last_day < day:
            pair.partnership = part(pair, at(season, pair.story.last_day + timedelta(days=1)))


def _ask(season: Season, by: Any, rng: random.Random) -> None:
    """Open the survey, let people answer it, close it, publish it, and read the comments."""
    opened = at(season, season.survey_on)
    wave = open_wave(season=season, by=by, now=opened)
    closed = wave.closes_at
    _answer(wave, rng, opened, closed)
    close_wave(wave=wave, by=None, now=closed)
    read = closed + timedelta(days=1)
    publish_release(wave=wave, by=by, now=read)
    _read_comments(wave, by, read)


def _answer(wave: Wave, rng: random.Random, opened: datetime, closed: datetime) -> None:
    tickets = list(Ticket.objects.filter(wave=wave).select_related("person").order_by("person__employee_number"))
    answering = sorted(rng.sample(range(len(tickets)), len(tickets) * ANSWERING_PERCENT // 100))
    people = [tickets[number].person for number in answering]
    growth = marks_of_growth(len(people), rng)
    comments = draw_comments([person.language for person in people], rng)
    for person, mark, written in zip(people, growth, comments, strict=True):
        asked = questions_for(wave, attributes_of(wave, person).role)
        given = draw_answers(asked, mark, rng) | written
        submit_response(wave=wave, answers=given, by=person, now=opened + (closed - opened) * rng.random())


def _read_comments(wave: Wave, by: Any, now: datetime) -> None:
    """Publish most, keep back the one that shows who wrote it, and leave a few for later."""
    rows = sorted(Comment.objects.filter(wave=wave), key=lambda comment: (comment.question, comment.text))
    for number, comment in enumerate(rows):
        if comment.text == TELLING:
            withhold_comment(comment=comment, by=by, now=now)
        elif number % 4 != 3:
            release_comment(comment=comment, by=by, now=now)
