"""A season under way: pairs in every state, so that a coordinator's Today and everybody's pages have much to say.

Most pairs meet; the first ones have the lives of `LIVES`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from matching.demonstration import match_everybody
from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.services import Plan, plan_meeting, wish_change, write_note
from mentorship.portal.demo.beginnings import Beginnings
from mentorship.portal.demo.changes import change_partner, part
from mentorship.portal.demo.ledger import Ledger
from mentorship.portal.demo.meetings import Meetings, Pair, told_pairs
from mentorship.portal.demo.monthly import CheckIns, ask_for_help_of
from mentorship.portal.demo.statistics import take_stock
from mentorship.portal.demo.stories import Ending, Story, leave_alone, put_right, tell
from mentorship.portal.demo.written import PRIVATE_NOTES, SHARED_NOTES
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at, today, zone
from mentorship.seasons.working_hours import next_moment

# So many mentors offer a place to whoever is to be matched anew.
OFFERING = 8
CORRECTIONS = 2
NOTED_PAIRS = 6


@dataclass(frozen=True)
class Life:
    """How one pair lives, in days before now: when its meetings stop, and what else is to be seen of it.

    `meets` is false for a pair that never did; `planned` is for those with a meeting to come, `unsettled` for one of
    which nobody said yet whether it took place. `said` is what a check-in says: "call", "low" or "different". `help`
    is the topic of a request for help.
    """

    ending: Ending = Ending.GOES_ON
    until: int = 1
    meets: bool = True
    planned: bool = True
    unsettled: bool = False
    wishes: bool = False
    said: str = ""
    help: str = ""


LIVES = (
    Life(Ending.ENDED, until=24, planned=False),
    Life(Ending.EARLY, until=11, planned=False),
    # Nobody has heard of them since the announcement.
    Life(meets=False, planned=False),
    Life(until=37, planned=False),
    Life(wishes=True, planned=False),
    Life(said="call"),
    Life(said="low"),
    Life(said="different"),
    Life(help="schedule"),
    Life(help="match"),
    Life(unsettled=True, planned=False),
)
# The first ones part, and the first of all is matched anew.
PARTING = 2
USUAL = Life()


def live_until_now(season: Season, by: Any, rng: random.Random, now: datetime) -> None:
    """Take a season under review to the middle of its meetings; `by` is the coordinator."""
    match_everybody(season=season, by=by, now=_at(season, season.matches_on))
    take_stock()
    told = told_pairs(Partnership.objects.filter(season=season))
    # Of few pairs none parts: there would be nobody for whoever is left.
    special = LIVES if len(told) >= len(LIVES) else LIVES[PARTING:]
    lives = [special[number] if number < len(special) else USUAL for number in range(len(told))]
    pairs = [Pair(*row, _story(season, life, rng, now)) for row, life in zip(told, lives, strict=True)]
    stories = [pair.story for pair in pairs]
    leave_alone(stories, rng)
    put_right(stories, rng, count=CORRECTIONS)
    ledger = Ledger()
    beginnings = Beginnings(season, rng, ledger, now - timedelta(hours=2))
    beginnings.accept_agreements(pairs, share=0.9)
    beginnings.read_texts(pairs, everything=0.3)
    beginnings.share_goals(pairs, reached=0.15)
    meetings = Meetings(ledger, rng, by)
    for pair in pairs:
        meetings.add(pair)
    meetings.write()
    _part(season, pairs, by, now)
    _come(season, list(zip(pairs, lives, strict=True)), rng, now)
    _note(pairs, rng, now)


def _story(season: Season, life: Life, rng: random.Random, now: datetime) -> Story:
    last = today(season, now) - timedelta(days=life.until)
    story = Story(season.starts_on, last, life.ending)
    if not life.meets:
        return story
    tell(story, rng, zone(season))
    held = [told for told in story.meetings if told.held]
    if life.until > USUAL.until and held:
        # What a quiet pair had last was a meeting, however long ago.
        story.meetings = story.meetings[: story.meetings.index(held[-1]) + 1]
    return story


def _part(season: Season, pairs: Sequence[Pair], by: Any, now: datetime) -> None:
    """Let those part whose life says so; whoever wished to goes on with somebody who has a place."""
    leaving = [pair for pair in pairs if pair.story.ending in {Ending.ENDED, Ending.EARLY}]
    for pair in leaving:
        pair.partnership = part(pair, _at(season, pair.story.last_day + timedelta(days=1)))
    if len(leaving) > 1:
        change_partner(leaving[0], pairs[-OFFERING:], by=by, now=_at(season, today(season, now) - timedelta(days=5)))


def _come(season: Season, lived: Sequence[tuple[Pair, Life]], rng: random.Random, now: datetime) -> None:
    """What is to come, and what waits for somebody: planned meetings, wishes, check-ins, requests for help."""
    going_on = [pair for pair, _life in lived if pair.partnership.closed_at is None]
    check_ins = CheckIns(season, rng, now)
    check_ins.ask(going_on)
    for pair, life in lived:
        if life.planned:
            _plan(pair, now - timedelta(hours=rng.randint(20, 90)), next_moment(season, now + _ahead(rng)), rng)
        if life.unsettled:
            # It is over, and nobody has said yet whether they met.
            over = now - timedelta(hours=30)
            _plan(pair, over - timedelta(days=4), over, rng)
        if life.wishes:
            wish_change(partnership=pair.partnership, by=pair.mentee.person, now=now - timedelta(days=2))
        if life.said:
            check_ins.say(pair.mentee, life.said)
        if life.help:
            ask_for_help_of(pair.mentee, life.help, now)
    check_ins.write()


def _ahead(rng: random.Random) -> timedelta:
    return timedelta(days=rng.randint(2, 16), minutes=rng.choice([0, 60, 120]))


def _plan(pair: Pair, asked: datetime, starts_at: datetime, rng: random.Random) -> None:
    starts_at = starts_at.replace(minute=0, second=0, microsecond=0)
    if starts_at >= meetings_end_at(pair.partnership.season):
        return
    mode = rng.choice([Meeting.Mode.VIDEO, Meeting.Mode.PHONE, Meeting.Mode.IN_PERSON])
    plan = Plan(starts_at, 60, mode, place="Study room B", link="https://meet.riverbend.example/pair")
    plan_meeting(partnership=pair.partnership, plan=plan, by=pair.mentee.person, now=asked)


def _note(pairs: Sequence[Pair], rng: random.Random, now: datetime) -> None:
    """Let a few pairs keep notes, some for both, some for one alone."""
    met = [
        (pair, pair.partnership.last_met_at)
        for pair in pairs
        if pair.partnership.last_met_at is not None and pair.partnership.closed_at is None
    ]
    for number, (pair, met_at) in enumerate(met[:NOTED_PAIRS]):
        for member, texts, shared in (
            (pair.mentee, SHARED_NOTES, True),
            (pair.mentor, SHARED_NOTES, True),
            (pair.mentee, PRIVATE_NOTES, False),
        ):
            words = texts[member.person.language]
            text = words[(2 * number + (member is pair.mentor)) % len(words)]
            moment = min(met_at + timedelta(minutes=rng.randint(70, 900)), now)
            write_note(partnership=pair.partnership, text=text, shared=shared, by=member.person, now=moment)


def _at(season: Season, day: Any, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), zone(season))
