"""The pages of seasons that everybody may read: which there are, what each is, when, and who may apply."""

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mentorship.seasons import eligibility
from mentorship.seasons.actions import actions_for
from mentorship.seasons.models import EligibilityRule, ParticipationRole, Season
from mentorship.seasons.phases import CLOSING_HOUR, WORDS, phase, today
from mentorship.seasons.states import Phase

KINDS = {
    Phase.APPLYING: "good",
    Phase.RUNNING: "good",
    Phase.DRAFT: "attention",
    Phase.UPCOMING: "attention",
    Phase.CLOSING: "attention",
}
OUTCOME_KINDS = {eligibility.MET: "good", eligibility.NOT_MET: "attention", eligibility.UNKNOWN: "neutral"}


@require_GET
def season_list(request: HttpRequest) -> HttpResponse:
    """Every season that the person may see, the newest first."""
    now = timezone.now()
    page = Paginator(Season.objects.visible_to(request.user), 20).get_page(request.GET.get("page"))
    seasons = [_in_phase(season, phase(season, now)) for season in page]
    return render(request, "seasons/list.html", {"page": page, "seasons": seasons})


@require_GET
def season_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One season: what it is, its dates, who may apply and whether the reader may, the agreement, the contact."""
    now = timezone.now()
    season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    request.season = season  # type: ignore[attr-defined]
    stage = phase(season, now)
    return render(
        request,
        "seasons/detail.html",
        {
            **_in_phase(season, stage),
            "closing_time": CLOSING_HOUR,
            "actions": actions_for(request, season, now) if request.user.is_authenticated else [],
            "can_sign_in_to_apply": stage == Phase.APPLYING and not request.user.is_authenticated,
            "roles": _rules_by_role(request, season, now),
        },
    )


def _in_phase(season: Season, stage: Phase) -> dict[str, Any]:
    return {"season": season, "phase": stage, "words": WORDS[stage], "kind": KINDS.get(stage, "neutral")}


def _rules_by_role(request: HttpRequest, season: Season, now: datetime) -> list[dict[str, Any]]:
    """The rules in words for each role that the season has, each with what it says of the reader."""
    rules = list(season.eligibility_rules.all())
    day = today(season, now)
    facts = eligibility.facts_of(request.user, day) if request.user.is_authenticated else None
    return [
        {
            "role": ParticipationRole(role).label,
            "key": role,
            "rules": [_worded(rule, facts, day) for rule in rules if rule.role == role],
        }
        for role in season.roles
    ]


def _worded(rule: EligibilityRule, facts: eligibility.Facts | None, day: date) -> dict[str, Any]:
    if facts is None:
        return {"words": eligibility.describe(rule)}
    [result] = eligibility.check([rule], facts, day)
    fact = eligibility.fact_words(rule.kind, result.fact)
    return {
        "words": f"{eligibility.describe(rule)} · {fact}" if fact else eligibility.describe(rule),
        "outcome": eligibility.OUTCOMES[result.outcome],
        "kind": OUTCOME_KINDS[result.outcome],
    }
