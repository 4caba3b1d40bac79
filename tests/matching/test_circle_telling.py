"""From the yes to the announcement: each facilitator is asked, everybody in a circle is told at the same moment."""

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.services import announce_season
from matching.services.circles import assign_facilitators
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import NotReady, answer_question, ask_mentors
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from tests.factories import NOW, GoalFactory
from tests.matching.circle_cast import approve_circles_of, circle_season, facilitator, find_circles, peers

pytestmark = pytest.mark.django_db


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rules():
    return sorted(Delivery.objects.values_list("rule", flat=True))


def asked_circle(coordinator, guides=1):
    """A season with one circle whose facilitators are asked; returns (season, peers, facilitators, circle)."""
    season = circle_season()
    four = peers(season, 4, theme=GoalFactory(title_en="Supervising"))
    people = [facilitator(season, coordinator) for _ in range(guides)]
    run = find_circles(season, coordinator)
    assign_facilitators(circle=run.circles.get(), people={each.pk for each in people}, by=coordinator, now=NOW)
    approve_circles_of(run, coordinator)
    assert ask_mentors(season=season, kind="circle", by=coordinator, now=NOW) == 1
    return season, four, people, Partnership.objects.get()


def test_everybody_is_told_once_the_facilitator_said_yes(coordinator):
    season, four, [guide], circle = asked_circle(coordinator)
    mail = render(Delivery.objects.get(rule="facilitator-asked"))
    assert "Would you facilitate a peer circle on Supervising" in mail.text
    assert all(row.applicant.display_name in mail.text for row in four)
    with pytest.raises(NotReady):
        announce_season(season=season, by=coordinator, now=NOW)
    answer_question(partnership=circle, yes=True, by=guide, now=NOW)
    told = announce_season(season=season, by=coordinator, now=NOW)
    assert (told.pairs, told.circles) == (0, 1)
    assert rules() == ["announced-facilitator"] + ["announced-peer"] * 4 + ["facilitator-asked"]
    own = render(Delivery.objects.get(rule="announced-peer", recipient=four[0].applicant))
    assert guide.display_name in own.text
    assert four[1].applicant.display_name in own.text
    assert four[0].applicant.display_name not in own.text
    assert "Tuesday mornings" in own.text


def test_a_circle_with_two_facilitators_waits_for_both(coordinator):
    _season, _four, [first, second], circle = asked_circle(coordinator, guides=2)
    assert Delivery.objects.filter(rule="facilitator-asked").count() == 2
    answer_question(partnership=circle, yes=True, by=first, now=NOW)
    assert Partnership.objects.get().state == "asked"
    answer_question(partnership=circle, yes=True, by=second, now=NOW)
    assert Partnership.objects.get().state == "confirmed"


def test_a_circle_goes_on_with_one_facilitator_where_the_other_says_no(coordinator):
    _season, _four, [first, second], circle = asked_circle(coordinator, guides=2)
    answer_question(partnership=circle, yes=False, by=first, now=NOW)
    assert Partnership.objects.get().state == "asked"
    answer_question(partnership=circle, yes=True, by=second, now=NOW)
    assert Partnership.objects.get().state == "confirmed"
    assert list(Membership.objects.filter(role="facilitator", active=True)) == [Membership.objects.get(person=second)]


def test_the_facilitator_answers_on_a_page_that_says_what_it_is_about(sign_in, coordinator):
    _season, four, [guide], circle = asked_circle(coordinator)
    client = sign_in(guide)
    url = reverse("partnerships:asked", args=[circle.pk])
    page = text_of(client.get(url))
    assert "Would you facilitate a circle on Supervising?" in page
    assert four[0].applicant.display_name in page
    assert "Would you facilitate a circle on Supervising?" in text_of(client.get(reverse("portal:home")))
    client.post(url, {"answer": "yes", "seen": "asked"})
    assert Partnership.objects.get().state == "confirmed"


def test_a_peer_knows_nothing_before_and_sees_everybody_after(sign_in, coordinator):
    season, four, [guide], circle = asked_circle(coordinator)
    client = sign_in(four[0].applicant)
    detail = reverse("partnerships:detail", args=[circle.pk])
    assert client.get(detail).status_code == 404
    assert guide.display_name not in text_of(client.get(reverse("portal:home")))
    answer_question(partnership=circle, yes=True, by=guide, now=NOW)
    assert client.get(detail).status_code == 404
    announce_season(season=season, by=coordinator, now=NOW)
    page = text_of(client.get(detail))
    assert "Your circle: Supervising" in page
    assert "You all chose" in page
    assert all(row.applicant.display_name in page for row in four[1:])
    assert guide.display_name in page
    assert "My circle" in page
    assert "your partner" not in page.lower()
    assert "Your circle: Supervising" in text_of(client.get(reverse("portal:home")))
    assert client.get(reverse("partnerships:ending", args=[circle.pk])).url == detail


def test_the_coordinator_sees_what_will_be_sent_and_sends_it(sign_in, coordinator):
    season, _four, [guide], circle = asked_circle(coordinator)
    client = sign_in(coordinator)
    url = reverse("admin:matching_announce", args=[season.pk])
    answer_question(partnership=circle, yes=True, by=guide, now=NOW)
    page = text_of(client.get(url))
    assert "1 circle is ready to be told" in page
    assert "“Your circle this season” to 4 people" in page
    assert client.get(reverse("admin:matching_announcement", args=[season.pk, "announced-peer"])).status_code == 200
    assert client.post(url).url == reverse("admin:matching_circles", args=[season.pk])
    assert Partnership.objects.get().state == "announced"
    assert timezone.now() >= Partnership.objects.get().announced_at
