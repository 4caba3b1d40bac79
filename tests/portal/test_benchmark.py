"""The benchmarks run, say what they promise to say, and leave nothing behind; how fast is for people to judge."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mentorship.partnerships.models import Partnership
from mentorship.people.models import User
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import add_due_source
from mentorship.seasons.models import Season

IN_TWENTY = 21
STEPS = ["seed", "snapshot", "solve", "verify", "without a rule", "store", "approve", "ask", "answers", "announce"]
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


def test_a_tick_asks_as_often_whatever_runs_and_finds_everything_once(content, coordinator):
    few, many = json.loads(said("tick", "--sizes", "20", "60", "--json"))
    # Of twenty pairs one never met, one went quiet, one wasn't asked this month, four didn't answer and three meet
    # tomorrow, which is said to both; of one meeting whoever planned it is asked.
    assert [size["first"]["queued"] for size in (few, many)] == [IN_TWENTY, 3 * IN_TWENTY]
    assert few["first"]["queries"] == many["first"]["queries"]
    assert few["steady"]["queries"] == many["steady"]["queries"] < few["first"]["queries"]
    assert (few["steady"]["queued"], few["ticks"], many["ticks"]) == (0, 2, 2)
    assert (Season.objects.count(), Delivery.objects.count()) == (0, 0)


def test_control_a_source_that_asks_for_each_pair_is_seen(content, coordinator):
    def greedy(now: Any) -> None:
        for pair in Partnership.objects.all():
            pair.memberships.count()

    add_due_source(greedy)
    try:
        few, many = json.loads(said("tick", "--sizes", "20", "60", "--json"))
    finally:
        registry._due_sources.remove(greedy)
    assert many["steady"]["queries"] - few["steady"]["queries"] == 40


def test_a_report_asks_as_often_for_many_as_for_few(content, coordinator):
    few, many = json.loads(said("report", "--sizes", "20", "60", "--json"))
    for name in ("report", "page", "pdf", "csv", "xlsx"):
        assert few[name]["queries"] == many[name]["queries"] > 0
    assert (few["participants"], many["participants"]) == (20, 60)
    assert "nothing new" in said("tick", "--sizes", "20")
    assert "xlsx" in said("report", "--sizes", "20")
    assert (Season.objects.count(), User.objects.count()) == (0, 1)
