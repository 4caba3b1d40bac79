"""Every address of the site × every role × GET and POST × own, foreign and other-season objects, one by one."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

import mentorship.urls
from mentorship.common import admin_site
from tests.guards.access import patterns, status_of
from tests.guards.cast import ROLES, Cast
from tests.guards.visiting import Visitors, addresses, gone, unlisted

pytestmark = pytest.mark.django_db


def wrong_answers(visitors: Visitors, found: list[Any]) -> list[str]:
    """What differs from the table, a line for each (method, address, answer) with the roles that got it."""
    wrong: dict[str, list[str]] = {}
    for address in found:
        for method in ("GET", "POST"):
            for role in ROLES:
                response = visitors.ask(role, method, address.url)
                got, expected = status_of(response), address.expected(role, method)
                if got != expected:
                    line = f"{method} {address}: {got} {response.get('Location', '')}, expected {expected}"
                    wrong.setdefault(line, []).append(role)
    return [f"{line} for {', '.join(roles)}" for line, roles in wrong.items()]


def test_every_route_is_in_the_table():
    assert (unlisted(), gone()) == ([], [])


def test_control_a_new_route_is_missed(monkeypatch):
    def gossip(request: HttpRequest) -> HttpResponse:
        raise AssertionError

    monkeypatch.setattr(mentorship.urls, "urlpatterns", [*mentorship.urls.urlpatterns, path("gossip/", gossip)])
    routes = {route for route, _pattern in patterns(mentorship.urls.urlpatterns)}
    assert unlisted(routes) == ["gossip/"]


def test_everybody_gets_at_every_address_what_the_table_says(cast: Cast, quick: None, summary: Any):
    found = addresses(cast)
    wrong = wrong_answers(Visitors(cast), found)
    routes = len({address.route for address in found})
    summary(f"{routes} routes, {len(found)} addresses × {len(ROLES)} roles × 2 methods: {len(wrong)} wrong")
    assert wrong == []


def test_control_a_page_without_its_check_is_found(cast: Cast, quick: None, monkeypatch: Any):
    """Let everybody read everything in the stock admin."""
    monkeypatch.setattr(admin_site.SeasonModelAdmin, "_has", lambda self, request, roles: True)
    found = [address for address in addresses(cast) if address.route == "admin/partnerships/partnership/"]
    assert wrong_answers(Visitors(cast), found) == [
        "GET admin/partnerships/partnership/: (200, '') , expected (403, '') for administrator",
        "POST admin/partnerships/partnership/: (200, '') , expected (403, '') for administrator",
    ]


def test_control_a_foreign_object_that_is_shown_is_found(cast: Cast, quick: None, monkeypatch: Any):
    """Take the concerned coordinator's blinkers off."""
    from mentorship.partnerships.querysets import PartnershipQuerySet

    monkeypatch.setattr(PartnershipQuerySet, "visible_to", lambda self, user: self)
    route = "admin/partnerships/partnership/<path:object_id>/change/"
    found = [address for address in addresses(cast) if address.route == route]
    assert wrong_answers(Visitors(cast), found) == [
        f"GET {route} ({pair}): (200, '') , expected (302, '') for concerned" for pair in ("asked_pair", "pair")
    ]
