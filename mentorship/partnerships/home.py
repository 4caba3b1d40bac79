"""What partnerships add to the home page and to the header."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentorship.common.registries import HomeSection, NavItem
from mentorship.partnerships.meeting_words import MeetingWords, met_words, words_of
from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.reading import (
    earlier_pairs,
    finished_pairs,
    open_questions,
    partners,
    role_of,
    told_pairs,
    with_members,
)
from mentorship.partnerships.steps import Step, steps_of
from mentorship.partnerships.words import goal_titles, why

FINISHED_SHOWN = 3


def question(request: HttpRequest) -> HomeSection | None:
    """The mentor's open question, before everything else."""
    pairs = list(with_members(open_questions(request.user)))
    if not pairs:
        return None
    context = {"pair": pairs[0], "mentee": partners(pairs[0], request.user)[0], "more": len(pairs) - 1}
    return HomeSection("partnerships/home_question.html", context, order=10, next_action=True)


def pairs(request: HttpRequest) -> HomeSection | None:
    """The pairs that go on, each with its one next step."""
    found = list(with_members(told_pairs(request.user)))
    if not found:
        return None
    now = timezone.now()
    titles = goal_titles(*(pair.reasons for pair in found))
    steps = steps_of(found, request.user, now)
    rows = [
        {
            "pair": pair,
            "partners": partners(pair, request.user),
            "role": role_of(pair, request.user),
            "why": why(pair.reasons, titles),
            "step": steps[pair.pk],
            "meeting": _meeting(steps[pair.pk], pair, now),
        }
        for pair in found
    ]
    return HomeSection("partnerships/home_pairs.html", {"rows": rows}, order=30, next_action=True)


def finished(request: HttpRequest) -> HomeSection | None:
    """What came of the pairs that are over, until their season is archived."""
    found = list(with_members(finished_pairs(request.user))[:FINISHED_SHOWN])
    if not found:
        return None
    lengths = Meeting.objects.held().filter(partnership__in=found).lengths()
    rows = []
    for pair in found:
        others = partners(pair, request.user)
        met = met_words(others[0].first_name, *lengths.get(pair.pk, (0, 0)))
        rows.append({"pair": pair, "partners": others, "met": met})
    return HomeSection("partnerships/home_finished.html", {"rows": rows}, order=40)


def _meeting(step: Step, pair: Partnership, now: datetime) -> MeetingWords | None:
    return words_of(step.meeting, pair.season, now) if step.meeting else None


def navigation(request: HttpRequest) -> list[NavItem]:
    """ "My pair" for those who have one, or had one in a season that isn't archived yet."""
    if not (told_pairs(request.user) | earlier_pairs(request.user)).exists():
        return []
    return [NavItem(_("My pair"), reverse("partnerships:mine"), order=20)]
