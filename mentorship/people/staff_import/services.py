"""What happens to a staff list: uploaded, its columns named, previewed, imported, or thrown away."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from mentorship.jobs.services import enqueue_job
from mentorship.people.models import Profile, Source, StaffImport, UnitKind, User, WorkUnit
from mentorship.people.staff_import import columns as naming
from mentorship.people.staff_import.planning import (
    Known,
    Outcome,
    Plan,
    Step,
    make_plan,
    not_trusted_with_all,
    order_of,
)
from mentorship.people.staff_import.reading import Sheet, read_sheet
from mentorship.people.staff_import.states import STAFF_IMPORT
from mentorship.records.audit import record, record_many

State = StaffImport.State
JOB_KIND = "staff-import"
BATCH = 200
WRITTEN = {"unit", "job_class", "managerial", "service_start", "degree"}
KEPT = timedelta(days=30)


@transaction.atomic
def upload_staff_list(*, file_name: str, content: bytes, by: User | None, now: datetime) -> StaffImport:
    """Keep a file, and preview it at once where its columns can be told. Raises ReadingError."""
    sheet = read_sheet(content)
    staff_import = StaffImport(
        file_name=file_name[:200], content=base64.b64encode(content).decode(), uploaded_by=by, uploaded_at=now
    )
    remembered, order = naming.remembered(sheet.headings)
    staff_import.columns = {
        "columns": remembered or naming.guess(sheet.headings),
        "date_order": order,
        "headings": sheet.headings,
    }
    staff_import.save(force_insert=True)
    record(by=by, verb="upload-staff-list", target=staff_import, now=now)
    named = staff_import.columns["columns"]
    order = order or order_of(sheet, named)
    if order and not naming.missing(named):
        _preview(staff_import, sheet, named, order, by, now)
    return staff_import


@transaction.atomic
def name_columns(
    *, staff_import: StaffImport, columns: dict[str, str], date_order: str, by: User, now: datetime
) -> StaffImport:
    """Say which column means what, remember it for such files, and preview the list. Raises IllegalMove."""
    staff_import = _locked(staff_import)
    STAFF_IMPORT.check(staff_import.state, State.PREVIEWED)
    sheet = sheet_of(staff_import)
    naming.remember(headings=sheet.headings, columns=columns, date_order=date_order, now=now)
    _preview(staff_import, sheet, columns, date_order, by, now)
    record(by=by, verb="name-columns", target=staff_import, now=now)
    return staff_import


def _preview(
    staff_import: StaffImport, sheet: Sheet, columns: dict[str, str], order: str, by: User | None, now: datetime
) -> None:
    bound = not_trusted_with_all(staff_import.uploaded_by, by)
    plan = make_plan(sheet, columns, order=order, today=today(now), bound=bound)
    staff_import.columns = {"columns": columns, "date_order": order, "headings": sheet.headings}
    staff_import.rows = preview_rows(plan)
    staff_import.counts = plan.counts
    staff_import.state = State.PREVIEWED
    staff_import.save()


def preview_rows(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON holds it: rows, new units, and who is missing."""
    return {
        "rows": [
            {
                "line": step.row.line,
                "number": step.row.number,
                "name": f"{step.row.values['given_name']} {step.row.values['family_name']}".strip(),
                "outcome": step.outcome.value,
                "changes": step.changes,
                "refused": [problem.as_dict() for problem in step.row.refused],
                "notes": [problem.as_dict() for problem in step.row.notes],
            }
            for step in plan.steps
        ],
        "new_units": [" · ".join(part for part in unit[:2] if part) for unit in plan.new_units],
        "absent": [
            {"number": person.employee_number, "name": person.get_full_name()}
            for person in sorted(plan.absent, key=lambda person: person.employee_number)
        ],
    }


def today(now: datetime) -> Any:
    """Return the day that it is in the library's zone."""
    return now.astimezone(ZoneInfo(settings.LIBRARY_ZONE)).date()


def sheet_of(staff_import: StaffImport) -> Sheet:
    """Return the file's lines again. Raises ReadingError once the file is no longer kept."""
    return read_sheet(base64.b64decode(staff_import.content))


@transaction.atomic
def start_import(*, staff_import: StaffImport, by: User, now: datetime) -> StaffImport:
    """Begin the import as a job. Raises IllegalMove where it began already or was thrown away."""
    staff_import = _locked(staff_import)
    STAFF_IMPORT.check(staff_import.state, State.IMPORTING)
    job = enqueue_job(kind=JOB_KIND, by=by, now=now, payload={"import": str(staff_import.pk)})
    staff_import.state, staff_import.job_id = State.IMPORTING, job.pk
    staff_import.save(update_fields=["state", "job_id"])
    record(by=by, verb="import-staff-list", target=staff_import, now=now)
    return staff_import


@transaction.atomic
def discard_staff_list(*, staff_import: StaffImport, by: User, now: datetime) -> StaffImport:
    """Throw a list away before it was imported. Raises IllegalMove."""
    staff_import = _locked(staff_import)
    STAFF_IMPORT.check(staff_import.state, State.DISCARDED)
    staff_import.state = State.DISCARDED
    staff_import.content, staff_import.rows = "", []
    staff_import.save(update_fields=["state", "content", "rows"])
    record(by=by, verb="discard-staff-list", target=staff_import, now=now)
    return staff_import


def forget_old_files(now: datetime) -> int:
    """Empty the files and previews of lists that were uploaded 30 days ago; return how many."""
    old = StaffImport.objects.filter(uploaded_at__lt=now - KEPT)
    forgotten = [staff_import for staff_import in old if staff_import.content or staff_import.rows]
    for staff_import in forgotten:
        staff_import.content, staff_import.rows = "", []
        staff_import.save(update_fields=["content", "rows"])
    return len(forgotten)


def _locked(staff_import: StaffImport) -> StaffImport:
    rows: QuerySet[StaffImport] = StaffImport.objects.select_for_update(of=("self",))
    return rows.get(pk=staff_import.pk)


def import_plan(
    *, plan: Plan, by: User | None, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, int]:
    """Write a plan, some rows to a transaction; return its counts. Stopped midway, a new plan does the rest.

    What a person wrote (preferred name, pronouns, times …) is never touched, nobody is deleted.
    """
    known = plan.known
    _make_units(plan, known, by, now)
    todo = [step for step in plan.steps if step.outcome in {Outcome.CREATE, Outcome.UPDATE}]
    for start in range(0, len(todo), BATCH):
        progress(start, len(todo))
        with transaction.atomic():
            batch = todo[start : start + BATCH]
            _create([step for step in batch if step.outcome is Outcome.CREATE], known, by, now)
            _update([step for step in batch if step.outcome is Outcome.UPDATE], known, by, now)
    _set_supervisors(todo, known)
    progress(len(todo), len(todo))
    return plan.counts


@transaction.atomic
def _make_units(plan: Plan, known: Known, by: User | None, now: datetime) -> None:
    branch = UnitKind.objects.filter(slug="branch").first()
    kinds = {kind.title_en.casefold(): kind for kind in UnitKind.objects.all()}
    units = [
        WorkUnit(
            location=location,
            department=department,
            region=region,
            kind=kinds.get(department.casefold()) if department else branch,
        )
        for location, department, region in plan.new_units
    ]
    WorkUnit.objects.bulk_create(units)
    record_many(by=by, verb="import-create", targets=list(units), now=now)
    known.units.update({(unit.location.casefold(), unit.department.casefold()): unit for unit in units})


def _create(steps: list[Step], known: Known, by: User | None, now: datetime) -> None:
    password = make_password(None)
    for step in steps:
        values = step.row.values
        step.person = User(
            employee_number=step.row.number,
            given_name=values["given_name"],
            family_name=values["family_name"],
            email=values["email"],
            password=password,
        )
        known.people[step.row.number] = step.person
    people = [step.person for step in steps if step.person]
    User.objects.bulk_create(people)
    Profile.objects.bulk_create(
        _filled(
            Profile(user=step.person), step, known, {"unit", "job_class", "managerial", "service_start", "degree"}
        )
        for step in steps
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in people
        if person.email
    )
    record_many(by=by, verb="import-create", targets=list(people), now=now)


def _update(steps: list[Step], known: Known, by: User | None, now: datetime) -> None:
    people: list[User] = []
    moved: list[User] = []
    left: list[str] = []
    profiles: list[Profile] = []
    fresh: list[Profile] = []
    for step in steps:
        person, values = step.person, step.row.values
        assert person is not None
        if "email" in step.changes and person.email:
            left.append(person.email.lower())
        for name in {"given_name", "family_name", "email"} & set(step.changes):
            setattr(person, name, values[name])
        people.append(person)
        if "email" in step.changes:
            moved.append(person)
        profile = getattr(person, "profile", None)
        (profiles if profile else fresh).append(
            _filled(profile or Profile(user=person), step, known, set(step.changes))
        )
    User.objects.bulk_update(people, ["given_name", "family_name", "email"])
    Profile.objects.bulk_create(fresh)
    Profile.objects.bulk_update(
        profiles,
        [*sorted(WRITTEN), "listed_email", *(f"{name}_source" for name in sorted(WRITTEN))],
    )
    # The mailbox that the list no longer names must not open the account any more; one that the person added does.
    addresses = EmailAddress.objects.filter(user__in=moved)
    addresses.filter(email__in=[*left, *(person.email for person in moved)]).delete()
    addresses.update(primary=False)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in moved
    )
    record_many(by=by, verb="import-update", targets=list(people), now=now)


def _filled(profile: Profile, step: Step, known: Known, names: set[str]) -> Profile:
    """Set the HR facts in `names` from the row and say that the staff list told them."""
    values = step.row.values
    facts = {
        "unit": known.units[values["location"].casefold(), values["department"].casefold()],
        "job_class": known.job_classes.get(values["job_class"].casefold()) if values["job_class"] else None,
        "managerial": values["managerial"],
        "service_start": values["service_start"],
        "degree": values["degree"],
    }
    for name, value in facts.items():
        if name in names and value is not None:
            setattr(profile, name, value)
            setattr(profile, f"{name}_source", Source.IMPORTED)
    if values["email"] and values["email"] == profile.user.email:
        profile.listed_email = values["email"]
    return profile


@transaction.atomic
def _set_supervisors(steps: list[Step], known: Known) -> None:
    """Last, since a supervisor may stand further down in the list."""
    bosses = {
        step.row.number: step.row.values["supervisor"]
        for step in steps
        if step.row.values["supervisor"] and (step.outcome is Outcome.CREATE or "supervisor" in step.changes)
    }
    profiles = list(Profile.objects.filter(user__employee_number__in=bosses).select_related("user"))
    for profile in profiles:
        profile.supervisor = known.people[bosses[profile.user.employee_number]]
        profile.supervisor_source = Source.IMPORTED
    Profile.objects.bulk_update(profiles, ["supervisor", "supervisor_source"], batch_size=500)
