"""How it goes with invented pairs: the monthly question with its answers, and requests for help."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from mentorship.partnerships.checkins.asking import FIT_AFTER, month_of
from mentorship.partnerships.checkins.messages import SETTLING_DAYS
from mentorship.partnerships.checkins.services import answer_check_in
from mentorship.partnerships.helping.services import ask_for_help
from mentorship.partnerships.models import CheckIn, Membership
from mentorship.portal.demo.ledger import Ledger
from mentorship.portal.demo.meetings import Pair
from mentorship.portal.demo.written import CALL, HELP, LOW
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone

MORNING = time(9, 0)
ANSWERING = 0.8
ANSWERING_SO_FAR = 0.55
# What most say; who says less is in a life of its own.
USUAL = (3, 4, 4, 4, 5, 5)
GOOD_MARK = 4
# So long before now what waits for a coordinator was said.
LATELY = timedelta(hours=30)


class CheckIns:
    """Asks pairs month by month as the clock would have, and lets most of them answer."""

    def __init__(self, season: Season, rng: random.Random, now: datetime) -> None:
        self.season, self.rng, self.now = season, rng, now
        self.ledger = Ledger()
        self.rows: list[CheckIn] = []
        self.specials: list[tuple[Membership, str]] = []
        self.first_met: dict[Any, datetime] = {}
        # In the first days of a month, what was said lately was said of the month before.
        self.last_month = month_of(season, now - 2 * LATELY)
        same = month_of(season, now - LATELY) == self.last_month
        self.lately = now - LATELY if same else now - 2 * LATELY

    def ask(self, pairs: Sequence[Pair]) -> None:
        """Ask both members of each pair for every month since they could have something to say."""
        for pair in pairs:
            held = [told.starts_at for told in pair.story.meetings if told.held]
            if held:
                self.first_met[pair.partnership.pk] = held[0]
        for month in self._months():
            asked_people: set[Any] = set()
            for pair in pairs:
                for member in (pair.mentor, pair.mentee):
                    asked_at = self._asked_at(pair, month)
                    if asked_at is not None:
                        row = CheckIn(membership=member, month=month, asked_at=asked_at)
                        self.rows.append(row)
                        if member.person_id not in asked_people:
                            asked_people.add(member.person_id)
                            key = f"check-in:{self.season.pk}:{member.person_id}:{month:%Y-%m}"
                            self.ledger.said("check-in", member.person, key, row, asked_at)

    def say(self, member: Membership, what: str) -> None:
        """Keep what `member` is to say lately: "call", "low" or "different"."""
        self.specials.append((member, what))

    def write(self) -> None:
        """Write the questions and answers, the ones that wait for a coordinator by the service."""
        special = {member.pk for member, _what in self.specials}
        for row in self.rows:
            lately = row.month == self.last_month
            share = ANSWERING_SO_FAR if lately else ANSWERING
            if self.rng.random() < share and not (lately and row.membership_id in special):
                self._answer(row, special)
        CheckIn.objects.bulk_create(self.rows)
        self.ledger.write()
        for member, what in self.specials:
            self._say(member, what)

    def _answer(self, row: CheckIn, special: set[Any]) -> None:
        """Let the member say that it goes well enough; those who have more to say lately aren't content before."""
        pair = row.membership.partnership
        at = row.asked_at + timedelta(minutes=self.rng.randint(20, 6000))
        if at >= self.now:
            return
        row.state, row.answered_at, row.going = CheckIn.State.ANSWERED, at, self.rng.choice(USUAL)
        could_have_met = pair.announced_at is not None and pair.announced_at <= at - FIT_AFTER
        if (could_have_met or self.first_met.get(pair.pk, self.now) <= at) and not self._said_good(row):
            content = row.going >= GOOD_MARK and row.membership_id not in special
            row.fit = CheckIn.Fit.GOOD if content else CheckIn.Fit.DECIDING
        self.ledger.did(row.membership.person, "answer-check-in", row, at)

    def _said_good(self, row: CheckIn) -> bool:
        return any(
            other.membership_id == row.membership_id and other.month < row.month and other.fit == CheckIn.Fit.GOOD
            for other in self.rows
        )

    def _say(self, member: Membership, what: str) -> None:
        row = next((row for row in self.rows if row.membership == member and row.month == self.last_month), None)
        if row is None:
            return
        language = member.person.language
        words = {"call": CALL, "low": LOW}.get(what)
        answer_check_in(
            check_in=row,
            going=2 if what == "low" else 3,
            fit=CheckIn.Fit.DIFFERENT if what == "different" else CheckIn.Fit.DECIDING,
            wants_call=what == "call",
            note=words[language] if words else "",
            by=member.person,
            now=max(self.lately, row.asked_at + timedelta(minutes=30)),
        )

    def _months(self) -> list[date]:
        """Every month from the start of meetings to the last one in which something was said."""
        months, month = [], self.season.starts_on.replace(day=1)
        while month <= self.last_month:
            months.append(month)
            month = (month + timedelta(days=31)).replace(day=1)
        return months

    def _asked_at(self, pair: Pair, month: date) -> datetime | None:
        """On the first morning of the month, or once a pair that was told lately has settled."""
        first = datetime.combine(max(month, self.season.starts_on), MORNING, zone(self.season))
        told = pair.partnership.announced_at
        assert told is not None
        asked = max(first, told + timedelta(days=SETTLING_DAYS))
        return asked if asked.date().day <= 20 and asked.date().month == month.month and asked < self.now else None


def ask_for_help_of(member: Membership, topic: str, now: datetime) -> None:
    """Let a member ask for help; whoever asks about the match says that it is about the other one."""
    ask_for_help(
        membership=member,
        topic=topic,
        words=HELP[topic][member.person.language],
        about_partner=topic == "match",
        kept_from=None,
        by=member.person,
        now=now - timedelta(days=3 if topic == "match" else 1),
    )
