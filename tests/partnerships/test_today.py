"""The coordinator's Today, what has waited for a week, and Monday's mail."""

import contextlib
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from mentorship.common.registries import registries
from mentorship.partnerships import escalating
from mentorship.partnerships.checkins import today as check_ins
from mentorship.partnerships.checkins.services import write_to_member
from mentorship.partnerships.helping import today as helping
from mentorship.partnerships.helping.services import answer_case, take_case
from mentorship.partnerships.models import CheckIn
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import all_rules, rule_of
from mentorship.reminders.rendering import render
from mentorship.seasons import digest
from tests.factories import SeasonFactory, UserFactory
from tests.partnerships.running import APRIL, asked, help_case, low, member, season_under_way, told_pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def lines(person, now=APRIL):
    found = [task for source in (helping, check_ins) for task in source.tasks(person, now)]
    return [task.text for task in sorted(found, key=lambda task: (not task.urgent, task.order))]


@pytest.fixture
def travel():
    """The function that stops the clock of the pages."""
    with contextlib.ExitStack() as stack:
        yield lambda now: stack.enter_context(time_machine.travel(now, tick=False))


@pytest.fixture
def second(db):
    return UserFactory(given_name="Ben", roles=["coordinator"])


class TestOrder:
    def test_exceptions_stand_in_order_of_urgency_each_with_its_action_and_since_when(self, coordinator):
        season = season_under_way()

        def pair():
            return told_pair(coordinator, season=season)

        low(pair(), since=APRIL - DAY)
        low(pair(), going=4, fit="different")
        low(pair(), going=5, wants_call=True, since=APRIL - 2 * DAY)
        help_case(pair())
        help_case(pair(), topic="conduct", now=APRIL + DAY)
        quiet = pair()
        for month in (date(2027, 2, 1), date(2027, 3, 1)):
            asked(quiet, month=month)
        found = registries.tasks_of(coordinator, APRIL + DAY)
        assert [(task.text, task.action, task.since) for task in found] == [
            ("Rosa Santos asks for help: Confidentiality or how somebody behaves", "Read and take it", APRIL + DAY),
            ("Rosa Santos asks for help: The match", "Read and take it", APRIL),
            ("Rosa Santos would like a call", "Call Rosa", APRIL - 2 * DAY),
            ("Rosa Santos would like a different match", "Write to Rosa", APRIL),
            ("Rosa Santos says how it is going: Not so well (2 of 5)", "Write to Rosa", APRIL - DAY),
            ("Rosa Santos has answered no check-in for two months", "Write to Rosa", None),
            ("6 pairs haven't had a first meeting", "Offer help", None),
        ]

    def test_more_than_five_of_a_kind_are_counted_in_one_line(self, coordinator):
        season = season_under_way()
        for _number in range(8):
            pair = told_pair(coordinator, season=season)
            low(pair)
            help_case(pair)
            for month in (date(2027, 2, 1), date(2027, 3, 1)):
                asked(pair, "mentor", month=month)
        texts = lines(coordinator)
        assert (len(texts), [text for text in texts if text.startswith("3 more")]) == (
            18,
            [
                "3 more requests for help",
                "3 more: Low marks",
                "3 more have answered no check-in for two months",
            ],
        )

    def test_others_than_coordinators_have_nothing_there(self, administrator):
        low(told_pair())
        assert [lines(person) for person in (administrator, UserFactory())] == [[], []]


class TestWhose:
    def test_what_is_said_in_a_pair_waits_for_its_contact(self, coordinator, second):
        low(told_pair(coordinator))
        assert [len(lines(person)) for person in (coordinator, second)] == [1, 0]

    @pytest.mark.parametrize("gone", ["nobody", "deactivated", "no coordinator any more"])
    def test_a_pair_without_a_contact_is_everybodys(self, gone, coordinator, second):
        pair = told_pair(None if gone == "nobody" else coordinator)
        if gone == "deactivated":
            coordinator.is_active = False
            coordinator.save()
        elif gone != "nobody":
            coordinator.groups.clear()
        low(pair)
        assert len(lines(second)) == 1

    def test_after_a_week_it_is_the_second_coordinators_too(self, coordinator, second):
        third = UserFactory(roles=["coordinator"])
        low(told_pair(coordinator, season=season_under_way(second_coordinator=second)))
        before, after = APRIL + WEEK - timedelta(seconds=1), APRIL + WEEK
        assert [len(lines(person, now)) for now in (before, after) for person in (coordinator, second, third)] == [
            1, 0, 0, 1, 1, 0,
        ]  # fmt: skip

    def test_where_no_second_coordinator_is_named_it_is_everybodys_after_a_week(self, coordinator, second):
        low(told_pair(coordinator))
        assert len(lines(second, APRIL + WEEK)) == 1

    def test_a_request_for_help_waits_for_all_who_may_until_one_takes_it(self, coordinator, second):
        case = help_case(told_pair(coordinator, season=season_under_way(second_coordinator=second)))
        assert [len(lines(person)) for person in (coordinator, second)] == [1, 1]
        case = take_case(case=case, by=coordinator, now=APRIL)
        assert [len(lines(person)) for person in (coordinator, second)] == [1, 0]
        assert len(lines(second, APRIL + WEEK)) == 1
        answer_case(case=case, words="x", by=coordinator, now=APRIL)
        assert [len(lines(person, APRIL + WEEK)) for person in (coordinator, second)] == [0, 0]

    def test_the_second_coordinator_never_sees_what_is_kept_from_them(self, coordinator, second):
        help_case(told_pair(coordinator, season=season_under_way(second_coordinator=second)), kept_from=second)
        assert lines(second, APRIL + 10 * WEEK) == []

    def test_who_has_fallen_silent_is_left_alone_for_a_month_once_written_to(self, coordinator):
        pair = told_pair(coordinator)
        for month in (date(2027, 2, 1), date(2027, 3, 1)):
            asked(pair, month=month)
        assert len(lines(coordinator)) == 1
        write_to_member(membership=member(pair), words="Hello?", by=coordinator, now=APRIL)
        assert [len(lines(coordinator, APRIL + days * DAY)) for days in (0, 14)] == [0, 0]

    @pytest.mark.parametrize("answered", [date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)])
    def test_one_answer_in_two_months_or_since_is_enough(self, answered, coordinator):
        pair = told_pair(coordinator)
        for month in (date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)):
            asked(pair, month=month)
        CheckIn.objects.filter(month=answered).update(state="answered", going=4)
        assert lines(coordinator) == []


class TestSecondCoordinator:
    def told(self):
        return list(Delivery.objects.filter(rule="waits-for-a-week"))

    def test_one_message_says_how_much_has_waited_for_a_week_and_no_name(self, coordinator, second):
        season = season_under_way(second_coordinator=second)
        pair = told_pair(coordinator, season=season)
        low(pair)
        help_case(pair)
        escalating.escalate_due(APRIL + WEEK - DAY)
        assert self.told() == []
        for minutes in range(3):
            escalating.escalate_due(APRIL + WEEK + timedelta(minutes=minutes))
        [delivery] = self.told()
        mail = render(delivery)
        assert (delivery.recipient, "2 things in Spring 2027 have waited" in mail.text) == (second, True)
        assert "Rosa" not in mail.text + mail.html + mail.subject

    def test_it_is_told_once_and_again_when_something_new_waits(self, coordinator, second):
        season = season_under_way(second_coordinator=second)
        low(told_pair(coordinator, season=season))
        low(told_pair(coordinator, season=season), since=APRIL + 3 * DAY)
        counts = []
        for days in range(7, 14):
            escalating.escalate_due(APRIL + days * DAY)
            counts.append(len(self.told()))
        assert counts == [1, 1, 1, 2, 2, 2, 2]

    def test_nothing_is_said_of_what_they_may_not_read(self, coordinator, second):
        pair = told_pair(coordinator, season=season_under_way(second_coordinator=second))
        help_case(pair, kept_from=second)
        escalating.escalate_due(APRIL + 2 * WEEK)
        assert self.told() == []

    def test_it_is_not_sent_when_everything_was_dealt_with(self, coordinator, second):
        season = season_under_way(second_coordinator=second)
        row = low(told_pair(coordinator, season=season))
        escalating.escalate_due(APRIL + WEEK)
        [delivery] = self.told()
        rule = rule_of("waits-for-a-week")
        assert rule.unless(delivery, APRIL + WEEK) == ""
        row.waits_since = None
        row.save()
        assert rule.unless(delivery, APRIL + WEEK) == "handled"


class TestDigest:
    def queued(self):
        return set(Delivery.objects.filter(rule="weekly-digest").values_list("recipient", flat=True))

    @pytest.mark.parametrize(
        ("now", "sent"),
        [
            ("2027-04-12T07:59:00-07:00", False),
            ("2027-04-12T08:00:00-07:00", True),
            ("2027-04-12T17:59:00-07:00", True),
            ("2027-04-12T18:00:00-07:00", False),
            ("2027-04-13T10:00:00-07:00", False),
        ],
    )
    def test_it_is_made_on_monday_in_working_hours(self, now, sent, coordinator, administrator, member):
        season_under_way()
        digest.remind_coordinators(datetime.fromisoformat(now))
        assert self.queued() == ({coordinator.pk} if sent else set())

    def test_each_coordinator_gets_one_a_week(self, coordinator, second):
        season_under_way()
        for now in (APRIL, APRIL + timedelta(minutes=1), APRIL + WEEK):
            digest.remind_coordinators(now)
        assert Delivery.objects.filter(rule="weekly-digest").count() == 4

    def test_without_a_season_there_is_none(self, coordinator):
        SeasonFactory(published_at=None)
        digest.remind_coordinators(APRIL)
        assert self.queued() == set()

    def test_it_is_sent_only_where_something_waits(self, coordinator):
        pair = told_pair(coordinator, told=APRIL - 5 * DAY)
        digest.remind_coordinators(APRIL)
        [delivery] = Delivery.objects.filter(rule="weekly-digest")
        rule = rule_of("weekly-digest")
        assert rule.unless(delivery, APRIL) == "nothing"
        low(pair)
        assert rule.unless(delivery, APRIL) == ""
        coordinator.groups.clear()
        delivery = Delivery.objects.get(pk=delivery.pk)
        assert rule.unless(delivery, APRIL) == "no-coordinator"

    def test_it_waits_for_the_end_of_a_blackout_week(self, coordinator):
        season_under_way(blackout_weeks=[date(2027, 4, 12)])
        assert digest.next_working_moment(APRIL) == datetime.fromisoformat("2027-04-19T08:00:00-07:00")

    @pytest.mark.parametrize(
        ("language", "line"), [("en", "Requests for help: 2"), ("es", "Solicitudes de ayuda: 2")]
    )
    def test_it_gives_figures_and_one_link_and_names_nobody(self, language, line, coordinator):
        coordinator.language = language
        coordinator.save()
        season = season_under_way()
        for _number in range(2):
            pair = told_pair(coordinator, season=season)
            help_case(pair)
            low(pair)
        digest.remind_coordinators(APRIL)
        mail = render(Delivery.objects.get(rule="weekly-digest", recipient=coordinator))
        assert (line in mail.text, line in mail.html) == (True, True)
        assert [name for name in ("Rosa", "Sam", "Santos", "Tran") if name in mail.text + mail.html] == []


def test_today_shows_since_when_and_a_calm_page_when_nothing_waits(coordinator, sign_in, travel):
    season = season_under_way()
    travel(APRIL)
    client = sign_in(coordinator)
    calm = client.get(reverse("admin:index")).content.decode()
    assert ("All is well" in calm, "Nothing waits for you." in calm) == (True, True)
    pair = told_pair(coordinator, season=season)
    row = low(pair, since=APRIL)
    low(pair, "mentor", wants_call=True, since=APRIL)
    page = client.get(reverse("admin:index")).content.decode()
    assert ("Sam Tran would like a call" in page, "April 12" in page) == (True, True)
    assert reverse("admin:partnerships_checkin_change", args=[row.pk]) in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_message_has_a_sample_about_nobody(language, coordinator):
    keys = {"check-in", "check-in-again", "from-coordinator", "help-asked", "help-answered", "waits-for-a-week",
            "weekly-digest"}  # fmt: skip
    shown = {rule.key: previews.preview(rule, language) for rule in all_rules() if rule.key in keys}
    assert set(shown) == keys
    assert [key for key, preview in shown.items() if not preview.subject or "Santos" in preview.text] == []
