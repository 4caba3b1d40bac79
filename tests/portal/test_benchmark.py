"""The benchmarks run, say what they promise to say, and leave nothing behind; how fast is for people to judge."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mentorship.people.models import User
from mentorship.reminders.models import Delivery
from mentorship.seasons.models import Season

STEPS = ["seed", "snapshot", "solve", "verify", "store", "approve", "ask", "answers", "announce"]
PAGES = ["today", "workbench", "workbench, everybody", "screening", "applications", "gap board", "partnerships"]


def said(*arguments: Any) -> str:
    out = StringIO()
    call_command("benchmark", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def content(db: None) -> None:
    call_command("load_content", verbosity=0, stdout=StringIO())


def test_a_season_is_measured_to_its_announcement_and_nothing_of_it_stays(content, coordinator):
    people = User.objects.count()
    figures = json.loads(said("season", "--people", "12", "--json"))
    assert list(figures["seconds"]) == STEPS
    assert list(figures["pages"]) == PAGES
    for page in figures["pages"].values():
        assert set(page) == {"queries", "seconds", "kilobytes"}
        assert page["queries"] > 0
    assert (figures["people"], figures["units"], figures["mentees"]) == (12, 12, 6)
    assert figures["matched"] == figures["pairs"] > 0
    assert (Season.objects.count(), Delivery.objects.count(), User.objects.count()) == (0, 0, people)


def test_a_season_is_told_as_tables(content, coordinator):
    text = said("season", "--people", "6")
    assert text.startswith("6 people from 6 work units: ")
    assert [name for name in (*STEPS, *PAGES) if f"\n{name} " not in text] == []


@pytest.mark.django_db
def test_a_season_needs_a_demo_with_a_coordinator(settings):
    with pytest.raises(CommandError, match="there is no coordinator yet"):
        said("season")
    settings.DEMO = False
    with pytest.raises(CommandError, match="this installation is real"):
        said("season")


def test_the_engine_is_measured_beside_a_bare_assignment():
    rows = json.loads(said("matching", "--sizes", "4x3", "6x6", "--rounds", "1", "--json"))
    assert [(row["mentors"], row["mentees"], row["identity"]) for row in rows] == [
        (4, 3, False),
        (4, 3, True),
        (6, 6, False),
        (6, 6, True),
    ]
    assert all(row["matched"] > 0 and min(row["solve"], row["verify"], row["bare"]) > 0 for row in rows)


def test_the_engine_is_told_as_a_table_and_a_size_must_be_one():
    heading, *rows = said("matching", "--sizes", "4x3", "--rounds", "1").splitlines()
    assert heading.split("  ")[0] == "mentors × mentees"
    assert [row.startswith("4 × 3") for row in rows] == [True, True]
    with pytest.raises(CommandError, match="is not a size such as 33x34"):
        said("matching", "--sizes", "0x3")
