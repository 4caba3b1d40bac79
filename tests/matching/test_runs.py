"""A run: asked for once, checked, kept with what coordinators may read, and never undoing what is decided."""

import json

import pytest
from django.urls import reverse

from matching import services
from matching.engine import Problem, Trace, solve, verify
from matching.models import MatchRun, Proposal
from mentorship.applications.models import Favourite
from mentorship.jobs.models import Job
from mentorship.jobs.services import request_cancel, run_job
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import approve_all, avoid, give_identity, mentor_of, pairs_of, pool, run_matching

pytestmark = pytest.mark.django_db


def test_the_job_finds_the_matches_and_leads_to_the_workbench(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    job = Job.objects.get()
    done = run_job(job_id=job.pk, now=NOW)
    run.refresh_from_db()
    assert (done.state, done.error, done.result) == ("done", "", {"mentees": 1, "matched": 1})
    assert (run.state, run.number, pairs_of(run)) == ("done", 1, {(mentee.pk, mentor.pk)})
    assert job.payload == {"run": str(run.pk)}


def test_asking_twice_is_one_run(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    first = services.start_run(season=season, by=coordinator, now=NOW)
    assert services.start_run(season=season, by=coordinator, now=NOW) == first
    assert Job.objects.count() == 1


def test_a_season_without_mentors_has_nothing_to_run(coordinator):
    season, _mentees, _mentors = pool(1, 0)
    with pytest.raises(services.NobodyToMatch):
        services.start_run(season=season, by=coordinator, now=NOW)


def test_a_cancelled_job_makes_room_for_another_run(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    request_cancel(job=run.job, by=coordinator, now=NOW)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run_matching(season, coordinator).number == 2


def test_doing_a_run_again_changes_nothing(coordinator):
    season, _mentees, _mentors = pool(2, 2)
    run = run_matching(season, coordinator)
    before = list(Proposal.objects.values())
    services.execute_run(run_id=run.pk, progress=lambda done, total, step="": None, now=NOW)
    assert list(Proposal.objects.values()) == before


def test_the_result_that_is_kept_holds_when_it_is_checked_again(coordinator):
    season, _mentees, _mentors = pool(3, 2)
    run = run_matching(season, coordinator)
    problem = Problem.from_json(json.dumps(run.problem))
    verify(problem, Trace.from_json(json.dumps(run.trace)))
    assert run.input_hash == problem.input_hash


def test_inputs_and_scores_are_unreadable_in_the_database(coordinator):
    season, (mentee,), _mentors = pool(1, 1)
    run_matching(season, coordinator)
    stored = b"".join(bytes(value) for value in MatchRun.objects.values_list("problem", "trace")[0])
    assert str(mentee.pk).encode() not in stored


def test_the_figures_count_people_fit_and_favourites(coordinator):
    season = SeasonFactory()
    first, second = GoalFactory(), GoalFactory()
    happy = MenteeFactory(season=season, wants={first: 3})
    MenteeFactory(season=season, wants={second: 3})
    mentor = MentorFactory(season=season, wants={first: 2}, capacity=2)
    Favourite.objects.create(application=happy, person=mentor.applicant, rank=1)
    figures = run_matching(season, coordinator).figures
    assert (figures["mentees"], figures["matched"], figures["places"]) == (2, 2, 2)
    assert figures["fit"] == {"least": 0, "median": 0, "bands": [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]}
    assert figures["below"] == {"25": 1, "50": 1}
    assert figures["mentee_favourites"] == {"asked": 1, "met": 1}


def test_reasons_say_goals_strengths_times_and_favourites(coordinator):
    season = SeasonFactory()
    goal = GoalFactory(slug="supervising")
    mentee = MenteeFactory(season=season, wants={goal: 3}, slots=["mon-am", "tue-pm"])
    mentor = MentorFactory(season=season, wants={goal: 2}, slots=["tue-pm"])
    Favourite.objects.create(application=mentee, person=mentor.applicant, rank=1)
    run_matching(season, coordinator)
    assert Proposal.objects.get().reasons == {
        "goals": [{"key": "supervising", "weight": 3, "strength": 2}],
        "slots": ["tue-pm"],
        "modes": ["video"],
        "languages": ["en"],
        "mentee_favourite": 1,
    }


def test_who_has_nobody_gets_the_rules_counted_with_private_ones_under_other(coordinator):
    season, (mentee,), mentors = pool(1, 2)
    avoid(mentee, mentors[0].applicant)
    mentors[1].languages = ["es"]
    mentors[1].save()
    run_matching(season, coordinator)
    assert Proposal.objects.get().reasons == {
        "nobody": "rules",
        "open": 0,
        "removed": {"no_shared_language": 1, "other": 1},
    }


def test_a_further_run_keeps_held_pairs_and_shows_approved_ones(coordinator):
    season, _mentees, _mentors = pool(4, 4)
    first = run_matching(season, coordinator)
    held, approved, *_rest = first.proposals.order_by("pk")
    services.lock_proposal(proposal=held, by=coordinator, now=NOW)
    services.approve_proposals(run=first, proposals=[approved.pk], by=coordinator, now=NOW)
    second = run_matching(season, coordinator)
    states = dict(second.proposals.values_list("mentee", "state"))
    assert pairs_of(second) == pairs_of(first)
    assert (states[held.mentee_id], states[approved.mentee_id]) == ("locked", "approved")
    assert str(approved.mentee_id) not in {person["id"] for person in second.problem["mentees"]}
    assert second.figures["settled"] == 1


def test_a_held_pair_stays_although_another_mentee_is_left_without(coordinator):
    """A plain suggestion would give way: the control is the same season without the hold."""
    season = SeasonFactory()
    goal = GoalFactory()
    flexible = MenteeFactory(season=season, wants={goal: 3}, languages=["en", "es"])
    only = MentorFactory(season=season, wants={goal: 2}, languages=["en"])
    first = run_matching(season, coordinator)
    MentorFactory(season=season, wants={goal: 2}, languages=["es"])
    MenteeFactory(season=season, wants={goal: 3}, languages=["en"])
    assert (flexible.pk, only.pk) not in pairs_of(run_matching(season, coordinator))
    MatchRun.objects.exclude(pk=first.pk).delete()
    services.lock_proposal(proposal=first.proposals.get(), by=coordinator, now=NOW)
    assert (flexible.pk, only.pk) in pairs_of(run_matching(season, coordinator))


def test_a_pair_that_the_mentor_declined_is_not_suggested_again(coordinator):
    season, (mentee,), mentors = pool(1, 2)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    ask_mentors(season=season, by=coordinator, now=NOW)
    pair = Partnership.objects.get()
    declined_by = mentor_of(pair)
    answer_question(partnership=pair, yes=False, by=declined_by, now=NOW)
    (found,) = pairs_of(run_matching(season, coordinator))
    (other,) = (row for row in mentors if row.applicant != declined_by)
    assert found == (mentee.pk, other.pk)


def test_what_two_people_opted_into_is_in_no_figure_and_no_reason(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1, SeasonFactory(identity_matching=True))

    def told():
        Proposal.objects.all().delete()
        MatchRun.objects.all().delete()
        run = run_matching(season, coordinator)
        return json.dumps(run.figures, sort_keys=True), list(run.proposals.values_list("fit", "reasons"))

    before = told()
    for row in (mentee, mentor):
        give_identity(row, gender={"values": ["canary-gender"], "match": 2, "show": True})
    assert told() == before


def test_a_run_that_is_cancelled_half_way_keeps_nothing_and_makes_room_for_another(coordinator, sign_in, monkeypatch):
    season, _mentees, _mentors = pool(3, 3)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    reached = []

    def stopped_while_solving(problem):
        reached.append("solve")
        request_cancel(job=run.job, by=coordinator, now=NOW)
        return solve(problem)

    monkeypatch.setattr("matching.services.runs.solve", stopped_while_solving)
    monkeypatch.setattr("matching.services.runs.verify", lambda problem, trace: reached.append("verify"))
    job = run_job(job_id=run.job_id, now=NOW)
    monkeypatch.undo()
    run.refresh_from_db()
    assert (job.state, run.state, run.problem, run.proposals.count()) == ("cancelled", "failed", {}, 0)
    assert reached == ["solve"]
    client = sign_in(coordinator)
    page = client.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    assert reverse("admin:matching_workbench", args=[season.pk]) in page
    bench = client.get(reverse("admin:matching_workbench", args=[season.pk])).content.decode()
    assert "was stopped before it was done and changed nothing" in bench
    again = services.start_run(season=season, by=coordinator, now=NOW)
    assert (again.number, run_job(job_id=again.job_id, now=NOW).state) == (2, "done")


def test_a_run_that_fails_says_so_and_not_that_somebody_stopped_it(coordinator, sign_in, monkeypatch):
    season, _mentees, _mentors = pool(1, 1)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    monkeypatch.setattr("matching.services.runs.verify", lambda problem, trace: 1 / 0)
    assert run_job(job_id=run.job_id, now=NOW).state == "failed"
    bench = sign_in(coordinator).get(reverse("admin:matching_workbench", args=[season.pk])).content.decode()
    assert "It found no result and changed nothing" in bench


def test_the_progress_of_a_run_counts_its_steps_to_the_end(coordinator):
    season, _mentees, _mentors = pool(2, 2)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    said = []
    services.execute_run(run_id=run.pk, progress=lambda *step: said.append(step), now=NOW)
    assert [(done, total) for done, total, _step in said] == [(0, 0), *((n, 8) for n in range(1, 8))]
    assert [step for _done, _total, step in said] == [
        "Reading the applications",
        "Finding the best set of matches",
        "Checking the result",
        "Trying it without a rule: same work unit",
        "Trying it without a rule: no language in common",
        "Trying it without a rule: no way of meeting in common",
        "Comparing with what each person would choose",
        "Keeping the result",
    ]


def test_where_a_run_is_under_way_the_workbench_says_how_far_it_is_and_leads_there(coordinator, sign_in):
    season, _mentees, _mentors = pool(1, 1)
    run = services.start_run(season=season, by=coordinator, now=NOW)
    Job.objects.update(state="running", done=2, total=8, step="Checking the result")
    bench = sign_in(coordinator).get(reverse("admin:matching_workbench", args=[season.pk])).content.decode()
    assert "Checking the result: 2 of 8 steps done." in bench
    assert reverse("jobs:progress", args=[run.job_id]) in bench
