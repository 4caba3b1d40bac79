"""What each matching setting of a season does, in words, and what upper apps know of its effect."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mentorship.seasons.models import Season

DOES: dict[str, str | Promise] = {
    "allow_same_unit": gettext_lazy(
        "Off: people of one work unit are never paired, so that everybody meets somebody new."
    ),
    "allow_repeat_pairs": gettext_lazy("Off: two people who were a pair in an earlier season aren't paired again."),
    "min_shared_slots": gettext_lazy(
        "So many of the times that both named must be the same. 0: too few is a warning, not a bar, which is better "
        "for people whose schedule rotates."
    ),
    "rank_gap_least": gettext_lazy(
        "Counted in job ranks; 1: above the mentee's. Empty: no bound. Who has no rank isn't bound."
    ),
    "rank_gap_most": gettext_lazy("Keeps people from being paired with somebody far above them. Empty: no bound."),
    "cuts": gettext_lazy(
        "As few people as possible are matched below these goal fits, the first before the second, for example "
        "25, 50. Nobody is left without a match for it."
    ),
}
ALWAYS = gettext_lazy(
    "Whatever is set here, two people are paired only if they have a language and a way of meeting in common and "
    "neither supervises the other."
)

Effects = Mapping[str, str]
_sources: list[Callable[[Season, Any], Effects]] = []


def register_effects(source: Callable[[Season, Any], Effects]) -> None:
    """Add who knows what settings did: by field, or "" for what always holds, a sentence that `user` may read."""
    _sources.append(source)


def effects(season: Season, user: Any) -> dict[str, str]:
    return {name: sentence for source in _sources for name, sentence in source(season, user).items()}


def words_of(season: Season | None, user: Any) -> dict[str, str]:
    """Each setting's words, with its effect where one is known; "" has those of the rules that always hold."""
    known = effects(season, user) if season is not None else {}
    words = {name: _joined(sentence, known.get(name, "")) for name, sentence in DOES.items()}
    return words | {"": _joined(ALWAYS, known.get("", ""))}


def _joined(does: str | Promise, did: str) -> str:
    return f"{does} {did}".strip()
