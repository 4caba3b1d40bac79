"""Sending everybody round: one client for each role, each request undone, each page of the table named."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.test import Client

from tests.conftest import signed_in
from tests.guards.access import Policy, Target, patterns
from tests.guards.addresses import policies
from tests.guards.cast import ROLES, Cast

# An argument of a route: <uuid:pk> of a path, (?P<key>…) of a regular expression.
GROUP = re.compile(r"<\w+:(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """One address of the table: a route with the arguments of one target."""

    route: str
    url: str
    policy: Policy
    target: Target

    def __str__(self) -> str:
        return f"{self.route} ({self.target.name})" if self.target.name else self.route

    def expected(self, role: str, method: str) -> tuple[int, str]:
        return self.policy.answer(role, method, self.target)


def unlisted(routes: set[str] | None = None) -> list[str]:
    """The routes, by default all of the site, that the table doesn't have."""
    return sorted((routes or {route for route, _pattern in patterns()}) - set(policies()))


def gone() -> list[str]:
    """The lines of the table that the site doesn't have."""
    return sorted(set(policies()) - {route for route, _pattern in patterns()})


def addresses(cast: Cast) -> list[Address]:
    """Every address of the table."""
    table = policies()
    return [
        Address(route, url_of(route, target.arguments), table[route], target)
        for route in dict.fromkeys(route for route, _pattern in patterns())
        if route in table
        for target in table[route].targets(cast)
    ]


def url_of(route: str, arguments: dict[str, Any]) -> str:
    """Put `arguments` into a route as the resolver writes it; `reverse` knows no unnamed ones."""
    plain = GROUP.sub(lambda found: str(arguments[found[1] or found[2]]), route)
    plain = plain.replace("^", "").replace("$", "")
    assert "<" not in plain, f"{route} needs more arguments than {sorted(arguments)}"
    return "/" + plain


class Visitors:
    """A client for each role. What a request does is undone, and so are its cookies."""

    def __init__(self, cast: Cast) -> None:
        self.clients: dict[str, Client] = {}
        self.cookies: dict[str, str] = {}
        for role in ROLES:
            client = Client(raise_request_exception=False)
            if role != "anonymous":
                signed_in(cast.people[role], client, second_factor=role != "unproved", proved_again=True)
            self.clients[role] = client
            self.cookies[role] = client.cookies.output(header="", sep=";")

    def ask(self, role: str, method: str, url: str, data: Any = None, **extra: Any) -> Any:
        """Return the response to `role`; the database and the client are as before."""
        client = self.clients[role]
        client.cookies = SimpleCookie(self.cookies[role])
        with transaction.atomic():
            response = getattr(client, method.lower())(url, data or {}, **extra)
            transaction.set_rollback(True)
        return response


# Whom a page is shown to where one reader will do, plain people first.
USUALLY = ("stranger", "applicant", "asked_mentor", "mentor", "coordinator", "administrator", "anonymous")


def reader_of(address: Address, method: str = "GET") -> str | None:
    """Somebody who is answered 200 at `address`, or None."""
    return next((role for role in USUALLY if address.expected(role, method)[0] == 200), None)
