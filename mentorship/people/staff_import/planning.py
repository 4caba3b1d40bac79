"""What a staff list would do: each row created, updated, unchanged or refused, before anything is done.

Planning reads the database in a fixed number of queries and changes nothing; importing plans again and then writes.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from mentorship.people.models import JobClass, Profile, Role, Source, User, WorkUnit
from mentorship.people.staff_import.columns import date_order
from mentorship.people.staff_import.reading import Sheet
from mentorship.people.staff_import.rows import Row, read_row

# A location that the library doesn't know yet is believed once that many people of the list work there.
PEOPLE_FOR_A_NEW_LOCATION = 2
FACTS = ("unit", "job_class", "managerial", "service_start", "degree", "supervisor")


class Outcome(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Step:
    """One row with its outcome. `changes` names the columns that differ; `person` is who it is about, if known."""

    row: Row
    outcome: Outcome
    changes: list[str] = field(default_factory=list)
    person: User | None = None


@dataclass
class Plan:
    """A whole list: its steps in the order of the file, new work units, and who is missing from it."""

    steps: list[Step]
    new_units: list[tuple[str, str, str]]
    absent: list[User]
    known: "Known"

    @property
    def counts(self) -> dict[str, int]:
        """Return {outcome: rows}, with the units to make and the people who are missing."""
        found = Counter(step.outcome.value for step in self.steps)
        return {outcome.value: found[outcome.value] for outcome in Outcome} | {
            "new_units": len(self.new_units),
            "absent": len(self.absent),
        }


class Known:
    """What the database holds already, read once."""

    def __init__(self) -> None:
        people = User.objects.select_related("profile__unit", "profile__job_class", "profile__supervisor")
        self.people: dict[str, User] = {person.employee_number: person for person in people}
        by_key = {person.pk: person for person in self.people.values()}
        # What somebody added and confirmed themselves opens their account too, so it is nobody else's.
        self.mailboxes = {
            address.email.lower(): by_key[address.user_id]
            for address in EmailAddress.objects.filter(verified=True)
            if address.user_id in by_key
        } | {person.email.lower(): person for person in by_key.values() if person.email}
        self.with_roles = set(User.groups.through.objects.values_list("user_id", flat=True))
        self.units = {_unit_key(unit.location, unit.department): unit for unit in WorkUnit.objects.all()}
        self.locations = {location for location, _department in self.units}
        self.job_classes = {
            title.casefold(): job_class
            for job_class in JobClass.objects.all()
            for title in (job_class.title_es, job_class.title_en, job_class.slug)
            if title
        }


def _unit_key(location: str, department: str) -> tuple[str, str]:
    return location.casefold(), department.casefold()


def cells_of(sheet: Sheet, columns: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, {column key: text}) for each line."""
    places = {key: sheet.headings.index(heading) for key, heading in columns.items() if heading in sheet.headings}
    return [
        (number, {key: cells[place] if place < len(cells) else "" for key, place in places.items()})
        for number, cells in sheet.lines
    ]


def order_of(sheet: Sheet, columns: dict[str, str]) -> str:
    """Return the order of the dates in the list, or "" where somebody must say."""
    return date_order(cells.get("service_start", "") for _number, cells in cells_of(sheet, columns))


def not_trusted_with_all(*people: User | None) -> frozenset[str]:
    """Return the employee numbers of those who bring a list in and are no administrators; None has the shell.

    Two things are an administrator's alone. A mailbox lets its reader sign in as that person, so it is as with
    printed codes: coordinators set it for those who have never been here. And who supervises whom decides what a
    coordinator may open: they can't take themselves out of a line that they stand in.
    """
    return frozenset(
        person.employee_number for person in people if person is not None and not person.has_role(Role.ADMINISTRATOR)
    )


def make_plan(
    sheet: Sheet, columns: dict[str, str], *, order: str, today: date, bound: frozenset[str] = frozenset()
) -> Plan:
    """Return what importing `sheet` would do on `today`.

    Where somebody is `bound` (`not_trusted_with_all`), people with a role, and those who have signed in before, keep
    the mailbox that they have; and the supervisor and the reports of the bound stay as they are.
    """
    known = Known()
    rows = [read_row(line, cells, order=order, today=today) for line, cells in cells_of(sheet, columns)]
    _refuse_repeated_people(rows)
    _refuse_shared_mailboxes(rows, known)
    _refuse_unknown_locations(rows, known)
    coming = {row.number: row for row in rows if not row.refused}
    _drop_unknown_classes(coming.values(), known)
    if "supervisor" in columns:
        _drop_impossible_supervisors(coming, known, refused={row.number: row.line for row in rows if row.refused})
    steps = [_step(row, known, set(columns), bound) for row in rows]
    return Plan(steps, _new_units(coming.values(), known), _absent(rows, known), known)


def _refuse_repeated_people(rows: list[Row]) -> None:
    """The same row twice counts once; rows that contradict one another are all refused."""
    by_number: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.number:
            by_number[row.number].append(row)
    for group in by_number.values():
        same = all(row.values == group[0].values for row in group)
        for row in group[1:] if same else group if len(group) > 1 else ():
            lines = ", ".join(str(other.line) for other in group if other is not row)
            reason = (
                _("The person stands on line %(lines)s already.")
                if same
                else _("The same employee number stands on line %(lines)s with other values.")
            )
            row.refuse("employee_number", reason % {"lines": lines}, _("Leave one of the lines in the staff list."))


def _refuse_shared_mailboxes(rows: list[Row], known: Known) -> None:
    """A mailbox lets one sign in, so it must not go to the wrong person: in doubt nobody gets it."""
    by_mailbox: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.values["email"]:
            by_mailbox[row.values["email"]].append(row)
    for mailbox, group in by_mailbox.items():
        holder = known.mailboxes.get(mailbox)
        for row in group:
            others = [str(other.line) for other in group if other.number != row.number]
            if others:
                reason = _("%(mailbox)s stands on line %(lines)s too.") % {
                    "mailbox": mailbox,
                    "lines": ", ".join(others),
                }
            elif holder and holder.employee_number != row.number:
                reason = _("%(mailbox)s belongs to employee %(number)s.") % {
                    "mailbox": mailbox,
                    "number": holder.employee_number,
                }
            else:
                continue
            row.refuse("email", reason, _("Correct the address, or leave it empty for whoever has none."))


def _refuse_unknown_locations(rows: list[Row], known: Known) -> None:
    people = Counter(row.values["location"].casefold() for row in rows if not row.refused)
    for row in rows:
        location = row.values["location"]
        if not location or location.casefold() in known.locations:
            continue
        if people[location.casefold()] < PEOPLE_FOR_A_NEW_LOCATION:
            row.refuse(
                "location",
                _("“%(location)s” isn't a known location, and nobody else works there.") % {"location": location},
                _("Correct it, or add the work unit and import again."),
            )


def _drop_unknown_classes(rows: Any, known: Known) -> None:
    for row in rows:
        title = row.values["job_class"]
        if not title:
            row.note("job_class", _("There is no job class."), _("Rules that read it will say “not known”."))
        elif title.casefold() not in known.job_classes:
            row.values["job_class"] = ""
            row.note(
                "job_class",
                _("“%(title)s” isn't a known job class.") % {"title": title},
                _("Add it under job classes and import again."),
            )


def _drop_impossible_supervisors(coming: dict[str, Row], known: Known, *, refused: dict[str, int]) -> None:
    """A supervisor who is unknown, oneself or in a circle is left out; the person comes in all the same."""
    above = {
        number: person.profile.supervisor.employee_number
        for number, person in known.people.items()
        if hasattr(person, "profile") and person.profile.supervisor
    }
    for number, row in coming.items():
        boss = row.values["supervisor"]
        if boss == number:
            row.values["supervisor"] = ""
            row.note("supervisor", _("It is the person's own number."), _("Correct it in the staff list."))
        elif boss in refused and boss not in known.people:
            row.values["supervisor"] = ""
            row.note(
                "supervisor",
                _("The supervisor's own line, %(line)s, is refused.") % {"line": refused[boss]},
                _("Correct that line and import again."),
            )
        elif boss and boss not in coming and boss not in known.people:
            row.values["supervisor"] = ""
            row.note(
                "supervisor",
                _("Nobody has the employee number %(number)s.") % {"number": boss},
                _("Correct it, or import that person too."),
            )
        above[number] = row.values["supervisor"]
    for number in _in_circles(above):
        if number in coming:
            row = coming[number]
            row.note(
                "supervisor",
                _("The chain of supervisors leads back to the person (by way of %(number)s).")
                % {"number": row.values["supervisor"]},
                _("Correct it in the staff list."),
            )
            row.values["supervisor"] = ""


def _in_circles(above: dict[str, str]) -> list[str]:
    """Return everybody whose chain leads back to themselves."""
    done: set[str] = set()
    found = []
    for start in above:
        trail: dict[str, int] = {}
        number = start
        while number and number in above and number not in done and number not in trail:
            trail[number] = len(trail)
            number = above[number]
        if number in trail:
            found += [member for member, place in trail.items() if place >= trail[number]]
        done |= trail.keys()
    return found


def _step(row: Row, known: Known, told: set[str], bound: frozenset[str]) -> Step:
    if row.refused:
        return Step(row, Outcome.REFUSED)
    person = known.people.get(row.number)
    if person is None:
        return Step(row, Outcome.CREATE)
    changes = _changes(row, person, known, told, bound)
    return Step(row, Outcome.UPDATE if changes else Outcome.UNCHANGED, changes, person)


def _changes(row: Row, person: User, known: Known, told: set[str], bound: frozenset[str]) -> list[str]:
    """Return the columns in which the list differs from what is known and that an import may touch."""
    values = row.values
    names: list[str] = ["given_name", "family_name"]
    found = [name for name in names if name in told and values[name] != getattr(person, name)]
    if "email" in told and values["email"] and _may_take_mailbox(person) and values["email"] != person.email:
        if not bound or not _has_been_here(person, known):
            found.append("email")
        else:
            row.note("email", _("They have a role here or have signed in before."), _("An administrator imports it."))
    profile: Profile | None = getattr(person, "profile", None)
    if profile is None:
        return [*found, *FACTS]
    unit = known.units.get(_unit_key(values["location"], values["department"]))
    if unit is None or profile.unit_id != unit.pk:
        found.append("unit")
    job_class = known.job_classes.get(values["job_class"].casefold()) if values["job_class"] else None
    if job_class and profile.job_class_id != job_class.pk:
        found.append("job_class")
    found += [
        name
        for name in ("managerial", "service_start", "degree")
        if values[name] is not None and values[name] != getattr(profile, name)
    ]
    boss = profile.supervisor.employee_number if profile.supervisor else ""
    if "supervisor" in told and values["supervisor"] and values["supervisor"] != boss:
        if boss and bound & {row.number, boss}:
            row.note(
                "supervisor", _("Whoever brings the list in stands in this line."), _("An administrator imports it.")
            )
        else:
            found.append("supervisor")
    return [name for name in found if not _told_by_person(profile, name, row)]


def _has_been_here(person: User, known: Known) -> bool:
    """Whether there is something behind this account that a new mailbox would open."""
    return person.last_login is not None or person.is_staff or person.pk in known.with_roles


def _may_take_mailbox(person: User) -> bool:
    """Only a mailbox that came from the list is replaced: another one is the person's own choice."""
    profile = getattr(person, "profile", None)
    return not person.email or (profile is not None and profile.listed_email == person.email)


def _told_by_person(profile: Profile, name: str, row: Row) -> bool:
    """True, with a note, where the person told this fact themselves and the list says something else."""
    if name not in FACTS or getattr(profile, f"{name}_source") != Source.DECLARED:
        return False
    if getattr(profile, name) in (None, "", "unknown"):
        return False
    row.note(name, _("The person told something else, which stays."), _("Talk to them if it is wrong."))
    return True


def _new_units(rows: Any, known: Known) -> list[tuple[str, str, str]]:
    """Return (location, department, region) of the work units to make, in order."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in rows:
        key = _unit_key(row.values["location"], row.values["department"])
        if key not in known.units:
            found.setdefault(key, (row.values["location"], row.values["department"], row.values["region"]))
    return sorted(found.values())


def _absent(rows: list[Row], known: Known) -> list[User]:
    """Return the active people who came from a list once and aren't in this one."""
    here = {row.number for row in rows}
    return [
        person
        for number, person in known.people.items()
        if number not in here
        and person.is_active
        and hasattr(person, "profile")
        and person.profile.unit_source == Source.IMPORTED
    ]
