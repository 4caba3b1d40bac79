"""An application in words: what its owner checks before sending, and what a coordinator reads."""

from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.applications import sections
from mentorship.applications.forms.goals import IMPORTANCE
from mentorship.applications.models import Application
from mentorship.applications.sections import Section
from mentorship.people.meeting import LANGUAGES, MODES, slot_words
from mentorship.people.models import Degree, Profile, Source
from mentorship.questionnaires.answers import worded
from mentorship.seasons.eligibility import MET, describe, fact_words


@dataclass(frozen=True)
class Row:
    """One answer: its label and its lines; none where nothing was given."""

    label: str
    lines: list[str]


@dataclass(frozen=True)
class Part:
    """One section in words. `hidden`: its words stand on its own page alone, and `rows` is empty."""

    section: Section
    rows: list[Row]
    hidden: bool = False


def parts(application: Application) -> list[Part]:
    """Return every section in words; the private ones say the same for everybody."""
    return [
        Part(section, [], hidden=True)
        if section.key in sections.PRIVATE
        else Part(section, _ROWS[section.key](application))
        for section in sections.sections_of(application)
    ]


def work_facts(profile: Profile | None, *, own: bool) -> list[Row]:
    """Return what the library knows of a person's work, with where it comes from; `own` for that person to read."""
    if profile is None:
        return []
    managerial = profile.managerial
    if managerial is None and profile.job_class is not None:
        managerial = profile.job_class.managerial
    facts = [
        (_("Work unit"), str(profile.unit or ""), profile.unit_source),
        (_("Job"), str(profile.job_class or ""), profile.job_class_source),
        (
            _("At the library since"),
            formats.date_format(profile.service_start) if profile.service_start else "",
            profile.service_start_source,
        ),
        (
            _("Supervises people"),
            "" if managerial is None else (_("yes") if managerial else _("no")),
            profile.managerial_source,
        ),
        (
            _("Library degree"),
            "" if profile.degree == Degree.UNKNOWN else str(Degree(profile.degree).label),
            profile.degree_source,
        ),
        (_("Supervisor"), profile.supervisor.display_name if profile.supervisor else "", profile.supervisor_source),
    ]
    declared = _("told by yourself") if own else _("told by themselves")
    return [
        Row(label, [f"{words} ({Source.IMPORTED.label if source == Source.IMPORTED else declared})"] if words else [])
        for label, words, source in facts
    ]


def rule_results(application: Application) -> list[dict[str, Any]]:
    """Return {"rule", "fact", "outcome"} for each rule that was checked, the first two in words."""
    words = {
        rule.kind: describe(rule)
        for rule in application.season.eligibility_rules.all()
        if rule.role == application.role
    }
    return [
        {
            "rule": words.get(result.kind, result.kind),
            "fact": fact_words(result.kind, result.fact),
            "outcome": result.outcome,
        }
        for result in application.eligibility.all()
    ]


def reasons_of(application: Application) -> list[dict[str, Any]]:
    """Return those of `rule_results` that aren't met, or that nobody knows."""
    return [result for result in rule_results(application) if result["outcome"] != MET]


def _work(application: Application) -> list[Row]:
    told = _("Yes") if application.facts_confirmed else application.facts_note
    rows = [Row(_("Work details are right"), [told] if told else [])]
    if application.role == sections.MENTOR:
        places = application.capacity
        words = ngettext("%(places)d mentee", "%(places)d mentees", places) % {"places": places}
        rows.append(Row(_("Time for"), [words]))
    return rows


def _goals(application: Application) -> list[Row]:
    held = sorted(application.goals.all(), key=lambda row: (-row.weight, row.goal.order, row.goal.slug))
    if application.role == sections.MENTOR:
        return [
            Row(_("Strong in"), [str(row.goal) for row in held if row.weight > 1]),
            Row(_("Can help with"), [str(row.goal) for row in held if row.weight == 1]),
        ]
    return [
        Row(str(label), [str(row.goal) for row in held if row.weight == weight])
        for weight, label in IMPORTANCE
        if any(row.weight == weight for row in held)
    ] or [Row(_("Goals"), [])]


def _meeting(application: Application) -> list[Row]:
    times = slot_words(application.slots)
    if application.schedule_rotates:
        times.append(_("My schedule rotates"))
    return [
        Row(_("Times"), times),
        Row(_("Ways to meet"), [str(MODES[key]) for key in application.modes if key in MODES] or [_("Any")]),
        Row(_("Languages"), [str(LANGUAGES[key]) for key in application.languages if key in LANGUAGES] or [_("Any")]),
    ]


def _questions(application: Application) -> list[Row]:
    questionnaire = application.questionnaire
    asked = questionnaire.questions.all() if questionnaire else []
    return [Row(str(question), worded(question, application.answers.get(question.key))) for question in asked]


def _experiences(application: Application) -> list[Row]:
    return [Row(_("Experiences"), [str(tag) for tag in application.tags.all()])]


def _favourites(application: Application) -> list[Row]:
    people = sorted(application.favourites.all(), key=lambda row: row.rank)
    return [Row(_("In this order"), [row.person.display_name for row in people])]


_ROWS = {
    "work": _work,
    "goals": _goals,
    "meeting": _meeting,
    "questions": _questions,
    "experiences": _experiences,
    "favourites": _favourites,
}
