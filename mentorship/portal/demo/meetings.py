"""Writes the stories of pairs as the rows that the services would have made: meetings, attendance, corrections."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mentorship.partnerships.models import Attendance, HourCorrection, Meeting, Membership, Partnership
from mentorship.partnerships.querysets import PartnershipQuerySet
from mentorship.partnerships.states import MEETING, PARTNERSHIP
from mentorship.portal.demo.ledger import AT_ONCE, Ledger
from mentorship.portal.demo.stories import Story, Told

State = Meeting.State
ROOMS = ("Meeting room 2", "Story room", "The café on the corner", "Study room B", "Staff room")


@dataclass
class Pair:
    """A told pair with its two members, and what becomes of it."""

    partnership: Partnership
    mentor: Membership
    mentee: Membership
    story: Story

    @property
    def members(self) -> list[Membership]:
        """In the order in which the services write to them."""
        return sorted((self.mentor, self.mentee), key=lambda member: member.pk)


class Meetings:
    """Collects the past meetings of pairs; `write` puts them into the database in a few statements."""

    def __init__(self, ledger: Ledger, rng: random.Random, coordinator: Any) -> None:
        self.ledger, self.rng, self.coordinator = ledger, rng, coordinator
        self.meetings: list[Meeting] = []
        self.attendances: list[Attendance] = []
        self.corrections: list[HourCorrection] = []
        self.pairs: list[Partnership] = []

    def add(self, pair: Pair) -> None:
        """Let `pair` meet as its story says: its partnership runs from the first meeting that was held."""
        for told in pair.story.meetings:
            self._add(pair, told)
        held = [told.starts_at for told in pair.story.meetings if told.held]
        if held:
            row = pair.partnership
            PARTNERSHIP.check(row.state, Partnership.State.RUNNING)
            row.state, row.last_met_at = Partnership.State.RUNNING, max(held)
            self.pairs.append(row)

    def _add(self, pair: Pair, told: Told) -> None:
        planner = pair.mentor.person if told.by_mentor else pair.mentee.person
        meeting = Meeting(
            partnership=pair.partnership,
            planned=told.planned,
            starts_at=told.starts_at,
            minutes=told.minutes,
            mode=told.mode,
            made_by=planner,
        )
        over = told.starts_at + timedelta(minutes=told.minutes)
        settled_at = over + timedelta(minutes=self.rng.randint(5, 1200))
        if told.planned:
            self._plan(pair, meeting)
        else:
            meeting.made_at = meeting.changed_at = settled_at
        self._settle(pair, meeting, told, settled_at)
        self.meetings.append(meeting)

    def _plan(self, pair: Pair, meeting: Meeting) -> None:
        """Fill in when it was planned and where, and invite both."""
        told_at = pair.partnership.announced_at or pair.partnership.approved_at
        meeting.made_at = max(meeting.starts_at - timedelta(hours=self.rng.randint(50, 300)), told_at)
        meeting.changed_at = meeting.made_at
        if meeting.mode == Meeting.Mode.IN_PERSON:
            meeting.place = self.rng.choice(ROOMS)
        elif meeting.mode == Meeting.Mode.VIDEO:
            meeting.link = f"https://meet.riverbend.example/{self.rng.getrandbits(40):010x}"
        self.ledger.did(meeting.made_by, "plan-meeting", meeting, meeting.made_at)
        for member in pair.members:
            key = f"meeting-planned:{meeting.pk}:0:{member.pk}"
            self.ledger.said("meeting-planned", member.person, key, meeting, meeting.made_at, sequence=0)

    def _settle(self, pair: Pair, meeting: Meeting, told: Told, at: datetime) -> None:
        """Say what became of it, and put it right where something else was said at first."""
        correction = told.correction
        # Only a missed one is put right to "didn't take place", and only a held one to another length.
        said_held = told.held or correction is not None
        said = State.HELD if said_held else State.MISSED
        MEETING.check(State.PLANNED, said)
        meeting.state, meeting.settled_by, meeting.settled_at = said, meeting.made_by, at
        self.ledger.did(meeting.made_by, "log-meeting" if said_held else "mark-meeting-missed", meeting, at)
        if correction is not None:
            self._put_right(pair, meeting, told, at + timedelta(days=self.rng.randint(1, 5)))
        if told.held:
            self.attendances += [
                Attendance(meeting=meeting, membership=pair.mentor, present=told.mentor),
                Attendance(meeting=meeting, membership=pair.mentee, present=told.mentee),
            ]

    def _put_right(self, pair: Pair, meeting: Meeting, told: Told, at: datetime) -> None:
        assert told.correction is not None
        by = self.coordinator if told.correction.by_coordinator else meeting.made_by
        if not told.held:
            MEETING.check(State.HELD, State.MISSED)
            meeting.state = State.MISSED
        self.corrections.append(
            HourCorrection(
                meeting=meeting,
                before_minutes=told.correction.minutes,
                after_minutes=told.minutes if told.held else 0,
                before_present=told.present or len(pair.members),
                after_present=told.present,
                reason=told.correction.reason,
                by=by,
                at=at,
            )
        )
        self.ledger.did(by, "correct-meeting", meeting, at)

    def write(self) -> None:
        """Write everything that was added, the ledger's rows too."""
        Meeting.objects.bulk_create(self.meetings, batch_size=AT_ONCE)
        Attendance.objects.bulk_create(self.attendances, batch_size=AT_ONCE)
        HourCorrection.objects.bulk_create(self.corrections, batch_size=AT_ONCE)
        Partnership.objects.bulk_update(self.pairs, ["state", "last_met_at"])
        self.ledger.write()


def told_pairs(rows: PartnershipQuerySet) -> list[tuple[Partnership, Membership, Membership]]:
    """Return (partnership, mentor, mentee) of each, ordered by who they are so that a seed finds them again."""
    # Looked up table by table: the database has no statistics yet of what this transaction wrote.
    partnerships = {row.pk: row for row in rows.prefetch_related("season")}
    found: dict[Any, dict[str, Membership]] = {key: {} for key in partnerships}
    members = Membership.objects.filter(partnership__in=list(partnerships))
    for member in members.prefetch_related("person__profile", "application__season"):
        member.partnership = partnerships[member.partnership_id]
        found[member.partnership_id][member.role] = member
    pairs = [(partnerships[key], pair["mentor"], pair["mentee"]) for key, pair in found.items()]
    return sorted(pairs, key=lambda pair: (pair[2].person.employee_number, pair[1].person.employee_number))
