"""What waits for coordinators: drafts to publish, seasons to archive, a first season to make."""

from datetime import date
from typing import Any

import pytest

from mentorship.seasons.frame import coordinator_tasks
from tests.factories import NOW, SeasonFactory

pytestmark = pytest.mark.django_db


def tasks(person: Any) -> list[Any]:
    return coordinator_tasks(person, NOW)


def test_without_any_season_the_first_is_to_be_made(coordinator: Any) -> None:
    assert [(task.text, task.action) for task in tasks(coordinator)] == [("No season is planned.", "Start one")]


@pytest.mark.parametrize(("opens_on", "urgent"), [(date(2027, 2, 15), True), (date(2027, 2, 16), False)])
def test_a_draft_waits_and_presses_two_weeks_before_it_opens(opens_on: date, urgent: bool, coordinator: Any) -> None:
    season = SeasonFactory(
        published_at=None,
        opens_on=opens_on,
        closes_on=date(2027, 2, 26),
        matches_on=date(2027, 3, 1),
    )
    [task] = tasks(coordinator)
    assert (task.url, task.urgent) == (f"/admin/seasons/season/{season.pk}/publish/", urgent)


def test_a_season_whose_report_was_due_is_to_be_archived(coordinator: Any) -> None:
    season = SeasonFactory(
        opens_on=date(2026, 1, 5),
        closes_on=date(2026, 1, 30),
        matches_on=date(2026, 2, 9),
        starts_on=date(2026, 2, 16),
        ends_on=date(2026, 8, 31),
        survey_on=date(2026, 9, 1),
        report_on=date(2026, 10, 1),
        announced_at=NOW.replace(year=2026),
        published_at=NOW.replace(year=2025),
    )
    assert [task.url for task in tasks(coordinator)] == [f"/admin/seasons/season/{season.pk}/archive/"]


def test_a_season_that_is_on_its_way_asks_for_nothing(coordinator: Any, django_assert_num_queries: Any) -> None:
    SeasonFactory.create_batch(3)
    coordinator.role_set()
    with django_assert_num_queries(1):
        assert tasks(coordinator) == []
