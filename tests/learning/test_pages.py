"""The learner's pages: a path with one next action, texts, self-checks that nobody sees, the mark of what is read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.learning.models import Completion, Resource
from mentorship.people.models import User
from mentorship.records.models import AuditEntry
from tests.factories import (
    NOW,
    CompletionFactory,
    GoalFactory,
    MenteeFactory,
    MentorFactory,
    PathFactory,
    ResourceFactory,
    SeasonFactory,
    UserFactory,
)
from tests.learning.conftest import House, pair_in, running_season

pytestmark = pytest.mark.django_db
MINE = reverse("learning:mine")
EVERYTHING = reverse("learning:everything")


@pytest.fixture
def mentor(house: House, sign_in: Any) -> Client:
    return sign_in(house.mentor)


def text_of(client: Client, url: str) -> str:
    """A page's source, with plain spaces where its numbers are kept with their units."""
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def course_of(client: Client) -> Any:
    (course,) = client.get(MINE).context["courses"]
    return course


def test_my_path_counts_what_is_read_and_leads_to_the_next_text(house: House, mentor: Client) -> None:
    page = mentor.get(MINE)
    (course,) = page.context["courses"]
    assert (course.done, course.next.resource, course.minutes_left) == (0, house.first, 8 + 6)
    assert "You have read 0\xa0of 2" in page.content.decode()
    mentor.post(reverse("learning:read", args=["first"]))
    course = course_of(mentor)
    assert (course.done, course.next.resource, course.minutes_left) == (1, house.second, 6)
    mentor.post(reverse("learning:read", args=["second"]))
    assert course_of(mentor).next is None
    assert "You have read everything on your path" in text_of(mentor, MINE)


def test_a_text_read_is_written_down_for_the_season_and_for_nobody_else(house: House, mentor: Client) -> None:
    mentor.post(reverse("learning:read", args=["first"]))
    row = Completion.objects.get()
    assert (row.person, row.resource, row.season, row.completed_at) == (house.mentor, house.first, house.season, NOW)
    entry = AuditEntry.objects.get(verb="mark-read")
    assert (entry.actor, entry.object_id) == (house.mentor, str(house.first.pk))
    mentor.post(reverse("learning:read", args=["first"]))
    assert (Completion.objects.count(), AuditEntry.objects.filter(verb="mark-read").count()) == (1, 1)


def test_it_counts_in_every_current_season_that_one_takes_part_in(house: House, mentor: Client) -> None:
    second = running_season()
    pair_in(second, mentor=house.mentor)
    archived = running_season(archived_at=NOW)
    pair_in(archived, mentor=house.mentor)
    mentor.post(reverse("learning:read", args=["first"]))
    assert set(Completion.objects.values_list("season", flat=True)) == {house.season.pk, second.pk}


def test_a_mark_can_be_taken_back(house: House, mentor: Client) -> None:
    url = reverse("learning:read", args=["first"])
    mentor.post(url)
    assert "You read this on" in text_of(mentor, house.first.get_absolute_url())
    mentor.post(url, {"undo": "1"})
    assert Completion.objects.count() == 0
    assert "You read this on" not in text_of(mentor, house.first.get_absolute_url())


def test_a_new_version_takes_the_place_of_the_one_that_was_read_and_counts_as_read(
    house: House, mentor: Client
) -> None:
    mentor.post(reverse("learning:read", args=["first"]))
    newer = ResourceFactory(slug="first", version=2, title_en="Begin better")
    course = course_of(mentor)
    assert (course.steps[0].resource, course.done) == (newer, 1)


def test_the_first_reader_fixes_the_version(house: House, mentor: Client) -> None:
    mentor.post(reverse("learning:read", args=["first"]))
    house.first.refresh_from_db()
    assert house.first.frozen_at == NOW


CHECK = "/learn/first/check/"


@pytest.mark.parametrize(("answer", "right", "verdict"), [("a", 1, "right"), ("b", 0, "not quite it")])
def test_a_self_check_tells_at_once_what_is_right_and_why(
    house: House, mentor: Client, answer: str, right: int, verdict: str
) -> None:
    page = mentor.post(CHECK, {"check-helps": answer})
    text = page.content.decode()
    assert page.context["right"] == right
    assert f"{right}\xa0of 1\xa0right" in text
    assert verdict in text
    assert "A question leaves the thinking with them." in text


def test_a_self_check_writes_nothing_at_all_and_can_be_taken_again(house: House, mentor: Client) -> None:
    for answer in ("b", "a", "b"):
        with CaptureQueriesContext(connection) as queries:
            assert mentor.post(CHECK, {"check-helps": answer}).status_code == 200
        written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        # The session keeps when its person was last there, on every page.
        assert [sql for sql in written if '"django_session"' not in sql] == []
    assert (Completion.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_an_answer_left_out_is_asked_for_and_a_strange_one_refused(house: House, mentor: Client) -> None:
    assert "Please answer this question." in mentor.post(CHECK).content.decode()
    strange = mentor.post(CHECK, {"check-helps": "<script>"})
    assert ("verdicts" in strange.context, "<script>" in strange.content.decode()) == (False, False)


def test_a_text_without_a_self_check_has_no_page_for_it(house: House, mentor: Client) -> None:
    assert mentor.get("/learn/second/check/")["Location"] == "/learn/second/"


@pytest.mark.parametrize("path", ["/learn/first/", CHECK])
def test_who_takes_no_part_finds_no_text_for_participants(house: House, sign_in: Any, path: str) -> None:
    assert sign_in(UserFactory()).get(path).status_code == 404


def test_what_is_for_supervisors_is_open_to_everybody_on_the_staff(house: House, sign_in: Any) -> None:
    briefing = ResourceFactory(slug="briefing", roles=["supervisor"])
    client = sign_in(UserFactory())
    page = client.get(briefing.get_absolute_url())
    assert (page.status_code, page.context["takes_part"]) == (200, False)
    assert "Mark as read" not in page.content.decode()
    assert str(briefing) in text_of(client, MINE)
    assert list(client.get(EVERYTHING).context["page"]) == [briefing]
    client.post(reverse("learning:read", args=["briefing"]))
    assert Completion.objects.count() == 0


def test_a_text_out_of_use_is_gone_for_readers_and_from_paths(house: House, mentor: Client) -> None:
    Resource.objects.filter(slug="first").update(active=False)
    assert mentor.get("/learn/first/").status_code == 404
    assert [step.resource.slug for step in course_of(mentor).steps] == ["second"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [(None, False), (NOW, True)],
)
def test_who_is_told_that_they_can_take_part_may_begin_before_matches_are_announced(
    house: House, sign_in: Any, told: Any, shown: bool
) -> None:
    mentor = MentorFactory(season=SeasonFactory(), released_at=told).applicant
    client = sign_in(mentor)
    assert [item["label"] for item in client.get(MINE).context["nav_items"] if item["url"] == MINE] == (
        ["Learn"] if shown else []
    )
    assert len(client.get(MINE).context["courses"]) == shown


def test_who_was_not_matched_takes_no_part_once_matches_are_announced(house: House, sign_in: Any) -> None:
    unmatched = MenteeFactory(season=house.season, released_at=NOW).applicant
    PathFactory(role="mentee", steps=["second"])
    assert sign_in(unmatched).get(MINE).context["courses"] == []


def test_a_mentee_whose_pair_is_not_announced_yet_sees_nothing_of_it(house: House, sign_in: Any) -> None:
    PathFactory(role="mentee", steps=["second"])
    hidden = pair_in(running_season(), state="confirmed")
    mentee = hidden.memberships.get(role="mentee").person
    assert sign_in(mentee).get(MINE).context["courses"] == []


def test_the_narrowest_path_holds(house: House, mentor: Client) -> None:
    third = ResourceFactory(slug="third")
    PathFactory(role="mentor", template_slug="six-month-mentoring", steps=["second"])
    assert [step.resource.slug for step in course_of(mentor).steps] == ["first", "second"]
    house.season.template_slug = "six-month-mentoring"
    house.season.save()
    assert [step.resource.slug for step in course_of(mentor).steps] == ["second"]
    PathFactory(role="mentor", season=house.season, steps=["third", "first"])
    assert [step.resource for step in course_of(mentor).steps] == [third, house.first]


def test_everything_is_narrowed_by_goal_and_says_what_is_read(house: House, mentor: Client) -> None:
    goal, other = GoalFactory(slug="supervise"), GoalFactory(slug="unused")
    house.second.goals.add(goal)
    CompletionFactory(person=house.mentor, season=house.season, resource=house.second)
    page = mentor.get(EVERYTHING).context
    assert (list(page["goals"]), page["read"], page["count"]) == ([goal], {"second"}, 2)
    assert list(mentor.get(f"{EVERYTHING}?goal=supervise").context["page"]) == [house.second]
    assert mentor.get(f"{EVERYTHING}?goal={other.slug}").context["count"] == 2


def test_a_link_is_shown_with_its_address_and_never_fetched(house: House, mentor: Client) -> None:
    link = ResourceFactory(kind="link", url_en="https://example.org/course", body_en="", body_es="")
    text = text_of(mentor, link.get_absolute_url())
    assert 'href="https://example.org/course"' in text
    assert "a page outside of the programme" in text


def test_a_text_from_elsewhere_names_its_source_and_licence(house: House, mentor: Client) -> None:
    credit = "Made by the State Library · CC BY 4.0"
    Resource.objects.filter(slug="second").update(source="Made by the State Library", licence="CC BY 4.0")
    assert credit in text_of(mentor, "/learn/second/")
    Resource.objects.filter(slug="second").update(origin="shipped")
    assert credit not in text_of(mentor, "/learn/second/")


def test_markdown_comes_out_clean(house: House, mentor: Client) -> None:
    Resource.objects.filter(slug="second").update(
        body_en="## Hello\n<script>alert(1)</script> [x](javascript:alert(1))"
    )
    text = text_of(mentor, "/learn/second/")
    assert "<h2>Hello</h2>" in text
    assert ("alert(1)</script>" in text, "javascript:" in text) == (False, False)


def test_a_text_without_spanish_says_so_and_names_its_language(house: House, sign_in: Any) -> None:
    User.objects.filter(pk=house.mentor.pk).update(language="es")
    house.mentor.refresh_from_db()
    client = sign_in(house.mentor)
    assert "Lo que queda" in text_of(client, "/learn/second/")
    assert 'class="prose" lang=' not in text_of(client, "/learn/second/")
    Resource.objects.filter(slug="second").update(body_es="")
    text = text_of(client, "/learn/second/")
    assert ('class="prose" lang="en"' in text, "Words." in text) == (True, True)


def test_the_home_page_shows_the_next_text_until_all_is_read(house: House, mentor: Client) -> None:
    home = mentor.get("/").content.decode()
    assert ("Training: 0 of 2 read" in home, "Begin: 8 minutes" in home) == (True, True)
    mentor.post(reverse("learning:read", args=["first"]))
    assert "Continue: 6 minutes" in mentor.get("/").content.decode()
    mentor.post(reverse("learning:read", args=["second"]))
    assert "Training:" not in mentor.get("/").content.decode()


def test_the_home_page_asks_nothing_of_whoever_is_done_with_the_season(house: House, mentor: Client) -> None:
    house.pair.memberships.update(active=False)
    assert "Training:" not in mentor.get("/").content.decode()
    # What they may still read stays there.
    assert mentor.get("/learn/first/").status_code == 200


def test_a_pairs_page_links_the_agendas(house: House, mentor: Client) -> None:
    url = reverse("partnerships:detail", args=[house.pair.pk])
    assert "Agendas for your meetings" not in text_of(mentor, url)
    agenda = ResourceFactory(slug="agenda-first-meeting", kind="checklist", title_en="Agenda: the first meeting")
    ResourceFactory(slug="agenda-old", kind="checklist", active=False)
    assert f'<a href="{agenda.get_absolute_url()}">Agenda: the first meeting</a>' in text_of(mentor, url)
    assert "agenda-old" not in text_of(mentor, url)


def test_agendas_stand_in_the_order_of_a_season_and_a_librarys_own_come_last(house: House, mentor: Client) -> None:
    slugs = ["agenda-first-meeting", "agenda-monthly-meeting", "agenda-midpoint-meeting", "agenda-closing-meeting"]
    slugs.append("agenda-autumn")
    for slug in sorted(slugs):
        ResourceFactory(slug=slug, kind="checklist")
    shown = text_of(mentor, reverse("partnerships:detail", args=[house.pair.pk]))
    assert sorted(slugs, key=lambda slug: shown.index(f"/learn/{slug}/")) == slugs


def test_a_coordinator_has_a_path_of_their_own_and_sees_learn(house: House, sign_in: Any, coordinator: Any) -> None:
    PathFactory(role="coordinator", steps=["second"])
    client = sign_in(coordinator)
    assert course_of(client).part.role == "coordinator"
    client.post(reverse("learning:read", args=["second"]))
    assert Completion.objects.get(person=coordinator).season == house.season


def test_nobody_reads_anothers_marks(house: House, sign_in: Any) -> None:
    mine = CompletionFactory(person=house.mentor, season=house.season)
    CompletionFactory(person=house.mentee, season=house.season)
    assert list(Completion.objects.visible_to(house.mentor)) == [mine]


def test_a_season_of_last_year_asks_for_nothing(house: House, mentor: Client) -> None:
    type(house.season).objects.filter(pk=house.season.pk).update(
        ends_on=NOW.date() - timedelta(days=1), survey_on=NOW.date(), report_on=NOW.date() + timedelta(days=9)
    )
    assert "Training:" not in mentor.get("/").content.decode()
