"""The progress page: who may see it, how it moves, how it ends."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.jobs.models import Job
from mentorship.jobs.services import enqueue_job, run_job
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(counting, member):
    return enqueue_job(kind="counting", by=member, now=NOW)


def urls(job):
    return {name: reverse(f"jobs:{name}", args=[job.pk]) for name in ("progress", "fragment", "cancel")}


def test_the_page_polls_and_refreshes_itself_without_javascript(job, member, sign_in):
    html = sign_in(member).get(urls(job)["progress"]).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert f'hx-get="{urls(job)["fragment"]}" hx-trigger="every 2s"' in html
    assert "Waiting for its turn" in html
    assert "Counting books" in html


def test_the_fragment_says_how_far_the_work_has_come(job, member, sign_in):
    Job.objects.update(state="running", done=2, total=5, step="Shelf two")
    response = sign_in(member).get(urls(job)["fragment"])
    html = response.content.decode()
    assert "<html" not in html
    assert 'value="2" max="5"' in html
    assert "2 of 5" in html
    assert "Shelf two" in html
    assert "HX-Refresh" not in response


def test_the_fragment_of_work_that_ended_fetches_the_whole_page(job, member, sign_in):
    run_job(job_id=job.pk, now=NOW)
    assert sign_in(member).get(urls(job)["fragment"])["HX-Refresh"] == "true"


def test_the_page_of_work_that_is_done_leads_to_its_result(job, member, sign_in):
    run_job(job_id=job.pk, now=NOW)
    response = sign_in(member).get(urls(job)["progress"])
    assert (response.status_code, response["Location"]) == (302, "/?counted=3")


def test_the_page_of_work_that_failed_says_why_and_stops_refreshing(job, counting, member, sign_in):
    counting.run = lambda job, progress, now: 1 / 0
    run_job(job_id=job.pk, now=NOW)
    html = sign_in(member).get(urls(job)["progress"]).content.decode()
    assert "It stopped because of an unexpected error (ZeroDivisionError)." in html
    assert "http-equiv" not in html
    assert "hx-get" not in html


def test_the_button_stops_waiting_work(job, member, sign_in):
    response = sign_in(member).post(urls(job)["cancel"], follow=True)
    assert response.redirect_chain == [(urls(job)["progress"], 302)]
    assert "It was stopped before it was done, and can be started again." in response.content.decode()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_the_button_is_gone_once_it_was_pressed(job, member, sign_in):
    Job.objects.update(state="running", cancel_requested=True)
    html = sign_in(member).get(urls(job)["progress"]).content.decode()
    assert "Stopping at the next step" in html
    assert urls(job)["cancel"] not in html


def test_somebody_else_finds_nothing_there(job, stranger, coordinator, sign_in):
    for person in (stranger, coordinator):
        client = sign_in(person)
        assert [
            client.get(urls(job)["progress"]).status_code,
            client.get(urls(job)["fragment"]).status_code,
            client.post(urls(job)["cancel"]).status_code,
        ] == [404, 404, 404]
    job.refresh_from_db()
    assert job.state == "queued"


def test_whom_the_kind_allows_may_look_and_stop(job, counting, stranger, sign_in):
    counting.may_see = lambda job, user: user.pk == stranger.pk
    client = sign_in(stranger)
    assert client.get(urls(job)["progress"]).status_code == 200
    client.post(urls(job)["cancel"])
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_visitors_are_asked_to_sign_in(job, client):
    for name, method in (("progress", "get"), ("fragment", "get"), ("cancel", "post")):
        response = getattr(client, method)(urls(job)[name])
        assert response["Location"].startswith("/account/login/")


def test_methods_are_explicit(job, member, sign_in):
    client = sign_in(member)
    assert client.post(urls(job)["progress"]).status_code == 405
    assert client.post(urls(job)["fragment"]).status_code == 405
    assert client.get(urls(job)["cancel"]).status_code == 405


def test_a_key_of_nothing_is_not_found(member, sign_in):
    assert sign_in(member).get(reverse("jobs:progress", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_the_list_in_the_admin_is_for_looking_only(role, job, sign_in):
    client = sign_in(UserFactory(roles=[role]))
    html = client.get(reverse("admin:jobs_job_changelist")).content.decode()
    assert "Counting books" in html
    page = reverse("admin:jobs_job_change", args=[job.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"state": "done"}).status_code == 403
    assert client.get(reverse("admin:jobs_job_add")).status_code == 403
    assert client.get(reverse("admin:jobs_job_delete", args=[job.pk])).status_code == 403


def test_the_list_costs_the_same_queries_however_long_it_is(counting, coordinator, sign_in):
    client = sign_in(coordinator)
    client.get(reverse("admin:jobs_job_changelist"))
    counts = []
    for rows in (1, 3, 30):
        while Job.objects.count() < rows:
            enqueue_job(kind="counting", by=UserFactory(), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:jobs_job_changelist"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
