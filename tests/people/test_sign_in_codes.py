"""Printed one-time codes: made for those who need one, good once, for 14 days, kept as a keyed hash alone."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentorship.people.models import SignInCode, User
from mentorship.people.services import deactivate_person
from mentorship.people.sign_in_codes import CodeRefused, make_code, use_code, why_no_code, withdraw_codes
from mentorship.records.models import AuditEntry
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_person():
    """Somebody without a mailbox who has never been here."""
    return UserFactory(employee_number="P77", email=None)


@pytest.fixture
def printed(page_person, coordinator):
    return make_code(person=page_person, by=coordinator, now=timezone.now())


def post_code(number, code, client=None, **fields):
    client = client or Client()
    return client, client.post(reverse("people:code"), {"employee_number": number, "code": code, **fields})


def test_a_printed_code_signs_in_once(page_person, printed):
    client, response = post_code("p77", printed.code.lower().replace("-", " "))
    again, refused = post_code("P77", printed.code)

    assert (response.status_code, response["Location"]) == (302, reverse("people:first_steps"))
    assert client.session["_auth_user_id"] == str(page_person.pk)
    assert refused.status_code == 200
    assert "_auth_user_id" not in again.session


def test_after_it_the_person_may_set_a_password_and_add_an_address(page_person, printed):
    client, _response = post_code("P77", printed.code)
    page = client.get(reverse("people:first_steps")).content.decode()

    assert f'href="{reverse("account_set_password")}"' in page
    assert f'href="{reverse("account_email")}"' in page
    client.post(
        reverse("account_set_password"),
        {"password1": "tall otters read at noon", "password2": "tall otters read at noon"},
    )
    page_person.refresh_from_db()
    assert page_person.check_password("tall otters read at noon")


def test_the_code_stands_in_for_a_forgotten_password_which_ends(administrator, page_person):
    page_person.set_password("forgotten forgotten")
    page_person.save()
    printed = make_code(person=page_person, by=administrator, now=NOW)
    use_code(employee_number="P77", code=printed.code, now=NOW)
    page_person.refresh_from_db()

    assert not page_person.has_usable_password()


def test_unknown_number_wrong_code_used_old_and_withdrawn_read_the_same(page_person, coordinator):
    now = timezone.now()
    used = make_code(person=page_person, by=coordinator, now=now)
    use_code(employee_number="P77", code=used.code, now=now)
    old = make_code(person=UserFactory(email=None), by=coordinator, now=now - timedelta(days=15))
    withdrawn = make_code(person=UserFactory(email=None), by=coordinator, now=now)
    withdraw_codes(codes=list(SignInCode.objects.filter(person=withdrawn.person)), by=coordinator, now=now)
    gone = UserFactory(email=None)
    code_of_gone = make_code(person=gone, by=coordinator, now=now)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    pages = set()
    for number, code in [
        ("nobody", "BCDF-GHJK-MNPQ"),
        ("P77", "BCDF-GHJK-MNPQ"),
        ("P77", used.code),
        (old.person.employee_number, old.code),
        (withdrawn.person.employee_number, withdrawn.code),
        (gone.employee_number, code_of_gone.code),
    ]:
        client, response = post_code(number, code)
        assert "_auth_user_id" not in client.session
        token = response.context["csrf_token"]
        pages.add(
            response.content.decode()
            .replace(str(token), "")
            .replace(f'value="{number}"', "")
            .replace(f'value="{code}"', "")
        )

    assert len(pages) == 1


def test_known_and_unknown_numbers_cost_the_same_work(page_person, printed, django_assert_num_queries):
    with django_assert_num_queries(4):  # person, code, savepoint and its release
        use_code(employee_number="P77", code="BCDF-GHJK-MNPQ", now=NOW)
    with django_assert_num_queries(4):
        use_code(employee_number="nobody", code="BCDF-GHJK-MNPQ", now=NOW)


def test_a_code_is_good_until_its_last_second_and_not_after(page_person, coordinator):
    printed = make_code(person=page_person, by=coordinator, now=NOW)

    assert use_code(employee_number="P77", code=printed.code, now=NOW + timedelta(days=14)) is None
    assert use_code(employee_number="P77", code=printed.code, now=NOW + timedelta(days=13, hours=23)) == page_person


def test_a_code_of_one_person_lets_nobody_else_in(printed):
    UserFactory(employee_number="P78", email=None)

    assert use_code(employee_number="P78", code=printed.code, now=NOW) is None


def test_after_five_tries_even_the_right_code_is_refused_and_other_numbers_are_not(page_person, printed, coordinator):
    other = make_code(person=UserFactory(email=None), by=coordinator, now=timezone.now())
    for _n in range(5):
        post_code("P77", "BCDF-GHJK-MNPQ")
    client, _response = post_code("p77", printed.code)
    other_client, _response = post_code(other.person.employee_number, other.code)

    assert "_auth_user_id" not in client.session
    assert other_client.session["_auth_user_id"] == str(other.person.pk)


def test_only_the_newest_code_of_a_person_works(page_person, coordinator):
    first = make_code(person=page_person, by=coordinator, now=NOW)
    second = make_code(person=page_person, by=coordinator, now=NOW)

    assert use_code(employee_number="P77", code=first.code, now=NOW) is None
    assert use_code(employee_number="P77", code=second.code, now=NOW) == page_person


def test_no_column_of_the_database_holds_the_code(printed):
    bare = printed.code.replace("-", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM people_signincode c")
        rows = " ".join(row for (row,) in cursor.fetchall())

    assert bare not in rows.upper()
    assert len(SignInCode.objects.get().code_hash) == 64


def test_the_hash_is_keyed_and_bound_to_the_person(page_person, coordinator, settings):
    printed = make_code(person=page_person, by=coordinator, now=NOW)
    settings.SECRET_KEY = "another"

    assert use_code(employee_number="P77", code=printed.code, now=NOW) is None


def test_coordinators_print_for_a_first_sign_in_alone(coordinator, administrator):
    without = UserFactory(email=None)
    been_here = UserFactory(email=None, last_login=NOW)
    with_mailbox = UserFactory()
    colleague = UserFactory(email=None, roles=["analyst"])

    def refused(by):
        return [bool(why_no_code(person=person, by=by)) for person in (without, been_here, with_mailbox, colleague)]

    assert refused(coordinator) == [False, True, True, True]
    assert refused(administrator) == [False, False, False, False]


def test_a_shared_mailbox_is_none_of_ones_own(coordinator):
    assert why_no_code(person=UserFactory(mailbox_is_shared=True), by=coordinator) == ""


def test_nobody_prints_a_code_for_themselves_or_for_who_may_not_sign_in(administrator):
    gone = UserFactory(email=None, is_active=False)

    assert why_no_code(person=administrator, by=administrator) == "that is you"
    with pytest.raises(CodeRefused):
        make_code(person=gone, by=administrator, now=NOW)


def test_making_and_using_a_code_is_in_the_audit_trail(page_person, printed, coordinator):
    use_code(employee_number="P77", code=printed.code, now=timezone.now())

    entries = [(entry.actor, entry.verb) for entry in AuditEntry.objects.order_by("at")]
    assert entries == [(coordinator, "make-sign-in-code"), (page_person, "use-sign-in-code")]


def test_deactivating_somebody_withdraws_their_code(page_person, printed, administrator):
    deactivate_person(person=page_person, by=administrator, now=NOW)

    assert SignInCode.objects.get().revoked_at == NOW


def test_the_first_administrator_comes_in_by_a_code_that_the_command_prints(client):
    out = StringIO()
    call_command("create_administrator", "1", "--given-name", "Ada", "--family-name", "Min", stdout=out)
    code = out.getvalue().split("Code: ")[1].split()[0]
    client, _response = post_code("1", code)
    person = User.objects.get(employee_number="1")

    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.is_staff, person.role_set(), person.get_full_name()) == (True, {"administrator"}, "Ada Min")


def test_the_command_makes_somebody_who_is_here_an_administrator_and_changes_no_name(member):
    call_command(
        "create_administrator", member.employee_number, "--given-name", "X", "--family-name", "Y", stdout=StringIO()
    )
    member = User.objects.get(pk=member.pk)

    assert (member.get_full_name(), member.role_set()) == ("Rosa Santos", {"administrator"})


def test_the_command_refuses_an_address_of_somebody_elses(member):
    with pytest.raises(CommandError):
        call_command(
            "create_administrator", "1", "--given-name", "A", "--family-name", "B", "--email", member.email,
            stdout=StringIO(),
        )  # fmt: skip
    assert not User.objects.filter(employee_number="1").exists()
