"""Seasons with as many pairs as one likes, written in bulk: to measure what grows with them, inside a transaction."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice
from uuid import uuid4

from django.db import connection

from mentorship.applications.models import Application
from mentorship.partnerships.models import Attendance, Meeting, Membership, Partnership
from mentorship.people.models import Profile, User
from mentorship.portal.demo.staff import make_units
from mentorship.seasons.models import Season

BATCH = 5000
ROLES = ("mentee", "mentor")
MINUTES = (45, 60, 75)


@dataclass(frozen=True)
class Pair:
    """One pair with its members, the mentee first."""

    partnership: Partnership
    members: tuple[Membership, Membership]


@dataclass
class Crowd:
    """Writes pairs and what belongs to them; nothing is read back, so that building costs as little as it can."""

    season: Season
    by: User
    announced_at: datetime
    state: str
    mark: str = field(default_factory=lambda: uuid4().hex[:12])

    def pairs(self, number: int, last_met: Callable[[int], datetime | None]) -> Iterator[list[Pair]]:
        """Write so many pairs with new people and yield them in batches; `last_met` says when which pair met."""
        units, numbers = make_units(), iter(range(number))
        while places := list(islice(numbers, BATCH)):
            people = [self._person(place, role) for place in places for role in ROLES]
            User.objects.bulk_create(people)
            Profile.objects.bulk_create(
                Profile(user=person, unit=units[n % len(units)]) for n, person in enumerate(people)
            )
            applications = [
                Application(
                    season=self.season,
                    applicant=person,
                    role=ROLES[n % 2],
                    state=Application.State.ELIGIBLE,
                    questionnaire=self.season.questionnaire,
                    facts_confirmed=True,
                    submitted_at=self.announced_at,
                )
                for n, person in enumerate(people)
            ]
            Application.objects.bulk_create(applications)
            partnerships = [self._partnership(last_met(place)) for place in places]
            Partnership.objects.bulk_create(partnerships)
            members = [self._member(partnerships[n // 2], application) for n, application in enumerate(applications)]
            Membership.objects.bulk_create(members)
            yield [Pair(pair, (members[2 * n], members[2 * n + 1])) for n, pair in enumerate(partnerships)]

    def meet(self, rows: Iterable[tuple[Pair, datetime]], *, held: bool, planned_on: datetime) -> None:
        """Write a meeting for each row; one that was held has both present."""
        lengths = count()
        meetings = [
            (
                pair,
                Meeting(
                    partnership=pair.partnership,
                    state=Meeting.State.HELD if held else Meeting.State.PLANNED,
                    starts_at=starts_at,
                    minutes=MINUTES[next(lengths) % len(MINUTES)],
                    made_by=pair.members[0].person,
                    made_at=planned_on,
                    changed_at=planned_on,
                    settled_by=pair.members[0].person if held else None,
                    settled_at=starts_at if held else None,
                ),
            )
            for pair, starts_at in rows
        ]
        Meeting.objects.bulk_create((meeting for _pair, meeting in meetings), batch_size=BATCH)
        if held:
            Attendance.objects.bulk_create(
                (
                    Attendance(meeting=meeting, membership=member, present=True)
                    for pair, meeting in meetings
                    for member in pair.members
                ),
                batch_size=BATCH,
            )

    def _person(self, place: int, role: str) -> User:
        return User(
            employee_number=f"{self.mark}-{place}-{role}",
            given_name="Sam",
            family_name=f"Tran {place}",
            email=f"{self.mark}-{place}-{role}@crowd.example",
        )

    def _partnership(self, last_met: datetime | None) -> Partnership:
        return Partnership(
            season=self.season,
            state=self.state if last_met else Partnership.State.ANNOUNCED,
            approved_at=self.announced_at,
            approved_by=self.by,
            announced_at=self.announced_at,
            closed_at=last_met + timedelta(days=1) if last_met and self.state == "completed" else None,
            last_met_at=last_met,
        )

    def _member(self, pair: Partnership, application: Application) -> Membership:
        return Membership(
            partnership=pair,
            person=application.applicant,
            application=application,
            season=self.season,
            kind=pair.kind,
            role=application.role,
            joined_at=self.announced_at,
        )


def count_rows() -> None:
    """Let the planner know what was written, as a real database does by itself between transactions."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
