"""Without a match: why in plain words, the waiting list, and priority that is recorded and used next season."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching import services
from matching.alone import left_without, waiting
from matching.coordinator_tasks import tasks
from matching.models import CallListEntry, Proposal
from matching.told import sentences, shortage
from mentorship.applications.models import Application
from mentorship.partnerships.models import Partnership
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from mentorship.seasons.models import Season
from tests.factories import GoalFactory, MenteeFactory, MentorFactory, SeasonFactory, UserFactory
from tests.matching.cast import approve_all, avoid, confirm_all, pairs_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def current(now, **fields):
    """A season that is under way today."""
    day = now.date()
    days = {"opens_on": -60, "closes_on": -30, "matches_on": -10, "starts_on": -5, "ends_on": 120}
    days |= {"survey_on": 121, "report_on": 150}
    fields = {"published_at": now - timedelta(days=61)} | fields
    return SeasonFactory(**({name: day + timedelta(days=n) for name, n in days.items()} | fields))


def announce(season, coordinator, now):
    """Approve, confirm and announce all; whoever has nobody was called before and is told with the others."""
    run = run_matching(season, coordinator, now)
    approve_all(run, coordinator, now)
    confirm_all(season, coordinator, now)
    for row in Proposal.objects.filter(run=run, mentor=None).select_related("mentee"):
        services.mark_called(application=row.mentee, by=coordinator, now=now)
    services.announce_season(season=season, by=coordinator, now=now)
    return run


@pytest.fixture
def left(coordinator, now):
    """Somebody who was told that the only mentor went to another."""
    season, mentees, _mentors = pool(2, 1, current(now), released_at=now)
    announce(season, coordinator, now)
    entry = CallListEntry.objects.get()
    assert entry.application in mentees
    return entry.application


def read(client, name, *keys):
    response = client.get(reverse(name, args=keys))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_says_why_that_one_comes_first_next_time_and_asks_one_thing(left, sign_in):
    text = read(sign_in(left.applicant), "matching:alone", left.pk)
    assert "We have no match for you in Spring 2027 this time" in text
    assert "Would you take a place that becomes free?" in text
    assert "Next season you come first" in text
    assert text.count("card-next") == 1


def test_home_and_the_application_lead_there(left, sign_in):
    client = sign_in(left.applicant)
    url = reverse("matching:alone", args=[left.pk])
    assert url in read(client, "portal:home")
    text = read(client, "applications:tasks", left.pk)
    assert url in text
    assert "We are looking for your match" not in text


def test_nobody_else_finds_the_page_and_neither_does_who_was_not_told(left, coordinator, sign_in, now):
    url = reverse("matching:alone", args=[left.pk])
    for person in (UserFactory(), coordinator):
        assert sign_in(person).get(url).status_code == 404
        assert sign_in(person).post(reverse("matching:waiting", args=[left.pk]), {"waits": "yes"}).status_code == 404
    CallListEntry.objects.update(told_at=None)
    client = sign_in(left.applicant)
    assert client.get(url).status_code == 404
    assert url not in read(client, "portal:home")
    assert "We are looking for your match" in read(client, "applications:tasks", left.pk)


def test_a_match_that_nobody_was_told_of_changes_no_byte_and_one_that_was_told_closes_the_page(
    left, coordinator, sign_in, now
):
    client = sign_in(left.applicant)

    def pages():
        found = [read(client, "matching:alone", left.pk), read(client, "applications:tasks", left.pk)]
        return [levelled(text, left) for text in [*found, read(client, "portal:home")]]

    assert Proposal.objects.filter(mentee=left).update(
        reasons={"nobody": "rules", "open": 0, "removed": {"no_shared_mode": 1}}
    )
    before = pages()
    assert "no way of meeting in common" in before[0]
    MentorFactory(season=left.season)
    run = run_matching(left.season, coordinator, now)
    assert run.proposals.filter(mentee=left, mentor__isnull=False).exists()
    assert pages() == before
    approve_all(run, coordinator, now)
    assert pages() == before
    confirm_all(left.season, coordinator, now)
    assert pages() == before
    services.announce_season(season=left.season, by=coordinator, now=now)
    assert client.get(reverse("matching:alone", args=[left.pk])).status_code == 404
    assert reverse("matching:alone", args=[left.pk]) not in read(client, "portal:home")


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        ({}, []),
        ({"no_shared_language": 2}, ["With some mentors you have no language in common."]),
        (
            {"min_shared_slots": 1, "no_shared_mode": 1},
            [
                "With some mentors you have too few times in common.",
                "With some mentors you have no way of meeting in common.",
            ],
        ),
        (
            {"same_unit": 1, "rank_gap": 1, "supervisor_chain": 3},
            ["The season has requirements on who may be paired, on work units and job ranks for example."],
        ),
        ({"no_places": 4}, ["Some mentors had no place left."]),
    ],
)
def test_supply_times_ways_language_and_requirements_are_told(removed, said):
    assert sentences({"nobody": "rules", "open": 0, "removed": removed}) == [shortage(), *said]


@pytest.mark.parametrize(
    "reasons",
    [
        {"nobody": "rules", "open": 0, "removed": {"other": 3}},
        {"nobody": "rules", "open": 0, "removed": {"exclusion": 1, "other": 1}},
        {"nobody": "competition", "open": 2, "removed": {"other": 1}, "mentees": 5, "mentors": 2, "places": 2},
        {"nobody": "no_mentors", "open": 0, "removed": {}},
        {"goals": [{"key": "x", "weight": 1, "strength": 2}], "mentor_favourite": 1},
    ],
)
def test_what_others_chose_reads_like_any_shortage(reasons):
    assert sentences(reasons) == [shortage()]


def test_an_avoidance_changes_no_byte_of_page_and_mail(coordinator, sign_in, now):
    """One season in which the only mentor avoids the mentee, one in which somebody else got the place."""

    def told(season, mentee):
        announce(season, coordinator, now)
        mail = render(Delivery.objects.get(rule="unmatched", recipient=mentee.applicant))
        texts = [mail.subject, mail.text, mail.html, read(sign_in(mentee.applicant), "matching:alone", mentee.pk)]
        return [levelled(text, mentee) for text in texts]

    goal = GoalFactory()
    avoided, other = current(now), current(now)
    lonely = MenteeFactory(season=avoided, wants={goal: 3}, applicant__given_name="Sam")
    avoid(MentorFactory(season=avoided, wants={goal: 2}, capacity=2), lonely.applicant)
    MenteeFactory(season=avoided, wants={goal: 3})
    second = MenteeFactory(season=other, wants={goal: 1}, applicant__given_name="Sam")
    MenteeFactory(season=other, wants={goal: 3}).favourites.create(
        person=MentorFactory(season=other, wants={goal: 2}).applicant, rank=1
    )
    assert told(avoided, lonely) == told(other, second)


def levelled(text, mentee):
    import re

    text = text.replace(mentee.season.slug, "season").replace(mentee.applicant.family_name, "name")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", text)


def test_the_mail_says_why_and_leads_to_the_answer(coordinator, now):
    season, _mentees, _mentors = pool(1, 1, current(now))
    other = MenteeFactory(season=season, languages=["es"])
    announce(season, coordinator, now)
    mail = render(Delivery.objects.get(rule="unmatched", recipient=other.applicant))
    for body in (mail.text, mail.html):
        assert "With some mentors you have no language in common." in body
        assert reverse("matching:alone", args=[other.pk]) in body


def test_the_answer_is_kept_audited_and_can_be_changed(left, sign_in):
    client = sign_in(left.applicant)
    url = reverse("matching:waiting", args=[left.pk])
    page = client.post(url, {"waits": "yes"}, follow=True).content.decode()
    assert "You are on the waiting list" in page
    assert CallListEntry.objects.get().waits is True
    client.post(url, {"waits": "no"})
    assert CallListEntry.objects.get().waits is False
    assert "You are off the waiting list" in read(client, "matching:alone", left.pk)
    assert list(
        AuditEntry.objects.filter(actor=left.applicant).order_by("at", "verb").values_list("verb", flat=True)
    ) == [
        "wait-for-place",
        "leave-waiting-list",
    ]


def test_coordinators_see_who_waits(left, coordinator, sign_in, now):
    season = left.season
    client = sign_in(coordinator)
    assert "No answer yet, so they wait" in read(client, "admin:matching_calls", season.pk)
    services.answer_waiting(application=left, waits=True, by=left.applicant, now=now)
    assert "Long wait" in read(client, "admin:matching_calls", season.pk)
    assert list(waiting(season)) == [left]
    services.answer_waiting(application=left, waits=False, by=left.applicant, now=now)
    assert "Doesn't wait" in read(client, "admin:matching_calls", season.pk)
    assert list(waiting(season)) == []


def lines(coordinator, now):
    return [task.text for task in tasks(coordinator, now) if "wait" in task.text]


def test_a_place_that_becomes_free_asks_for_a_run_that_proposes_who_waits(left, coordinator, now):
    season = left.season
    assert lines(coordinator, now) == []
    mentor = MentorFactory(season=season, wants={GoalFactory(): 2})
    assert lines(coordinator, now) == [f"{season}: 1 person waits, and a place is free"]
    assert (left.pk, mentor.pk) in pairs_of(run_matching(season, coordinator, now))


def test_a_place_that_the_run_could_not_give_them_asks_for_nothing(left, coordinator, now):
    MentorFactory(season=left.season, languages=["es"])
    run_matching(left.season, coordinator, now)
    assert lines(coordinator, now) == []


def test_whoever_is_near_them_is_not_told_that_they_wait(left, coordinator, now):
    MentorFactory(season=left.season)
    report_to(left.applicant, coordinator)
    assert lines(coordinator, now) == []


def test_whoever_does_not_wait_is_in_no_further_run_and_can_not_be_approved(left, coordinator, now):
    season = left.season
    MentorFactory(season=season)
    run = run_matching(season, coordinator, now)
    row = run.proposals.get(mentee=left)
    services.answer_waiting(application=left, waits=False, by=left.applicant, now=now)
    done = services.approve_proposals(run=run, proposals=[row.pk], by=coordinator, now=now)
    assert (done.made, Partnership.objects.filter(state="approved").count()) == (0, 0)
    again = run_matching(season, coordinator, now)
    assert not again.proposals.filter(mentee=left).exists()
    assert lines(coordinator, now) == []


@pytest.mark.parametrize("waits", [None, True, False])
def test_priority_is_recorded_and_used_next_season_whatever_they_answered(left, waits, coordinator, now):
    """Two seasons: who went without gets the only place, whomever the lottery would have chosen."""
    if waits is not None:
        services.answer_waiting(application=left, waits=waits, by=left.applicant, now=now)
    assert left_without(left.season) == {left.applicant_id}
    last = Season.objects.get(pk=left.season_id)
    for number in range(6):
        following = current(now, opens_on=last.opens_on + timedelta(days=1), seed=f"seed {number}")
        goal = GoalFactory()
        again = MenteeFactory(season=following, applicant=left.applicant, wants={goal: 1})
        MenteeFactory(season=following, wants={goal: 3})
        mentor = MentorFactory(season=following, wants={goal: 2})
        run = run_matching(following, coordinator, now)
        assert pairs_of(run) == {(again.pk, mentor.pk)}
        assert [person["id"] for person in run.problem["mentees"] if person.get("priority")] == [str(again.pk)]


def test_control_without_having_gone_without_the_lottery_decides(coordinator, now):
    won = set()
    for number in range(12):
        following = current(now, seed=f"seed {number}")
        goal = GoalFactory()
        first = MenteeFactory(season=following, wants={goal: 1})
        MenteeFactory(season=following, wants={goal: 3})
        MentorFactory(season=following, wants={goal: 2})
        ((mentee, _mentor),) = pairs_of(run_matching(following, coordinator, now))
        won.add(mentee == first.pk)
    assert won == {True, False}
    assert Application.objects.count() == 36
