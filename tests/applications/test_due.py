"""Who is reminded while applications are open: those who began and left, and those for whom the close comes near."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.applications.due import remind_applicants
from mentorship.applications.models import Application, Invitation
from mentorship.applications.services import save_section, start_application
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from mentorship.reminders.season_rules import Choice, change_rules
from mentorship.reminders.sender import send_due
from tests.factories import GoalFactory, SeasonFactory, UserFactory

pytestmark = pytest.mark.django_db
PACIFIC = ZoneInfo("America/Los_Angeles")
DAY = timedelta(days=1)
RULES = ("application-idle", "application-closing", "invitation-closing")


def at(day: int, hour: int = 9, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=PACIFIC)


@pytest.fixture
def season():
    """Open from Monday, 4 January, to 17:00 of Friday, 12 February 2027."""
    season = SeasonFactory(opens_on=date(2027, 1, 4), published_at=at(2))
    season.goals.set([GoalFactory() for _ in range(4)])
    return season


@pytest.fixture
def begun(season, member):
    return start_application(season=season, applicant=member, role="mentee", now=at(4))


def invite(season, person, on):
    return Invitation.objects.create(
        season=season, person=person, role="mentor", invited_by=UserFactory(), invited_at=on
    )


def queued():
    return sorted(Delivery.objects.values_list("rule", flat=True))


class TestBegunAndLeft:
    def test_it_is_due_after_five_days_without_a_change_and_once(self, begun):
        remind_applicants(at(8, 23))
        assert queued() == []
        remind_applicants(at(9, 0))
        remind_applicants(at(9, 1))
        remind_applicants(at(20))
        assert queued() == ["application-idle"]

    def test_days_are_those_of_the_seasons_zone(self, member):
        season = SeasonFactory(opens_on=date(2027, 1, 4), zone="Pacific/Auckland", published_at=at(1))
        start_application(season=season, applicant=member, role="mentee", now=at(4))
        midnight = datetime(2027, 1, 10, tzinfo=ZoneInfo("Pacific/Auckland"))
        remind_applicants(midnight - timedelta(seconds=1))
        assert queued() == []
        remind_applicants(midnight)
        assert queued() == ["application-idle"]

    def test_a_change_begins_the_count_anew_and_it_comes_once_more(self, begun, member):
        remind_applicants(at(9))
        save_section(application=begun, section="work", data={"facts_confirmed": True}, by=member, now=at(12))
        remind_applicants(at(16))
        assert queued() == ["application-idle"]
        remind_applicants(at(17))
        assert queued() == ["application-idle", "application-idle"]

    @pytest.mark.parametrize(("section", "data"), [("identity", {"given": {}}), ("avoid", {"people": []})])
    def test_a_visit_to_a_private_page_leaves_no_day_behind(self, section, data, begun, member, settings):
        begun.season.identity_matching = True
        begun.season.save()
        save_section(application=begun, section=section, data=data, by=member, now=at(12))
        begun.refresh_from_db()
        assert begun.changed_on == date(2027, 1, 4)

    def test_it_is_not_sent_to_whoever_went_on_meanwhile(self, begun, member):
        remind_applicants(at(9))  # a Saturday: it waits
        save_section(application=begun, section="work", data={"facts_confirmed": True}, by=member, now=at(10))
        send_due(now=at(11))
        assert (Delivery.objects.get().state, mail.outbox) == ("skipped", [])

    def test_the_last_reminder_before_the_close_goes_before_it(self, season, member):
        start_application(season=season, applicant=member, role="mentee", now=at(28))
        remind_applicants(at(3, month=2))
        assert queued() == []
        remind_applicants(at(9, month=2))
        assert queued() == ["application-closing"]

    def test_with_the_last_reminder_switched_off_it_comes_to_the_end(self, season, member, coordinator):
        start_application(season=season, applicant=member, role="mentee", now=at(28))
        change_rules(
            season_id=season.pk, changes=[Choice("application-closing", False, 3)], by=coordinator, now=at(4)
        )
        remind_applicants(at(9, month=2))
        assert queued() == ["application-idle"]


class TestClosingSoon:
    @pytest.mark.parametrize(
        ("now", "rules"),
        [
            (at(8, 23, month=2), []),
            (at(9, 0, month=2), ["application-closing", "invitation-closing"]),
            (at(12, 16, month=2), ["application-closing", "invitation-closing"]),
            (at(12, 17, month=2), []),
        ],
    )
    def test_it_is_due_from_three_days_before_the_close_until_then(self, now, rules, season, begun):
        Application.objects.update(changed_on=date(2027, 2, 8))
        invite(season, UserFactory(), at(20))
        remind_applicants(now)
        remind_applicants(now)
        assert queued() == rules

    @pytest.mark.parametrize("state", ["submitted", "withdrawn", "eligible"])
    def test_it_is_only_for_those_whose_application_is_not_sent(self, state, begun):
        Application.objects.update(state=state)
        remind_applicants(at(10, month=2))
        assert queued() == []

    def test_an_invitation_that_was_taken_up_needs_no_reminder(self, season, member):
        invite(season, member, at(20))
        start_application(season=season, applicant=member, role="mentor", now=at(9, month=2))
        remind_applicants(at(10, month=2))
        assert queued() == ["application-closing"]

    def test_whoever_is_invited_today_is_reminded_tomorrow_at_the_earliest(self, season, member):
        invite(season, member, at(9, month=2))
        remind_applicants(at(9, 23, month=2))
        assert queued() == []
        remind_applicants(at(10, month=2))
        assert queued() == ["invitation-closing"]

    def test_it_is_not_sent_once_applications_are_closed(self, begun):
        remind_applicants(at(12, 16, month=2))
        send_due(now=at(12, 18, month=2))
        send_due(now=at(15, 9, month=2))
        assert (Delivery.objects.get().state, mail.outbox) == ("skipped", [])

    @pytest.mark.parametrize("change", [{"published_at": None}, {"archived_at": at(5)}, {"announced_at": at(5)}])
    def test_a_season_that_takes_no_applications_reminds_nobody(self, change, begun):
        for name, value in change.items():
            setattr(begun.season, name, value)
        begun.season.save()
        remind_applicants(at(10, month=2))
        assert queued() == []


class TestSeasonsChoices:
    def test_a_season_may_change_the_days(self, begun, season, coordinator):
        change_rules(season_id=season.pk, changes=[Choice("application-idle", True, 2)], by=coordinator, now=at(4))
        remind_applicants(at(6))
        assert queued() == ["application-idle"]

    @pytest.mark.parametrize("rule", RULES)
    def test_a_season_may_switch_one_off_also_when_it_is_already_waiting(self, rule, begun, season, coordinator):
        invite(season, UserFactory(), at(20))
        Application.objects.update(changed_on=date(2027, 1, 4))
        moment = at(12) if rule == "application-idle" else at(9, month=2)
        off = {"season_id": season.pk, "changes": [Choice(rule, False, None)], "by": coordinator, "now": at(4)}
        remind_applicants(moment)
        change_rules(**off)
        send_due(now=moment)
        assert list(Delivery.objects.filter(rule=rule).values_list("state", "problem")) == [
            ("skipped", "switched-off")
        ]
        Delivery.objects.all().delete()
        remind_applicants(moment)
        assert rule not in queued()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("language", "season_name"), [("en", "Spring 2027"), ("es", "Primavera de 2027")])
def test_they_say_what_is_open_until_when_in_the_readers_language(rule, language, season_name, begun, season, member):
    member.language = language
    member.save()
    subject = invite(season, member, at(20)) if rule == "invitation-closing" else begun
    delivery = Delivery(
        rule=rule, recipient=member, subject_id=subject.pk, ids={"season": str(season.pk)}, due_at=at(9)
    )
    rendered = render(delivery)
    assert season_name in rendered.text
    assert ("12 de febrero" if language == "es" else "February 12") in rendered.text
    assert rendered.stop_url != ""


@pytest.mark.parametrize("rule", RULES)
def test_their_samples_are_about_nobody(rule, season):
    person = UserFactory(family_name="Quillfeather")
    start_application(season=season, applicant=person, role="mentee", now=at(4))
    invite(season, person, at(20))
    assert person.family_name not in previews.preview(rule_of(rule), "es").text


def test_the_tick_costs_the_same_queries_however_many_have_begun(season):
    counts = []
    for people in (1, 3, 20):
        while Application.objects.count() < people:
            start_application(season=season, applicant=UserFactory(), role="mentee", now=at(4))
            invite(season, UserFactory(), at(20))
        Delivery.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            remind_applicants(at(9, month=2))
        counts.append(len(queries))
    assert (counts, Delivery.objects.count()) == ([counts[0]] * 3, 2 * 20)
