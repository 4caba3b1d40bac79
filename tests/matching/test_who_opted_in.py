"""Whoever reads all that a coordinator can reach can't tell who asked to be matched on identity, given the pairs.

The pairs here are decided by goals alone, so that they are the same whoever asks. Then a coordinator walks from page
to page as far as links lead, logs and refused downloads are read too, and between worlds that differ only in who
asked for what, not one byte may differ. What the pairs themselves let one guess is measured in `tests/engine`.
"""

import logging
from collections import Counter
from html import unescape
from random import Random
from re import findall
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from mentorship.applications.models import IdentityAnswer
from tests.factories import GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import give_identity, run_matching
from tests.matching.test_identity_through_the_stack import forget, levelled

pytestmark = pytest.mark.django_db
MENTEES = 20
ASKED, MET = 10, 5
WORLDS = 3
EACH = 2
LEFT_OUT = ("/language/", "logout", "sign-out", "password", "/static/", "/demo")


@pytest.fixture
def season():
    """Everybody has one mentor who offers exactly their goal; every mentor asks to share a gender and agrees."""
    season = SeasonFactory(identity_matching=True)
    for _n in range(MENTEES):
        goal = GoalFactory()
        MenteeFactory(season=season, wants={goal: 3}, slots=["mon-am"])
        mentor = MentorFactory(season=season, wants={goal: 2}, slots=["mon-am"])
        give_identity(mentor, gender={"values": ["woman"], "match": 2, "show": True, "count": True})
    return season


def ask(season, random):
    """Ten mentees ask, five of them for what their mentor shares: always as many, always others."""
    answers = list(IdentityAnswer.objects.filter(application__role="mentee").order_by("pk"))
    random.shuffle(answers)
    for place, answer in enumerate(answers):
        value = "woman" if place < MET else "man"
        wish = {"values": [value], "match": 1 + place % 2, "show": place % 3 == 0, "count": True}
        answer.given = {"gender": wish} if place < ASKED else {}
        answer.save()
    return {answer.application_id for answer in answers[:ASKED]}


def reached(client, start):
    """What pages say to which links lead from there, by their addresses, both levelled; EACH of every kind."""
    seen, waiting, pages = Counter([levelled(start)]), [start], []
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        is_page = response.status_code == 200 and "html" in response.headers["Content-Type"]
        html = response.content.decode() if is_page else ""
        pages.append((levelled(address), levelled(html) if is_page else str(response.status_code)))
        for link in dict.fromkeys(findall(r'href="([^"#]+)', html)):
            target = urlsplit(urljoin(address, unescape(link)))
            found = target.path + (f"?{target.query}" if target.query else "")
            kind = levelled(found)
            if (
                target.netloc in {"", "testserver"}
                and seen[kind] < EACH
                and not any(part in found for part in LEFT_OUT)
            ):
                seen[kind] += 1
                waiting.append(found)
    return pages


def told(season, coordinator, sign_in, caplog):
    """All that a coordinator gets of a run: its pages, what was logged, and what a download answers."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        run = run_matching(season, coordinator, timezone.now())
        client = sign_in(coordinator)
        pages = reached(client, reverse("admin:matching_workbench", args=[season.pk]) + "?show=all")
        refused = client.get(reverse("admin:matching_problem", args=[run.pk])).status_code
    logged = [levelled(f"{record.name} {record.getMessage()}") for record in caplog.records if record.name != "faker"]
    pairs = set(run.proposals.values_list("mentee", "mentor"))
    return pairs, {"pages": pages, "refused": refused, "logged": [line for line in logged if "SELECT" not in line]}


def test_nothing_that_a_coordinator_can_reach_tells_who_asked(season, coordinator, sign_in, caplog):
    worlds = []
    for number in range(WORLDS):
        asked = ask(season, Random(number))
        pairs, said = told(season, coordinator, sign_in, caplog)
        worlds.append((asked, pairs, said))
        forget()
    (_asked, pairs, first), *others = worlds
    assert first["refused"] == 404
    assert len(first["pages"]) > 40
    assert len({frozenset(asked) for asked, _pairs, _said in worlds}) == WORLDS
    for _asked, same, said in others:
        assert same == pairs
        assert [address for address, _html in said["pages"]] == [address for address, _html in first["pages"]]
        for (address, html), (_address, before) in zip(said["pages"], first["pages"], strict=True):
            assert html == before, address
        assert said == first


def test_control_where_identity_decides_the_pairs_do_tell(coordinator, sign_in, caplog):
    """With equal goals the pairs follow the wishes, and the pages the pairs."""
    season = SeasonFactory(identity_matching=True)
    goal = GoalFactory()
    for n in range(4):
        MenteeFactory(season=season, wants={goal: 3}, slots=["mon-am"])
        mentor = MentorFactory(season=season, wants={goal: 2}, slots=["mon-am"])
        give_identity(mentor, gender={"values": ["woman" if n % 2 else "man"], "match": 2, "count": True})
    answers = list(IdentityAnswer.objects.filter(application__role="mentee").order_by("pk"))
    results = []
    for turn in (0, 1):
        for n, answer in enumerate(answers):
            value = "woman" if (n + turn) % 2 else "man"
            answer.given = {"gender": {"values": [value], "match": 2, "count": True}}
            answer.save()
        results.append(told(season, coordinator, sign_in, caplog))
        forget()
    assert results[0] != results[1]
