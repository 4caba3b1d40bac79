"""The one table of addresses: who may come to each, with what, and what they are answered.

A line says the policy of one route; everything that the guards check of a page (access, canaries, axe, queries,
headers, fuzzing, a dead broker) walks this table, so a route that isn't in it fails the run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from mentorship.common.admin_site import SeasonModelAdmin
from tests.guards.cast import COORDINATORS, EVERYBODY, STAFF, UNCONCERNED, Cast

SIGN_IN, ADMIN_DOOR, SECOND_FACTOR = "/account/login/", "/admin/login/", "/account/second-factor/"
DOORS = {SIGN_IN, ADMIN_DOOR, SECOND_FACTOR}
SEASONS = ("open", "review", "telling", "running", "draft")
GIVEN = {"administrator": {"administrator"}, "coordinator": COORDINATORS}


@dataclass(frozen=True)
class Target:
    """An object to ask for: the route's arguments, and who is told that it exists."""

    name: str
    arguments: dict[str, Any]
    seen_by: frozenset[str] = EVERYBODY
    get: int | None = None
    post: int | None = None


Targets = Callable[[Cast], list[Target]]


@dataclass(frozen=True)
class Policy:
    """What a route answers.

    `door` is who gets as far as the page: everybody, visitors (who aren't signed in), people, staff with a second
    factor. Of staff, `roles` are served on GET and `post_roles` on POST; others are told `refusal`. `get` and `post`
    answer those who may, POST being an empty form; 405 is a method that the page doesn't have. `unseen` answers
    those from whom the object is hidden. Where `method_first`, a wrong method is told to all staff. `html` is false
    for what isn't a page for people. `others` are roles that get another (GET, POST) than the rest. `leads` is the
    door to which a redirect goes, where it goes to one.
    """

    door: str
    get: int = 200
    post: int = 405
    targets: Targets = lambda cast: [Target("", {})]
    roles: frozenset[str] = STAFF
    post_roles: frozenset[str] | None = None
    refusal: int = 403
    unseen: int = 404
    method_first: bool = False
    html: bool = True
    others: dict[str, tuple[int, int]] = field(default_factory=dict)
    leads: str = ""

    def answer(self, role: str, method: str, target: Target) -> tuple[int, str]:
        """(status, where to) for `role`; where to is "" but for the three doors."""
        status = (target.get or self.get) if method == "GET" else (target.post or self.post)
        if role in self.others:
            return (self.others[role][method == "POST"], "")
        if self.door == "visitor" and role != "anonymous":
            return (302, "")
        if self.door == "person" and role == "anonymous":
            return (302, SIGN_IN)
        if self.door == "staff":
            if role not in STAFF:
                # That door leads visitors to the sign-in, staff without a second factor there, and refuses others.
                return (302, ADMIN_DOOR)
            if self.method_first and status == 405:
                return (405, "")
            served = self.roles if method == "GET" or self.post_roles is None else self.post_roles
            if role not in served:
                return (self.refusal, "")
        if status != 405 and role not in target.seen_by:
            return (self.unseen, "")
        return (status, self.leads if status == 302 else "")


def of(name: str, seen_by: frozenset[str] | set[str] = EVERYBODY, *, key: str = "pk", **statuses: int) -> Targets:
    """One thing of the cast, by its key as argument `key`."""
    return lambda cast: [Target(name, {key: cast.things[name].pk}, frozenset(seen_by), **statuses)]


def each(*targets: Targets) -> Targets:
    return lambda cast: [target for source in targets for target in source(cast)]


def with_arguments(targets: Targets, **arguments: Any) -> Targets:
    """The same things, asked for with further arguments, fixed ones or functions of the cast."""
    return lambda cast: [
        replace(
            target,
            name=" ".join([target.name, *(value for value in arguments.values() if isinstance(value, str))]),
            arguments=target.arguments
            | {key: value(cast) if callable(value) else value for key, value in arguments.items()},
        )
        for target in targets(cast)
    ]


def seasons(key: str = "season_id", **statuses: dict[str, int]) -> Targets:
    """All seasons for coordinators; `review={"get": 200}` gives what one of them answers otherwise."""
    return each(*(of(name, key=key, **statuses.get(name, {})) for name in SEASONS))


def by_slug(**statuses: dict[str, int]) -> Targets:
    """Seasons by their slug; the draft is the coordinators' alone."""
    return lambda cast: [
        Target(
            name,
            {"slug": cast.things[name].slug},
            COORDINATORS | {"unproved"} if name == "draft" else EVERYBODY,
            **statuses.get(name, {}),
        )
        for name in SEASONS
    ]


def own(**statuses: dict[str, int]) -> Targets:
    """The applicant's sent, begun and refused applications, and a stranger's."""
    owners = {name: {"applicant"} for name in ("sent", "begun", "refused")} | {"appealed": {"appellant"}}
    return each(*(of(name, owners[name], **statuses.get(name, {})) for name in owners))


def public(**options: Any) -> Policy:
    return Policy("public", **options)


def visitor(**options: Any) -> Policy:
    return Policy("visitor", **options)


def person(**options: Any) -> Policy:
    return Policy("person", **options)


def staff(**options: Any) -> Policy:
    return Policy("staff", **options)


def coordinators(**options: Any) -> Policy:
    return Policy("staff", roles=COORDINATORS, **options)


def post_only(policy: Callable[..., Policy], post: int = 302, **options: Any) -> Policy:
    return policy(get=405, post=post, **options)


def patterns(entries: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site with its pattern, named or not."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        else:
            yield route, entry


def model_policies() -> dict[str, Policy]:
    """The policies of all stock admin pages, from what each ModelAdmin declares: a new one is covered by itself."""
    found: dict[str, Policy] = {}
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, SeasonModelAdmin), f"{model_admin} doesn't extend SeasonModelAdmin"
        base = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        view, add, change, delete = (served(model_admin, name) for name in ("view", "add", "change", "delete"))
        rows = object_of(model._meta.label_lower)
        one = f"{base}<path:object_id>/"
        found |= {
            base: staff(roles=view | change, post=200),
            f"{base}add/": staff(roles=add, post=200),
            # An object that one may not see is answered as one that isn't there: back to the index.
            f"{one}change/": staff(roles=view | change, post_roles=change, post=200, targets=rows, unseen=302),
            f"{one}delete/": staff(roles=delete, post=200, targets=rows, unseen=302),
            f"{one}history/": staff(roles=frozenset(), refusal=404, post=404, targets=rows_for_all(rows)),
            one: staff(get=302, post=302, targets=rows_for_all(rows)),
        }
    return found | {route: replace(found[route], **options) for route, options in OWN_PAGES.items()}


# What a ModelAdmin answers that made one of the stock pages its own: (get, post) for those whom it serves.
OWN_PAGES: dict[str, dict[str, Any]] = {
    "admin/people/staffimport/<path:object_id>/change/": {"get": 302, "post": 302, "post_roles": STAFF},
    "admin/surveys/wave/<path:object_id>/change/": {"get": 302, "post": 302, "post_roles": COORDINATORS},
    "admin/applications/application/<path:object_id>/change/": {
        "post": 405, "post_roles": COORDINATORS, "unseen": 404
    },
    **{
        f"admin/partnerships/{model}/<path:object_id>/change/": {
            "post": 405, "post_roles": COORDINATORS, "unseen": 404
        }
        for model in ("checkin", "helpcase")
    },
}  # fmt: skip


def served(model_admin: Any, verb: str) -> frozenset[str]:
    """Who of the cast has one of the roles that a ModelAdmin declares for `verb`."""
    return frozenset().union(*(GIVEN[role] for role in getattr(model_admin, f"{verb}_roles")))


# Rows of each model for the stock pages, and to whom they are shown; of other models any row will do.
OBJECTS: dict[str, dict[str, frozenset[str]]] = {
    "jobs.job": {"job": EVERYBODY},
    "people.user": {"account": EVERYBODY, "asked_account": EVERYBODY},
    "people.signincode": {"code": EVERYBODY},
    "people.staffimport": {"staff_list": EVERYBODY},
    "questionnaires.questionnaire": {"own_questionnaire": EVERYBODY},
    "reminders.delivery": {"delivery": UNCONCERNED},
    "reminders.wording": {"wording": EVERYBODY},
    "seasons.season": {"open": EVERYBODY, "draft": EVERYBODY},
    "applications.application": {"sent": UNCONCERNED, "excepted": UNCONCERNED, "appealed": COORDINATORS},
    "partnerships.partnership": {"asked_pair": UNCONCERNED, "pair": UNCONCERNED},
    "partnerships.meeting": {"held": UNCONCERNED},
    "partnerships.checkin": {"check_in": UNCONCERNED},
    # It is kept from the second coordinator, and concerns a report of the concerned one.
    "partnerships.helpcase": {"help_case": frozenset({"coordinator"})},
    "matching.matchrun": {"run": EVERYBODY},
    "learning.resource": {"module": EVERYBODY, "own_text": EVERYBODY, "unused_text": EVERYBODY},
    "learning.completion": {"text_read": UNCONCERNED, "mentors_text_read": EVERYBODY},
    "surveys.wave": {"open_wave": EVERYBODY, "released_wave": EVERYBODY},
}


def object_of(label: str) -> Targets:
    """The rows of OBJECTS, or any row of the model."""

    def rows(cast: Cast) -> list[Target]:
        if label in OBJECTS:
            shown = OBJECTS[label].items()
            return [Target(name, {"object_id": cast.things[name].pk}, seen_by) for name, seen_by in shown]
        row = apps.get_model(label)._default_manager.first()
        assert row is not None, f"the cast has no {label}: add one to tests/guards/cast.py"
        return [Target(label, {"object_id": row.pk})]

    return rows


def rows_for_all(rows: Targets) -> Targets:
    return lambda cast: [replace(target, seen_by=EVERYBODY) for target in rows(cast)]


def status_of(response: Any) -> tuple[int, str]:
    """(status, where to) of a response, in the terms of `Policy.answer`."""
    to = urlsplit(response.get("Location", "")).path
    return (response.status_code, to if to in DOORS else "")
