"""Totals of a season's training by role: each equal to what one counts by hand."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.learning.figures import TrainingFigures, training_of
from mentorship.learning.models import Completion
from mentorship.records.erasure import erase_person
from tests.factories import NOW, CompletionFactory, MenteeFactory, PathFactory, ResourceFactory
from tests.learning.conftest import House, pair_in, running_season, who

pytestmark = pytest.mark.django_db


def reads(house: House, person: Any, *texts: Any) -> None:
    for text in texts:
        CompletionFactory(person=person, season=house.season, resource=text)


def test_people_begun_and_finished_are_counted_by_role(house: House) -> None:
    PathFactory(role="mentee", steps=["second"])
    pairs = [house.pair, pair_in(house.season), pair_in(house.season)]
    reads(house, who(pairs[0], "mentor"), house.first, house.second)
    reads(house, who(pairs[1], "mentor"), house.second)
    reads(house, who(pairs[0], "mentee"), house.second)
    assert training_of(house.season) == [
        TrainingFigures(role="mentor", people=3, began=2, finished=1, steps=2),
        TrainingFigures(role="mentee", people=3, began=1, finished=1, steps=1),
    ]


def test_who_left_is_counted_and_who_was_never_told_is_not(house: House) -> None:
    house.pair.memberships.update(active=False)
    pair_in(house.season, state="confirmed")
    MenteeFactory(season=house.season, released_at=NOW)
    assert {(row.role, row.people) for row in training_of(house.season)} == {("mentor", 1), ("mentee", 1)}


def test_another_season_and_texts_off_the_path_do_not_count_and_two_versions_count_once(house: House) -> None:
    newer = ResourceFactory(slug="first", version=2)
    reads(house, house.mentor, house.first, newer, ResourceFactory(slug="extra"))
    CompletionFactory(person=house.mentor, season=running_season(), resource=house.second)
    (mentors, _mentees) = training_of(house.season)
    assert (mentors.began, mentors.finished) == (1, 0)


def test_nobody_finishes_a_path_that_is_not_there(house: House) -> None:
    (_mentors, mentees) = training_of(house.season)
    assert mentees == TrainingFigures(role="mentee", people=1, began=0, finished=0, steps=0)


def test_what_was_read_can_be_counted_by_role_in_sql(house: House) -> None:
    reads(house, house.mentor, house.first, house.second)
    reads(house, house.mentee, house.second)
    rows = Completion.objects.of_season(house.season)
    assert [rows.in_role(role).count() for role in ("mentor", "mentee", "peer")] == [2, 1, 0]


def test_the_figures_take_the_same_queries_for_any_number_of_people(house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            training_of(house.season)
        return len(queries)

    before = asked()
    for _ in range(5):
        reads(house, who(pair_in(house.season), "mentor"), house.first)
    assert asked() == before


def test_erasing_a_person_takes_what_they_read_with_them(
    house: House, administrator: Any, settings: Any, tmp_path: Any
) -> None:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    reads(house, house.mentor, house.first)
    reads(house, house.mentee, house.first)
    erase_person(person=house.mentor, by=administrator, now=NOW)
    assert [row.person for row in Completion.objects.all()] == [house.mentee]
