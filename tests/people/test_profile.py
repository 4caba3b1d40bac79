"""The profile page: what a person says of themselves is theirs; what the library says is only shown."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from mentorship.people.models import Absence, Profile, User
from mentorship.people.readers import who_sees
from mentorship.records.models import AuditEntry
from tests.factories import NOW, ProfileFactory, UserFactory

PAGE = "/account/profile/"
TODAY = date(2027, 2, 1)
FIELDS = {
    "preferred_name": "Rosie",
    "pronouns": "she/her",
    "show_pronouns_to_partners": "on",
    "in_directory": "on",
    "bio": "I know the archive.",
    "slots": ["mon-am", "sun-eve"],
    "schedule_rotates": "on",
    "modes": ["video"],
    "languages": ["es", "hy"],
    "scheduler": "",
    "language": "es",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_everything_a_person_says_is_saved(member, sign_in):
    client = sign_in(member)
    response = client.post(PAGE, FIELDS)
    profile = Profile.objects.get(user=member)

    assert response["Location"] == PAGE
    assert {
        "preferred_name": profile.preferred_name,
        "pronouns": profile.pronouns,
        "show_pronouns_to_partners": "on" if profile.show_pronouns_to_partners else "",
        "in_directory": "on" if profile.in_directory else "",
        "bio": profile.bio,
        "slots": profile.slots,
        "schedule_rotates": "on" if profile.schedule_rotates else "",
        "modes": profile.modes,
        "languages": profile.languages,
        "scheduler": "",
        "language": User.objects.get(pk=member.pk).language,
    } == FIELDS
    assert profile.show_pronouns_in_directory is False


def test_the_page_shows_what_is_saved(member, sign_in):
    client = sign_in(member)
    client.post(PAGE, {**FIELDS, "language": "en"})
    html = client.get(PAGE).content.decode()

    checked = re.findall(r'name="(?:slots|modes|languages)" value="([^"]+)"[^>]* checked', html)
    assert checked == ["mon-am", "sun-eve", "video", "es", "hy"]
    assert 'value="Rosie"' in html


def test_hr_facts_are_shown_with_their_source_and_cannot_be_changed(member, sign_in):
    Profile.objects.filter(user=member).update(service_start=date(2019, 3, 4), service_start_source="imported")
    client = sign_in(member)
    html = client.get(PAGE).content.decode()
    assert "March 4, 2019 · from the staff list" in html

    client.post(PAGE, {**FIELDS, "service_start": "2001-01-01", "managerial": "true", "unit": ""})
    profile = Profile.objects.get(user=member)
    assert (profile.service_start, profile.managerial, profile.unit is None) == (date(2019, 3, 4), False, False)


def test_each_field_says_who_sees_it(member, sign_in):
    html = sign_in(member).get(PAGE).content.decode()

    assert escape(who_sees(Profile, "pronouns")) in html
    assert who_sees(Profile, "slots") == "you and coordinators"
    assert "administrators" not in who_sees(Profile, "bio")


def test_the_scheduler_is_found_by_address_or_number(member, stranger, sign_in):
    client = sign_in(member)
    for typed in (stranger.email.upper(), stranger.employee_number):
        Profile.objects.filter(user=member).update(scheduler=None)
        client.post(PAGE, {**FIELDS, "scheduler": typed})
        assert Profile.objects.get(user=member).scheduler == stranger


@pytest.mark.parametrize("typed", ["nobody@library.example", "self"])
def test_an_unknown_scheduler_or_oneself_is_refused_with_a_word(member, sign_in, typed):
    response = sign_in(member).post(PAGE, {**FIELDS, "scheduler": member.email if typed == "self" else typed})

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"scheduler"}
    assert Profile.objects.get(user=member).preferred_name == ""


def test_a_scheduler_who_has_left_stays_until_somebody_else_is_named(member, stranger, sign_in):
    Profile.objects.filter(user=member).update(scheduler=stranger)
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    response = sign_in(member).post(PAGE, {**FIELDS, "scheduler": stranger.email})

    assert response.status_code == 302


def test_unknown_times_modes_and_languages_are_refused(member, sign_in):
    response = sign_in(member).post(
        PAGE, {**FIELDS, "slots": ["mon-night"], "modes": ["pigeon"], "languages": ["xx"]}
    )

    assert set(response.context["form"].errors) == {"slots", "modes", "languages"}


def test_absences_are_added_joined_and_removed(member, sign_in):
    client = sign_in(member)
    add = reverse("people:add_absence")
    client.post(add, {"first_day": "2027-03-01", "last_day": "2027-03-05"})
    client.post(add, {"first_day": "2027-03-06", "last_day": "2027-03-10"})
    client.post(add, {"first_day": "2027-05-01", "last_day": "2027-05-01"})
    kept = list(Absence.objects.order_by("first_day").values_list("first_day", "last_day"))
    assert kept == [(date(2027, 3, 1), date(2027, 3, 10)), (date(2027, 5, 1), date(2027, 5, 1))]

    client.post(reverse("people:remove_absence", args=[Absence.objects.get(first_day="2027-03-01").pk]))
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last"), [("2027-03-05", "2027-03-01"), ("2027-01-01", "2027-01-31"), ("", "2027-03-01"), ("soon", "")]
)
def test_an_absence_that_makes_no_sense_is_refused(member, sign_in, first, last):
    response = sign_in(member).post(reverse("people:add_absence"), {"first_day": first, "last_day": last})

    assert response.status_code == 200
    assert response.context["absence_form"].errors
    assert not Absence.objects.exists()


def test_somebody_elses_absence_is_not_found(member, stranger, sign_in):
    absence = Absence.objects.create(person=stranger, first_day=TODAY, last_day=TODAY)
    response = sign_in(member).post(reverse("people:remove_absence", args=[absence.pk]))

    assert (response.status_code, Absence.objects.count()) == (404, 1)


def test_what_was_saved_is_audited_without_its_content(member, sign_in):
    sign_in(member).post(PAGE, FIELDS)

    assert list(AuditEntry.objects.values_list("actor", "verb", "label")) == [
        (member.pk, "save-profile", "people.profile")
    ]


def test_saving_the_same_again_changes_nothing(member, sign_in):
    client = sign_in(member)
    for _n in range(2):
        client.post(PAGE, FIELDS)

    assert AuditEntry.objects.count() == 1


def test_the_page_costs_the_same_with_one_three_and_thirty_absences(member, sign_in):
    client, costs = sign_in(member), []
    client.get(PAGE)
    for wanted in (1, 3, 30):
        while Absence.objects.count() < wanted:
            day = TODAY + timedelta(days=3 * Absence.objects.count())
            Absence.objects.create(person=member, first_day=day, last_day=day)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        costs.append(len(queries))

    assert costs == [costs[0]] * 3


def test_somebody_who_has_no_profile_yet_gets_one(sign_in):
    person = UserFactory(profile=None)
    assert sign_in(person).get(PAGE).status_code == 200
    assert Profile.objects.filter(user=person).count() == 1


@pytest.mark.parametrize("path", [PAGE, "/account/first-steps/", "/account/kept/", "/account/still-there/"])
def test_a_visitor_is_asked_to_sign_in(client, path):
    assert client.get(path)["Location"].startswith("/account/login/")


def test_a_former_name_is_shown_nowhere_on_other_peoples_pages(member, sign_in):
    report = UserFactory(profile=None)
    ProfileFactory(user=report, supervisor=member)
    Profile.objects.filter(user=member).update(preferred_name="Ros Vega")
    html = sign_in(report).get(PAGE).content.decode()

    assert ("Ros Vega" in html, "Santos" in html) == (True, False)
