"""What a season's matching settings did in its last run, as the season's page in the admin says it under each.

Never of matching on identities, and never of what is private: neither is a rule that is tried.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching import words
from matching.models import MatchRun, Proposal
from mentorship.seasons.models import Season

# The field of the season under which a rule's effect stands; the rules that always hold stand under "".
FIELDS = {
    "same_unit": "allow_same_unit",
    "past_pairing": "allow_repeat_pairs",
    "min_shared_slots": "min_shared_slots",
    "rank_gap": "rank_gap_most",
    "no_shared_language": "",
    "no_shared_mode": "",
}


def of_settings(season: Season, user: Any) -> dict[str, str]:
    """By field: what the setting did in the last run; nothing where a match of that run concerns `user`."""
    run = MatchRun.objects.visible_to(user).done().filter(season=season).defer("problem", "trace").first()
    if run is None or Proposal.objects.filter(run=run).marked_for(user).filter(barred=True).exists():
        return {}
    told: dict[str, list[str]] = {}
    effects = run.figures.get("effects")
    if effects is None:
        told[""] = [_("What each rule cost isn't worked out in a season of more than 1,000 people on a side.")]
    for code, more in (effects or {}).items():
        sentence = words.effect_in_words(more)
        if not FIELDS[code]:
            sentence = _("%(rule)s: %(effect)s") % {"rule": words.EFFECTS[code], "effect": sentence}
        told.setdefault(FIELDS[code], []).append(sentence)
    if run.figures.get("below"):
        told["cuts"] = [_under(cut, count) for cut, count in run.figures["below"].items()]
    last = _("In run %(number)s:") % {"number": run.number}
    return {field: " ".join([last, *sentences]) for field, sentences in told.items()}


def _under(cut: str, count: int) -> str:
    text = ngettext("%(n)d match is under %(cut)s.", "%(n)d matches are under %(cut)s.", count)
    return text % {"n": count, "cut": cut}
