"""What coordinators see of pairs and their meetings, what they can do, and what waits for them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mentorship.partnerships import services
from mentorship.partnerships.coordinator_tasks import pairs_in_need
from mentorship.partnerships.models import HourCorrection, Meeting
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from tests.factories import NOW, UserFactory
from tests.partnerships.cast import announced, person, planned, running

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAIR = "admin:partnerships_partnership_"


@pytest.fixture
def at(monkeypatch):
    """Set the clock that the pages of coordinators read; sessions live by the real one."""

    def set_to(moment):
        for name in ("admin.deciding", "admin.meetings"):
            monkeypatch.setattr(f"mentorship.partnerships.{name}.timezone.now", lambda: moment)

    return set_to


def tasks(person, now):
    return [(task.text, task.action, task.urgent) for task in pairs_in_need(person, now)]


def test_a_meeting_shows_date_length_and_attendance_and_nothing_else(coordinator, sign_in):
    pair = running(coordinator)
    planned(pair, starts_at=NOW + 9 * DAY, mode="in-person", place="Behind the secret shelf")
    services.write_note(partnership=pair, text="zebra", shared=True, by=person(pair, "mentee"), now=NOW)
    client = sign_in(coordinator)
    pages = [
        client.get(reverse("admin:partnerships_meeting_changelist")).content.decode(),
        *(
            client.get(reverse("admin:partnerships_meeting_change", args=[key])).content.decode()
            for key in Meeting.objects.values_list("pk", flat=True)
        ),
        client.get(reverse(f"{PAIR}change", args=[pair.pk])).content.decode(),
    ]
    assert not [page for page in pages if "secret shelf" in page or "zebra" in page]
    assert "Tuesday, February 2" in pages[0]
    assert "2 hours counted per person" in pages[-1]


def test_a_coordinator_puts_hours_right(coordinator, sign_in):
    pair = running(coordinator)
    meeting = Meeting.objects.get()
    members = [str(key) for key in pair.memberships.values_list("pk", flat=True)]
    form = {"took_place": "yes", "minutes": 30, "present": members, "reason": "They wrote to me"}
    url = reverse("admin:partnerships_meeting_correct", args=[meeting.pk])
    assert sign_in(coordinator).post(url, form).status_code == 302
    assert (HourCorrection.objects.get().by, Meeting.objects.get().minutes) == (coordinator, 30)


def test_a_coordinator_who_is_near_finds_neither_pair_nor_meeting(coordinator, sign_in):
    pair = running(coordinator)
    near = UserFactory(roles=["coordinator"])
    mentee = person(pair, "mentee")
    mentee.profile.supervisor = near
    mentee.profile.save()
    client = sign_in(near)
    for name in ("complete", "end"):
        assert client.post(reverse(f"{PAIR}{name}", args=[pair.pk])).status_code == 404
    assert (
        client.get(reverse("admin:partnerships_meeting_correct", args=[Meeting.objects.get().pk])).status_code == 404
    )
    assert "February" not in client.get(reverse("admin:partnerships_meeting_changelist")).content.decode()


@pytest.mark.parametrize(("name", "state"), [("complete", "completed"), ("end", "ended")])
def test_a_coordinator_completes_or_ends_a_pair_after_reading_what_happens(coordinator, sign_in, name, state):
    pair = running(coordinator)
    client = sign_in(coordinator)
    url = reverse(f"{PAIR}{name}", args=[pair.pk])
    assert "It can't be undone." in client.get(url).content.decode()
    client.post(url)
    pair.refresh_from_db()
    assert pair.state == state
    assert client.post(url).status_code == 302


def test_pairs_that_never_met_wait_for_their_coordinator_until_somebody_writes(coordinator, sign_in, at):
    pair = announced(coordinator)
    later = NOW + 60 * DAY
    at(later)
    assert tasks(coordinator, later) == [("1 pair hasn't had a first meeting", "Offer help", False)]
    client = sign_in(coordinator)
    page = client.get(reverse(f"{PAIR}quiet")).content.decode()
    assert ("Rosa" in page, "I am" in page) == (True, True)
    client.post(reverse(f"{PAIR}offer", args=[pair.pk]))
    written = Delivery.objects.filter(rule="contact-offers-help")
    assert {row.recipient for row in written} == {person(pair, "mentee"), person(pair, "mentor")}
    assert "I am Ana Ortiz" in render(written[0]).text
    assert tasks(coordinator, later) == []
    assert len(tasks(coordinator, later + 15 * DAY)) == 1


def test_pairs_in_a_long_silence_and_wishes_wait_too(coordinator, administrator, sign_in, at):
    pair = running(coordinator)
    services.wish_change(partnership=pair, by=person(pair, "mentee"), now=NOW)
    now = NOW + 40 * DAY
    at(now)
    assert tasks(coordinator, now) == [
        ("1 person would like a different match", "Get in touch", True),
        ("1 pair hasn't met for a while", "Offer help", False),
    ]
    assert tasks(administrator, now) == []
    client = sign_in(coordinator)
    assert "Rosa" in client.get(reverse(f"{PAIR}wishes")).content.decode()
    client.post(reverse(f"{PAIR}settle", args=[pair.pk]))
    assert len(tasks(coordinator, now)) == 1


def test_a_pair_with_a_meeting_to_come_is_nobodys_task(coordinator):
    pair = running(coordinator)
    planned(pair, starts_at=NOW + 41 * DAY, now=NOW + 39 * DAY)
    assert tasks(coordinator, NOW + 40 * DAY) == []
