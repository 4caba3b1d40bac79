"""Changing matches: each change is shown with its exact effect first, and done by one button if it is still that."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from matching import words
from matching.admin import effects
from matching.admin.access import (
    for_coordinators,
    last_run,
    match_of,
    match_of_mentee,
    pair_of,
    say_busy,
    say_changed_meanwhile,
    season_of,
    workbench_url,
)
from matching.engine import NotPossible
from matching.models import Adjustment, MatchRun
from matching.services import (
    Change,
    KeptTogether,
    NothingToChange,
    NotTheirs,
    Outdated,
    Preview,
    RunUnderWay,
    apply_change,
    preview_change,
)
from mentorship.common.states import IllegalMove
from mentorship.partnerships.places import Busy
from mentorship.seasons.models import Season

Kind = Adjustment.Kind


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def instead(request: HttpRequest, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Give a mentee another mentor."""
    first, _second = pair_of(request, mentee, mentor)
    return _change(request, first.season, Change(Kind.INSTEAD, mentee=mentee, mentor=mentor))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def apart(request: HttpRequest, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Don't pair these two this season."""
    first, _second = pair_of(request, mentee, mentor)
    return _change(request, first.season, Change(Kind.APART, mentee=mentee, mentor=mentor))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, match_id: UUID, other_id: UUID) -> HttpResponse:
    """Give two mentees each other's mentor."""
    one, other = match_of(request, match_id), match_of(request, other_id)
    if one.run_id != other.run_id or one.pk == other.pk:
        raise Http404
    return _change(request, one.run.season, Change(Kind.SWAP, mentee=one.mentee_id, other=other.mentee_id))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def unmatch(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Leave a mentee without a mentor."""
    match = match_of(request, match_id)
    return _change(request, match.run.season, Change(Kind.UNMATCHED, mentee=match.mentee_id))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Fill what has become free, with as few moves as possible."""
    return _change(request, season_of(request, season_id), Change(Kind.REPAIR))


def _change(request: HttpRequest, season: Season, change: Change) -> HttpResponse:
    """Show what the change would do, or do it."""
    run = last_run(season)
    if run is None:
        raise Http404
    try:
        if request.method == "POST":
            return _apply(request, run, change)
        return _page(request, preview_change(run=run, change=change, by=request.user))
    except (NotPossible, KeptTogether, NothingToChange, NotTheirs) as refused:
        return _refusal(request, season, change, refused)


def _apply(request: HttpRequest, run: MatchRun, change: Change) -> HttpResponse:
    fingerprint = request.POST.get("shown", "")
    try:
        adjustment = apply_change(
            run=run, change=change, fingerprint=fingerprint, by=request.user, now=timezone.now()
        )
    except Outdated as outdated:
        if fingerprint:
            messages.warning(
                request, _("Something has changed meanwhile. Nothing was done; this is what would happen now.")
            )
        return _page(request, outdated.preview)
    except Busy:
        say_busy(request)
    except (RunUnderWay, IllegalMove):
        say_changed_meanwhile(request)
    else:
        messages.success(request, _done(adjustment))
    return redirect(_back(run.season, change))


def _page(request: HttpRequest, preview: Preview) -> HttpResponse:
    change, effect, season = preview.change, preview.effect, preview.present.run.season
    keys = {str(key) for key in (change.mentee, change.mentor, change.other) if key}
    named = effects.people(keys | effects.named_in([effect]))
    context = {
        "title": _("Preview a change"),
        "season": season,
        "change": change,
        "headline": _headline(change, named, effect),
        "told": effects.told(effect, named),
        "moves": effects.lines(effect, named, change.chosen),
        "held": bool(change.chosen),
        "mentee": named.get(str(change.mentee)),
        "mentor": named.get(str(change.mentor)),
        "fingerprint": preview.fingerprint,
        "action": _action(change, len(effect.moves)),
        "cancel_url": _back(season, change),
        "here": request.path,
        "compare_url": _compare_url(change, season),
    }
    return render(request, "admin/matching/change.html", context)


def _refusal(request: HttpRequest, season: Season, change: Change, refused: Exception) -> HttpResponse:
    """Say why a change can't be made, and where to go."""
    wishes = isinstance(refused, KeptTogether)
    if isinstance(refused, NotPossible):
        rules = words.rules_in_words(refused.codes)
        why = (
            _("It isn't possible: %(rules)s.") % {"rules": ", ".join(rules)}
            if rules
            else _("One of them is no longer free for it: approved, withdrawn, or held with somebody.")
        )
    elif wishes:
        why = _("A coordinator keeps somebody of them together with somebody. Undo that first.")
    elif isinstance(refused, NothingToChange):
        why = _("Everything is so already.")
    else:
        why = _("Another coordinator has to decide on it.")
    context = {
        "title": _("Preview a change"),
        "season": season,
        "why": why,
        "url": reverse("admin:matching_wishes", args=[season.pk]) if wishes else _back(season, change),
        "label": _("See who is kept together") if wishes else _("Go to the workbench"),
    }
    return render(request, "admin/matching/change_refused.html", context)


def _headline(change: Change, named: dict[str, effects.Person], effect: Any) -> str:
    people = {
        "mentee": getattr(named.get(str(change.mentee)), "short", ""),
        "mentor": getattr(named.get(str(change.mentor)), "short", ""),
        "other": getattr(named.get(str(change.other)), "short", ""),
    }
    if change.kind == Kind.INSTEAD:
        return _("%(mentor)s for %(mentee)s?") % people
    if change.kind == Kind.APART:
        return _("Don't pair %(mentee)s and %(mentor)s?") % people
    if change.kind == Kind.SWAP:
        return _("Swap the mentors of %(mentee)s and %(other)s?") % people
    if change.kind == Kind.UNMATCHED:
        return _("Leave %(mentee)s without a mentor?") % people
    gaining = sum(1 for move in effect.moves if move.after and not move.before)
    if not gaining:
        return _("What has changed can be put right")
    text = ngettext("%(n)d person could have a mentor now", "%(n)d people could have a mentor now", gaining)
    return text % {"n": gaining}


def _action(change: Change, moves: int) -> str:
    if not moves:
        return _("Don't pair them")
    return ngettext("Change %(n)d match", "Change %(n)d matches", moves) % {"n": moves}


def _done(adjustment: Adjustment) -> str:
    count = adjustment.moves.count()
    if not count:
        return _("These two aren't paired this season.")
    text = ngettext("%(n)d match is changed.", "%(n)d matches are changed.", count)
    return text % {"n": count} + " " + _("Nobody has been told, and you can undo it below.")


def _back(season: Season, change: Change) -> str:
    match = match_of_mentee(change.mentee, season.pk) if change.mentee else None
    return workbench_url(season.pk, match=match)


def _compare_url(change: Change, season: Season) -> str:
    """Where the two mentors of this choice stand side by side."""
    if change.kind != Kind.INSTEAD or change.mentee is None:
        return ""
    match = match_of_mentee(change.mentee, season.pk)
    return reverse("admin:matching_compare", args=[match]) + f"?other={change.mentor}" if match else ""
