"""Rules, reasons and figures of the engine in the words of the coordinator's pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.querysets import DECLINED, FORBIDDEN, LOW_FIT, NO_MATCH, NO_TIMES, OVERDUE, REJECTED, WITHDREW

RULES: dict[str, str | Promise] = {
    "no_places": gettext_lazy("no place left"),
    "exclusion": gettext_lazy("a coordinator doesn't want this pair"),
    "past_pairing": gettext_lazy("were a pair before, or the mentor said no"),
    "supervisor_chain": gettext_lazy("same reporting line"),
    "same_unit": gettext_lazy("same work unit"),
    "rank_gap": gettext_lazy("job ranks too far apart, or too close"),
    "no_shared_language": gettext_lazy("no language in common"),
    "no_shared_mode": gettext_lazy("no way of meeting in common"),
    "min_shared_slots": gettext_lazy("too few times in common"),
    "other": gettext_lazy("not possible this season"),
}
ATTENTION: dict[int, tuple[str | Promise, str]] = {
    NO_MATCH: (gettext_lazy("No match"), "trouble"),
    WITHDREW: (gettext_lazy("Somebody withdrew"), "trouble"),
    DECLINED: (gettext_lazy("Mentor declined"), "trouble"),
    FORBIDDEN: (gettext_lazy("A rule forbids it now"), "trouble"),
    OVERDUE: (gettext_lazy("No answer yet"), "attention"),
    REJECTED: (gettext_lazy("Rejected"), "neutral"),
    LOW_FIT: (gettext_lazy("Low fit"), "attention"),
    NO_TIMES: (gettext_lazy("No common times"), "attention"),
}
PROPOSED: dict[str, tuple[str | Promise, str]] = {
    "proposed": (gettext_lazy("Suggested"), "neutral"),
    "locked": (gettext_lazy("Held"), "good"),
    "rejected": (gettext_lazy("Rejected"), "neutral"),
}
PARTNERED: dict[str, tuple[str | Promise, str]] = {
    "approved": (gettext_lazy("Approved"), "good"),
    "asked": (gettext_lazy("Mentor asked"), "neutral"),
    "confirmed": (gettext_lazy("Mentor said yes"), "good"),
    "declined": (gettext_lazy("Mentor declined"), "trouble"),
    "cancelled": (gettext_lazy("Taken back"), "neutral"),
    "announced": (gettext_lazy("Announced"), "good"),
    "running": (gettext_lazy("Under way"), "good"),
}
REFUSED: dict[str, str | Promise] = {
    "has-pair": gettext_lazy("the mentee has a pair already"),
    "no-place": gettext_lazy("the mentor has no place left"),
    "withdrew": gettext_lazy("somebody withdrew"),
    "concerned": gettext_lazy("another coordinator decides"),
}
NOT_UNDONE: dict[str, str | Promise] = {
    "undone": gettext_lazy("It was undone already."),
    "decided": gettext_lazy("Somebody has decided since on a match that it changed."),
    "place": gettext_lazy("A place that it freed has been given to somebody else since."),
}
STAGES: dict[str, str | Promise] = {
    "coverage": gettext_lazy("Nobody more can have a mentor, and nobody more can be lifted over the minimum fit."),
    "keep": gettext_lazy("No more of the earlier matches can stay."),
    "fit": gettext_lazy("No other set of matches fits better in all."),
    "lottery": gettext_lazy("Among equals the published tie-break decided."),
}


def rules_in_words(codes: Iterable[str]) -> list[str]:
    """Rule codes, as `engine.told` gives them, in words."""
    return [str(RULES[code]) for code in codes]


def nobody_in_words(reasons: Mapping[str, Any]) -> list[str]:
    """Why a mentee has no mentor, as sentences for the coordinator."""
    code = reasons.get("nobody")
    if code == "no_mentors":
        return [_("There is no mentor in the pool.")]
    if code == "left_out":
        return [_("A coordinator leaves them without a mentor. A further run does so too, until you let go.")]
    if code == "displaced":
        return [_("A coordinator's change left nobody for them.")]
    if code == "competition":
        mentees, places = reasons["mentees"], reasons["places"]
        first = ngettext(
            "%(mentees)d people compete for the one place of the mentors who are open to them.",
            "%(mentees)d people compete for the %(places)d places of the mentors who are open to them.",
            places,
        ) % {"mentees": mentees, "places": places}
        return [first, _("Every other choice leaves as many without a mentor, or somebody with a poorer match.")]
    return [_("The rules leave no mentor who would be possible.")]


def removed_in_words(reasons: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Which rules took how many mentors away from a mentee; the most first."""
    removed = reasons.get("removed", {})
    return [
        (str(RULES[code]), count) for code, count in sorted(removed.items(), key=lambda item: (-item[1], item[0]))
    ]


def favourites_in_words(reasons: Mapping[str, Any], *, mentee: str, mentor: str) -> list[str]:
    """Whose favourite somebody is, for the coordinator alone."""
    names = {"mentee": mentee, "mentor": mentor}
    told = []
    if reasons.get("mentee_favourite"):
        told.append(_("%(mentor)s is one of %(mentee)s's favourites.") % names)
    if reasons.get("mentor_favourite"):
        told.append(_("%(mentee)s is one of %(mentor)s's favourites.") % names)
    return told
