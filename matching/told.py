"""Why there is no match, as the one who has none may read it: supply, times, ways to meet, language, requirements.

Never what other people chose or asked, neither a coordinator's nor anybody's "not with": what only such wishes
explain reads like any other shortage, since everybody reads the same first sentence, and how many mentors stand
behind a sentence is never said, or the rest could be counted.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import Proposal
from mentorship.applications.models import Application

# In the order in which they are told; several rules may share one sentence.
SENTENCES: dict[str, str | Promise] = {
    "no_places": gettext_lazy("Some mentors had no place left."),
    "min_shared_slots": gettext_lazy("With some mentors you have too few times in common."),
    "no_shared_mode": gettext_lazy("With some mentors you have no way of meeting in common."),
    "no_shared_language": gettext_lazy("With some mentors you have no language in common."),
    "same_unit": gettext_lazy(
        "The season has requirements on who may be paired, on work units and job ranks for example."
    ),
    "rank_gap": gettext_lazy(
        "The season has requirements on who may be paired, on work units and job ranks for example."
    ),
    "supervisor_chain": gettext_lazy(
        "The season has requirements on who may be paired, on work units and job ranks for example."
    ),
    "past_pairing": gettext_lazy(
        "The season has requirements on who may be paired, on work units and job ranks for example."
    ),
}


def why_not(application: Application) -> list[str]:
    """The sentences for this mentee, from the last run that found nobody for them.

    A run that does find somebody changes nothing: it would tell them of a match that isn't theirs yet.
    """
    runs = Proposal.objects.filter(run__state="done", mentee=application, mentor=None)
    proposal = runs.order_by("-run__number").only("reasons").first()
    return sentences(proposal.reasons if proposal is not None else {})


def sentences(reasons: Mapping[str, Any]) -> list[str]:
    """What may be told of these reasons, `reasons.alone`'s or those of a match that came to nothing."""
    removed = reasons.get("removed", {})
    known = [str(sentence) for code, sentence in SENTENCES.items() if code in removed]
    return list(dict.fromkeys([shortage(), *known]))


def shortage() -> str:
    """What everybody reads: it holds whatever the reason was."""
    return _("There weren't enough mentors with a place who suit your goals, your times and the season's rules.")
