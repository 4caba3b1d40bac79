"""What a season changed in its messages: which are off, how many days each waits, and the expressions to ask by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from mentorship.records.audit import record
from mentorship.reminders.models import SeasonRule, Wording
from mentorship.reminders.registry import Rule, rule_of

_MOMENT = models.DateTimeField()


@dataclass(frozen=True)
class Choice:
    """One message as a season has it; `days` is None where its rule has nothing to count."""

    rule: str
    on: bool
    days: int | None


def choice_of(rule: Rule, season_id: Any) -> Choice:
    """Return how the season has this message."""
    return choices([rule], season_id)[rule.key]


def choices(rules: Iterable[Rule], season_id: Any) -> dict[str, Choice]:
    """Return how the season has each of these messages, in one query."""
    rows = {row.rule: row for row in SeasonRule.objects.filter(season_id=season_id)} if season_id else {}
    return {rule.key: _choice(rule, rows.get(rule.key)) for rule in rules}


def is_off(rule: Rule, season_id: Any) -> bool:
    """Whether the season switched this message off; what is essential can't be."""
    if rule.essential or not season_id:
        return False
    return SeasonRule.objects.filter(rule=rule.key, season_id=season_id, on=False).exists()


def switched_off(rule: str, season: str) -> Exists:
    """A condition for sources of what is due: rows whose look-up `season` leads to a season without this message."""
    return Exists(SeasonRule.objects.filter(rule=rule, season_id=OuterRef(season), on=False))


def waits(rule: str, season: str) -> Coalesce:
    """An expression for sources of what is due: the days that the row's season waits, as a duration."""
    own = SeasonRule.objects.filter(rule=rule, season_id=OuterRef(season), days__isnull=False).annotate(
        wait=ExpressionWrapper(F("days") * Value(timedelta(days=1)), output_field=models.DurationField())
    )
    return Coalesce(Subquery(own.values("wait")), Value(timedelta(days=rule_of(rule).days or 0)))


def waited_since(rule: str, season: str, now: datetime) -> Combinable:
    """An expression for sources of what is due: the moment before `now` by the days that the row's season waits."""
    return shifted(now, Value(timedelta()) - waits(rule, season), f"{season}__zone")


def shifted(now: datetime, by: Combinable, zone: str) -> Combinable:
    """An expression: `now` moved by a duration on the clock of the zone to which the look-up `zone` leads.

    So it keeps its time of day where that clock is changed in between: a day then has 23 hours, or 25.
    """
    return _on_the_clock(ExpressionWrapper(_on_the_clock(Value(now), zone) + by, _MOMENT), zone)


def day_of(moment: Combinable, zone: str) -> Combinable:
    """An expression: the day that it is at a moment in the zone to which the look-up `zone` leads."""
    return Cast(_on_the_clock(moment, zone), models.DateField())


def _on_the_clock(moment: Combinable, zone: str) -> Func:
    """Turn a moment into the time that a zone's clock shows, or such a time into the moment."""
    return Func(F(zone), moment, function="timezone", output_field=_MOMENT)


@transaction.atomic
def change_rules(*, season_id: UUID, changes: Iterable[Choice], by: Any, now: datetime) -> int:
    """Keep how the season wants its messages; return how many changed. An essential one stays on."""
    changed = 0
    held = {row.rule: row for row in SeasonRule.objects.select_for_update().filter(season_id=season_id)}
    for choice in changes:
        rule = rule_of(choice.rule)
        row = held.get(rule.key) or SeasonRule(rule=rule.key, season_id=season_id)
        before = _choice(rule, row)
        row.on = choice.on or rule.essential
        row.days = choice.days if rule.days is not None and choice.days != rule.days else None
        if _choice(rule, row) != before:
            row.save()
            record(by=by, verb="change-season-message", target=row, now=now)
            changed += 1
    return changed


@transaction.atomic
def copy_to_season(*, from_id: UUID, to_id: UUID) -> None:
    """Give a new season what an earlier one changed: its choices and its own words."""
    SeasonRule.objects.bulk_create(
        SeasonRule(rule=row.rule, season_id=to_id, on=row.on, days=row.days)
        for row in SeasonRule.objects.filter(season_id=from_id)
    )
    Wording.objects.bulk_create(
        Wording(rule=row.rule, language=row.language, season_id=to_id, subject=row.subject, body=row.body)
        for row in Wording.objects.filter(season_id=from_id)
    )


def _choice(rule: Rule, row: SeasonRule | None) -> Choice:
    if row is None:
        return Choice(rule.key, True, rule.days)
    days = rule.days if row.days is None or rule.days is None else row.days
    return Choice(rule.key, row.on or rule.essential, days)
