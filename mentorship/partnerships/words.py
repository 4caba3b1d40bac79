"""Why two people were matched, in words: the public reasons of the engine with the titles that the library gave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from mentorship.people.meeting import DAYS, LANGUAGES, MODES, PARTS
from mentorship.seasons.models import Goal

Reasons = Mapping[str, Any]


@dataclass(frozen=True)
class Why:
    """The reasons for one pair in the reader's language; `strengths` are the goals in which the mentor is strong."""

    goals: list[str]
    strengths: list[str]
    times: list[str]
    modes: list[str]
    languages: list[str]
    rotates: bool
    no_common_time: bool

    @property
    def goals_together(self) -> str:
        return together(self.goals)

    @property
    def strengths_together(self) -> str:
        return together(self.strengths)

    @property
    def times_together(self) -> str:
        return together(self.times[:3])

    @property
    def modes_together(self) -> str:
        return together(self.modes)

    @property
    def languages_together(self) -> str:
        return together(self.languages)

    @property
    def goals_marked(self) -> SafeString:
        """The goals as a list in a sentence, each in bold."""
        last = self.goals[-1:]
        before = format_html_join(", ", "<strong>{}</strong>", ((goal,) for goal in self.goals[:-1]))
        end = format_html_join("", "<strong>{}</strong>", ((goal,) for goal in last))
        return format_html_join(f" {_('and')} ", "{}", ((part,) for part in (before, end) if part))


def why(reasons: Reasons, titles: Mapping[str, str]) -> Why:
    """Put `reasons` into words; `titles` are those of the goals, by key (`goal_titles`)."""
    goals = [entry for entry in reasons.get("goals", []) if entry["key"] in titles]
    return Why(
        goals=[titles[entry["key"]] for entry in goals],
        strengths=[titles[entry["key"]] for entry in goals if entry["strength"] > 1],
        times=[time_words(slot) for slot in reasons.get("slots", [])],
        modes=[str(MODES[mode]) for mode in reasons.get("modes", []) if mode in MODES],
        languages=[str(LANGUAGES[code]) for code in reasons.get("languages", []) if code in LANGUAGES],
        rotates=bool(reasons.get("rotates")),
        no_common_time=bool(reasons.get("no_common_slot")),
    )


def goal_titles(*all_reasons: Reasons) -> dict[str, str]:
    """The titles of every goal that these reasons name, in the reader's language; one query for all of them."""
    keys = {entry["key"] for reasons in all_reasons for entry in reasons.get("goals", [])}
    return {goal.slug: str(goal) for goal in Goal.objects.filter(slug__in=keys)} if keys else {}


def shareable(reasons: Reasons) -> dict[str, Any]:
    """What the two themselves may read of a proposal's reasons: nobody learns whose favourite they were."""
    kept = ("goals", "slots", "modes", "languages", "rotates", "no_common_slot")
    return {key: reasons[key] for key in kept if key in reasons}


def time_words(slot: str) -> str:
    """A time such as "tue-am" in words."""
    day, _dash, part = slot.partition("-")
    if day not in DAYS or part not in PARTS:
        return slot
    return _("%(day)s %(part)s") % {"day": DAYS[day], "part": PARTS[part]}


def together(words: Iterable[str]) -> str:
    """Words as a list in a sentence: "a, b and c"."""
    return get_text_list(list(words), _("and"))
