"""Two mentors for one mentee, side by side: the one there is and another, or two others; and whom to swap with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from matching import words
from matching.admin import effects
from matching.admin.access import for_coordinators, last_run, match_of, workbench_url
from matching.engine import NotPossible
from matching.models import Proposal
from matching.present import Present, take_present
from mentorship.applications.forms.goals import IMPORTANCE
from mentorship.partnerships.words import Why, why
from mentorship.seasons.models import Goal

PER_PAGE = 20
STRONG = 2


@dataclass(frozen=True)
class GoalLine:
    """One goal that the mentee wants, how much, and what each of the two mentors offers."""

    title: str
    weight: str
    offers: list[str]


@dataclass(frozen=True)
class Side:
    """One of the two mentors. `told` is what choosing them would do, None for the one that is suggested now."""

    key: str
    person: effects.Person
    fit: int
    why: Why
    favourites: list[str]
    rules: list[str]
    told: effects.Told | None
    current: bool


class CompareForm(forms.Form):
    """Which two mentors are compared."""

    one = forms.ChoiceField(label=gettext_lazy("Compare"))
    other = forms.ChoiceField(label=gettext_lazy("with"))

    def __init__(self, *args: Any, mentors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].choices = mentors  # type: ignore[attr-defined]


@for_coordinators
@require_GET
def compare(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """`?one=` and `?other=` are mentors; without them, the one that is suggested and the best other one."""
    match = match_of(request, match_id)
    run = last_run(match.run.season)
    if run is None or run.pk != match.run_id:
        raise Http404
    present = take_present(run, request.user)
    mentee = str(match.mentee_id)
    if mentee not in present.mentees:
        return _nothing(request, match)
    candidates = {each.key: each for each in present.candidates(mentee)}
    chosen = _two(request, match, present, list(candidates))
    if len(chosen) < 2:
        return _nothing(request, match)
    named = effects.people({mentee, *candidates})
    sides = [_side(key, mentee, present, candidates[key], named) for key in chosen]
    options = sorted(((key, named[key].name) for key in candidates), key=lambda option: option[1])
    context = {
        "title": _("Compare two mentors"),
        "season": match.run.season,
        "match": match,
        "mentee": named[mentee],
        "sides": sides,
        "goals": _goals(mentee, chosen, present),
        "rotates": mentee in present.rotating,
        "form": CompareForm(initial=dict(zip(("one", "other"), chosen, strict=True)), mentors=options),
        "cancel_url": workbench_url(match.run.season_id, match=match.pk),
    }
    return render(request, "admin/matching/compare.html", context)


@for_coordinators
@require_GET
def swap_with(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """With which other mentee a mentee could swap mentors, and what both would get."""
    match = match_of(request, match_id)
    run = last_run(match.run.season)
    if run is None or run.pk != match.run_id:
        raise Http404
    present = take_present(run, request.user)
    page = Paginator(_swaps(str(match.mentee_id), present), PER_PAGE).get_page(request.GET.get("page"))
    named = effects.people({str(match.mentee_id), *(key for row in page.object_list for key in row[:2])})
    keys = dict(
        Proposal.objects.filter(run=run, mentee__in=[row[0] for row in page.object_list]).values_list("mentee", "pk")
    )
    context = {
        "title": _("Swap mentors"),
        "season": match.run.season,
        "match": match,
        "mentee": named[str(match.mentee_id)],
        "page": page,
        "lines": [
            {
                "key": keys[UUID(mentee)],
                "mentee": named[mentee],
                "mentor": named[mentor],
                "ours": ours,
                "theirs": theirs,
                "change": effects.signed(change),
            }
            for mentee, mentor, ours, theirs, change in page.object_list
        ],
        "cancel_url": workbench_url(match.run.season_id, match=match.pk),
    }
    return render(request, "admin/matching/swap.html", context)


def _two(request: HttpRequest, match: Proposal, present: Present, known: list[str]) -> list[str]:
    """The mentors to compare: those asked for, then the suggested one, then the best others. Raises Http404."""
    asked = [request.GET[name] for name in ("one", "other") if request.GET.get(name)]
    if any(key not in known for key in asked):
        raise Http404
    found = asked if "one" in request.GET else [*([str(match.mentor_id)] if match.mentor_id else []), *asked]
    found = [key for key in dict.fromkeys(found) if key in known]
    if len(found) < 2:
        best = present.standing.alternatives(str(match.mentee_id), most=3)
        found += [choice.mentor for choice in best if choice.mentor not in found]
    return found[:2]


def _side(key: str, mentee: str, present: Present, candidate: Any, named: dict[str, effects.Person]) -> Side:
    """`named` gains whoever the effect names besides."""
    reasons = present.why(mentee, key)
    effect = None
    if present.standing.pairs.get(mentee) != key:
        try:
            effect = present.standing.instead(mentee, key)
        except NotPossible:
            effect = None
    if effect is not None and (missing := effects.named_in([effect]) - named.keys()):
        named.update(effects.people(missing))
    return Side(
        key=key,
        person=named[key],
        fit=candidate.fit,
        why=why(reasons, {}),
        favourites=words.favourites_in_words(reasons, mentee=named[mentee].short, mentor=named[key].short),
        rules=words.rules_in_words(candidate.rules),
        told=None if effect is None else effects.told(effect, named, leave_out=mentee),
        current=present.standing.pairs.get(mentee) == key,
    )


def _goals(mentee: str, mentors: list[str], present: Present) -> list[GoalLine]:
    """What the mentee wants, the most wanted first, with what each mentor offers of it."""
    wanted = present.mentees[mentee].goals
    titles = {goal.slug: str(goal) for goal in Goal.objects.filter(slug__in=wanted)}
    importance = {weight: str(label) for weight, label in IMPORTANCE}
    offers = [present.mentors[key].offers for key in mentors]
    return [
        GoalLine(titles[key], importance.get(weight, ""), [_offer(each.get(key, 0)) for each in offers])
        for key, weight in sorted(wanted.items(), key=lambda item: (-item[1], titles.get(item[0], "")))
        if key in titles
    ]


def _offer(strength: int) -> str:
    if strength >= STRONG:
        return _("strong in it")
    return _("can help with it") if strength else "–"


def _swaps(mentee: str, present: Present) -> list[tuple[str, str, int, int, int]]:
    """(mentee, mentor, our new fit, their new fit, change of both) for each possible swap, the best first."""
    pairs = present.standing.pairs
    if mentee not in pairs:
        return []
    ours = {each.key: each for each in present.candidates(mentee)}
    theirs = {each.key: each for each in present.takers(pairs[mentee])}
    found = []
    for other, mentor in pairs.items():
        if mentor == pairs[mentee] or ours[mentor].rules or theirs[other].rules:
            continue
        before = ours[pairs[mentee]].fit + present.fits[other]
        fits = ours[mentor].fit, theirs[other].fit
        found.append((other, mentor, *fits, sum(fits) - before))
    return sorted(found, key=lambda row: (-row[4], row[0]))


def _nothing(request: HttpRequest, match: Proposal) -> HttpResponse:
    context = {
        "title": _("Compare two mentors"),
        "season": match.run.season,
        "why": _("There are no two mentors to compare for this mentee as things are."),
        "url": workbench_url(match.run.season_id, match=match.pk),
        "label": _("Go to the workbench"),
    }
    return render(request, "admin/matching/change_refused.html", context)
