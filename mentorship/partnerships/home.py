"""What partnerships add to the home page and to the header."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentorship.common.registries import HomeSection, NavItem
from mentorship.partnerships.meeting_words import MeetingWords, words_of
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.reading import earlier_pairs, open_questions, partners, role_of, told_pairs, with_members
from mentorship.partnerships.steps import Step, steps_of
from mentorship.partnerships.words import goal_titles, together, why


def question(request: HttpRequest) -> HomeSection | None:
    """The mentor's open question, before everything else."""
    pairs = list(with_members(open_questions(request.user)))
    if not pairs:
        return None
    context = {
        "pair": pairs[0],
        "mentee": partners(pairs[0], request.user)[0],
        "why": why(pairs[0].reasons, goal_titles(pairs[0].reasons)),
        "more": len(pairs) - 1,
    }
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
            "names": together(each.name for each in partners(pair, request.user)),
            "role": role_of(pair, request.user),
            "why": why(pair.reasons, titles),
            "step": steps[pair.pk],
            "meeting": _meeting(steps[pair.pk], pair, now),
        }
        for pair in found
    ]
    return HomeSection("partnerships/home_pairs.html", {"rows": rows}, order=30, next_action=True)


def _meeting(step: Step, pair: Partnership, now: datetime) -> MeetingWords | None:
    return words_of(step.meeting, pair.season, now) if step.meeting else None


def navigation(request: HttpRequest) -> list[NavItem]:
    """ "My pair", or circle, for those who have one, or had one in a season that isn't archived yet."""
    kinds = set((told_pairs(request.user) | earlier_pairs(request.user)).order_by().values_list("kind", flat=True))
    if not kinds:
        return []
    words = {"circle": _("My circle"), "pair": _("My pair")}
    label = words[kinds.pop()] if len(kinds) == 1 else _("My pairs and circles")
    return [NavItem(label, reverse("partnerships:mine"), order=20)]
