"""The front door: home's one next action, language, health, and the pages that everybody may read."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from mentorship.common.registries import HomeSection, registries
from mentorship.people.models import User
from tests.factories import SeasonFactory

pytestmark = pytest.mark.django_db


def test_the_section_with_a_next_action_comes_first(member, sign_in, monkeypatch):
    quiet = HomeSection("components/mark.html", {"place": "quiet"}, order=1)
    urgent = HomeSection("components/mark.html", {"place": "urgent"}, order=50, next_action=True)
    beside = HomeSection("components/mark.html", {"place": "beside"}, aside=True)
    monkeypatch.setattr(registries, "home", [lambda r: beside, lambda r: quiet, lambda r: None, lambda r: urgent])
    response = sign_in(member).get("/")
    assert [section.context["place"] for section in response.context["main"]] == ["urgent", "quiet"]
    assert [section.context["place"] for section in response.context["aside"]] == ["beside"]


def test_an_empty_home_says_why_and_gives_one_button(member, sign_in, monkeypatch):
    monkeypatch.setattr(registries, "home", [])
    page = sign_in(member).get("/").content.decode()
    assert "Nothing waits for you" in page
    assert 'href="/seasons/"' in page


def test_home_takes_the_same_queries_for_any_number_of_seasons(member, sign_in):
    client = sign_in(member)
    client.get("/")
    counts = set()
    for _round in range(3):
        SeasonFactory()
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        counts.add(len(captured))
    assert len(counts) == 1


def test_the_chosen_language_stays_with_the_person(member, sign_in):
    client = sign_in(member)
    response = client.post("/language", {"language": "es", "next": "/help"})
    assert response["Location"] == "/help"
    assert User.objects.get(pk=member.pk).language == "es"
    assert client.get("/help")["Content-Language"] == "es"


def test_a_visitor_keeps_the_language_in_a_cookie(client):
    client.post("/language", {"language": "es"})
    assert client.get("/help")["Content-Language"] == "es"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(client, target):
    assert client.post("/language", {"language": "es", "next": target})["Location"] == "/"


def test_an_unknown_language_changes_nothing(member, sign_in):
    sign_in(member).post("/language", {"language": "xx"})
    assert User.objects.get(pk=member.pk).language == "en"


def test_livez_asks_nothing(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/livez").content == b"ok"
    assert len(captured) == 0


def test_readyz_is_503_without_a_database(client, monkeypatch):
    monkeypatch.setattr("mentorship.portal.views.health.check", lambda **_: {"database": {"ok": False}})
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": {"ok": False}})


def test_the_privacy_page_says_what_is_kept_and_who_sees_it(client):
    response = client.get("/privacy")
    rows = {
        (line["what"], line["fields"]): line["seen_by"]
        for _title, lines in response.context["kept"]
        for line in lines
    }
    assert {seen for (what, _fields), seen in rows.items() if what == "Identity answer"} == {"You alone"}
    assert "The optional identity page" in response.content.decode()


def test_where_identities_are_never_matched_the_privacy_page_does_not_speak_of_it(client, settings):
    settings.IDENTITY = "never"
    assert "The optional identity page" not in client.get("/privacy").content.decode()


@pytest.mark.parametrize("path", ["/nowhere", "/admin/nowhere"])
def test_what_is_not_there_is_a_404_in_our_face(member, sign_in, path):
    response = sign_in(member).get(path)
    assert response.status_code in {404, 302, 403}


def test_an_error_page_needs_neither_database_nor_context(client, monkeypatch):
    def broken(request):
        raise RuntimeError("canary in the text")

    monkeypatch.setattr("mentorship.portal.views.health.check", lambda **_: broken(None))
    client.raise_request_exception = False
    response: HttpResponse = client.get("/readyz")
    assert response.status_code == 500
    assert b"canary" not in response.content
