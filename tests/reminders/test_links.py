"""One-click links open one thing, for one person, for a while."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from mentorship.reminders import links
from mentorship.reminders.models import Delivery, MailToken
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def secret(note, member):
    delivery = Delivery(rule="note", recipient=member, due_at=NOW)
    with links.minting():
        url = links.one_click("reminders:stop", delivery=delivery, purpose="decline", lifetime=DAY)
    return url.rpartition("/")[2]


def test_a_secret_has_more_than_128_bits_and_only_its_hash_is_kept(secret):
    assert len(secret) == 32  # base64 of 24 bytes
    row = MailToken.objects.get()
    assert row.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row.__dict__)


def test_a_link_is_below_the_public_address(note, member, settings):
    settings.PUBLIC_URL = "https://mentorship.example.org"
    assert links.absolute("/apply/") == "https://mentorship.example.org/apply/"


def test_a_preview_mints_nothing(note, member):
    delivery = Delivery(rule="note", recipient=member, due_at=NOW)
    url = links.one_click("reminders:stop", delivery=delivery, purpose="decline", lifetime=DAY)
    assert url == "http://testserver/messages/stop/preview"
    assert MailToken.objects.count() == 0


def test_a_link_is_good_for_its_purpose_until_its_end(secret, member):
    assert links.find(secret=secret, purpose="decline", now=NOW).person == member
    assert links.find(secret=secret, purpose="accept", now=NOW) is None
    assert links.find(secret=secret + "x", purpose="decline", now=NOW) is None
    assert links.find(secret=secret, purpose="decline", now=NOW + DAY - timedelta(seconds=1)) is not None
    assert links.find(secret=secret, purpose="decline", now=NOW + DAY) is None


def test_a_link_closes_with_its_person(secret, member):
    member.is_active = False
    member.save()
    assert links.find(secret=secret, purpose="decline", now=NOW) is None


def test_a_link_that_was_revoked_opens_nothing(secret, member, stranger):
    assert links.revoke(person=stranger, now=NOW) == 0
    assert links.revoke(person=member, now=NOW, purpose="accept") == 0
    assert links.revoke(person=member, now=NOW, purpose="decline") == 1
    assert links.find(secret=secret, purpose="decline", now=NOW) is None


def test_a_link_is_used_once(secret):
    token = links.find(secret=secret, purpose="decline", now=NOW)
    assert links.use(token=token, now=NOW) is True
    assert links.use(token=token, now=NOW) is False


def test_closed_links_are_forgotten_after_30_days(secret):
    assert links.forget_expired(now=NOW + DAY + timedelta(days=30)) == 0
    assert links.forget_expired(now=NOW + DAY + timedelta(days=31)) == 1


class TestStopping:
    @pytest.fixture
    def url(self, note, member):
        delivery = Delivery(rule="note", recipient=member, due_at=timezone.now())
        with links.minting():
            return links.one_click("reminders:stop", delivery=delivery, purpose="stop-reminders", lifetime=DAY)

    def wanted(self, member):
        return not type(member).objects.filter(pk=member.pk, mail_preference__reminders=False).exists()

    def test_looking_changes_nothing(self, url, member, client):
        response = client.get(url)
        assert response.status_code == 200
        assert "Stop reminders?" in response.content.decode()
        assert self.wanted(member)

    def test_one_post_without_session_or_csrf_token_stops_reminders(self, url, member):
        from django.test import Client

        program = Client(enforce_csrf_checks=True)
        response = program.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert not self.wanted(member)

    def test_a_second_post_is_as_good_as_the_first(self, url, member, client):
        assert [client.post(url).status_code, client.post(url).status_code] == [200, 200]
        assert not self.wanted(member)

    def test_a_link_for_something_else_does_not_stop_reminders(self, secret, member, client):
        MailToken.objects.update(expires_at=timezone.now() + DAY)
        response = client.post(f"/messages/stop/{secret}")
        assert response.status_code == 404
        assert "This link no longer works" in response.content.decode()
        assert self.wanted(member)

    def test_the_word_in_a_preview_opens_nothing(self, client):
        assert client.post("/messages/stop/preview").status_code == 404


def test_deactivating_a_person_closes_their_links_for_good(member, administrator):
    from mentorship.people.services import deactivate_person
    from mentorship.reminders.models import MailToken

    MailToken.objects.create(
        person=member, purpose="stop-reminders", secret_hash="0" * 64, expires_at=NOW + timedelta(days=30)
    )
    deactivate_person(person=member, by=administrator, now=NOW)
    assert MailToken.objects.get().revoked_at == NOW
