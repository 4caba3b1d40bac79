"""The messages of a season on one page: when each goes, to whom, on or off, in which words, and how it looks."""

from html import unescape

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentorship.records.models import AuditEntry
from mentorship.reminders import registry, season_rules
from mentorship.reminders.models import SeasonRule, Wording
from mentorship.reminders.registry import rule_of
from mentorship.reminders.season_rules import Choice
from mentorship.reminders.sender import send_due
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.services import clone_season
from tests.factories import NOW, SeasonFactory
from tests.reminders.conftest import note  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def season():
    return SeasonFactory()


@pytest.fixture
def client(coordinator, sign_in):
    return sign_in(coordinator)


def address(page, season, *parts):
    return reverse(f"admin:seasons_season_{page}", args=[season.pk, *parts])


def words_of(client, url, **post):
    response = client.post(url, post, follow=True) if post else client.get(url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def form_of(client, url):
    """What the page's form would send as it stands."""
    sent = {field.html_name: field.value() for field in client.get(url).context["form"]}
    return {name: "on" if value is True else str(value) for name, value in sent.items() if value is not False}


class TestOverview:
    def test_every_message_says_when_to_whom_and_what_in_both_languages(self, season, client):
        html = words_of(client, address("messages", season))
        rules = registry.season_rules()
        assert len(rules) > 10
        for rule in rules:
            assert f"<h2>{rule.title}</h2>" in html
            assert str(rule.audience) != ""
            assert str(rule.audience) in html
            assert rule.when(rule.days) != ""
            assert rule.when(rule.days) in html
            for language in ("en", "es"):
                assert address("messages_words", season, rule.key, language) in html
        assert "3 days before the close" in html
        assert "Your application is still here" in html
        assert "Tu solicitud sigue aquí" in html

    def test_it_is_reached_from_the_season(self, season, client):
        assert address("messages", season) in words_of(client, address("change", season))

    def test_saving_it_as_it_stands_changes_nothing(self, season, client):
        url = address("messages", season)
        html = words_of(client, url, **form_of(client, url))
        assert "0 messages are changed." in html
        assert (SeasonRule.objects.count(), AuditEntry.objects.count()) == (0, 0)

    def test_a_switch_and_days_are_kept_audited_and_shown(self, season, client, coordinator):
        url = address("messages", season)
        form = form_of(client, url) | {"days-application-closing": "2"}
        del form["on-application-idle"]
        html = words_of(client, url, **form)
        assert "2 messages are changed." in html
        assert "2 days before the close" in html
        assert set(SeasonRule.objects.values_list("rule", "season_id", "on", "days")) == {
            ("application-idle", season.pk, False, None),
            ("application-closing", season.pk, True, 2),
        }
        assert AuditEntry.objects.filter(actor=coordinator, verb="change-season-message").count() == 2
        assert form_of(client, url) == form
        assert form_of(client, address("messages", SeasonFactory())) != form

    @pytest.mark.parametrize("days", ["0", "15", "", "x"])
    def test_days_that_make_no_sense_are_refused_in_words(self, days, season, client):
        url = address("messages", season)
        form = form_of(client, url) | {"days-application-closing": days}
        response = client.post(url, form)
        assert (response.status_code, list(response.context["form"].errors)) == (200, ["days-application-closing"])
        assert SeasonRule.objects.count() == 0

    def test_what_is_essential_has_no_switch_and_a_forged_one_does_nothing(self, season, client):
        url = address("messages", season)
        html = words_of(client, url)
        assert 'name="on-mentor-asked"' not in html
        assert 'name="on-mentor-asked-again"' in html
        season_rules.change_rules(
            season_id=season.pk, changes=[Choice("mentor-asked", False, None)], by=None, now=NOW
        )
        assert season_rules.is_off(rule_of("mentor-asked"), season.pk) is False

    def test_an_archived_season_is_only_read(self, season, client):
        season.archived_at = NOW
        season.save()
        url = address("messages", season)
        html = words_of(client, url)
        assert ">Save<" not in html
        assert client.post(url, {}).status_code == 403
        there = address("messages_words", season, "application-idle", "en")
        assert ">Save<" not in words_of(client, there)
        assert client.post(there, {"subject": "x", "body": "y"}).status_code == 403

    def test_it_costs_the_same_queries_however_much_a_season_changed(self, season, client):
        url = address("messages", season)
        now = timezone.now()
        with time_machine.travel(now, tick=False):
            client.get(url)
        counts = []
        for number, rule in enumerate(registry.season_rules()[:4]):
            if number:
                SeasonRule.objects.create(rule=rule.key, season_id=season.pk)
                Wording.objects.create(rule=rule.key, season_id=season.pk, language="en", subject="x", body="y")
            # A clock that stands still: once a minute a visit is written into the session.
            with time_machine.travel(now, tick=False), CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        assert counts == [counts[0]] * 4


class TestOwnWords:
    RULE = "application-idle"

    def test_they_speak_in_this_season_alone(self, season, client, coordinator):
        url = address("messages_words", season, self.RULE, "en")
        html = words_of(client, url, subject="Ours", body="Dear {name}, about {season}.")
        assert "Saved." in html
        row = Wording.objects.get()
        assert (row.rule, row.language, row.season_id) == (self.RULE, "en", season.pk)
        assert AuditEntry.objects.filter(actor=coordinator, verb="save-wording").count() == 1
        for page in (html, words_of(client, address("messages_frame", season, self.RULE, "en"))):
            assert "Dear Sam, about Spring 2027." in page
        other = SeasonFactory()
        assert "Dear Sam" not in words_of(client, address("messages_frame", other, self.RULE, "en"))
        assert "Dear Sam" not in words_of(client, address("messages_frame", season, self.RULE, "es"))

    def test_they_are_what_is_sent(self, season, client, member, note):  # noqa: F811
        note.season_of = lambda delivery: season.pk
        words_of(client, address("messages_words", season, "note", "en"), subject="Ours", body="Dear {greeting}!")
        queue_delivery(rule="note", recipient=member, dedupe_key="1", now=NOW)
        send_due(now=NOW)
        assert (mail.outbox[0].subject, "Dear Hello!" in mail.outbox[0].body) == ("Ours", True)

    @pytest.mark.parametrize("field", ["subject", "body"])
    @pytest.mark.parametrize("written", ["{first name}", "{nobody}", "{{ name }}"])
    def test_a_placeholder_that_cannot_be_filled_is_refused_with_those_that_can(self, field, written, season, client):
        post = {"subject": "Ours", "body": "Words"} | {field: f"Dear {written}"}
        html = words_of(client, address("messages_words", season, self.RULE, "en"), **post)
        known = ", ".join(f"{{{name}}}" for name in rule_of(self.RULE).placeholders)
        assert f"{written} can't be filled in here. This message knows: {known}" in html
        assert Wording.objects.count() == 0

    def test_the_usual_words_come_back(self, season, client, coordinator):
        url = address("messages_words", season, self.RULE, "en")
        words_of(client, url, subject="Ours", body="Dear {name}")
        html = words_of(client, url, what="shipped")
        assert "The message speaks in its usual words again." in html
        assert "Your application is still here" in html
        assert Wording.objects.count() == 0
        assert AuditEntry.objects.filter(actor=coordinator, verb="delete-wording").count() == 1

    def test_a_second_save_changes_the_same_words(self, season, client):
        url = address("messages_words", season, self.RULE, "en")
        for subject in ("First", "Second"):
            words_of(client, url, subject=subject, body="Words")
        assert Wording.objects.get().subject == "Second"

    @pytest.mark.parametrize("parts", [("unheard-of", "en"), ("application-idle", "fr")])
    def test_what_does_not_exist_is_not_found(self, parts, season, client):
        for page in ("messages_words", "messages_frame"):
            assert client.get(address(page, season, *parts)).status_code == 404

    def test_the_frame_lets_nothing_in_but_the_mails_own_styles(self, season, client):
        page = client.get(address("messages_words", season, self.RULE, "en"))
        frame = client.get(address("messages_frame", season, self.RULE, "en"))
        assert ("unsafe-inline" in page["Content-Security-Policy"], page["X-Frame-Options"]) == (False, "DENY")
        assert frame["X-Frame-Options"] == "SAMEORIGIN"
        assert "default-src 'none'" in frame["Content-Security-Policy"]


def test_a_new_season_like_an_earlier_one_has_its_choices_and_its_words(season, coordinator):
    season_rules.change_rules(
        season_id=season.pk, changes=[Choice("application-idle", False, 9)], by=coordinator, now=NOW
    )
    Wording.objects.create(rule="application-idle", season_id=season.pk, language="es", subject="x", body="y")
    clone = clone_season(season=season, name_en="Next", name_es="", opens_on=season.opens_on, by=coordinator, now=NOW)
    assert SeasonRule.objects.filter(season_id=clone.pk, rule="application-idle", on=False, days=9).count() == 1
    assert Wording.objects.filter(season_id=clone.pk, language="es", subject="x", body="y").count() == 1
