"""What a pair's mails say, in whose language, and when they are not sent any more."""

from datetime import UTC, datetime, timedelta

import pytest

from mentorship.partnerships.services import announce, answer_question, take_back, treat_as_declined
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from mentorship.reminders.sender import not_before
from tests.factories import NOW
from tests.partnerships.cast import approved, asked, confirmed, person

pytestmark = pytest.mark.django_db
RULES = ("question-taken-back", "mentor-asked", "mentor-asked-again", "announced-mentor", "announced-mentee")


def test_the_question_names_the_mentee_the_goals_and_the_last_day(coordinator):
    pair = asked(coordinator)
    mail = render(Delivery.objects.get(rule="mentor-asked"))
    assert mail.subject == "A question to you"
    for text in (
        person(pair, "mentee").display_name,
        "Supervising",
        "February 6",
        f"/partnerships/{pair.pk}/question/",
    ):
        assert (text in mail.text, text in mail.html) == (True, True)
    assert mail.stop_url == ""


@pytest.mark.parametrize(("role", "other"), [("mentor", "mentee"), ("mentee", "mentor")])
@pytest.mark.parametrize(("language", "goal"), [("en", "Supervising"), ("es", "Supervisar")])
def test_the_announcement_speaks_of_the_other_in_the_readers_language(coordinator, role, other, language, goal):
    pair = confirmed(coordinator)
    reader = person(pair, role)
    reader.language = language
    reader.save()
    announce(season=pair.season, by=coordinator, now=NOW)
    mail = render(Delivery.objects.get(rule=f"announced-{role}"))
    assert (person(pair, other).display_name in mail.text, goal in mail.text) == (True, True)
    assert f'lang="{language}"' in mail.html


def test_a_question_that_was_answered_is_not_sent_any_more(coordinator):
    pair = asked(coordinator)
    delivery = Delivery.objects.get(rule="mentor-asked")
    assert rule_of("mentor-asked").unless(delivery, NOW) == ""
    answer_question(partnership=pair, yes=True, by=person(pair, "mentor"), now=NOW)
    assert rule_of("mentor-asked").unless(delivery, NOW) == "answered"


def test_a_question_whose_mentee_withdrew_is_not_sent_any_more(coordinator):
    pair = asked(coordinator)
    mentee = pair.memberships.get(role="mentee").application
    mentee.state = "withdrawn"
    mentee.save()
    assert rule_of("mentor-asked").unless(Delivery.objects.get(rule="mentor-asked"), NOW) == "gone"


def test_a_question_waits_for_the_seasons_working_hours(coordinator):
    asked(coordinator)
    saturday = datetime(2027, 2, 6, 18, 0, tzinfo=UTC)
    delivery = Delivery.objects.get(rule="mentor-asked")
    assert not_before(delivery, rule_of("mentor-asked"), saturday) == datetime(2027, 2, 8, 16, 0, tzinfo=UTC)


def test_an_announcement_is_sent_to_both_at_the_same_moment_whatever_the_hour(coordinator):
    pair = confirmed(coordinator)
    night = NOW + timedelta(hours=12)
    announce(season=pair.season, by=coordinator, now=night)
    for delivery in Delivery.objects.filter(rule__startswith="announced"):
        assert not_before(delivery, rule_of(delivery.rule), night) == delivery.due_at == night


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sample_that_every_coordinator_may_read_is_about_nobody(coordinator, rule, language):
    pair = confirmed(coordinator)
    sample = previews.preview(rule_of(rule), language)
    assert "Rosa" in sample.text
    assert not [who for who in ("mentor", "mentee") if person(pair, who).family_name in sample.text]


def test_taking_an_overdue_answer_as_a_no_writes_to_nobody(coordinator):
    pair = asked(coordinator)
    treat_as_declined(partnership=pair, by=coordinator, now=NOW + timedelta(days=5))
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("step", [asked, confirmed])
def test_a_mentor_hears_that_a_question_is_taken_back(step, coordinator):
    pair = step(coordinator)
    mentee = pair.memberships.get(role="mentee").application
    mentee.state = "withdrawn"
    mentee.save()
    take_back(partnership=pair, by=coordinator, now=NOW)
    mail = render(Delivery.objects.get(rule="question-taken-back"))
    assert Delivery.objects.get(rule="question-taken-back").recipient == person(pair, "mentor")
    assert "nothing for you to do" in mail.text


@pytest.mark.parametrize(("step", "who"), [(approved, None), (asked, "mentor")])
def test_nobody_hears_of_a_match_they_were_not_asked_about_or_left_themselves(step, who, coordinator):
    pair = step(coordinator)
    if who:
        own = pair.memberships.get(role=who).application
        own.state = "withdrawn"
        own.save()
    take_back(partnership=pair, by=coordinator, now=NOW)
    assert not Delivery.objects.filter(rule="question-taken-back").exists()


def test_approving_writes_to_nobody(coordinator):
    approved(coordinator)
    assert Delivery.objects.count() == 0
