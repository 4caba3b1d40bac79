"""The sentence is right for one and for many, with and without meetings and survey, in both languages."""

import pytest
from django.utils import translation

from mentorship.reports.counting import Counts
from mentorship.reports.sentence import headline

CASES = [
    (
        {"announced": 67, "work_units": 44, "meetings": 132, "person_minutes": 528 * 60},
        {"months": 6, "over": True, "agreement": 89},
        "67\xa0staff from 44\xa0work units met for 528\xa0hours (counted per person) over 6\xa0months; "
        "89\xa0% agreed that it helped them grow.",
        "67\xa0personas de 44\xa0unidades de trabajo se reunieron durante 528\xa0horas (contadas por persona) "
        "en 6\xa0meses; el 89\xa0% está de acuerdo en que les ayudó a crecer.",
    ),
    (
        {"announced": 1, "work_units": 1, "meetings": 1, "person_minutes": 45},
        {"months": 1, "over": True, "agreement": None},
        "1\xa0member of staff from 1\xa0work unit met for 1\xa0hour (counted per person) over 1\xa0month.",
        "1\xa0persona de 1\xa0unidad de trabajo se reunió durante 1\xa0hora (contada por persona) en 1\xa0mes.",
    ),
    (
        {"announced": 1200, "work_units": 2, "meetings": 9, "person_minutes": 12345 * 60 + 30},
        {"months": 9, "over": False, "agreement": None},
        "1,200\xa0staff from 2\xa0work units have met for 12,346\xa0hours (counted per person) so far.",
        "1\xa0200\xa0personas de 2\xa0unidades de trabajo se han reunido hasta ahora durante 12\xa0346\xa0horas "
        "(contadas por persona).",
    ),
    (
        {"announced": 2, "work_units": 0},
        {"months": 6, "over": True, "agreement": 100},
        "2\xa0staff were matched; no meeting was logged; 100\xa0% agreed that it helped them grow.",
        "2\xa0personas formaron pareja o grupo; no se registró ninguna reunión; "
        "el 100\xa0% está de acuerdo en que les ayudó a crecer.",
    ),
    (
        {"announced": 1, "work_units": 1},
        {"months": 6, "over": False, "agreement": None},
        "1\xa0member of staff from 1\xa0work unit is matched; no meeting is logged so far.",
        "1\xa0persona de 1\xa0unidad de trabajo tiene pareja o grupo; hasta ahora no hay ninguna reunión registrada.",
    ),
    ({}, {"months": 6, "over": True, "agreement": None}, "Nobody was matched this season.",
     "Nadie tuvo pareja ni grupo en esta temporada."),
    ({}, {"months": 6, "over": False, "agreement": None}, "Nobody has been matched so far.",
     "Hasta ahora nadie tiene pareja ni grupo."),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "state", "english", "spanish"), CASES)
def test_the_sentence(counts, state, english, spanish):
    for language, expected in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert headline(Counts(**counts), **state) == expected
