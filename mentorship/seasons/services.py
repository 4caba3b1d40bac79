"""What happens to a season: made from a template or from an earlier one, published, changed, archived."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mentorship.people.models import User
from mentorship.questionnaires.models import Questionnaire
from mentorship.records.audit import record
from mentorship.reminders.season_rules import copy_to_season
from mentorship.seasons import actions, publishing
from mentorship.seasons.models import EligibilityRule, Goal, Season, SeasonTemplate
from mentorship.seasons.phases import WORDS, phase
from mentorship.seasons.states import PHASES, Phase
from mentorship.seasons.templates import SeasonPlan
from mentorship.seasons.working_hours import monday_of

DATES = ("opens_on", "closes_on", "matches_on", "starts_on", "ends_on", "survey_on", "report_on")
MOMENTS = ("published_at", "announced_at", "archived_at")
# What a new season takes from an earlier one: everything but its name, its dates, its people and what happened.
COPIED = [
    "template_slug",
    "has_pairs",
    "has_circles",
    "has_workshops",
    "zone",
    "capacity",
    "max_mentees_per_mentor",
    "meetings_per_month",
    "allow_same_unit",
    "allow_repeat_pairs",
    "min_shared_slots",
    "rank_gap_least",
    "rank_gap_most",
    "cuts",
    "quiet_guard",
    "second_coordinator",
    "contact_name",
    "contact_email",
    "contact_phone",
    "intro_en",
    "intro_es",
    "agreement_en",
    "agreement_es",
    "start_en",
    "start_es",
    "instead_en",
    "instead_es",
    "questionnaire",
]


class SeasonError(Exception):
    """The season can't be changed in this way; the text says why, for a person to read."""


@transaction.atomic
def create_season(
    *, template: str, name_en: str, name_es: str, opens_on: date, by: User | None, now: datetime
) -> Season:
    """Make a draft from the newest version of the template with the slug `template`. Raises SeasonError."""
    row = SeasonTemplate.objects.filter(slug=template).order_by("-version").first()
    if row is None:
        raise SeasonError(_("There is no season template “%(slug)s”.") % {"slug": template})
    plan = SeasonPlan.of(row.plan)
    season = Season(
        slug=_free_slug(name_en),
        name_en=name_en,
        name_es=name_es,
        template_slug=row.slug,
        zone=settings.LIBRARY_ZONE,
        opens_on=opens_on,
        **{name: opens_on + timedelta(days=offset) for name, offset in plan.days.items()},
        **plan.settings,
        **plan.texts,
        questionnaire=_newest_questionnaire(plan.questionnaire),
    )
    season.seed = season.slug[:40]
    season.save(force_insert=True)
    season.goals.set(Goal.objects.filter(active=True))
    EligibilityRule.objects.bulk_create(
        EligibilityRule(season=season, order=place * 10, **rule) for place, rule in enumerate(plan.rules, start=1)
    )
    record(by=by, verb="create-season", target=season, now=now)
    return season


@transaction.atomic
def clone_season(
    *, season: Season, name_en: str, name_es: str, opens_on: date, by: User | None, now: datetime
) -> Season:
    """Make a draft like `season` with every date moved by as much as the opening; people stay behind.

    Matching on identities is off in the new one: its legal review was for the season that it was made for.
    """
    moved = opens_on - season.opens_on
    clone = Season(
        slug=_free_slug(name_en),
        name_en=name_en,
        name_es=name_es,
        **{name: getattr(season, name) for name in COPIED},
        **{name: getattr(season, name) + moved for name in DATES},
        blackout_weeks=sorted({monday_of(day + moved) for day in season.blackout_weeks}),
    )
    clone.seed = clone.slug[:40]
    clone.save(force_insert=True)
    clone.goals.set(season.goals.filter(active=True))
    EligibilityRule.objects.bulk_create(
        EligibilityRule(
            season=clone,
            role=rule.role,
            kind=rule.kind,
            value=rule.value,
            wording_en=rule.wording_en,
            wording_es=rule.wording_es,
            order=rule.order,
        )
        for rule in season.eligibility_rules.all()
    )
    copy_to_season(from_id=season.pk, to_id=clone.pk)
    record(by=by, verb="clone-season", target=clone, now=now)
    return clone


@transaction.atomic
def publish_season(*, season: Season, by: User | None, now: datetime) -> Season:
    """Let everybody see the season; applications open by its dates. Raises SeasonError where something is missing."""
    season = _locked(season)
    if phase(season, now) != Phase.DRAFT:
        raise SeasonError(_("This season is published already."))
    absent = [check.label for check in publishing.checks(season, now) if check.required and not check.done]
    if absent:
        raise SeasonError(_("Still missing: %(what)s") % {"what": " · ".join(absent)})
    season.published_at = now
    season.save(update_fields=["published_at"])
    record(by=by, verb="publish-season", target=season, now=now)
    return season


@transaction.atomic
def edit_season(*, season: Season, changes: dict[str, Any], by: User | None, now: datetime) -> Season:
    """Set the columns named in `changes`. Raises SeasonError where new dates would put the season where it can't go.

    What has happened stays: people who applied are never put before the opening, nor an announced season back under
    review.
    """
    season = _locked(season)
    if problem := problem_with(season, changes, now):
        raise SeasonError(problem)
    for name, value in changes.items():
        setattr(season, name, value)
    season.save(update_fields=list(changes))
    record(by=by, verb="edit-season", target=season, now=now)
    return season


def problem_with(season: Season, changes: dict[str, Any], now: datetime) -> str:
    """Return why `changes` can't be made to `season` at `now`, or nothing. The season is left as it is."""
    before = phase(season, now)
    if before == Phase.ARCHIVED:
        return _("This season is archived and doesn't change any more.")
    changed = Season(**{name: getattr(season, name) for name in ("zone", *DATES, *MOMENTS)} | _of_dates(changes))
    after = phase(changed, now)
    if after != before and not PHASES.allows(before, after):
        return _("With these dates the season would go from “%(before)s” to “%(after)s”, which isn't possible.") % {
            "before": WORDS[before],
            "after": WORDS[after],
        }
    return ""


def _of_dates(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in DATES or name == "zone"}


@transaction.atomic
def set_identity_matching(*, season: Season, on: bool, note: str, by: User, now: datetime) -> Season:
    """Switch matching on identities on, with the note of the legal review, or off. Raises SeasonError.

    On needs a note, an installation that allows it (IDENTITY), and applications that haven't closed: afterwards
    nobody could be asked any more. The review ends with the season.
    """
    season = _locked(season)
    if on:
        if settings.IDENTITY == "never":
            raise SeasonError(_("Matching on identities is ruled out for this installation."))
        if phase(season, now) not in {Phase.DRAFT, Phase.UPCOMING, Phase.APPLYING}:
            raise SeasonError(_("Applications are closed: nobody could be asked any more."))
        if not note.strip():
            raise SeasonError(_("Write down who reviewed this, and what they said."))
        season.identity_note = note.strip()
        season.identity_reviewed_by = by
        season.identity_reviewed_at = now
    elif phase(season, now) == Phase.ARCHIVED:
        raise SeasonError(_("This season is archived and doesn't change any more."))
    season.identity_matching = on
    season.save(update_fields=["identity_matching", "identity_note", "identity_reviewed_by", "identity_reviewed_at"])
    record(by=by, verb="identity-matching-on" if on else "identity-matching-off", target=season, now=now)
    return season


@transaction.atomic
def archive_season(*, season: Season, by: User | None, now: datetime) -> Season:
    """Close the season for good: identity answers and what else upper apps named are purged. Raises SeasonError."""
    season = _locked(season)
    before = phase(season, now)
    if not PHASES.allows(before, Phase.ARCHIVED):
        raise SeasonError(
            _("A season can be archived once its report's day has passed, or before anybody is matched.")
        )
    season.archived_at = now
    season.identity_matching = False
    season.save(update_fields=["archived_at", "identity_matching"])
    for step in actions.archive_steps():
        step(season, now)
    record(by=by, verb="archive-season", target=season, now=now)
    return season


def _locked(season: Season) -> Season:
    locked: Season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    return locked


def _free_slug(name: str) -> str:
    """Return a key made of the name that no season has yet."""
    base = slugify(name)[:50] or "season"
    taken = set(Season.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    place, slug = 1, base
    while slug in taken:
        place += 1
        slug = f"{base}-{place}"
    return slug


def _newest_questionnaire(slug: str) -> Questionnaire | None:
    return Questionnaire.objects.filter(slug=slug).order_by("-version").first() if slug else None
