"""The ribbon: six steps with dates, what is now, whose season it is, and where a coordinator's click leads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.test import RequestFactory
from django.utils import translation

from mentorship.seasons import ribbon as ribbon_module
from mentorship.seasons.ribbon import month_of, register_workplace, ribbon, season_of, steps
from tests.factories import NOW, SeasonFactory, UserFactory


def words(season: Any, now: datetime) -> list[tuple[str, str, str]]:
    with translation.override("en"):
        return [(step.label, step.detail, step.state) for step in steps(season, now)]


def test_while_applications_are_open_that_is_now() -> None:
    assert words(SeasonFactory.build(), NOW) == [
        ("Apply", "until February 12", "now"),
        ("Review", "until March 1", "to-come"),
        ("Matches", "March 1", "to-come"),
        ("Meet", "from March 8", "to-come"),
        ("Survey", "from September 1", "to-come"),
        ("Report", "October 1", "to-come"),
    ]


def test_while_people_meet_the_month_is_counted() -> None:
    season = SeasonFactory.build(announced_at=datetime(2027, 3, 2, 17, tzinfo=UTC))
    assert words(season, datetime(2027, 5, 20, 18, tzinfo=UTC)) == [
        ("Apply", "closed February 12", "done"),
        ("Review", "until March 1", "done"),
        ("Matches", "March 2", "done"),
        ("Meet", "month 3 of 6", "now"),
        ("Survey", "from September 1", "to-come"),
        ("Report", "October 1", "to-come"),
    ]


@pytest.mark.parametrize(
    ("published", "announced", "now", "states"),
    [
        (False, False, NOW, "......"),
        (True, False, NOW - timedelta(days=20), "......"),
        (True, False, NOW, "n....."),
        (True, False, NOW + timedelta(days=20), "dn...."),
        (True, True, NOW + timedelta(days=60), "dddn.."),
        (True, True, datetime(2027, 9, 10, tzinfo=UTC), "ddddn."),
        (True, True, datetime(2027, 11, 1, tzinfo=UTC), "dddddd"),
    ],
)
def test_each_phase_has_its_step(published: bool, announced: bool, now: datetime, states: str) -> None:
    season = SeasonFactory.build(
        published_at=NOW - timedelta(days=90) if published else None,
        announced_at=NOW + timedelta(days=28) if announced else None,
    )
    signs = {"done": "d", "now": "n", "to-come": "."}
    assert "".join(signs[step.state] for step in steps(season, now)) == states


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 3, 1), (1, 6)),
        (date(2027, 3, 8), (1, 6)),
        (date(2027, 4, 7), (1, 6)),
        (date(2027, 4, 8), (2, 6)),
        (date(2027, 8, 31), (6, 6)),
        (date(2027, 12, 31), (6, 6)),
    ],
)
def test_months_are_counted_from_the_first_meeting_day(day: date, expected: tuple[int, int]) -> None:
    assert month_of(SeasonFactory.build(), day) == expected


def request_of(person: Any, season: Any = None) -> Any:
    request = RequestFactory().get("/")
    request.user = person
    if season is not None:
        request.season = season  # type: ignore[attr-defined]
    return request


@pytest.mark.django_db
def test_the_page_s_season_comes_before_the_person_s_and_that_before_the_newest(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    person = UserFactory()
    of_the_page, theirs, newest = (SeasonFactory(opens_on=date(2027, 1, day)) for day in (4, 11, 18))
    SeasonFactory(opens_on=date(2027, 1, 25), published_at=None)
    SeasonFactory(opens_on=date(2027, 1, 25), archived_at=NOW)
    with django_assert_num_queries(0):
        assert season_of(request_of(person, of_the_page), NOW) == of_the_page
    monkeypatch.setattr(ribbon_module, "_participations", [])
    assert season_of(request_of(person), NOW) == newest
    ribbon_module.register_participation(lambda user: Q(slug=theirs.slug) if user == person else Q(pk=None))
    with django_assert_num_queries(1):
        assert season_of(request_of(person), NOW) == theirs
    assert season_of(request_of(UserFactory()), NOW) == newest


@pytest.mark.django_db
def test_there_is_no_ribbon_without_a_season_and_none_for_visitors() -> None:
    assert ribbon(request_of(UserFactory())) is None
    SeasonFactory()
    assert ribbon(request_of(AnonymousUser())) is None


@pytest.mark.django_db
def test_coordinators_alone_get_links_to_where_they_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ribbon_module, "_workplaces", {})
    register_workplace("review", lambda season: f"/work/{season.slug}/")
    season = SeasonFactory()
    shown = ribbon(request_of(UserFactory(roles=["coordinator"]), season))
    assert shown is not None
    assert [step.url for step in shown.steps] == ["", f"/work/{season.slug}/", "", "", "", ""]
    shown = ribbon(request_of(UserFactory(), season))
    assert shown is not None
    assert [step.url for step in shown.steps] == [""] * 6


def test_a_workplace_for_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match="no step"):
        register_workplace("party", lambda season: "/")
