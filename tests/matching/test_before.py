"""Before approval: whom the matches reach, groups that can't be told apart, and what each rule cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching.admin.before import bands
from matching.admin.groups import breakdowns
from matching.admin.overview import proposals
from mentorship.people.models import Profile
from mentorship.people.tenure import tenure_in_sql, tenure_on
from tests.factories import (
    NOW,
    GoalFactory,
    MenteeFactory,
    MentorFactory,
    SeasonFactory,
    UnitKindFactory,
    UserFactory,
    WorkUnitFactory,
)
from tests.matching.cast import pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def page(client, name, key):
    response = client.get(reverse(f"admin:matching_{name}", args=[key]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def client(sign_in, coordinator):
    return sign_in(coordinator)


def of_kind(slug, season, count, goal, **fields):
    kind = UnitKindFactory(slug=slug, title_en=slug.title())
    for _ in range(count):
        MenteeFactory(season=season, wants={goal: 3}, applicant__profile__unit=WorkUnitFactory(kind=kind), **fields)


def groups(run, user, key):
    rows = proposals(run, user, timezone.now())
    (found,) = [row for row in breakdowns(run, rows, user, timezone.now()) if row.key == key]
    return {group.label: (group.people, group.matched, group.median) for group in found.groups}


def test_a_small_group_takes_another_with_it_so_that_nothing_can_be_subtracted(coordinator):
    season, goal = SeasonFactory(), GoalFactory()
    of_kind("branch", season, 8, goal)
    of_kind("central", season, 6, goal)
    of_kind("mobile", season, 2, goal)
    for _ in range(12):
        MentorFactory(season=season, wants={goal: 2})
    run = run_matching(season, coordinator)
    found = groups(run, coordinator, "kind")
    # Two people alone would be the rest of sixteen: the smaller of the large groups is hidden with them.
    assert {label: people for label, (people, _matched, _median) in found.items()} == {
        "Branch": 8,
        "All others together": 8,
    }
    assert sum(matched for _people, matched, _median in found.values()) == 12


def test_groups_that_are_all_small_are_hidden_in_words(client, coordinator):
    season, goal = SeasonFactory(), GoalFactory()
    of_kind("branch", season, 3, goal)
    of_kind("central", season, 3, goal)
    MentorFactory(season=season, wants={goal: 2}, capacity=3)
    run = run_matching(season, coordinator)
    assert groups(run, coordinator, "kind") == {}
    assert "Hidden (small group)" in page(client, "approve", season.pk)


def test_a_median_of_fewer_than_five_matches_is_hidden(coordinator):
    season, goal = SeasonFactory(), GoalFactory()
    of_kind("branch", season, 8, goal)
    of_kind("central", season, 6, goal, languages=["es"])
    for _ in range(8):
        MentorFactory(season=season, wants={goal: 2})
    for _ in range(3):
        MentorFactory(season=season, wants={goal: 2}, languages=["es"])
    found = groups(run_matching(season, coordinator), coordinator, "kind")
    assert found["Central"] == (6, 3, None)


def test_mentors_and_mentees_are_counted_each_by_themselves(coordinator):
    season, _mentees, _mentors = pool(6, 9)
    run = run_matching(season, coordinator)
    assert groups(run, coordinator, "role") == {
        "Mentees with a mentor": (6, 6, 100),
        "Mentors with a mentee": (9, 6, 100),
    }


@pytest.mark.parametrize("days", [0, 1094, 1095, 1096, 1097, 3651, 3652, 3653, 3654, None])
def test_the_bands_of_years_are_the_same_in_sql(days):
    day = date(2027, 2, 1)
    since = None if days is None else day - timedelta(days=days)
    person = UserFactory(profile__service_start=since)
    (told,) = (
        Profile.objects.filter(user=person).annotate(band=tenure_in_sql("service_start", day)).values_list("band")
    )
    assert told[0] == tenure_on(day, since)


def test_the_fits_are_counted_in_bands_of_ten_as_the_matches_stand(coordinator):
    season = SeasonFactory()
    strong, some = GoalFactory(), GoalFactory()
    MenteeFactory(season=season, wants={strong: 3})
    rejected = MenteeFactory(season=season, wants={some: 3})
    MentorFactory(season=season, wants={strong: 2})
    MentorFactory(season=season, wants={some: 1})
    run = run_matching(season, coordinator)
    rows = proposals(run, coordinator, NOW)
    assert [(band.least, band.most, band.count, band.width) for band in bands(rows) if band.count] == [
        (50, 59, 1, 100),
        (90, 100, 1, 100),
    ]
    run.proposals.filter(mentee=rejected).update(state="rejected")
    assert [band.count for band in bands(rows)] == [0] * 9 + [1]


def test_the_page_says_coverage_favourites_the_check_and_asks_one_thing(client, coordinator):
    season, mentees, mentors = pool(2, 1)
    mentees[0].favourites.create(person=mentors[0].applicant, rank=1)
    run = run_matching(season, coordinator)
    text = page(client, "approve", season.pk)
    assert "1 of 2 mentees has a match" in text or "1 of 2 mentees have a match" in text
    assert "1 of 1" in text
    assert run.input_hash in text
    assert text.count("card-next") == 1


def test_a_match_of_one_s_own_hides_what_is_counted_over_all(client, coordinator):
    season, mentees, mentors = pool(6, 6)
    mentees[0].favourites.create(person=mentors[0].applicant, rank=1)
    run = run_matching(season, coordinator)
    report_to(mentees[0].applicant, coordinator)
    text = page(client, "approve", season.pk)
    assert "A match of this run concerns you" in text
    assert "5 of 5 mentees have a match" in text
    assert "under the minimum fit" not in text
    assert groups(run, coordinator, "role")["Mentees with a mentor"][0] == 5
    details = page(client, "details", run.pk)
    assert details.count("not shown") == 12


def test_the_number_of_queries_does_not_grow_with_the_season(client, coordinator):
    def asked(season):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, "approve", season.pk)
        return len(queries)

    few, _m, _t = pool(2, 2)
    run_matching(few, coordinator)
    many, _m, _t = pool(9, 8)
    run_matching(many, coordinator)
    asked(few)
    assert asked(few) == asked(many)


def test_what_a_rule_cost_stands_under_its_setting_and_on_the_technical_page(client, coordinator):
    season, goal = SeasonFactory(), GoalFactory()
    unit = WorkUnitFactory()
    MenteeFactory(season=season, wants={goal: 3}, applicant__profile__unit=unit)
    MentorFactory(season=season, wants={goal: 2}, applicant__profile__unit=unit)
    MenteeFactory(season=season, wants={goal: 3}, languages=["es"])
    run = run_matching(season, coordinator)
    assert run.figures["effects"] == {"same_unit": 1, "no_shared_language": 1, "no_shared_mode": 0}
    assert "<strong>Not within one work unit</strong>: Without it 1 more could be matched." in page(
        client, "details", run.pk
    )
    response = client.get(reverse("admin:seasons_season_change", args=[season.pk]))
    form = response.context["adminform"].form
    assert form.fields["allow_same_unit"].help_text.endswith("In run 1: Without it 1 more could be matched.")
    assert form.fields["cuts"].help_text.endswith("In run 1: 0 matches are under 25. 0 matches are under 50.")
    text = response.content.decode()
    assert "A language in common: Without it 1 more could be matched." in text
    assert "A way of meeting in common: Nobody more could be matched without it." in text
    assert "In run" not in form.fields["quiet_guard"].help_text
    assert "In run" not in form.fields["allow_repeat_pairs"].help_text


def test_whoever_s_own_match_is_in_the_run_reads_no_effect(client, coordinator):
    season, (mentee,), _mentors = pool(1, 1)
    run_matching(season, coordinator)
    report_to(mentee.applicant, coordinator)
    text = client.get(reverse("admin:seasons_season_change", args=[season.pk])).content.decode()
    assert "In run" not in text


def test_a_season_too_large_for_it_says_that_nothing_was_tried(client, coordinator, monkeypatch):
    monkeypatch.setattr("matching.services.figures.TRIED_UP_TO", 1)
    season, _mentees, _mentors = pool(2, 2)
    run = run_matching(season, coordinator)
    assert (run.figures["effects"], run.figures["blocking"], run.figures["file"]) == (None, None, "")
    assert "isn't worked out in a season of more than 1,000" in page(client, "details", run.pk).replace("&#x27;", "'")


def test_a_season_with_identity_shows_no_number_of_a_step_that_reads_it(client, coordinator):
    season, _mentees, _mentors = pool(2, 2, SeasonFactory(identity_matching=True))
    run = run_matching(season, coordinator)
    assert set(run.figures["proofs"]) == {"coverage", "keep"}
    assert page(client, "details", run.pk).count("not shown") == 6
    plain, _mentees, _mentors = pool(2, 2)
    assert set(run_matching(plain, coordinator).figures["proofs"]) == {"coverage", "keep", "fit", "lottery"}


def test_a_season_with_identity_says_that_wishes_are_hidden(client, coordinator):
    season, _mentees, _mentors = pool(2, 2, SeasonFactory(identity_matching=True))
    run_matching(season, coordinator)
    assert "is hidden in this season" in page(client, "approve", season.pk)
    plain, _mentees, _mentors = pool(2, 2)
    run_matching(plain, coordinator)
    assert "Wishes for something shared" not in page(client, "approve", plain.pk)
