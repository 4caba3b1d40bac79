"""The season is frozen as it stands: rules of a season as rules of the engine, and nothing that wasn't opted in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching import snapshot
from matching.engine import blocked
from mentorship.applications.models import Favourite
from mentorship.partnerships.models import Membership, Partnership
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import avoid, give_identity, pool, report_to

pytestmark = pytest.mark.django_db
WOMAN = {"values": ["woman"], "match": 2, "show": True, "count": False}


def told(shot, mentee, mentor):
    return blocked(shot.problem, str(mentee.pk), str(mentor.pk))


def test_people_are_known_by_their_application_with_goals_rank_unit_and_times():
    season = SeasonFactory()
    goal = GoalFactory(slug="supervising")
    mentee = MenteeFactory(season=season, wants={goal: 3}, slots=["tue-am"])
    mentor = MentorFactory(season=season, wants={goal: 2}, capacity=5, modes=["video", "phone"])
    problem = snapshot.take(season).problem
    (person,), (other,) = problem.mentees, problem.mentors
    assert (person.id, dict(person.goals), person.priority) == (str(mentee.pk), {"supervising": 3}, False)
    assert (person.unit, person.rank, person.slots) == (str(mentee.applicant.profile.unit_id), 3, ("tue-am",))
    assert (other.id, dict(other.offers), other.capacity) == (str(mentor.pk), {"supervising": 2}, 3)
    assert other.modes == ("phone", "video")


def test_only_the_eligible_and_active_are_in_the_pool():
    season, (mentee,), (mentor,) = pool(1, 1)
    MenteeFactory(season=season, state="submitted")
    MenteeFactory(season=season, state="withdrawn")
    gone = MentorFactory(season=season)
    gone.applicant.is_active = False
    gone.applicant.save()
    problem = snapshot.take(season).problem
    assert [person.id for person in problem.mentees] == [str(mentee.pk)]
    assert [person.id for person in problem.mentors] == [str(mentor.pk)]


def test_the_whole_chain_of_supervisors_is_read_even_where_it_runs_in_a_circle():
    season, (low,), (top, other) = pool(1, 2)
    middle = MenteeFactory(season=season)
    report_to(low.applicant, middle.applicant)
    report_to(middle.applicant, top.applicant)
    report_to(top.applicant, low.applicant)
    shot = snapshot.take(season)
    assert told(shot, low, top) == ("supervisor_chain",)
    assert told(shot, low, other) == ()


def test_nobody_is_paired_with_themselves_and_it_reads_like_any_private_rule():
    season = SeasonFactory()
    mentee = MenteeFactory(season=season)
    mentor = MentorFactory(season=season, applicant=mentee.applicant)
    assert "avoidance" in told(snapshot.take(season), mentee, mentor)


def test_an_avoidance_of_either_keeps_two_apart():
    season, (first, second), (mentor,) = pool(2, 1)
    avoid(first, mentor.applicant)
    avoid(mentor, second.applicant)
    shot = snapshot.take(season)
    assert told(shot, first, mentor) == told(shot, second, mentor) == ("avoidance",)


@pytest.mark.parametrize("allowed", [True, False])
def test_an_earlier_pair_is_not_made_again_unless_the_season_allows_it(allowed, coordinator):
    season, (mentee,), (mentor,) = pool(1, 1, SeasonFactory(allow_repeat_pairs=allowed))
    earlier = SeasonFactory()
    pair = Partnership.objects.create(season=earlier, state="completed", approved_at=NOW, approved_by=coordinator)
    # The other way round: she mentored him then.
    for person, role in ((mentee.applicant, "mentor"), (mentor.applicant, "mentee")):
        Membership.objects.create(
            partnership=pair, person=person, season=earlier, kind="pair", role=role, joined_at=NOW, active=False
        )
    assert told(snapshot.take(season), mentee, mentor) == (() if allowed else ("past_pairing",))


def test_favourites_are_the_colleagues_applications_in_the_other_role_in_order():
    season, (mentee,), (first, second) = pool(1, 2)
    Favourite.objects.create(application=mentee, person=second.applicant, rank=1)
    Favourite.objects.create(application=mentee, person=first.applicant, rank=2)
    Favourite.objects.create(application=mentee, person=MenteeFactory(season=season).applicant, rank=3)
    (person,) = (who for who in snapshot.take(season).problem.mentees if who.id == str(mentee.pk))
    assert person.favourites == (str(second.pk), str(first.pk))


def test_identity_leaves_only_where_both_the_season_and_the_person_say_so():
    season, (asks, gives, rather), (mentor,) = pool(3, 1, SeasonFactory(identity_matching=True))
    give_identity(asks, gender=WOMAN, ethnicity={"values": ["asian"], "match": 0})
    give_identity(gives, gender={**WOMAN, "match": 0})
    give_identity(rather, gender={**WOMAN, "values": ["rather-not-say"]})
    give_identity(mentor, gender={**WOMAN, "match": 1})
    people = {who.id: who for who in snapshot.take(season).problem.mentees}
    assert dict(people[str(asks.pk)].identity) == {"gender": ("woman",)}
    assert dict(people[str(asks.pk)].match_on) == {"gender": 2}
    assert dict(people[str(gives.pk)].identity) == dict(people[str(rather.pk)].identity) == {}


@pytest.mark.parametrize(("matching_on", "setting"), [(False, "per-season"), (True, "never")])
def test_without_identity_matching_no_identity_answer_is_even_read(matching_on, setting, settings):
    settings.IDENTITY = setting
    season, (mentee,), _mentors = pool(1, 1, SeasonFactory(identity_matching=matching_on))
    give_identity(mentee, gender=WOMAN)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        problem = snapshot.take(season).problem
    assert "woman" not in problem.to_json()
    assert not [query for query in queries if "identityanswer" in query["sql"]]


def test_a_schedule_that_rotates_counts_as_any_time():
    season = SeasonFactory(min_shared_slots=1)
    mentee = MenteeFactory(season=season, slots=["mon-am"], schedule_rotates=True)
    mentor = MentorFactory(season=season, slots=["fri-eve"])
    assert told(snapshot.take(season), mentee, mentor) == ()


@pytest.mark.parametrize("size", [1, 3, 30])
def test_reading_the_season_takes_the_same_queries_whatever_its_size(size, django_assert_num_queries):
    season, _mentees, _mentors = pool(size, size, SeasonFactory(identity_matching=True))
    with django_assert_num_queries(15):
        snapshot.take(season)


def test_the_sentence_about_a_shared_wish_needs_both_to_ask_to_share_and_to_show(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1, SeasonFactory(identity_matching=True))
    pair = Partnership.objects.create(season=season, state="announced", approved_at=NOW, approved_by=coordinator)
    for row, role in ((mentee, "mentee"), (mentor, "mentor")):
        Membership.objects.create(
            partnership=pair,
            person=row.applicant,
            application=row,
            season=season,
            kind="pair",
            role=role,
            joined_at=NOW,
        )
    give_identity(mentee, gender=WOMAN)
    give_identity(mentor, gender=WOMAN)
    assert snapshot.both_ask_to_show(pair) is True
    give_identity(mentor, gender={**WOMAN, "show": False})
    assert snapshot.both_ask_to_show(pair) is False
    give_identity(mentor, gender={**WOMAN, "match": 0})
    assert snapshot.both_ask_to_show(pair) is False
    give_identity(mentor, gender={**WOMAN, "values": ["man"]})
    assert snapshot.both_ask_to_show(pair) is False
