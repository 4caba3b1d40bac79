"""Reminders about a pair rest while one of the two waits for help, and no coordinator reads of pairs near them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentorship.partnerships.helping.services import close_case
from mentorship.partnerships.services import end_pair
from mentorship.partnerships.services.helping import offer_help
from mentorship.people.models import Profile
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from tests.factories import NOW, SeasonFactory, UserFactory
from tests.partnerships import cast, running

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def never_met(by):
    pair = cast.announced(by, season=SeasonFactory(starts_on=date(2027, 3, 8)))
    return pair, datetime(2027, 3, 29, 18, 0, tzinfo=UTC)


def gone_quiet(by):
    return cast.running(by), NOW + 36 * DAY


def meeting_over(by):
    pair = cast.announced(by)
    cast.planned(pair)
    return pair, NOW + 7 * DAY + HOUR


def meeting_to_come(by):
    pair = cast.announced(by)
    cast.planned(pair)
    return pair, datetime(2027, 2, 5, 17, 0, tzinfo=UTC)


def told(by):
    return running.told_pair(by), running.APRIL


def checked_in(by):
    pair = running.told_pair(by)
    running.asked(pair, "mentee")
    running.asked(pair, "mentor")
    return pair, running.APRIL


SCENES = {
    "no-first-meeting": never_met,
    "no-recent-meeting": gone_quiet,
    "did-you-meet": meeting_over,
    "check-in": told,
    "check-in-again": checked_in,
}


def queued(rule, now):
    for source in registry.due_sources():
        source(now)
    return Delivery.objects.filter(rule=rule).order_by("pk")


@pytest.mark.parametrize("rule", SCENES)
@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_it_is_held_back_from_both_while_one_of_them_waits_for_help(rule, who, coordinator):
    pair, moment = SCENES[rule](coordinator)
    deliveries = list(queued(rule, moment))
    assert [rule_of(rule).unless(row, moment) for row in deliveries] == [""] * len(deliveries) != []
    case = running.help_case(pair, who, now=moment)
    assert {rule_of(rule).unless(row, moment) for row in deliveries} == {"help-case"}
    close_case(case=case, by=running.member(pair, who).person, now=moment)
    assert {rule_of(rule).unless(row, moment) for row in deliveries} == {""}


@pytest.mark.parametrize("rule", ["no-first-meeting", "no-recent-meeting", "did-you-meet"])
def test_what_became_due_meanwhile_is_queued_once_the_request_is_settled(rule, coordinator):
    pair, moment = SCENES[rule](coordinator)
    case = running.help_case(pair, now=moment)
    assert queued(rule, moment).count() == 0
    close_case(case=case, by=running.member(pair).person, now=moment)
    assert queued(rule, moment).count() > 0


def test_another_pairs_request_holds_nothing_back(coordinator):
    pair, moment = gone_quiet(coordinator)
    running.help_case(cast.running(coordinator), now=moment)
    assert {row.subject_id for row in queued("no-recent-meeting", moment)} == {pair.pk}


def test_a_meeting_to_come_is_still_spoken_of(coordinator):
    pair, moment = meeting_to_come(coordinator)
    running.help_case(pair, now=moment)
    deliveries = queued("meeting-tomorrow", moment)
    assert [rule_of("meeting-tomorrow").unless(row, moment) for row in deliveries] == ["", ""]


def test_every_message_about_a_pair_says_whom_it_concerns_or_is_its_readers_alone():
    rules = [rule for rule in registry.all_rules() if rule.context.__module__.startswith("mentorship.partnerships")]
    assert len(rules) > 15
    assert [rule.key for rule in rules if rule.concerns is None and not rule.private] == []


@pytest.mark.parametrize(
    "rule", [*SCENES, "meeting-tomorrow", "meeting-planned", "pair-ended", "contact-offers-help"]
)
def test_a_coordinator_near_a_member_does_not_read_that_anything_was_said(rule, coordinator):
    pair, moment = SCENES.get(rule, meeting_to_come)(coordinator)
    if rule == "pair-ended":
        end_pair(partnership=pair, by=cast.person(pair, "mentor"), now=moment)
    if rule == "contact-offers-help":
        offer_help(partnership=pair, by=coordinator, now=moment)
    count = queued(rule, moment).count()
    near = UserFactory(roles=["coordinator"])
    # Near the one of the two is near the pair: what was said to the other is hidden as well.
    Profile.objects.filter(user=cast.person(pair, "mentee")).update(supervisor=near)
    shown = [Delivery.objects.visible_to(who).filter(rule=rule).count() for who in (coordinator, near)]
    assert (count > 0, shown) == (True, [count, 0])
