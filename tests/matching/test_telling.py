"""Everybody is told at the same moment; those without a match are called before they read it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from matching import services
from matching.models import CallListEntry
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import NothingToAnnounce, NotReady, answer_question, ask_mentors
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from mentorship.seasons.models import Season
from tests.factories import NOW, MenteeFactory, MentorFactory, SeasonFactory, UserFactory
from tests.matching.cast import approve_all, confirm_all, mentor_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def confirmed(coordinator):
    """Two confirmed pairs and one mentee without a match; returns (season, who is left)."""
    season, _mentees, _mentors = pool(2, 2)
    left = MenteeFactory(season=season, languages=["es"])
    approve_all(run_matching(season, coordinator), coordinator)
    confirm_all(season, coordinator)
    return season, left


def rules():
    return sorted(Delivery.objects.exclude(rule="mentor-asked").values_list("rule", flat=True))


def test_announcing_tells_both_of_every_pair_in_one_go_and_dates_the_season(confirmed, coordinator):
    season, _left = confirmed
    told = services.announce_season(season=season, by=coordinator, now=LATER)
    assert told == services.Announced(pairs=2, circles=0, told=0, to_call=1)
    assert set(Partnership.objects.values_list("state", "announced_at", "liaison")) == {
        ("announced", LATER, coordinator.pk)
    }
    assert rules() == ["announced-mentee"] * 2 + ["announced-mentor"] * 2
    assert set(Delivery.objects.filter(rule__startswith="announced").values_list("made_at", flat=True)) == {LATER}
    assert Season.objects.get(pk=season.pk).announced_at == LATER
    assert AuditEntry.objects.filter(verb="announce-season", actor=coordinator).count() == 1


def test_announcing_twice_is_refused_and_tells_nobody_again(confirmed, coordinator):
    season, _left = confirmed
    services.announce_season(season=season, by=coordinator, now=LATER)
    before = Delivery.objects.count()
    with pytest.raises(NothingToAnnounce):
        services.announce_season(season=season, by=coordinator, now=LATER + timedelta(days=1))
    assert Delivery.objects.count() == before
    assert Season.objects.get(pk=season.pk).announced_at == LATER


def test_a_pair_that_is_confirmed_later_is_told_later_and_the_season_keeps_its_date(confirmed, coordinator):
    season, _left = confirmed
    services.announce_season(season=season, by=coordinator, now=LATER)
    MentorFactory(season=season, languages=["es"])
    approve_all(run_matching(season, coordinator), coordinator)
    confirm_all(season, coordinator)
    assert services.announce_season(season=season, by=coordinator, now=LATER + timedelta(days=3)).pairs == 1
    assert Season.objects.get(pk=season.pk).announced_at == LATER


def test_nothing_goes_out_while_a_mentor_has_still_to_answer(coordinator):
    season, _mentees, _mentors = pool(2, 2)
    approve_all(run_matching(season, coordinator), coordinator)
    ask_mentors(season=season, by=coordinator, now=NOW)
    pair = Partnership.objects.first()
    answer_question(partnership=pair, yes=True, by=mentor_of(pair), now=NOW)
    with pytest.raises(NotReady) as refused:
        services.announce_season(season=season, by=coordinator, now=LATER)
    assert refused.value.waiting == {"to-answer": 1}
    assert (rules(), Season.objects.get(pk=season.pk).announced_at) == ([], None)


def test_nothing_goes_out_while_a_pair_has_lost_one_of_its_two(confirmed, coordinator):
    season, _left = confirmed
    member = Partnership.objects.first().memberships.get(role="mentee")
    member.application.state = "withdrawn"
    member.application.save()
    with pytest.raises(NotReady) as refused:
        services.announce_season(season=season, by=coordinator, now=LATER)
    assert refused.value.waiting == {"withdrew": 1}


def test_who_was_called_reads_it_with_the_announcement_and_the_others_after_their_call(confirmed, coordinator):
    season, left = confirmed
    other = MenteeFactory(season=season, languages=["es"])
    services.mark_called(application=left, by=coordinator, now=NOW)
    assert rules() == []
    told = services.announce_season(season=season, by=coordinator, now=LATER)
    assert (told.told, told.to_call) == (1, 1)
    assert Delivery.objects.get(rule="unmatched").recipient == left.applicant
    services.mark_called(application=other, by=coordinator, now=LATER)
    assert set(Delivery.objects.filter(rule="unmatched").values_list("recipient", flat=True)) == {
        left.applicant_id,
        other.applicant_id,
    }
    services.mark_called(application=other, by=coordinator, now=LATER)
    assert Delivery.objects.filter(rule="unmatched").count() == 2


def test_who_can_not_be_reached_is_told_by_mail_but_never_before_the_announcement(confirmed, coordinator):
    season, left = confirmed
    with pytest.raises(services.NotAnnounced):
        services.tell_without_call(application=left, by=coordinator, now=NOW)
    services.announce_season(season=season, by=coordinator, now=LATER)
    services.tell_without_call(application=left, by=coordinator, now=LATER)
    entry = CallListEntry.objects.get()
    assert (entry.called_at, entry.told_at) == (None, LATER)


def test_who_still_has_somebody_suggested_is_not_on_the_call_list(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    left = MenteeFactory(season=season, languages=["es"])
    run_matching(season, coordinator)
    assert list(services.unmatched(season)) == [left]


def test_a_coordinator_calls_nobody_who_concerns_them(confirmed):
    _season, left = confirmed
    near = UserFactory(roles=["coordinator"])
    left.applicant.profile.supervisor = near
    left.applicant.profile.save()
    with pytest.raises(services.NotTheirs):
        services.mark_called(application=left, by=near, now=NOW)


def test_who_was_left_without_comes_first_next_season(confirmed, coordinator):
    season, left = confirmed
    services.mark_called(application=left, by=coordinator, now=NOW)
    services.announce_season(season=season, by=coordinator, now=LATER)
    assert services.left_without(season) == {left.applicant_id}
    after = SeasonFactory(
        opens_on=season.opens_on + timedelta(days=365),
        closes_on=season.closes_on + timedelta(days=365),
        matches_on=season.matches_on + timedelta(days=365),
        starts_on=season.starts_on + timedelta(days=365),
        ends_on=season.ends_on + timedelta(days=365),
    )
    again = MenteeFactory(season=after, applicant=left.applicant)
    MenteeFactory(season=after)
    MentorFactory(season=after)
    people = {person["id"]: person.get("priority") for person in run_matching(after, coordinator).problem["mentees"]}
    assert people.pop(str(again.pk)) is True
    assert set(people.values()) == {None}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_notice_is_kind_and_says_what_one_can_join(confirmed, coordinator, language):
    season, left = confirmed
    Season.objects.filter(pk=season.pk).update(instead_en="Join the peer circle.", instead_es="Únete al círculo.")
    left.applicant.language = language
    left.applicant.save()
    services.mark_called(application=left, by=coordinator, now=NOW)
    services.announce_season(season=season, by=coordinator, now=LATER)
    mail = render(Delivery.objects.get(rule="unmatched"))
    joined = {"en": "Join the peer circle.", "es": "Únete al círculo."}[language]
    assert (joined in mail.text, joined in mail.html) == (True, True)
    assert f'lang="{language}"' in mail.html


def test_the_preview_shows_what_goes_to_how_many_and_stores_nothing(confirmed, coordinator, sign_in):
    season, left = confirmed
    services.mark_called(application=left, by=coordinator, now=NOW)
    before = Delivery.objects.count()
    client = sign_in(coordinator)
    page = client.get(reverse("admin:matching_announce", args=[season.pk])).content.decode()
    assert "2 mentees and 2 mentors get their mail at the same moment." in page
    assert "1 person without a match, who was called, gets a private notice." in page
    frame = client.get(reverse("admin:matching_announcement", args=[season.pk, "announced-mentee"]))
    assert "default-src 'none'" in frame["Content-Security-Policy"].split("; ")
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert Delivery.objects.count() == before
    client.post(reverse("admin:matching_announce", args=[season.pk]))
    assert rules() == ["announced-mentee"] * 2 + ["announced-mentor"] * 2 + ["unmatched"]
    again = client.post(reverse("admin:matching_announce", args=[season.pk]), follow=True)
    assert "has been told already. Nothing was sent." in again.content.decode()


def test_the_preview_names_nobody_without_a_match_who_concerns_the_coordinator(confirmed, coordinator, sign_in):
    season, left = confirmed
    services.mark_called(application=left, by=coordinator, now=NOW)
    near = UserFactory(roles=["coordinator"])
    report_to(left.applicant, near)
    notice = reverse("admin:matching_announcement", args=[season.pk, "unmatched"])
    assert sign_in(coordinator).get(notice).status_code == 200
    assert sign_in(near).get(notice).status_code == 404
