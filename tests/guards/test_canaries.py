"""Words planted in every private field: they are found where trust.md's table allows, and nowhere else."""

import logging
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.common.logs import JsonFormatter
from mentorship.people.admin import people as people_admin
from mentorship.reminders import previews, registry
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import render
from tests.guards.access import SEASONS
from tests.guards.cast import COORDINATORS, ROLES, Canary, Cast
from tests.guards.visiting import Address, Visitors, addresses

pytestmark = pytest.mark.django_db
# Columns that the lists search: names, numbers and addresses of those whom the list names anyway.
SEARCHABLE = {
    "employee_number", "given_name", "family_name", "email", "preferred_name", "slug", "title_en", "title_es",
    "name_en", "name_es", "location", "department", "region",
}  # fmt: skip


class Lines(logging.Handler):
    """Every line of the log, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Lines:
    handler = Lines()
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(logging.getLogger("django.server"), "handlers", [handler])
    return handler


def sung(text: str, role: str, path: str, canaries: Iterable[Canary]) -> list[str]:
    """The canaries in `text` that `role` may not hear at `path`."""
    return [
        canary.what
        for canary in canaries
        if canary.text in text and role not in canary.readers and not path.startswith(canary.elsewhere or ("\0",))
    ]


def words_of(response: Any) -> str:
    """What can be read in a response; a workbook is unpacked."""
    if response.content.startswith(b"PK"):
        with ZipFile(BytesIO(response.content)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return str(response.content.decode())


def leaks(cast: Cast, found: list[Address], visitors: Visitors) -> tuple[int, list[str]]:
    """How many pages were read, and a line for each page that tells a role what isn't theirs."""
    pages, told = 0, []
    for address in found:
        for role in ROLES:
            if address.expected(role, "GET")[0] != 200:
                continue
            response = visitors.ask(role, "GET", address.url)
            pages += 1
            text = words_of(response) + repr(sorted(response.headers.items()))
            told += [f"{role} reads {what} at {address}" for what in sung(text, role, address.url, cast.canaries)]
    return pages, told


def test_no_page_download_or_log_line_tells_what_is_not_ones_own(
    cast: Cast, rendering: None, log: Lines, summary: Any
) -> None:
    pages, told = leaks(cast, addresses(cast), Visitors(cast))
    summary(f"{pages} pages read for {len(cast.canaries)} canaries: {len(told)} leaks")
    assert told == []
    assert [line for line in log.lines if any(canary.text in line for canary in cast.canaries)] == []


def test_every_reader_finds_what_is_theirs(cast: Cast, rendering: None) -> None:
    """The canaries are alive: each is on some page of each of its readers but for what nobody reads."""
    visitors = Visitors(cast)
    heard: set[str] = set()
    for address in addresses(cast):
        for role in ("applicant", "mentee", "mentor", "asked_mentor", "coordinator"):
            if address.expected(role, "GET")[0] == 200:
                text = words_of(visitors.ask(role, "GET", address.url))
                heard |= {canary.what for canary in cast.canaries if canary.text in text}
    silent = {canary.what for canary in cast.canaries if canary.readers} - heard
    # Kept with the season, and on no page.
    assert silent == {f"legal note of {name}" for name in SEASONS}


def test_control_a_page_that_shows_a_column_too_many_is_found(cast: Cast, rendering: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(people_admin, "FOR_ADMINISTRATORS", ("bio",))
    route = "admin/people/user/<path:object_id>/change/"
    _pages, told = leaks(cast, [page for page in addresses(cast) if page.route == route], Visitors(cast))
    assert told == [
        f"administrator reads bio of {name} at {route} ({account})"
        for name, account in (("applicant", "account"), ("asked_mentee", "asked_account"))
    ]


def test_no_message_tells_its_recipient_what_is_not_theirs(cast: Cast) -> None:
    role_of = {person.pk: role for role, person in cast.people.items()}
    told = []
    for delivery in Delivery.objects.select_related("recipient__profile"):
        rendered = render(delivery)
        text = rendered.subject + rendered.text + rendered.html
        role = role_of.get(delivery.recipient_id, "somebody")
        told += [f"{role} reads {what} in {delivery.rule}" for what in sung(text, role, "", cast.canaries)]
    assert told == []


def test_no_preview_of_a_message_tells_coordinators_more_than_they_may_know(cast: Cast) -> None:
    told = []
    for rule in registry.all_rules():
        for language, _name in settings.LANGUAGES:
            shown = previews.preview(rule, language)
            text = shown.subject + shown.text + shown.html if shown else ""
            for role in COORDINATORS:
                told += [f"{role} reads {what} in {rule.key}" for what in sung(text, role, "", cast.canaries)]
    assert told == []


def hidden_look_ups(model_admin: SeasonModelAdmin) -> list[str]:
    """Every column of the list's model, and of the models that it leads to, as a look-up that nobody declared."""
    declared = {item if isinstance(item, str) else "" for item in model_admin.get_list_filter(None)}
    paths = []
    for field in model_admin.model._meta.get_fields():
        paths.append(field.name)
        if field.is_relation and field.related_model:
            paths += [f"{field.name}__{inner.name}" for inner in field.related_model._meta.concrete_fields]
    keys = {path for path in paths if path.removesuffix("__id") not in declared and path not in declared}
    return [f"{path}__startswith" for path in sorted(keys)]


def test_no_list_answers_a_question_about_a_column_that_it_does_not_show(cast: Cast, quick: None) -> None:
    visitors = Visitors(cast)
    answered = []
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for look_up in hidden_look_ups(model_admin):
            if "__" in look_up.removesuffix("__startswith"):
                continue
            answer = visitors.ask("coordinator", "GET", f"{base}?{look_up}=a").status_code
            answered += [f"{base}?{look_up}: {answer}"] if answer != 400 else []
    assert answered == []


def test_no_list_follows_a_relation_that_it_does_not_show(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user = cast.people["coordinator"]
    answered = [
        f"{model._meta.label}: {look_up}"
        for model, model_admin in admin.site._registry.items()
        for look_up in hidden_look_ups(model_admin)
        if model_admin.lookup_allowed(look_up, "a", request)
    ]
    assert answered == []


@pytest.mark.parametrize(
    "question",
    [
        "applicant__password__startswith=p",
        "identity__given__startswith=a",
        "avoidance__people__contains=a",
        "favourites__person__family_name=a",
        "season__identity_note__startswith=a",
        "_to_field=facts_note",
    ],
)
def test_applications_cannot_be_probed(cast: Cast, quick: None, question: str) -> None:
    url = f"/admin/applications/application/?{question}"
    assert Visitors(cast).ask("coordinator", "GET", url).status_code == 400


def test_control_a_list_with_django_s_own_rule_answers(cast: Cast, quick: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(SeasonModelAdmin, "lookup_allowed", lambda self, lookup, value, request=None: True)
    url = "/admin/applications/application/?applicant__password__startswith=p"
    assert Visitors(cast).ask("coordinator", "GET", url).status_code == 200


def test_lists_search_nothing_but_names() -> None:
    searched = {
        f"{model._meta.label}: {path}"
        for model, model_admin in admin.site._registry.items()
        for path in model_admin.search_fields
        if path.rpartition("__")[2] not in SEARCHABLE
    }
    assert searched == set()
