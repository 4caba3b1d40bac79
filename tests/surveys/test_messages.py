"""What is said about a survey and to whom, and what the clock does with it."""

from datetime import UTC, datetime, timedelta

import pytest

from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from mentorship.reminders.sender import not_before
from mentorship.reminders.ticking import run_tick
from surveys.messages import close_overdue, invite_late, remind
from surveys.models import Wave
from surveys.services import close_wave, submit_response
from tests.factories import NOW, MenteeFactory, MentorFactory, PartnershipFactory
from tests.surveys.cast import AFTER, answers, opened, people

pytestmark = pytest.mark.django_db
RULES = ("survey-invitation", "survey-reminder")


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


def reminded() -> list[str]:
    return sorted(
        Delivery.objects.filter(rule="survey-reminder").values_list("recipient__employee_number", flat=True)
    )


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [("en", "How was your season?", "March 1"), ("es", "¿Cómo te fue en la temporada?", "1 de marzo")],
)
def test_the_invitation_says_until_when_and_leads_to_the_promise(coordinator, language, subject, day):
    wave = opened(coordinator)
    person = people(wave)[0]
    person.language = language
    person.save()
    mail = render(Delivery.objects.get(rule="survey-invitation", recipient=person))
    assert mail.subject == subject
    for text in (day, f"/survey/{wave.pk}/"):
        assert (text in mail.text, text in mail.html) == (True, True)
    assert mail.stop_url == ""


def test_those_who_have_not_answered_are_reminded_after_7_14_and_21_days(coordinator):
    wave = opened(coordinator)
    quick, later, *others = people(wave)
    submit_response(wave=wave, answers=answers(wave, quick), by=quick, now=NOW)
    remind(days(6.9))
    assert reminded() == []
    remind(days(7))
    remind(days(8))
    assert reminded() == sorted(person.employee_number for person in (later, *others))
    submit_response(wave=wave, answers=answers(wave, later), by=later, now=days(9))
    for day in (14, 15, 21, 22, 27):
        remind(days(day))
    assert reminded() == sorted([later.employee_number] + [person.employee_number for person in others] * 3)


def test_a_reminder_that_was_missed_is_not_made_up_for(coordinator):
    wave = opened(coordinator)
    remind(days(22))
    assert len(reminded()) == len(people(wave))


def test_a_reminder_is_checked_again_when_it_is_sent(coordinator):
    wave = opened(coordinator)
    person = people(wave)[0]
    remind(days(7))
    delivery = Delivery.objects.get(rule="survey-reminder", recipient=person)
    rule = rule_of("survey-reminder")
    assert rule.unless(delivery, days(7)) == ""
    assert rule.unless(delivery, wave.closes_at) == "not-needed"
    submit_response(wave=wave, answers=answers(wave, person), by=person, now=days(7))
    assert rule.unless(delivery, days(7)) == "not-needed"


def test_reminders_can_be_unsubscribed_from_and_wait_for_working_hours(coordinator):
    opened(coordinator)
    remind(days(7))
    delivery = Delivery.objects.filter(rule="survey-reminder").first()
    assert [rule_of(rule).essential for rule in RULES] == [True, False]
    saturday = datetime(2027, 2, 13, 18, 0, tzinfo=UTC)
    for rule in RULES:
        assert not_before(delivery, rule_of(rule), saturday) == datetime(2027, 2, 15, 16, 0, tzinfo=UTC)
    assert render(delivery).stop_url != ""


def test_an_invitation_is_not_sent_once_the_survey_is_closed(coordinator):
    wave = opened(coordinator)
    delivery = Delivery.objects.filter(rule="survey-invitation").first()
    assert rule_of("survey-invitation").unless(delivery, NOW) == ""
    close_wave(wave=wave, by=coordinator, now=NOW)
    assert rule_of("survey-invitation").unless(delivery, NOW) == "closed"


def test_who_is_reminded_is_shown_to_no_coordinator(coordinator):
    wave = opened(coordinator)
    remind(days(7))
    shown = Delivery.objects.visible_to(coordinator)
    assert set(shown.values_list("rule", flat=True)) == {"survey-invitation"}
    person = people(wave)[0]
    own = Delivery.objects.visible_to(person).values_list("rule", flat=True)
    assert set(own) == {"survey-invitation", "survey-reminder"}


def test_the_clock_closes_a_survey_on_its_day_once(coordinator):
    wave = opened(coordinator)
    close_overdue(wave.closes_at - timedelta(seconds=1))
    assert Wave.objects.get().state == "open"
    for _tick in range(2):
        close_overdue(wave.closes_at)
        assert Wave.objects.get().state == "closed"


def test_the_tick_closes_invites_and_reminds(coordinator):
    wave = opened(coordinator)
    late = (MenteeFactory(season=wave.season), MentorFactory(season=wave.season))
    PartnershipFactory(season=wave.season, pair=late)
    run_tick(now=days(7))
    assert (wave.tickets.count(), len(reminded())) == (8, 8)
    run_tick(now=AFTER)
    assert Wave.objects.get().state == "closed"
    invite_late(AFTER)
    remind(AFTER)
    assert len(reminded()) == 8


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sample_that_every_coordinator_may_read_is_about_nobody(coordinator, rule, language):
    wave = opened(coordinator)
    shown = previews.preview(rule_of(rule), language)
    assert shown is not None
    for person in people(wave):
        assert person.family_name not in shown.subject + shown.text + shown.html
