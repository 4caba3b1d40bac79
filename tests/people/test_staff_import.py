"""Importing a staff list: what each row does, that a second import does nothing, and what it never touches."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.common.states import IllegalMove
from mentorship.jobs.services import run_job
from mentorship.people.models import JobClass, Profile, StaffImport, User, WorkUnit
from mentorship.people.staff_import import services
from mentorship.people.staff_import.columns import guess
from mentorship.people.staff_import.planning import Outcome, make_plan
from mentorship.people.staff_import.reading import read_sheet
from mentorship.people.staff_import.states import STAFF_IMPORT
from mentorship.records.models import AuditEntry
from tests.factories import JobClassFactory, UserFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
STAFF = Path(__file__).parents[1] / "data" / "staff.csv"
HEAD = (
    "Employee ID,First Name,Last Name,E-mail,Location,Department,Class Title,Supervisory,Hire Date,Reports To,MLS\n"
)


def plan_of(text):
    sheet = read_sheet(text.encode() if isinstance(text, str) else text)
    return make_plan(sheet, guess(sheet.headings), order="mdy", today=NOW.date())


def import_list(text):
    plan = plan_of(text)
    services.import_plan(plan=plan, by=None, now=NOW)
    return plan


def refusals(plan):
    return [(problem.line, problem.field) for step in plan.steps for problem in step.row.refused]


def notes(plan):
    return [(problem.line, problem.field) for step in plan.steps for problem in step.row.notes]


@pytest.fixture
def job_classes():
    for title in ["Messenger Clerk", "Administrative Clerk", "Librarian II", "Senior Librarian"]:
        JobClassFactory(title_en=title)


def test_the_export_of_1041_rows_comes_in_once_and_a_second_time_changes_nothing():
    call_command("load_content", verbosity=0, stdout=StringIO())
    plan = import_list(STAFF.read_bytes())
    assert plan.counts == {
        "create": 1033, "update": 0, "unchanged": 0, "refused": 8, "new_units": 77, "absent": 0
    }  # fmt: skip
    assert refusals(plan) == [
        (7, "employee_number"),
        (9, "given_name"),
        (79, "location"),
        (135, "email"),
        (219, "email"),
        (277, "service_start"),
        (842, "email"),
        (1042, "employee_number"),
    ]
    again = plan_of(STAFF.read_bytes())
    assert again.counts == {
        "create": 0, "update": 0, "unchanged": 1033, "refused": 8, "new_units": 0, "absent": 0
    }  # fmt: skip
    assert refusals(again) == refusals(plan)
    assert User.objects.get(employee_number="103493").reports.count() == 307


def test_a_person_comes_in_with_the_facts_and_a_mailbox_that_opens_the_account(job_classes):
    WorkUnitFactory(location="Venice", department="")
    import_list(HEAD + "7,Zoë,Nguyễn,Zoe@Library.example,Venice,,Librarian II,Y,05/20/2020,,Y\n")
    person = User.objects.get(employee_number="7")
    profile = person.profile
    assert (person.given_name, person.family_name, person.email) == ("Zoë", "Nguyễn", "zoe@library.example")
    assert (str(profile.unit), str(profile.job_class), profile.managerial, profile.degree) == (
        "Venice", "Librarian II", True, "mls"
    )  # fmt: skip
    assert (profile.service_start.isoformat(), profile.service_start_source) == ("2020-05-20", "imported")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (person.pk, "zoe@library.example", True, True)
    ]
    assert not person.has_usable_password()


def test_a_changed_fact_is_an_update_of_that_fact_alone(job_classes):
    WorkUnitFactory(location="Venice", department="")
    row = "7,Zoë,Nguyễn,zoe@library.example,Venice,,{},N,05/20/2020,,N\n"
    import_list(HEAD + row.format("Messenger Clerk"))
    plan = import_list(HEAD + row.format("Librarian II"))
    assert [(step.outcome, step.changes) for step in plan.steps] == [(Outcome.UPDATE, ["job_class"])]
    assert str(Profile.objects.get(user__employee_number="7").job_class) == "Librarian II"


def test_nothing_that_a_person_wrote_is_overwritten(job_classes):
    WorkUnitFactory(location="Venice", department="")
    row = "7,Zoë,Nguyễn,{mail},Venice,,Librarian II,N,05/20/2020,,{mls}\n"
    import_list(HEAD + row.format(mail="zoe@library.example", mls=""))
    person = User.objects.get(employee_number="7")
    Profile.objects.filter(user=person).update(
        preferred_name="Zo", pronouns="she", bio="Hello", slots=["mon-am"], degree="mls", degree_source="declared"
    )
    User.objects.filter(pk=person.pk).update(email="own@mail.example")
    plan = import_list(HEAD + row.format(mail="new@library.example", mls="N"))
    assert [(step.outcome, step.changes) for step in plan.steps] == [(Outcome.UNCHANGED, [])]
    assert notes(plan) == [(2, "degree")]
    profile = Profile.objects.get(user=person)
    assert (profile.preferred_name, profile.pronouns, profile.bio, profile.slots, profile.degree) == (
        "Zo", "she", "Hello", ["mon-am"], "mls"
    )  # fmt: skip
    assert User.objects.get(pk=person.pk).email == "own@mail.example"


def test_a_mailbox_that_the_list_changes_no_longer_opens_the_account(job_classes):
    WorkUnitFactory(location="Venice", department="")
    row = "7,Zoë,Nguyễn,{},Venice,,Librarian II,N,05/20/2020,,N\n"
    import_list(HEAD + row.format("old@library.example"))
    import_list(HEAD + row.format("new@library.example"))
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@library.example"]


def test_an_address_that_the_person_added_opens_the_account_after_the_list_changed_theirs(job_classes):
    WorkUnitFactory(location="Venice", department="")
    row = "7,Zoë,Nguyễn,{},Venice,,Librarian II,N,05/20/2020,,N\n"
    import_list(HEAD + row.format("old@library.example"))
    EmailAddress.objects.create(user=User.objects.get(), email="own@mail.example", verified=True, primary=False)
    import_list(HEAD + row.format("new@library.example"))
    assert set(EmailAddress.objects.values_list("email", "primary")) == {
        ("new@library.example", True), ("own@mail.example", False)
    }  # fmt: skip


def test_a_mailbox_that_somebody_else_added_and_confirmed_is_refused(job_classes):
    WorkUnitFactory(location="Venice", department="")
    other = UserFactory(employee_number="8")
    EmailAddress.objects.create(user=other, email="zoe@mail.example", verified=True)
    plan = import_list(HEAD + "7,Zoë,Nguyễn,zoe@mail.example,Venice,,Librarian II,N,05/20/2020,,N\n")
    assert refusals(plan) == [(2, "email")]


@pytest.mark.parametrize(
    "account", [{"roles": ["administrator"]}, {"roles": ["analyst"]}, {"last_login": NOW}], ids=str
)
def test_a_coordinators_list_gives_nobody_a_mailbox_who_has_a_role_or_was_here(
    account, coordinator, administrator, job_classes
):
    WorkUnitFactory(location="Venice", department="")
    person = UserFactory(employee_number="7", email="theirs@library.example", **account)
    Profile.objects.filter(user=person).update(listed_email="theirs@library.example")
    text = HEAD + "7,Zoë,A,mine@library.example,Venice,,Librarian II,N,05/20/2020,,N\n"

    def mailbox_after(uploader, starter):
        staff_import = upload(uploader, text)
        staff_import = services.start_import(staff_import=staff_import, by=starter, now=NOW)
        run_job(job_id=staff_import.job_id, now=NOW)
        staff_import.refresh_from_db()
        person.refresh_from_db()
        User.objects.filter(pk=person.pk).update(given_name="Other")
        return "email" in {note["field"] for note in staff_import.rows["rows"][0]["notes"]}, person.email

    assert mailbox_after(coordinator, coordinator) == (True, "theirs@library.example")
    # Nor does an administrator who starts it bring in what its preview didn't show.
    assert mailbox_after(coordinator, administrator) == (True, "theirs@library.example")
    assert mailbox_after(administrator, administrator) == (False, "mine@library.example")


@pytest.mark.parametrize("stands_as", ["report", "supervisor"])
def test_a_coordinator_takes_themselves_out_of_no_line_of_supervisors(
    stands_as, coordinator, administrator, job_classes
):
    """Whom a coordinator may not decide on follows from who supervises whom."""
    WorkUnitFactory(location="Venice", department="")
    other = UserFactory(employee_number="77")
    coordinator.employee_number = "7"
    coordinator.save()
    report, boss = (coordinator, other) if stands_as == "report" else (other, coordinator)
    Profile.objects.filter(user=report).update(supervisor=boss, supervisor_source="imported")
    UserFactory(employee_number="99")
    number = report.employee_number
    text = HEAD + f"{number},Zoë,A,,Venice,,Librarian II,N,05/20/2020,99,N\n"

    def boss_after(uploader):
        staff_import = services.start_import(staff_import=upload(uploader, text), by=uploader, now=NOW)
        run_job(job_id=staff_import.job_id, now=NOW)
        return Profile.objects.get(user=report).supervisor.employee_number

    assert boss_after(coordinator) == boss.employee_number
    assert boss_after(administrator) == "99"


def test_who_is_missing_is_listed_and_stays(job_classes):
    WorkUnitFactory(location="Venice", department="")
    first = "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N\n"
    import_list(HEAD + first + "8,Noor,B,b@library.example,Venice,,Librarian II,N,05/20/2020,,N\n")
    plan = import_list(HEAD + first)
    assert [person.employee_number for person in plan.absent] == ["8"]
    assert User.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N", "employee_number"),
        ("7,,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N", "given_name"),
        ("7,Zoë,A,a@library.example,,,Librarian II,N,05/20/2020,,N", "location"),
        ("7,=cmd('x'),A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N", "given_name"),
        ("7,Zoë,+A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N", "family_name"),
        ("7,Zoë,A,not a mailbox,Venice,,Librarian II,N,05/20/2020,,N", "email"),
        ("7,Zoë,A,a@library.example,Nowhere,,Librarian II,N,05/20/2020,,N", "location"),
        ("7,Zoë,A,a@library.example,Venice,,Librarian II,N,02/01/2031,,N", "service_start"),
        ("7,Zoë,A,a@library.example,Venice,,Librarian II,N,31/31/2020,,N", "service_start"),
        ("7,Zoë,A,a@library.example,Venice,,Librarian II,perhaps,05/20/2020,,N", "managerial"),
        (f"7,{'Z' * 101},A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N", "given_name"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_line_field_reason_and_remedy(row, field, job_classes):
    WorkUnitFactory(location="Venice", department="")
    plan = import_list(HEAD + row + "\n")
    (problem,) = plan.steps[0].row.refused
    assert (problem.line, problem.field) == (2, field)
    assert problem.reason
    assert problem.remedy
    assert User.objects.count() == 0


def test_a_mailbox_of_somebody_else_is_refused(job_classes):
    WorkUnitFactory(location="Venice", department="")
    UserFactory(employee_number="1", email="taken@library.example")
    plan = import_list(HEAD + "7,Zoë,A,Taken@library.example,Venice,,Librarian II,N,05/20/2020,,N\n")
    assert refusals(plan) == [(2, "email")]


@pytest.mark.parametrize(
    ("bosses", "noted"),
    [(("7", "", ""), [2]), (("99", "", ""), [2]), (("8", "9", "7"), [2, 3, 4]), (("8", "9", "8"), [3, 4])],
)
def test_a_supervisor_who_cannot_be_is_left_out_and_the_person_comes_in(bosses, noted, job_classes):
    WorkUnitFactory(location="Venice", department="")
    rows = "".join(
        f"{number},Zoë,A,a{number}@library.example,Venice,,Librarian II,N,05/20/2020,{boss},N\n"
        for number, boss in zip("789", bosses, strict=True)
    )
    plan = import_list(HEAD + rows)
    assert [line for line, field in notes(plan) if field == "supervisor"] == noted
    assert User.objects.count() == 3
    assert plan_of(HEAD + rows).counts["unchanged"] == 3


def test_a_supervisor_may_stand_further_down(job_classes):
    WorkUnitFactory(location="Venice", department="")
    import_list(
        HEAD
        + "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,8,N\n"
        + "8,Noor,B,b@library.example,Venice,,Senior Librarian,Y,05/20/2010,,Y\n"
    )
    assert User.objects.get(employee_number="7").profile.supervisor.employee_number == "8"


def test_the_same_row_twice_counts_once_and_rows_that_contradict_are_all_refused(job_classes):
    WorkUnitFactory(location="Venice", department="")
    row = "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,{}\n"
    assert refusals(plan_of(HEAD + row.format("N") * 2)) == [(3, "employee_number")]
    assert refusals(plan_of(HEAD + row.format("N") + row.format("Y"))) == [
        (2, "employee_number"),
        (3, "employee_number"),
    ]


def test_missing_class_and_mailbox_are_noted_and_the_person_comes_in():
    WorkUnitFactory(location="Venice", department="")
    plan = import_list(HEAD + "7,Zoë,A,,Venice,,,N,05/20/2020,,N\n")
    assert notes(plan) == [(2, "email"), (2, "job_class")]
    person = User.objects.get()
    assert (person.email, person.profile.job_class) == (None, None)


def test_planning_takes_the_same_queries_for_3_rows_as_for_30(job_classes):
    def queries(count):
        rows = "".join(f"{n},Zoë,A,a{n}@library.example,Venice,,Librarian II,N,05/20/2020,,N\n" for n in range(count))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            plan_of(HEAD + rows)
        return len(captured)

    assert queries(3) == queries(30) == 5


def test_the_command_imports_says_every_refused_line_and_does_nothing_on_a_dry_run(tmp_path, job_classes):
    WorkUnitFactory(location="Venice", department="")
    path = tmp_path / "list.csv"
    path.write_text(
        HEAD + "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N\n" + "8,=x,B,,Venice,,,N,,,N\n"
    )
    told = StringIO()
    call_command("import_staff", str(path), "--dry-run", stdout=told)
    assert told.getvalue().splitlines()[0] == "1 to create, 0 to update, 0 unchanged, 1 refused"
    assert User.objects.count() == 0
    told = StringIO()
    call_command("import_staff", str(path), stdout=told)
    assert told.getvalue().splitlines()[:2] == [
        "1 created, 0 updated, 0 unchanged, 1 refused",
        "line 3, given_name: It starts with “=”, as a formula does. Correct it in the staff list.",
    ]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Number,Name\n1,Zoë\n", "no column for"),
        (HEAD + "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/02/2020,,N\n", "--dates mdy or --dates dmy"),
    ],
)
def test_the_command_says_what_it_needs(text, words, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("import_staff", str(path))
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_staff", str(tmp_path / "absent.csv"))


def upload(by, text=None):
    text = text or HEAD + "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N\n"
    return services.upload_staff_list(file_name="list.csv", content=text.encode(), by=by, now=NOW)


def test_a_list_whose_columns_are_known_is_previewed_at_once_and_imported_as_a_job(administrator, job_classes):
    WorkUnitFactory(location="Venice", department="")
    staff_import = upload(administrator)
    assert (staff_import.state, staff_import.counts["create"]) == ("previewed", 1)
    staff_import = services.start_import(staff_import=staff_import, by=administrator, now=NOW)
    run_job(job_id=staff_import.job_id, now=NOW)
    staff_import.refresh_from_db()
    assert (staff_import.state, staff_import.imported_at, staff_import.counts["create"]) == ("done", NOW, 1)
    assert User.objects.filter(employee_number="7").exists()
    assert AuditEntry.objects.filter(verb="import-create", label="people.user", actor=administrator).count() == 1
    with pytest.raises(IllegalMove):
        services.start_import(staff_import=staff_import, by=administrator, now=NOW)


def test_columns_that_cannot_be_told_are_named_once_and_remembered(administrator, job_classes):
    WorkUnitFactory(location="Venice", department="")
    text = "No.,Called,Where\n7,Zoë,Venice\n"
    staff_import = upload(administrator, text)
    assert staff_import.state == "uploaded"
    columns = {"employee_number": "No.", "given_name": "Called", "location": "Where"}
    services.name_columns(staff_import=staff_import, columns=columns, date_order="mdy", by=administrator, now=NOW)
    reordered = upload(administrator, "Where,Called,No.\nVenice,Noor,8\n")
    assert (reordered.state, reordered.counts["create"]) == ("previewed", 1)


def test_the_file_is_kept_sealed_and_for_thirty_days(administrator):
    staff_import = upload(administrator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, rows FROM people_staffimport")
        kept = b"".join(bytes(part) for part in cursor.fetchone())
    assert b"library.example" not in kept
    assert services.forget_old_files(NOW) == 0
    assert services.forget_old_files(NOW + services.KEPT + services.KEPT) == 1
    assert StaffImport.objects.get(pk=staff_import.pk).content == ""


def test_a_discarded_list_cannot_be_imported(administrator):
    staff_import = services.discard_staff_list(staff_import=upload(administrator), by=administrator, now=NOW)
    with pytest.raises(IllegalMove):
        services.start_import(staff_import=staff_import, by=administrator, now=NOW)


def test_a_job_that_fails_leaves_the_list_to_be_imported_again(administrator, job_classes, monkeypatch):
    WorkUnitFactory(location="Venice", department="")
    staff_import = services.start_import(staff_import=upload(administrator), by=administrator, now=NOW)
    monkeypatch.setattr("mentorship.people.staff_import.job.import_plan", lambda **_: 1 / 0)
    run_job(job_id=staff_import.job_id, now=NOW)
    staff_import.refresh_from_db()
    assert staff_import.state == "previewed"


def test_every_move_of_a_staff_import_is_meant():
    states = [state.value for state in StaffImport.State]
    allowed = {(a, b) for a in states for b in states if STAFF_IMPORT.allows(a, b)}
    assert allowed == {
        ("uploaded", "previewed"),
        ("previewed", "previewed"),
        ("previewed", "importing"),
        ("importing", "done"),
        ("importing", "previewed"),
        ("uploaded", "discarded"),
        ("previewed", "discarded"),
    }


class TestPages:
    def test_upload_preview_and_import_are_three_posts(self, administrator, sign_in, job_classes):
        from django.core.files.uploadedfile import SimpleUploadedFile

        WorkUnitFactory(location="Venice", department="")
        client = sign_in(administrator)
        text = HEAD + "7,Zoë,A,a@library.example,Venice,,Librarian II,N,05/20/2020,,N\n8,=x,B,,Venice,,,N,,,N\n"
        response = client.post(
            "/admin/people/staffimport/add/", {"file": SimpleUploadedFile("list.csv", text.encode())}, follow=True
        )
        page = response.content.decode()
        assert "starts with “=”" in page
        assert "Import: 1 new, 0 changed" in page
        staff_import = StaffImport.objects.get()
        response = client.post(f"/admin/people/staffimport/{staff_import.pk}/start/")
        staff_import.refresh_from_db()
        assert response["Location"] == f"/work/{staff_import.job_id}"
        run_job(job_id=staff_import.job_id, now=NOW)
        page = client.get(f"/admin/people/staffimport/{staff_import.pk}/preview/").content.decode()
        assert "This list was imported." in page

    def test_a_file_that_cannot_be_read_says_why(self, administrator, sign_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = sign_in(administrator).post(
            "/admin/people/staffimport/add/", {"file": SimpleUploadedFile("list.csv", b"id,name\n")}
        )
        assert "There is no row under the headings" in response.content.decode()

    def test_naming_a_heading_twice_is_refused_and_nothing_chosen_is_lost(self, administrator, sign_in):
        staff_import = upload(administrator, "No.,Called,Where\n7,Zoë,Venice\n")
        url = f"/admin/people/staffimport/{staff_import.pk}/columns/"
        response = sign_in(administrator).post(
            url,
            {"employee_number": "No.", "given_name": "No.", "location": "Where", "date_order": "dmy"},
        )
        page = response.content.decode()
        assert "“No.” is already" in page
        assert '<option value="Where" selected>' in page

    def test_pages_take_the_same_queries_for_any_number_of_rows(self, administrator, sign_in, job_classes):
        client = sign_in(administrator)
        client.get("/admin/people/staffimport/")
        counts = set()
        for count in (1, 3, 30):
            rows = "".join(
                f"{n},Zoë,A,a{n}@library.example,Venice,,Librarian II,N,05/20/2020,,N\n" for n in range(count)
            )
            staff_import = upload(administrator, HEAD + rows)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/admin/people/staffimport/{staff_import.pk}/preview/").status_code == 200
            counts.add(len(captured))
        assert len(counts) == 1

    def test_others_do_not_get_in(self, member, administrator, sign_in):
        staff_import = upload(administrator)
        response = sign_in(member).get(f"/admin/people/staffimport/{staff_import.pk}/preview/")
        assert response.status_code in {302, 403, 404}


def test_units_that_many_share_are_made_with_their_kind():
    call_command("load_content", verbosity=0, stdout=StringIO())
    WorkUnit.objects.all().delete()
    rows = "".join(
        f"{n},Zoë,A,a{n}@library.example,Venice,{department},Librarian II,N,05/20/2020,,N\n"
        for n, department in enumerate(["", "Youth Services"])
    )
    import_list(HEAD + rows)
    assert {(unit.department, unit.kind.slug) for unit in WorkUnit.objects.all()} == {
        ("", "branch"),
        ("Youth Services", "youth-services"),
    }
    assert JobClass.objects.filter(slug="librarian-2").exists()
