"""What a message says: the shipped words, a library's own, and nothing that a name could smuggle in."""

import uuid

import pytest

from mentorship.reminders import wordings
from mentorship.reminders.models import Delivery, Wording
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import one_line, render
from mentorship.reminders.services import save_wording
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def unsaved(person):
    return Delivery(rule="note", recipient=person, due_at=NOW)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("Hello\r\nBcc: you@example.org", "Hello Bcc: you@example.org"),
        ("  two   spaces ", "two spaces"),
        ("a\u2028b\u2029c\x0bd\x85e\x00f", "a b c d e f"),
        ("turned \u202eround", "turned round"),
        ("¿Cómo estás?", "¿Cómo estás?"),
        ("x" * 200, "x" * 150),
    ],
)
def test_a_subject_is_one_line_of_readable_characters(written, line):
    assert one_line(written) == line


def test_plain_text_has_no_html_escapes_and_html_has_them(note, member):
    note.greeting = "Ann & <b>Bo</b>"
    rendered = render(unsaved(member))
    assert rendered.subject == "Ann & <b>Bo</b>"
    assert "Ann & <b>Bo</b>, February" in rendered.text
    assert "Ann &amp; &lt;b&gt;Bo&lt;/b&gt;, February" in rendered.html


def test_the_button_and_the_way_out_stand_in_both_forms(note, member):
    rendered = render(unsaved(member))
    for form in (rendered.text, rendered.html):
        assert "http://testserver/somewhere" in form
        assert "Go there" in form
        assert "http://testserver/messages/stop/preview" in form
        assert "http://testserver/messages/reminders" in form


def test_the_styles_are_inline_and_nothing_is_fetched(note, member):
    html = render(unsaved(member)).html
    assert '<body style="' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "<link" not in html
    assert "src=" not in html


def test_a_librarys_own_words_win_in_their_language_alone(note):
    Wording.objects.create(rule="note", language="es", subject="¡{greeting}!", body="**Bien**venida, {greeting}.")
    spanish = render(unsaved(UserFactory(language="es")))
    assert spanish.subject == "¡Hello!"
    assert "**Bien**venida, Hello." in spanish.text
    assert ">Bien</strong>venida, Hello." in spanish.html
    assert "Go there" in spanish.html
    assert render(unsaved(UserFactory(language="en"))).subject == "Hello"


def test_a_seasons_own_words_win_over_those_for_everywhere(note, member):
    season, other = uuid.uuid4(), uuid.uuid4()
    Wording.objects.create(rule="note", language="en", subject="Everywhere", body="x")
    Wording.objects.create(rule="note", language="en", subject="This season", body="x", season_id=season)
    subjects = {}
    for key in (season, other, None):
        note.season_of = lambda delivery, key=key: key
        subjects[key] = render(unsaved(member)).subject
    assert subjects == {season: "This season", other: "Everywhere", None: "Everywhere"}


def test_own_words_carry_no_script_and_a_value_becomes_no_markup(note, member):
    note.greeting = '<img src=x onerror=alert(1)> [click](https://evil.example) {greeting} "'
    Wording.objects.create(
        rule="note",
        language="en",
        subject="S",
        body="<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](https://ok.example)\n\n{greeting}",
    )
    html = render(unsaved(member)).html
    content = html[html.index("<h1") : html.index("Go there")]
    assert "<script" not in content
    assert "javascript:" not in content
    assert '<a href="https://ok.example"' in content
    assert "evil.example</a>" not in content
    assert "&lt;img src=x onerror=alert(1)&gt; [click](https://evil.example) {greeting}" in content


def test_only_the_placeholders_of_the_rule_are_filled(note):
    rule = rule_of("note")
    assert wordings.as_text(rule, "{greeting} {recipient} {action_url}", {"greeting": "Hi", "recipient": "R"}) == (
        "Hi {recipient} {action_url}"
    )
    assert wordings.unknown_placeholders(rule, "{greeting} {recipient} {x}") == ["{recipient}", "{x}"]


@pytest.mark.parametrize(
    "written",
    ["{first name}", "{{greeting}}", "{{ greeting }}", "{first-name}", "%(greeting)s", "{", "}", "{}", "{Greeting}"],
)
def test_whatever_may_be_meant_as_a_placeholder_is_refused_unless_the_rule_fills_it(written, note, coordinator):
    wording = Wording(rule="note", language="en", subject="Dear {greeting}", body=f"Dear {written} friend")
    assert wordings.unknown_placeholders(rule_of("note"), wording.body) == [written]
    with pytest.raises(wordings.UnknownPlaceholders):
        save_wording(wording=wording, by=coordinator, now=NOW)
    assert Wording.objects.count() == 0


def test_a_list_is_read_aloud(note):
    assert wordings.as_text(rule_of("note"), "{greeting}!", {"greeting": ["One", "Two"]}) == "One, Two!"
