"""People in the admin: who may see and change what, codes that are shown once, constant numbers of queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorship.people.models import JobClass, Profile, SignInCode, UnitKind, User, WorkUnit
from mentorship.people.sign_in_codes import make_code, use_code
from mentorship.records.models import AuditEntry
from tests.factories import NOW, JobClassFactory, UserFactory, WorkUnitFactory

LIST = "/admin/people/user/"
CANARIES = {"pronouns": "canary-pronouns", "bio": "canary-bio"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    person = UserFactory(given_name="Élodie", family_name="Zhou")
    Profile.objects.filter(user=person).update(**CANARIES, modes=["in-person"], preferred_name="Lo Zhou")
    return person


def change_url(person):
    return reverse("admin:people_user_change", args=[person.pk])


def profile_fields(client, person):
    html = client.get(change_url(person)).content.decode()
    return set(re.findall(r"field-(\w+)", html))


def test_an_administrator_sees_people_data_and_nothing_that_is_somebodys_own(administrator, known, sign_in):
    client = sign_in(administrator)
    html = client.get(change_url(known)).content.decode()

    assert [canary in html for canary in CANARIES.values()] == [False, False]
    assert {"pronouns", "bio", "modes", "slots", "languages"} & profile_fields(client, known) == set()
    assert {"employee_number", "given_name", "unit", "supervisor", "preferred_name"} <= profile_fields(client, known)


def test_a_coordinator_sees_pronouns_and_bio_and_can_change_nothing(coordinator, known, sign_in):
    client = sign_in(coordinator)
    html = client.get(change_url(known)).content.decode()
    assert [canary in html for canary in CANARIES.values()] == [True, True]
    assert 'name="_save"' not in html

    response = client.post(change_url(known), {"employee_number": "X"})
    assert response.status_code == 403


def test_a_coordinator_reads_the_name_that_people_go_by(coordinator, known, sign_in):
    html = sign_in(coordinator).get(change_url(known)).content.decode()

    assert ("Lo Zhou" in html, "Élodie" in html) == (True, False)


def form_of(response):
    """The change form's fields as a browser would send them."""
    data = {}
    forms = [response.context["adminform"].form] + [
        form for formset in response.context["inline_admin_formsets"] for form in formset.formset.forms
    ]
    for formset in response.context["inline_admin_formsets"]:
        forms.append(formset.formset.management_form)
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def test_what_an_administrator_puts_right_counts_as_the_staff_lists(administrator, known, sign_in):
    client = sign_in(administrator)
    unit = WorkUnitFactory()
    data = form_of(client.get(change_url(known)))
    response = client.post(change_url(known), {**data, "family_name": "Chou", "profile-0-unit": str(unit.pk)})
    profile = Profile.objects.select_related("user").get(user=known)

    assert response.status_code == 302
    assert (profile.unit, profile.unit_source, profile.job_class_source) == (unit, "imported", "declared")
    assert (profile.user.family_name, profile.bio, profile.modes) == ("Chou", "canary-bio", ["in-person"])
    assert AuditEntry.objects.filter(verb="change", object_id=str(known.pk)).count() == 1


def test_a_new_address_is_one_to_sign_in_with(administrator, known, sign_in):
    client = sign_in(administrator)
    data = form_of(client.get(change_url(known)))
    client.post(change_url(known), {**data, "email": "Lo@library.example"})
    known.refresh_from_db()

    assert known.email == "lo@library.example"
    assert list(known.emailaddress_set.values_list("email", "verified")) == [("lo@library.example", True)]


def test_an_address_of_somebody_elses_is_refused_with_a_word(administrator, known, member, sign_in):
    client = sign_in(administrator)
    data = form_of(client.get(change_url(known)))
    response = client.post(change_url(known), {**data, "email": member.email.upper()})

    assert response.status_code == 200
    assert "Somebody with this e-mail address is here already." in response.content.decode()


def test_an_administrator_adds_a_person_who_can_then_be_given_a_code(administrator, sign_in):
    client = sign_in(administrator)
    url = reverse("admin:people_user_add")
    data = form_of(client.get(url))
    response = client.post(
        url,
        {**data, "employee_number": "N1", "given_name": "New", "family_name": "Hire", "email": "n@library.example"},
    )
    person = User.objects.get(employee_number="N1")

    assert response.status_code == 302
    assert (person.email, person.has_usable_password(), Profile.objects.filter(user=person).count()) == (
        "n@library.example",
        False,
        1,
    )


def test_coordinators_add_nobody_and_nobody_is_deleted(coordinator, administrator, known, sign_in):
    assert sign_in(coordinator).get(reverse("admin:people_user_add")).status_code == 403
    for person in (coordinator, administrator):
        response = sign_in(person).post(reverse("admin:people_user_delete", args=[known.pk]), {"post": "yes"})
        assert response.status_code == 403
    assert User.objects.filter(pk=known.pk).exists()


# --- roles ---


def test_giving_a_role_asks_first_and_then_does_it(administrator, known, sign_in):
    client = sign_in(administrator)
    url = reverse("admin:people_user_roles", args=[known.pk])
    asked = client.post(url, {"chosen": "yes", "roles": ["coordinator"]})
    assert "New: Coordinator" in asked.content.decode()
    assert User.objects.get(pk=known.pk).role_set() == set()

    client.post(url, {"roles": ["coordinator"], "confirmed": "yes"})
    assert User.objects.get(pk=known.pk).role_set() == {"coordinator"}


def test_an_administrators_own_roles_are_refused_with_a_word(administrator, sign_in):
    client = sign_in(administrator)
    response = client.post(
        reverse("admin:people_user_roles", args=[administrator.pk]), {"roles": ["coordinator"], "confirmed": "yes"}
    )

    assert "Nobody changes their own roles" in response.content.decode()
    assert User.objects.get(pk=administrator.pk).role_set() == {"administrator"}


def test_a_coordinator_gives_no_roles(coordinator, known, sign_in):
    client = sign_in(coordinator)
    response = client.post(
        reverse("admin:people_user_roles", args=[known.pk]), {"roles": ["coordinator"], "confirmed": "yes"}
    )

    assert response.status_code == 404
    assert User.objects.get(pk=known.pk).role_set() == set()


# --- codes ---


def act(client, action, *people, confirmed=True):
    data = {"action": action, "_selected_action": [str(person.pk) for person in people]}
    return client.post(LIST, {**data, "confirmed": "yes"} if confirmed else data)


def test_codes_are_printed_for_many_after_a_question_and_shown_this_once(coordinator, sign_in):
    client = sign_in(coordinator)
    people = [UserFactory(email=None) for _n in range(3)]
    with_mailbox = UserFactory(given_name="Mail", family_name="Box")
    asked = act(client, "print_codes", *people, with_mailbox, confirmed=False)
    html = asked.content.decode()
    assert ("Print 3 codes?" in html, "Mail Box: has a mailbox" in html) == (True, True)
    assert not SignInCode.objects.exists()

    sheet = act(client, "print_codes", *people, with_mailbox)
    codes = re.findall(r"<code>([A-Z0-9-]+)</code>", sheet.content.decode())
    assert len(codes) == SignInCode.objects.count() == 3
    assert "no-store" in sheet["Cache-Control"]
    now, numbers = timezone.now(), [person.employee_number for person in people]
    used = [use_code(employee_number=number, code=code, now=now) for number in numbers for code in codes]
    assert {person for person in used if person} == set(people)


def test_no_page_of_the_admin_shows_a_code_or_its_hash(coordinator, sign_in):
    client = sign_in(coordinator)
    printed = make_code(person=UserFactory(email=None), by=coordinator, now=NOW)
    row = SignInCode.objects.get()
    pages = [
        client.get("/admin/people/signincode/").content.decode(),
        client.get(reverse("admin:people_signincode_change", args=[row.pk])).content.decode(),
    ]

    assert [text in page for page in pages for text in (printed.code, row.code_hash)] == [False] * 4


def test_codes_are_withdrawn_in_the_admin(coordinator, sign_in):
    person = UserFactory(email=None)
    printed = make_code(person=person, by=coordinator, now=NOW)
    sign_in(coordinator).post(
        "/admin/people/signincode/",
        {"action": "withdraw", "_selected_action": [str(SignInCode.objects.get().pk)]},
    )

    assert use_code(employee_number=person.employee_number, code=printed.code, now=NOW) is None


def test_deactivating_and_letting_in_again_ask_first(administrator, known, sign_in):
    client = sign_in(administrator)
    assert "Deactivate one person?" in act(client, "deactivate", known, confirmed=False).content.decode()
    assert User.objects.get(pk=known.pk).is_active
    act(client, "deactivate", known)
    assert not User.objects.get(pk=known.pk).is_active
    act(client, "reactivate", known)
    assert User.objects.get(pk=known.pk).is_active


def test_a_coordinator_deactivates_nobody(coordinator, known, sign_in):
    act(sign_in(coordinator), "deactivate", known)

    assert User.objects.get(pk=known.pk).is_active


# --- lists ---


def test_names_are_in_the_order_that_people_expect(administrator, sign_in):
    for family in ("Zhou", "Évora", "Eaton", "adams"):
        UserFactory(given_name="A", family_name=family)
    html = sign_in(administrator).get(LIST).content.decode()

    assert re.findall(r"A (Zhou|Évora|Eaton|adams)<", html) == ["adams", "Eaton", "Évora", "Zhou"]


@pytest.mark.parametrize(
    "lookup", ["password__startswith", "profile__bio__contains", "session_epoch", "last_login__gte"]
)
def test_no_column_can_be_probed_through_the_address(administrator, known, sign_in, lookup):
    response = sign_in(administrator).get(LIST, {lookup: "x"})

    assert response.status_code in {302, 400}


@pytest.mark.parametrize(
    "path", [LIST, "/admin/people/signincode/", "/admin/people/workunit/", "/admin/people/jobclass/"]
)
def test_lists_cost_the_same_with_one_three_and_thirty_rows(coordinator, sign_in, path):
    client, costs = sign_in(coordinator), []
    client.get(path)
    for wanted in (1, 3, 30):
        while SignInCode.objects.count() < wanted:
            make_code(person=UserFactory(email=None), by=coordinator, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        costs.append(len(queries))

    assert costs == [costs[0]] * 3


def test_coordinators_and_administrators_keep_places_and_jobs_in_both_languages(coordinator, administrator, sign_in):
    kind = UnitKind.objects.create(slug="x-kind", title_en="Kind", title_es="Clase")
    for person, name in ((coordinator, "North"), (administrator, "South")):
        sign_in(person).post(
            reverse("admin:people_workunit_add"),
            {"location": name, "department": "", "region": "", "kind": str(kind.pk), "active": "on"},
        )
    job = JobClassFactory()
    sign_in(coordinator).post(
        reverse("admin:people_jobclass_change", args=[job.pk]),
        {"slug": job.slug, "title_en": "Librarian I", "title_es": "Bibliotecaria I", "family": "", "rank": "2"},
    )

    assert set(WorkUnit.objects.filter(kind=kind).values_list("location", flat=True)) == {"North", "South"}
    assert JobClass.objects.get(pk=job.pk).title_es == "Bibliotecaria I"
