"""What the file of a season template may say, checked field by field when it is loaded."""

from dataclasses import dataclass
from typing import Any

from mentorship.seasons.eligibility import KINDS

DAYS = ("closes_on", "matches_on", "starts_on", "ends_on", "survey_on", "report_on")
SETTINGS: dict[str, type] = {
    "has_pairs": bool,
    "has_circles": bool,
    "has_workshops": bool,
    "capacity": int,
    "max_mentees_per_mentor": int,
    "meetings_per_month": int,
    "allow_same_unit": bool,
    "allow_repeat_pairs": bool,
    "min_shared_slots": int,
    "rank_gap_least": int,
    "rank_gap_most": int,
    "cuts": list,
    "quiet_guard": bool,
}
TEXTS = ("intro", "agreement", "start", "instead")
ROLES = ("mentor", "mentee", "peer")


class PlanError(ValueError):
    """The plan names something that a season doesn't have; the text says which key and why."""


@dataclass(frozen=True)
class SeasonPlan:
    """A season in the making: `days` counts from the opening, `texts` has both languages, `rules` one dict a rule."""

    days: dict[str, int]
    settings: dict[str, Any]
    texts: dict[str, str]
    rules: list[dict[str, Any]]
    questionnaire: str

    @classmethod
    def of(cls, plan: dict[str, Any]) -> "SeasonPlan":
        """Read a plan as the file or the database has it. Raises PlanError."""
        _only(plan, {"days", "settings", "texts", "rules", "questionnaire"}, "the template")
        days = plan.get("days", {})
        _only(days, set(DAYS), "days")
        for name in DAYS:
            if type(days.get(name)) is not int:
                raise PlanError(f"days.{name} must be a number of days")
        if [days[name] for name in DAYS] != sorted(days[name] for name in DAYS):
            raise PlanError("days must follow one another")
        settings = plan.get("settings", {})
        _only(settings, set(SETTINGS), "settings")
        for name, value in settings.items():
            if type(value) is not SETTINGS[name]:
                raise PlanError(f"settings.{name} must be of type {SETTINGS[name].__name__}")
        texts = {f"{name}_{language}": "" for name in TEXTS for language in ("en", "es")}
        _only(plan.get("texts", {}), set(TEXTS), "texts")
        for name, both in plan.get("texts", {}).items():
            _only(both, {"en", "es"}, f"texts.{name}")
            texts |= {f"{name}_{language}": text.strip() for language, text in both.items()}
        rules = plan.get("rules", [])
        for rule in rules:
            _check_rule(rule)
        return cls(days, settings, texts, rules, plan.get("questionnaire", ""))


def _check_rule(rule: dict[str, Any]) -> None:
    _only(rule, {"role", "kind", "value", "wording_en", "wording_es"}, "a rule")
    if rule.get("role") not in ROLES:
        raise PlanError(f"rules: “{rule.get('role')}” is no role")
    if rule.get("kind") not in KINDS:
        raise PlanError(f"rules: “{rule.get('kind')}” is no rule")
    if KINDS[rule["kind"]].needs_value and type(rule.get("value")) is not int:
        raise PlanError(f"rules: {rule['kind']} needs a whole number as value")


def _only(given: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(given) - known):
        raise PlanError(f"{where}: {', '.join(unknown)} is not known here")
