"""A shared computer keeps nothing, signs out whoever is gone, and loses nothing that was typed."""

import base64
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorship.people.models import Profile
from mentorship.people.services import purge_sign_in_rows
from tests.factories import NOW, UserFactory

PASSWORD = "tall otters read at noon"
PROFILE = {"preferred_name": "Rosie", "bio": "First line\r\nSecond ñ", "modes": ["video", "phone"], "language": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def member(member):
    member.set_password(PASSWORD)
    member.save()
    return member


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def come_in(person, client=None, **fields):
    client = client or Client()
    client.post(
        reverse("account_login"),
        {"login": person.employee_number, "password": PASSWORD, "initial-shared_computer": "True", **fields},
        follow=True,
    )
    return client


def signed_in(client):
    return client.get(reverse("people:profile")).status_code == 200


@pytest.mark.parametrize("minutes", [14, 15])
def test_who_does_something_every_quarter_of_an_hour_stays(member, clock, minutes):
    client = come_in(member, shared_computer="on")
    for _n in range(4):
        clock.shift(timedelta(minutes=minutes))
        assert signed_in(client)


def test_after_sixteen_idle_minutes_one_is_signed_out_and_told_why(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=16))
    response = client.get(reverse("people:profile"), follow=True)

    assert response.redirect_chain == [(f"{reverse('account_login')}?next={reverse('people:profile')}", 302)]
    assert "nobody did anything here for 15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_cookie_ends_with_the_browser_unless_the_computer_is_ones_own(member, clock):
    shared = come_in(member, shared_computer="on")
    own = come_in(member)

    assert shared.cookies["sessionid"]["max-age"] == ""
    assert own.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_on_ones_own_computer_one_stays_for_fourteen_days_and_not_longer(member, clock):
    client = come_in(member)
    clock.shift(timedelta(days=13, hours=23))
    assert signed_in(client)
    clock.shift(timedelta(hours=2))
    assert not signed_in(client)


def test_a_form_that_never_showed_the_box_means_a_shared_computer(member, clock):
    client = Client()
    client.post(reverse("account_login"), {"login": member.employee_number, "password": PASSWORD}, follow=True)

    assert client.cookies["sessionid"]["max-age"] == ""
    clock.shift(timedelta(minutes=16))
    assert not signed_in(client)


def test_the_box_of_the_code_by_mail_counts_too(member, clock, mailoutbox):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": member.email, "initial-shared_computer": "True"})
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mailoutbox[0].body)[0]
    client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
    clock.shift(timedelta(hours=1))

    assert signed_in(client)


def test_one_can_change_ones_mind_after_signing_in(member, clock):
    client = come_in(member, shared_computer="on")
    client.post(reverse("people:this_computer"), {"shared": "no"})
    clock.shift(timedelta(days=3))
    assert signed_in(client)
    client.post(reverse("people:this_computer"), {"shared": "yes"})
    assert signed_in(client)
    clock.shift(timedelta(minutes=16))
    assert not signed_in(client)


def test_pages_of_the_signed_in_are_stored_nowhere(member, clock):
    client = come_in(member)

    assert "no-store" in client.get(reverse("people:profile"))["Cache-Control"]
    assert "no-store" in client.get("/")["Cache-Control"]


def test_a_page_with_nothing_to_type_goes_to_the_warning_a_minute_before(member, clock):
    client = come_in(member, shared_computer="on")
    page = reverse("people:first_steps")

    assert client.get(page)["Refresh"] == f"840; url={reverse('people:still_there')}?next={quote(page, safe='')}"


def test_a_page_with_something_to_type_is_never_taken_away(member, clock):
    client = come_in(member, shared_computer="on")

    assert "Refresh" not in client.get(reverse("people:profile"))


def test_on_ones_own_computer_no_page_leaves_the_screen(member, clock):
    assert "Refresh" not in come_in(member).get(reverse("people:first_steps"))


def test_looking_at_the_warning_is_no_sign_of_somebody_being_there(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=14))
    warning = client.get(reverse("people:still_there"), {"next": reverse("people:first_steps")})
    assert warning.status_code == 200
    assert warning["Refresh"] == f"100; url={reverse('people:first_steps')}"
    clock.shift(timedelta(minutes=2))

    assert not signed_in(client)


def test_answering_the_warning_keeps_the_session_and_leads_back(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=14))
    client.get(reverse("people:still_there"))
    response = client.post(reverse("people:stay"), {"next": reverse("people:first_steps")})
    assert response["Location"] == reverse("people:first_steps")
    clock.shift(timedelta(minutes=14))

    assert signed_in(client)


def test_the_script_gets_a_plain_yes(member, clock):
    client = come_in(member, shared_computer="on")

    assert client.post(reverse("people:stay"), headers={"X-Requested-With": "fetch"}).status_code == 204


def test_the_warning_leads_nowhere_else(member, clock):
    client = come_in(member, shared_computer="on")
    answers = [
        client.get(reverse("people:still_there"), {"next": "https://elsewhere.example"})["Refresh"],
        client.post(reverse("people:stay"), {"next": "//elsewhere.example"})["Location"],
    ]

    assert answers == ["100; url=/", "/"]


def test_a_page_that_polls_by_itself_is_no_sign_of_somebody_being_there(member, clock):
    client = come_in(member, shared_computer="on")
    client.get(reverse("people:profile"))
    for _n in range(4):
        clock.shift(timedelta(minutes=4, seconds=30))
        client.get(reverse("people:first_steps"), headers={"HX-Request": "true"})

    assert not signed_in(client)


def test_answers_that_come_too_late_wait_for_their_sender_and_arrive_whole(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(hours=2))
    late = client.post(reverse("people:profile"), PROFILE)
    assert late["Location"] == f"{reverse('account_login')}?next={quote(reverse('people:kept_answers'), safe='')}"
    assert Profile.objects.get(user=member).preferred_name == ""

    come_in(member, client, shared_computer="on", next=reverse("people:kept_answers"))
    page = client.get(reverse("people:kept_answers"))
    kept = page.context["kept"]
    assert kept.path == reverse("people:profile")
    assert 'name="bio" value="First line' in page.content.decode()
    data = {}
    for name, value in kept.fields:
        data.setdefault(name, []).append(value)
    client.post(kept.path, data)

    profile = Profile.objects.get(user=member)
    assert (profile.preferred_name, profile.bio, profile.modes) == (
        "Rosie",
        PROFILE["bio"],
        ["video", "phone"],
    )
    assert client.get(reverse("people:kept_answers")).status_code == 302


def test_after_signing_in_anywhere_one_is_led_to_what_is_kept(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("people:profile"), PROFILE)
    response = client.post(reverse("account_login"), {"login": member.employee_number, "password": PASSWORD})

    assert response["Location"] == reverse("people:kept_answers")


def test_somebody_else_who_signs_in_there_never_sees_it(member, stranger, clock):
    stranger.set_password(PASSWORD)
    stranger.save()
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("people:profile"), PROFILE)
    come_in(stranger, client, shared_computer="on")
    response = client.get(reverse("people:kept_answers"))

    assert response.status_code == 302
    assert "kept_answers" not in client.session


def test_what_is_kept_is_kept_for_half_an_hour(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("people:profile"), PROFILE)
    clock.shift(timedelta(minutes=31))
    come_in(member, client, shared_computer="on")

    assert client.get(reverse("people:kept_answers")).status_code == 302


def test_what_is_kept_can_be_thrown_away(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("people:profile"), PROFILE)
    come_in(member, client, shared_computer="on")
    client.post(reverse("people:kept_answers"))

    assert "kept_answers" not in client.session


def test_what_is_kept_is_in_clear_nowhere_in_the_database(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("people:profile"), {**PROFILE, "bio": "canary-canary"})
    stored = [base64.b64decode(data) for data in Session.objects.values_list("session_data", flat=True)]
    assert stored
    assert [b"canary-canary" in data for data in stored] == [False] * len(stored)


def test_a_password_that_comes_too_late_is_not_kept(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "x", "password2": "x"})

    assert "kept_answers" not in client.session


def test_a_forged_post_is_not_kept(member, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member, backend="mentorship.people.backends.ActivePersonBackend")
    client.get(reverse("people:profile"))
    clock.shift(timedelta(minutes=20))
    response = client.post(reverse("people:profile"), PROFILE)

    assert response.status_code == 403
    assert "kept_answers" not in client.session


def test_a_late_fragment_leads_the_whole_page_to_signing_in(member, clock):
    client = come_in(member, shared_computer="on")
    clock.shift(timedelta(minutes=20))
    response = client.post(reverse("people:profile"), PROFILE, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"].split("?")[0]) == (204, reverse("account_login"))


def test_signing_out_is_a_post_and_ends_the_session(member, clock):
    client = come_in(member, shared_computer="on")
    page = client.get(reverse("people:profile")).content.decode()
    assert f'<form method="post" action="{reverse("account_logout")}">' in page
    client.get(reverse("account_logout"))
    assert signed_in(client)
    client.post(reverse("account_logout"))

    assert not signed_in(client)


def test_the_session_row_is_written_at_most_every_twenty_seconds(member, clock):
    client = come_in(member, shared_computer="on")
    client.get(reverse("people:first_steps"))
    writes = []
    for seconds in (5, 5, 15):
        clock.shift(timedelta(seconds=seconds))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("people:first_steps"))
        writes.append(sum('UPDATE "django_session"' in query["sql"] for query in queries))

    assert writes == [0, 0, 1]


def test_a_person_without_a_session_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/livez")


def test_expired_rows_are_deleted_at_night(member, clock):
    come_in(member, shared_computer="on")
    UserFactory()
    assert purge_sign_in_rows(timezone.now()) == 0
    clock.shift(timedelta(hours=13))

    assert purge_sign_in_rows(timezone.now()) == 2
    assert Session.objects.count() == 0
