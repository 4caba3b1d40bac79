"""A number is written as its reader writes it, and stays on one line with its sign or unit."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from mentorship.common.numbers import count, hours, percent, unbroken


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("80 %", "80\u00a0%"),
        ("67 staff from 44 work units", "67\u00a0staff from 44\u00a0work units"),
        ("15,8 horas y 3 años", "15,8\u00a0horas y 3\u00a0años"),
        ("Rosa and 2 Élan", "Rosa and 2\u00a0Élan"),
        ("Spring 2027: 3 of 4", "Spring 2027: 3\u00a0of 4"),
        ("in 3 (or 4) rooms · 5 – 6", "in 3 (or 4) rooms · 5 – 6"),
        ("", ""),
    ],
)
def test_no_line_ends_between_a_number_and_the_word_or_sign_after_it(text, kept):
    assert unbroken(text) == kept


def test_safe_text_stays_safe_and_other_text_does_not_become_it():
    assert isinstance(unbroken(mark_safe("3 <b>")), SafeString)
    assert not isinstance(unbroken("3 <b>"), SafeString)


@pytest.mark.parametrize(("language", "written"), [("en", ("1,234.5", "80\u00a0%")), ("es", ("1234,5", "80\u00a0%"))])
def test_numbers_are_written_as_in_the_readers_language(language, written):
    with translation.override(language):
        assert (count(1234.5).replace("\u00a0", ""), percent(80)) == written


@pytest.mark.parametrize(("minutes", "told"), [(0, 0), (60, 1), (90, 1.5), (45, 0.8), (482, 8)])
def test_minutes_are_hours_with_one_decimal_at_most(minutes, told):
    assert hours(minutes) == told


def test_a_headline_and_a_figure_keep_their_numbers_with_what_they_count():
    page = Template(
        "{% load components numbers %}"
        '{% heading title "1 line & 2 lines" %}{% figure "9 %" "a & b" %}{{ 80|percent }}'
    ).render(Context({"title": mark_safe("7 staff &amp; 8 units")}))
    for words in ("7\u00a0staff &amp; 8\u00a0units", "1\u00a0line & 2\u00a0lines", "9\u00a0%", "80\u00a0%"):
        assert words in page
