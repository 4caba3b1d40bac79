"""The workbench of circles: exceptions first, every change shown before it is made, nothing of one's own."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching.models import CircleFacilitator, CircleProposal, CircleSeat
from mentorship.applications.models import Application
from mentorship.jobs.models import Job
from mentorship.jobs.services import run_job
from mentorship.partnerships.models import Partnership
from tests.factories import GoalFactory, MentorFactory, UserFactory
from tests.matching.cast import avoid, report_to
from tests.matching.circle_cast import approve_circles_of, circle_season, facilitator, find_circles, peers

pytestmark = pytest.mark.django_db


def at(name, *keys):
    return reverse(f"admin:matching_{name}", args=keys)


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def client(sign_in, coordinator):
    return sign_in(coordinator)


def two_circles(coordinator, slots=("tue-am",), sizes=(4, 4)):
    """A season with two circles on different themes; the second's people would take the first's theme as well."""
    season = circle_season()
    first, second = GoalFactory(title_en="Supervising"), GoalFactory(title_en="Teaching")
    ours = peers(season, sizes[0], theme=first, slots=slots)
    theirs = peers(season, sizes[1], theme=second, slots=slots)
    run = find_circles(season, coordinator)
    one, other = (CircleProposal.objects.get(run=run, theme=theme) for theme in (first, second))
    return season, (one, ours), (other, theirs)


def test_the_workbench_leads_from_the_pool_to_circles_to_an_approval(client, coordinator):
    season = circle_season()
    four = peers(season, 4, theme=GoalFactory(title_en="Supervising"))
    guide = facilitator(season, coordinator)
    assert "4 people are ready to share circles" in text_of(client.get(at("circles", season.pk)))
    watched = client.post(at("circles_run", season.pk))
    job = Job.objects.get()
    assert watched.url == reverse("jobs:progress", args=[job.pk])
    run_job(job_id=job.pk, now=timezone.now())
    page = text_of(client.get(at("circles", season.pk)))
    assert "4 of 4 people have a circle" in page
    assert "1: Supervising" in page
    assert guide.display_name in page
    assert all(row.applicant.display_name in page for row in four)
    confirm = client.get(at("circles_approve", season.pk))
    fields = dict(re.findall(r'name="(run|count)" value="([^"]+)"', confirm.content.decode()))
    client.post(at("circles_approve", season.pk), fields)
    assert Partnership.objects.get().state == "approved"


def test_exceptions_stand_first(client, coordinator):
    season, (one, ours), _second = two_circles(coordinator)
    guide = facilitator(season, coordinator)
    client.post(at("circle_facilitators", one.pk), {"first": guide.pk, "second": ""})
    page = text_of(client.get(at("circles", season.pk)))
    assert "1 circle to look at first" in page
    assert page.index("No facilitator") < page.index(guide.display_name)
    Application.objects.filter(pk=ours[0].pk).update(state="withdrawn")
    page = text_of(client.get(at("circles", season.pk)))
    assert page.index("Somebody withdrew") < page.index("No facilitator")
    assert "2 circles to look at first" in page


def test_who_has_no_circle_is_listed_with_the_reason(client, coordinator):
    season = circle_season()
    peers(season, 4)
    [lonely] = peers(season, 1, theme=GoalFactory(title_en="Beekeeping"))
    find_circles(season, coordinator)
    page = text_of(client.get(at("circles", season.pk)))
    assert "1 person without a circle" in page
    assert lonely.applicant.display_name in page
    assert "No theme of theirs has four people: “Beekeeping”, the nearest, has 1." in page


def test_a_coordinator_never_sees_a_circle_near_them(client, coordinator):
    season, (one, ours), (other, _theirs) = two_circles(coordinator)
    report_to(ours[0].applicant, coordinator)
    page = text_of(client.get(at("circles", season.pk)))
    assert "Supervising" not in page
    assert not any(row.applicant.display_name in page for row in ours)
    assert "1 circle concerns you" in page
    assert "4 of 4 people have a circle" in page
    assert client.get(at("circle", one.pk)).status_code == 404
    assert client.get(at("circle", other.pk)).status_code == 200
    assert client.get(at("circle_places", ours[1].pk)).status_code == 200
    assert client.post(at("circle_move", ours[1].pk, other.pk)).status_code == 404
    assert client.get(at("circle_places", ours[0].pk)).status_code == 404


def test_moving_somebody_is_shown_before_and_done_as_shown(client, coordinator):
    _season, (one, ours), (other, _theirs) = two_circles(coordinator, sizes=(5, 4))
    mover = ours[0]
    page = text_of(client.get(at("circle_places", mover.pk)))
    assert "Somebody didn&#x27;t choose its theme." in page
    preview = client.get(at("circle_move", mover.pk, other.pk))
    text = text_of(preview)
    assert "1 person would move" in text
    assert "Circle 2: somebody didn&#x27;t choose its theme." in text
    assert "Nobody loses their circle." in text
    shown = re.search(r'name="shown" value="([^"]+)"', preview.content.decode())[1]
    assert CircleSeat.objects.get(application=mover).circle == one
    client.post(at("circle_move", mover.pk, other.pk), {"shown": "something else"})
    assert CircleSeat.objects.get(application=mover).circle == one
    client.post(at("circle_move", mover.pk, other.pk), {"shown": shown})
    assert CircleSeat.objects.get(application=mover).circle == other


def test_two_change_places(client, coordinator):
    _season, (one, ours), (other, theirs) = two_circles(coordinator)
    assert client.get(at("circle_swap_with", ours[0].pk), {"other": str(theirs[0].pk)}).url == at(
        "circle_swap", ours[0].pk, theirs[0].pk
    )
    preview = client.get(at("circle_swap", ours[0].pk, theirs[0].pk))
    assert "2 people would move" in text_of(preview)
    shown = re.search(r'name="shown" value="([^"]+)"', preview.content.decode())[1]
    client.post(at("circle_swap", ours[0].pk, theirs[0].pk), {"shown": shown})
    assert CircleSeat.objects.get(application=ours[0]).circle == other
    assert CircleSeat.objects.get(application=theirs[0]).circle == one


def test_what_protects_somebody_is_never_set_aside_and_never_named(client, coordinator):
    _season, (one, ours), (other, theirs) = two_circles(coordinator, sizes=(5, 4))
    avoid(theirs[0], ours[0].applicant)
    preview = client.get(at("circle_move", ours[0].pk, other.pk))
    text = text_of(preview)
    assert "Circle 2: not possible this season." in text
    assert 'name="shown"' not in text
    client.post(at("circle_move", ours[0].pk, other.pk), {"shown": "x"})
    assert CircleSeat.objects.get(application=ours[0]).circle == one


def test_a_circle_that_became_too_small_is_merged(client, coordinator):
    season = circle_season()
    theme = GoalFactory(title_en="Supervising")
    peers(season, 5, theme=theme, slots=["mon-am"])
    small = peers(season, 4, theme=theme, slots=["mon-am", "tue-am"])
    late = peers(season, 1, theme=theme, slots=["tue-am"])
    run = find_circles(season, coordinator)
    tuesday = CircleProposal.objects.get(run=run, slot="tue-am")
    Application.objects.filter(pk=late[0].pk).update(state="withdrawn")
    gone = CircleSeat.objects.filter(circle=tuesday).exclude(application=late[0]).first().application
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert "Merge with another circle" in text_of(client.get(at("circle", tuesday.pk)))
    preview = client.get(at("circle_merge", tuesday.pk))
    left = CircleSeat.objects.filter(circle=tuesday, application__state="eligible").count()
    assert f"{left} people would move" in text_of(preview)
    shown = re.search(r'name="shown" value="([^"]+)"', preview.content.decode())[1]
    client.post(at("circle_merge", tuesday.pk), {"shown": shown})
    assert not CircleProposal.objects.filter(pk=tuesday.pk).exists()
    seated = CircleProposal.objects.get(run=run).seats.values_list("application", flat=True)
    assert {row.pk for row in small} - {gone.pk} <= set(seated)


def test_facilitators_are_named_from_the_mentors_or_by_address(client, coordinator):
    season = circle_season()
    mentor = MentorFactory(season=season).applicant
    other = UserFactory()
    client.post(at("facilitators", season.pk), {"mentor": mentor.pk, "email": "", "circles": 2})
    client.post(at("facilitators", season.pk), {"mentor": "", "email": other.email, "circles": 1})
    assert set(CircleFacilitator.objects.values_list("person", "circles")) == {(mentor.pk, 2), (other.pk, 1)}
    page = text_of(
        client.post(at("facilitators", season.pk), {"mentor": "", "email": coordinator.email, "circles": 1})
    )
    assert "Nobody whom you may name has this address." in page
    row = CircleFacilitator.objects.get(person=other)
    client.post(at("facilitator_drop", row.pk))
    assert not CircleFacilitator.objects.filter(person=other).exists()


def test_one_press_holds_approves_and_takes_back(client, coordinator):
    season = circle_season()
    peers(season, 4)
    facilitator(season, coordinator)
    circle = CircleProposal.objects.get(run=find_circles(season, coordinator))

    def state():
        return CircleProposal.objects.get(pk=circle.pk).state

    assert "Approve" in text_of(client.get(at("circle", circle.pk)))
    for name, after in (
        ("circle_hold", "locked"),
        ("circle_release", "proposed"),
        ("circle_approve", "approved"),
        ("circle_take_back", "proposed"),
    ):
        client.post(at(name, circle.pk))
        assert state() == after


def test_the_pages_take_the_same_queries_whatever_the_size(client, coordinator):
    def count(people):
        season = circle_season()
        peers(season, people, theme=GoalFactory())
        peers(season, people, theme=GoalFactory())
        run = find_circles(season, coordinator)
        someone = CircleSeat.objects.filter(run=run).first()
        found = []
        for url in (
            at("circles", season.pk),
            at("circle", someone.circle_id),
            at("circle_places", someone.application_id),
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    assert count(4) == count(8)


def test_others_have_no_way_in(sign_in, coordinator):
    season, (one, ours), _other = two_circles(coordinator)
    somebody = sign_in(UserFactory())
    for url in (at("circles", season.pk), at("circle", one.pk), at("circle_places", ours[0].pk)):
        assert somebody.get(url).status_code in {302, 403, 404}


def test_a_declined_circle_is_given_to_somebody_else(client, coordinator):
    from mentorship.partnerships.services import answer_question, ask_mentors

    season = circle_season()
    peers(season, 4)
    first = facilitator(season, coordinator)
    run = find_circles(season, coordinator)
    approve_circles_of(run, coordinator)
    now = timezone.now()
    assert ask_mentors(season=season, kind="circle", by=coordinator, now=now) == 1
    answer_question(partnership=Partnership.objects.get(), yes=False, by=first, now=now)
    circle = CircleProposal.objects.get(run=run)
    assert "Facilitator declined" in text_of(client.get(at("circles", season.pk)))
    second = facilitator(season, coordinator)
    client.post(at("circle_facilitators", circle.pk), {"first": second.pk, "second": ""})
    client.post(at("circle_approve", circle.pk))
    circle.refresh_from_db()
    assert (circle.state, circle.partnership.state) == ("approved", "approved")
    assert circle.partnership.memberships.get(role="facilitator").person == second
