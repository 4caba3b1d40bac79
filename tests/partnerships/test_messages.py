"""What a pair's mails say, in whose language, and when they are not sent any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from mentorship.partnerships.services import announce, answer_question, take_back, treat_as_declined
from mentorship.reminders import previews, registry
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from mentorship.reminders.sender import not_before
from tests.factories import NOW, DeliveryFactory, PartnershipFactory, UserFactory
from tests.partnerships.cast import approved, asked, confirmed, person

pytestmark = pytest.mark.django_db
RULES = ("question-taken-back", "mentor-asked", "mentor-asked-again", "announced-mentor", "announced-mentee")


def test_the_question_names_the_mentee_the_goals_and_the_last_day(coordinator):
    pair = asked(coordinator)
    mail = render(Delivery.objects.get(rule="mentor-asked"))
    assert mail.subject == "A question for you"
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


OUTBOX = "admin:reminders_delivery_changelist"


class TestWhatConcernsACoordinator:
    """A coordinator who takes part mustn't learn from the outbox who was asked about their own match."""

    @pytest.fixture
    def pair(self, coordinator):
        return asked(coordinator)

    @pytest.fixture
    def mentee(self, pair):
        """The mentee, who is a coordinator too."""
        member = pair.memberships.get(role="mentee")
        member.person = member.application.applicant = UserFactory(roles=["coordinator"])
        member.application.save()
        member.save()
        return member.person

    def test_the_outbox_does_not_tell_a_mentee_who_their_mentor_will_be(self, pair, mentee, coordinator, sign_in):
        DeliveryFactory(rule="mentor-asked", subject_id=PartnershipFactory(season=pair.season).pk)
        own = Delivery.objects.get(rule="mentor-asked", subject_id=pair.pk)
        assert Delivery.objects.visible_to(coordinator).count() == 2
        assert list(Delivery.objects.visible_to(mentee)) == list(Delivery.objects.exclude(pk=own.pk))
        html = sign_in(mentee).get(reverse(OUTBOX)).content.decode()
        assert (str(own.pk) in html, person(pair, "mentor").family_name in html) == (False, False)

    def test_control_without_the_rules_hook_it_would(self, pair, mentee, monkeypatch):
        for key in RULES:
            monkeypatch.setitem(registry._rules, key, replace(rule_of(key), concerns=None))
        assert Delivery.objects.visible_to(mentee).filter(subject_id=pair.pk).count() == 1

    def test_nor_those_near_a_member(self, pair, coordinator):
        near = UserFactory(roles=["coordinator"])
        mentee = person(pair, "mentee").profile
        mentee.supervisor = near
        mentee.save()
        assert Delivery.objects.visible_to(near).count() == 0
        assert Delivery.objects.visible_to(coordinator).count() == 1

    def test_what_was_said_to_themselves_and_what_has_no_subject_stays_theirs_to_see(self, pair, mentee, coordinator):
        answer_question(partnership=pair, yes=True, by=person(pair, "mentor"), now=NOW)
        announce(season=pair.season, by=coordinator, now=NOW)
        without = DeliveryFactory(rule="mentor-asked", recipient=UserFactory(), subject_id=None)
        assert set(Delivery.objects.visible_to(mentee)) == {
            without,
            Delivery.objects.get(rule="announced-mentee", recipient=mentee),
        }
