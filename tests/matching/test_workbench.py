"""The workbench: a sentence with the figures, exceptions first, one click for each decision, nothing of one's own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from matching.models import Exclusion, Pin, Proposal
from matching.services import approve_proposals
from mentorship.jobs.models import Job
from mentorship.jobs.services import run_job
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from tests.factories import (
    GoalFactory,
    MenteeFactory,
    MentorFactory,
    PartnershipFactory,
    SeasonFactory,
    UserFactory,
)
from tests.matching.cast import approve_all, avoid, confirm_all, mentor_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def at(name, *keys):
    return reverse(f"admin:matching_{name}", args=keys)


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def client(sign_in, coordinator):
    return sign_in(coordinator)


def test_two_clicks_lead_from_the_workbench_to_the_result(client):
    season, _mentees, _mentors = pool(2, 2)
    page = text_of(client.get(at("workbench", season.pk)))
    assert "2 mentees and 2 mentors are ready to be matched" in page
    watched = client.post(at("run", season.pk))
    job = Job.objects.get()
    assert watched.url == reverse("jobs:progress", args=[job.pk])
    run_job(job_id=job.pk, now=timezone.now())
    assert at("workbench", season.pk) in client.get(watched.url, follow=True).content.decode()
    assert "2 of 2 mentees have a match" in text_of(client.get(at("workbench", season.pk)))


def test_the_headline_gives_the_lowest_and_the_median_fit(client, coordinator):
    season = SeasonFactory()
    strong, some = GoalFactory(), GoalFactory()
    MenteeFactory(season=season, wants={strong: 3})
    MenteeFactory(season=season, wants={some: 3})
    MentorFactory(season=season, wants={strong: 2})
    MentorFactory(season=season, wants={some: 1})
    run_matching(season, coordinator)
    page = text_of(client.get(at("workbench", season.pk)))
    assert "Result checked" in page
    assert "Lowest goal fit 50, median 50." in page


def test_exceptions_come_first_and_the_rest_on_demand(client, coordinator):
    season = SeasonFactory()
    goal = GoalFactory(title_en="Supervising")
    fine = MenteeFactory(season=season, wants={goal: 3}, applicant__given_name="Fine")
    MentorFactory(season=season, wants={goal: 2})
    alone = MenteeFactory(season=season, languages=["es"], applicant__given_name="Alone")
    run_matching(season, coordinator)
    page = text_of(client.get(at("workbench", season.pk)))
    assert alone.applicant.display_name in page
    assert fine.applicant.display_name not in page
    assert "Why is there nobody for Alone?" in page
    assert "1 mentor (no language in common)" in page
    assert fine.applicant.display_name in text_of(client.get(at("workbench", season.pk) + "?show=all"))


def test_one_click_shows_why_these_two_and_who_else_there_is(client, coordinator):
    season = SeasonFactory()
    goal = GoalFactory(title_en="Supervising")
    mentee = MenteeFactory(season=season, wants={goal: 3}, slots=["thu-pm"])
    mentor = MentorFactory(season=season, wants={goal: 2}, slots=["thu-pm"], applicant__given_name="Inês")
    chief = MentorFactory(season=season, wants={goal: 1}, applicant__given_name="Omar")
    report_to(mentee.applicant, chief.applicant)
    mentee.favourites.create(person=mentor.applicant, rank=2)
    run_matching(season, coordinator)
    page = text_of(client.get(at("workbench", season.pk) + f"?match={Proposal.objects.get().pk}"))
    assert "<strong>Shared:</strong> Supervising." in page
    assert "<strong>Both free:</strong> Thursday afternoons." in page
    assert "Inês is one of" in page
    assert f"{chief.applicant.display_name} (goal fit 50): same reporting line" in page


def test_an_avoidance_reads_as_not_possible_and_never_why(client, coordinator):
    season, (mentee,), mentors = pool(1, 2)
    avoid(mentee, mentors[0].applicant)
    run_matching(season, coordinator)
    page = text_of(client.get(at("workbench", season.pk)))
    assert f"{mentors[0].applicant.display_name} (goal fit 100): not possible this season" in page
    assert "asked not" not in page


def test_hold_and_keep_together_are_one_click_each_and_a_rejection_two(client, coordinator):
    season, _mentees, _mentors = pool(3, 3)
    first, second, third = run_matching(season, coordinator).proposals.order_by("pk")
    client.post(at("hold", first.pk))
    client.post(at("together", second.mentee_id, second.mentor_id))
    client.post(at("reject", third.pk), {"again": "never"})
    assert Proposal.objects.get(pk=first.pk).state == "locked"
    assert Pin.objects.get().mentee_id == second.mentee_id
    assert Proposal.objects.get(pk=third.pk).state == "rejected"
    client.post(at("release", first.pk))
    client.post(at("undo_together", Pin.objects.get().pk))
    client.post(at("undo_apart", Exclusion.objects.get().pk))
    client.post(at("restore", third.pk))
    assert set(Proposal.objects.values_list("state", flat=True)) == {"proposed"}
    assert (Pin.objects.count(), Exclusion.objects.count()) == (0, 0)


def test_rejecting_asks_whether_the_pair_may_come_again(client, coordinator):
    season, _mentees, _mentors = pool(1, 1)
    match = run_matching(season, coordinator).proposals.get()
    assert "May a further run suggest them again?" in text_of(client.get(at("reject", match.pk)))
    client.post(at("reject", match.pk), {"again": "never"})
    assert (Proposal.objects.get().state, Exclusion.objects.count()) == ("rejected", 1)


def test_a_rule_is_named_and_set_aside_with_a_reason(client, coordinator):
    _season, (mentee,), (mentor,) = pool(1, 1)
    report_to(mentee.applicant, mentor.applicant)
    url = at("together", mentee.pk, mentor.pk)
    assert "same reporting line" in text_of(client.post(url))
    assert "Error:" in text_of(client.post(url, {"waived": "supervisor_chain", "reason": ""}))
    client.post(url, {"waived": "supervisor_chain", "reason": "Both asked."})
    assert (Pin.objects.get().waived, Pin.objects.get().reason) == (["supervisor_chain"], "Both asked.")


def test_approving_all_takes_a_look_at_what_happens_and_one_button(client, coordinator):
    season, _mentees, _mentors = pool(3, 3)
    run = run_matching(season, coordinator)
    page = text_of(client.get(at("approve", season.pk)))
    assert "Approve 3 matches?" in page
    form = {"run": run.pk, "count": 3, "which": "clear"}
    done = client.post(at("approve", season.pk), form, follow=True)
    assert "3 matches are approved. Nobody has been told." in text_of(done)
    assert Partnership.objects.filter(state="approved").count() == 3


def test_what_changed_since_the_confirm_page_is_not_approved(client, coordinator):
    season, _mentees, _mentors = pool(3, 3)
    run = run_matching(season, coordinator)
    client.post(at("reject", run.proposals.first().pk), {"again": "may"})
    again = client.post(at("approve", season.pk), {"run": run.pk, "count": 3, "which": "clear"}, follow=True)
    assert "Somebody else decided on it meanwhile" in text_of(again)
    assert Partnership.objects.count() == 0


def test_low_fits_are_approved_only_when_asked_for(client, coordinator):
    season = SeasonFactory()
    goal, other = GoalFactory(), GoalFactory()
    MenteeFactory(season=season, wants={goal: 3})
    MenteeFactory(season=season, wants={other: 3})
    MentorFactory(season=season, wants={goal: 2}, capacity=2)
    run = run_matching(season, coordinator)
    client.post(at("approve", season.pk), {"run": run.pk, "count": 1, "which": "clear"})
    assert Partnership.objects.values_list("fit", flat=True).get() == 100
    client.post(at("approve", season.pk), {"run": run.pk, "count": 1, "which": "all"})
    assert sorted(Partnership.objects.values_list("fit", flat=True)) == [0, 100]


def test_asking_says_how_many_and_then_asks(client, coordinator):
    season, _mentees, _mentors = pool(2, 2)
    approve_all(run_matching(season, coordinator), coordinator)
    assert "Send 2 questions to mentors?" in text_of(client.get(at("ask", season.pk)))
    assert "2 questions go to mentors." in text_of(client.post(at("ask", season.pk), follow=True))
    assert Partnership.objects.filter(state="asked").count() == 2


def test_an_overdue_answer_is_an_exception_with_two_ways_on(client, coordinator):
    season, _mentees, _mentors = pool(2, 2)
    approve_all(run_matching(season, coordinator), coordinator)
    long_ago = timezone.now() - timedelta(days=6)
    ask_mentors(season=season, by=coordinator, now=long_ago)
    page = text_of(client.get(at("workbench", season.pk)))
    assert ("No answer yet" in page, "Ask again" in page, "Treat as declined" in page) == (True, True, True)
    first, second = Proposal.objects.order_by("pk")
    client.post(at("ask_again", first.pk))
    client.post(at("declined", second.pk))
    assert Partnership.objects.get(pk=first.partnership_id).answer_due > timezone.now()
    assert Partnership.objects.get(pk=second.partnership_id).state == "declined"
    assert "Mentor declined" in text_of(client.get(at("workbench", season.pk)))


def test_two_coordinators_on_one_match_the_second_is_told(client, coordinator, sign_in):
    season, _mentees, _mentors = pool(1, 1)
    match = run_matching(season, coordinator).proposals.get()
    other = sign_in(UserFactory(roles=["coordinator"]))
    other.post(at("approve_one", match.pk))
    late = client.post(at("hold", match.pk), follow=True)
    assert "Somebody else decided on it meanwhile" in text_of(late)
    assert (Partnership.objects.get().state, Exclusion.objects.count()) == ("approved", 0)


def test_what_concerns_the_coordinator_is_a_line_without_names(client, coordinator):
    season, mentees, _mentors = pool(2, 2)
    mentees[0].applicant = coordinator
    mentees[0].save()
    run = run_matching(season, UserFactory(roles=["coordinator"]))
    own = run.proposals.get(mentee=mentees[0])
    page = text_of(client.get(at("workbench", season.pk) + "?show=all"))
    assert "This match concerns you: another coordinator decides." in page
    # The one mentee's mentor is possible for the other one too; the list of matches must not say whose he is.
    table = page.split('id="matches-caption"')[1].split("</table>")[0]
    assert own.mentor.applicant.display_name not in table
    assert str(own.pk) not in page
    for name in ("hold", "release", "reject", "restore", "take_back", "ask_again", "declined", "approve_one"):
        assert client.post(at(name, own.pk)).status_code == 404
    assert client.post(at("apart", own.mentee_id, own.mentor_id)).status_code == 404


@pytest.mark.parametrize(("state", "lines"), [("confirmed", 0), ("announced", 1)])
def test_a_match_of_the_coordinators_partner_is_anothers_once_both_were_told(state, lines, client, coordinator):
    season, mentees, _mentors = pool(2, 2)
    before = SeasonFactory()
    theirs = MenteeFactory(season=before, applicant=coordinator)
    partner = MentorFactory(season=before, applicant=mentees[0].applicant)
    PartnershipFactory(season=before, pair=(theirs, partner), state=state)
    run = run_matching(season, UserFactory(roles=["coordinator"]))
    match = run.proposals.get(mentee=mentees[0])
    page = text_of(client.get(at("workbench", season.pk) + "?show=all"))
    assert page.count("This match concerns you: another coordinator decides.") == lines
    assert set(Proposal.objects.visible_to(coordinator)) == set(
        run.proposals.exclude(pk=match.pk) if lines else run.proposals.all()
    )
    assert client.post(at("hold", match.pk)).status_code == (404 if lines else 302)


def test_the_list_does_not_say_what_became_of_the_coordinators_own_match(client, coordinator):
    season, mentees, _mentors = pool(2, 2)
    mentees[0].applicant = coordinator
    mentees[0].save()
    decider = UserFactory(roles=["coordinator"])
    run = run_matching(season, decider)
    concerns = "This match concerns you"

    def page():
        return text_of(client.get(at("workbench", season.pk)))

    def last_line():
        return page().split('id="matches-caption"')[1].split("</table>")[0].split("</tr>")[-2]

    assert concerns in last_line()
    approve_all(run, decider)
    ask_mentors(season=season, by=decider, now=timezone.now())
    pair = run.proposals.get(mentee=mentees[0]).partnership
    answer_question(partnership=pair, yes=False, by=mentor_of(pair), now=timezone.now())
    assert "Look at these first" not in page()
    assert concerns in last_line()


def test_no_figure_tells_a_coordinator_of_their_own_match(client, coordinator):
    """Whether they have one, whose answer is waited for, and whether they are to be called: all pages as before."""
    season, mentees, _mentors = pool(3, 3)
    mentees[0].applicant = coordinator
    mentees[0].save()
    decider = UserFactory(roles=["coordinator"])
    run = run_matching(season, decider)
    own = run.proposals.get(mentee=mentees[0])
    pages = [at(name, season.pk) for name in ("workbench", "announce", "calls", "ask", "approve")]
    pages += [at("details", run.pk), reverse("admin:index"), at("workbench", season.pk) + "?show=all"]

    def figures():
        texts = [client.get(url).content.decode() for url in pages]
        return [re.sub(r'value="[^"]{64}"|<script.*?</script>', "", text) for text in texts]

    others = run.proposals.exclude(pk=own.pk).values_list("pk", flat=True)
    approve_proposals(run=run, proposals=others, by=decider, now=timezone.now())
    confirm_all(season, decider, timezone.now())
    before = figures()
    approve_proposals(run=run, proposals=[own.pk], by=decider, now=timezone.now())
    approved = figures()
    ask_mentors(season=season, by=decider, now=timezone.now())
    asked = figures()
    pair = Proposal.objects.get(pk=own.pk).partnership
    answer_question(partnership=pair, yes=False, by=mentor_of(pair), now=timezone.now())
    declined = figures()
    # While the own pair waits for something, the announcement waits for "another coordinator", whatever it is.
    announce = pages.index(at("announce", season.pk))
    assert "Another coordinator has still something to decide" in approved[announce]
    assert approved == asked
    assert before == declined
    approved[announce] = before[announce]
    assert approved == before


def test_control_another_coordinator_sees_those_figures_change(client, coordinator):
    season, mentees, _mentors = pool(2, 2)
    run = run_matching(season, coordinator)
    before = text_of(client.get(at("workbench", season.pk)))
    own = run.proposals.get(mentee=mentees[0])
    approve_proposals(run=run, proposals=[own.pk], by=coordinator, now=timezone.now())
    assert "Ask 1 mentor" in text_of(client.get(at("workbench", season.pk)))
    assert "Ask 1 mentor" not in before


@pytest.mark.parametrize("role", ["analyst", "administrator", None])
def test_nobody_but_coordinators_enters(role, sign_in, coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run = run_matching(season, coordinator)
    client = sign_in(UserFactory(roles=[role] if role else []))
    for url in (at("workbench", season.pk), at("details", run.pk), at("calls", season.pk)):
        assert client.get(url).status_code in {302, 403}


@pytest.mark.parametrize("size", [1, 3, 30])
def test_every_page_takes_the_same_queries_for_any_number_of_people(size, client, coordinator):
    season, _mentees, _mentors = pool(size, size)
    for _n in range(size):
        MenteeFactory(season=season, languages=["es"])
    run = run_matching(season, coordinator)
    client.get(at("workbench", season.pk))
    asked = {}
    for name, url in (
        ("first", at("workbench", season.pk)),
        ("all", at("workbench", season.pk) + "?show=all"),
        ("approve", at("approve", season.pk)),
        ("wishes", at("wishes", season.pk)),
        ("calls", at("calls", season.pk)),
        ("details", at("details", run.pk)),
    ):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        asked[name] = len(queries)
    assert asked == {"first": 40, "all": 40, "approve": 26, "wishes": 9, "calls": 10, "details": 8}


def test_pages_speak_spanish_to_whom_that_is_the_language(client, coordinator):
    coordinator.language = "es"
    coordinator.save()
    season, _mentees, _mentors = pool(1, 1)
    run_matching(season, coordinator)
    with translation.override("es"):
        assert 'lang="es"' in text_of(client.get(at("workbench", season.pk)))


def test_a_declined_question_is_a_task_until_somebody_else_is_found(client, coordinator):
    from matching.coordinator_tasks import tasks

    now = timezone.now()
    today = now.date()
    season = SeasonFactory(
        opens_on=today - timedelta(days=30), closes_on=today - timedelta(days=3), matches_on=today,
        starts_on=today + timedelta(days=5), ends_on=today + timedelta(days=90),
        survey_on=today + timedelta(days=91), report_on=today + timedelta(days=99),
        published_at=now - timedelta(days=40),
    )  # fmt: skip
    pool(1, 2, season)

    def texts():
        return [task.text for task in tasks(coordinator, now)]

    assert texts() == ["Spring 2027: find matches"]
    run = run_matching(season, coordinator, now)
    assert texts() == ["Spring 2027: 1 match to approve"]
    approve_all(run, coordinator, now)
    assert texts() == ["Spring 2027: 1 mentor to ask"]
    ask_mentors(season=season, by=coordinator, now=now)
    assert texts() == []
    pair = Partnership.objects.get()
    answer_question(partnership=pair, yes=False, by=mentor_of(pair), now=now)
    assert texts() == ["Spring 2027: 1 mentor declined"]
    approve_all(run_matching(season, coordinator, now), coordinator, now)
    assert texts() == ["Spring 2027: 1 mentor to ask"]
