"""A pair on its way from the coordinator's yes to both being told."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from mentorship.common.states import IllegalMove
from mentorship.partnerships import messages, services
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.partnerships.services import NotTheirs
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.season_rules import Choice, change_rules
from tests.factories import NOW, MenteeFactory, PartnershipFactory, UserFactory
from tests.partnerships.cast import approved, asked, confirmed, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sent(rule):
    return Delivery.objects.filter(rule=rule)


def test_asking_gives_five_days_and_writes_to_the_mentor_alone(coordinator):
    pair = asked(coordinator)
    assert (pair.state, pair.asked_at, pair.answer_due) == ("asked", NOW, NOW + 5 * DAY)
    assert sent("mentor-asked").get().recipient == person(pair, "mentor")
    assert Delivery.objects.count() == 1


def test_asking_again_at_once_asks_nobody_twice(coordinator):
    pair = asked(coordinator)
    assert services.ask_mentors(season=pair.season, by=coordinator, now=NOW) == 0
    assert Delivery.objects.count() == 1


def test_a_coordinator_asks_nobody_about_a_pair_that_concerns_them(coordinator):
    pair = approved(coordinator)
    near = UserFactory(roles=["coordinator"])
    mentee = person(pair, "mentee")
    mentee.profile.supervisor = near
    mentee.profile.save()
    assert services.ask_mentors(season=pair.season, by=near, now=NOW) == 0
    with pytest.raises(NotTheirs):
        services.take_back(partnership=pair, by=near, now=NOW)
    assert services.ask_mentors(season=pair.season, by=coordinator, now=NOW) == 1


def test_a_yes_waits_for_the_announcement(coordinator):
    pair = confirmed(coordinator)
    assert (pair.state, pair.answered_at, pair.closed_at) == ("confirmed", NOW, None)
    assert MentorPlaces.objects.get().taken == 1


def test_a_no_frees_the_mentee_and_the_place_and_writes_to_nobody(coordinator):
    pair = asked(coordinator)
    services.answer_question(partnership=pair, yes=False, by=person(pair, "mentor"), now=NOW + DAY)
    pair.refresh_from_db()
    assert (pair.state, pair.answered_at, pair.closed_at) == ("declined", NOW + DAY, NOW + DAY)
    assert MentorPlaces.objects.get().taken == 0
    assert set(Membership.objects.values_list("active", "left_at")) == {(False, NOW + DAY)}
    assert Delivery.objects.count() == 1


def test_a_mentor_may_still_say_no_after_a_yes_until_both_are_told(coordinator):
    pair = confirmed(coordinator)
    mentor = person(pair, "mentor")
    services.answer_question(partnership=pair, yes=False, by=mentor, now=NOW)
    with pytest.raises(IllegalMove):
        services.answer_question(partnership=pair, yes=True, by=mentor, now=NOW)


@pytest.mark.parametrize("who", ["mentee", "coordinator", "stranger"])
def test_only_the_mentor_answers(who, coordinator, stranger):
    pair = asked(coordinator)
    somebody = {"mentee": person(pair, "mentee"), "coordinator": coordinator, "stranger": stranger}[who]
    with pytest.raises(NotTheirs):
        services.answer_question(partnership=pair, yes=True, by=somebody, now=NOW)


def test_a_mentor_is_reminded_once_after_three_days(coordinator):
    pair = asked(coordinator)
    messages.remind_mentors(NOW + 3 * DAY - timedelta(minutes=1))
    assert sent("mentor-asked-again").count() == 0
    for hours in (0, 1, 24):
        messages.remind_mentors(NOW + 3 * DAY + timedelta(hours=hours))
    assert sent("mentor-asked-again").get().recipient == person(pair, "mentor")


def test_nobody_is_reminded_of_what_was_answered(coordinator):
    confirmed(coordinator)
    messages.remind_mentors(NOW + 4 * DAY)
    assert sent("mentor-asked-again").count() == 0


def test_nobody_is_reminded_once_the_time_to_answer_is_over(coordinator):
    asked(coordinator)
    messages.remind_mentors(NOW + 5 * DAY)
    assert sent("mentor-asked-again").count() == 0


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ((2027, 2, 1, 10, 0), (2027, 2, 6, 10, 0)),  # a Monday in working hours
        ((2027, 2, 1, 7, 59), (2027, 2, 6, 8, 0)),
        ((2027, 2, 5, 18, 0), (2027, 2, 13, 8, 0)),  # Friday evening: from Monday
        ((2027, 3, 10, 9, 0), (2027, 3, 15, 9, 0)),  # over the change of the clock, at the same time of day
    ],
)
def test_the_five_days_count_from_the_first_working_moment(asked_at, due, coordinator):
    zone = ZoneInfo("America/Los_Angeles")
    pair = approved(coordinator)
    services.ask_mentors(season=pair.season, by=coordinator, now=datetime(*asked_at, tzinfo=zone).astimezone(UTC))
    pair.refresh_from_db()
    assert pair.answer_due.astimezone(zone) == datetime(*due, tzinfo=zone)


def test_a_season_may_remind_mentors_sooner_or_not_at_all(coordinator):
    pair = asked(coordinator)
    keep = partial(change_rules, season_id=pair.season_id, by=coordinator, now=NOW)
    keep(changes=[Choice("mentor-asked-again", False, 1)])
    messages.remind_mentors(NOW + 4 * DAY)
    assert sent("mentor-asked-again").count() == 0
    keep(changes=[Choice("mentor-asked-again", True, 1)])
    messages.remind_mentors(NOW + DAY - timedelta(seconds=1))
    assert sent("mentor-asked-again").count() == 0
    messages.remind_mentors(NOW + DAY)
    messages.remind_mentors(NOW + DAY)
    assert sent("mentor-asked-again").count() == 1


def test_an_overdue_question_can_be_asked_again_or_taken_as_a_no(coordinator):
    pair = asked(coordinator)
    for service in (services.ask_again, services.treat_as_declined):
        with pytest.raises(NotTheirs):
            service(partnership=pair, by=coordinator, now=NOW + 4 * DAY)
    saturday = NOW + 5 * DAY
    services.ask_again(partnership=pair, by=coordinator, now=saturday)
    pair.refresh_from_db()
    monday = datetime(2027, 2, 8, 8, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert (pair.answer_due, sent("mentor-asked").count()) == (monday + 5 * DAY, 2)
    services.treat_as_declined(partnership=pair, by=coordinator, now=monday + 5 * DAY)
    pair.refresh_from_db()
    assert pair.state == "declined"


def test_a_pair_is_taken_back_freely_before_its_mentor_is_asked(coordinator):
    first = approved(coordinator)
    services.take_back(partnership=first, by=coordinator, now=NOW)
    first.refresh_from_db()
    assert (first.state, MentorPlaces.objects.get().taken) == ("cancelled", 0)


def test_a_question_is_taken_back_only_where_somebody_withdrew(coordinator):
    pair = asked(coordinator)
    with pytest.raises(NotTheirs):
        services.take_back(partnership=pair, by=coordinator, now=NOW)
    mentee = pair.memberships.get(role="mentee").application
    mentee.state = "withdrawn"
    mentee.save()
    services.take_back(partnership=pair, by=coordinator, now=NOW)
    pair.refresh_from_db()
    assert pair.state == "cancelled"


def test_every_step_is_in_the_audit_trail_with_who_and_nothing_else(coordinator):
    pair = confirmed(coordinator)
    services.announce(season=pair.season, by=coordinator, now=NOW)
    trail = AuditEntry.objects.filter(object_id=str(pair.pk)).values_list("verb", "actor")
    assert set(trail) == {
        ("approve-pair", coordinator.pk),
        ("ask-mentor", coordinator.pk),
        ("mentor-said-yes", person(pair, "mentor").pk),
        ("announce-pair", coordinator.pk),
    }


def test_a_coordinator_asks_nobody_about_another_pair_of_their_partner(coordinator):
    pair = approved(coordinator)
    near = UserFactory(roles=["coordinator"])
    theirs = MenteeFactory(season=pair.season, applicant=near)
    mentor = pair.memberships.get(role="mentor").application
    own = PartnershipFactory(season=pair.season, pair=(theirs, mentor), state="confirmed")
    assert Partnership.objects.decidable_by(near).filter(pk=pair.pk).exists()
    Partnership.objects.filter(pk=own.pk).update(state="announced")
    assert not Partnership.objects.decidable_by(near).filter(pk=pair.pk).exists()
    assert services.ask_mentors(season=pair.season, by=near, now=NOW) == 0
    with pytest.raises(NotTheirs):
        services.take_back(partnership=pair, by=near, now=NOW)
    assert services.ask_mentors(season=pair.season, by=coordinator, now=NOW) == 1
