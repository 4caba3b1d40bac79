"""What somebody reads of their own applications: codes, keys and answers in their words."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.applications.forms.goals import IMPORTANCE
from mentorship.applications.forms.identity import MATCH, QUESTIONS, RATHER_NOT
from mentorship.applications.models import Application
from mentorship.applications.sections import MENTOR
from mentorship.people.meeting import LANGUAGES, MODES, slot_words
from mentorship.questionnaires.answers import worded
from mentorship.records.reading import Matter, Reading, plain_words, where_so
from mentorship.seasons.eligibility import KINDS, OUTCOMES, describe, fact_words
from mentorship.seasons.models import IdentityOption, Season

SECTIONS = {
    "work": gettext_lazy("work details"),
    "goals": gettext_lazy("goals"),
    "meeting": gettext_lazy("times and ways to meet"),
    "questions": gettext_lazy("further questions"),
    "experiences": gettext_lazy("shared experiences"),
    "favourites": gettext_lazy("favourites"),
}


def application_words(application: Application) -> str:
    """Say which of somebody's own applications it is; `season` is to be loaded with it."""
    return role_words(application.season, application.get_role_display())


def role_words(season: Season, role: str) -> str:
    return _("%(season)s, as %(role)s") % {"season": season, "role": role}


def answer_words(application: Application) -> list[str]:
    """Return each question that was answered with the answer, one line an item."""
    asked = application.questionnaire.questions.all() if application.questionnaire else []
    return [
        f"{question} {', '.join(lines)}"
        for question in asked
        if (lines := worded(question, application.answers.get(question.key)))
    ]


def identity_words(answer: Any) -> list[str]:
    """Return what was given on the identity page; `load_identity` has attached the options' titles."""
    lines = []
    for dimension, title in QUESTIONS.items():
        part = answer.given.get(str(dimension), {})
        values = [
            str(_("I'd rather not say") if key == RATHER_NOT else answer.titles.get((str(dimension), key), key))
            for key in part.get("values", [])
        ]
        given = [", ".join(values), part.get("own_words", "")]
        if part.get("match"):
            given.append(_("matched on this: %(wish)s") % {"wish": str(dict(MATCH)[part["match"]]).lower()})
        if part.get("show"):
            given.append(_("a partner who asked for the same may see it"))
        if part.get("count"):
            given.append(_("counted in published totals"))
        if any(given):
            lines.append(f"{title}: {'; '.join(text for text in given if text)}")
    return lines


def load_identity(rows: Any) -> Iterable[Any]:
    titles = {(option.dimension, option.slug): str(option) for option in IdentityOption.objects.all()}
    answers = list(rows.select_related("application__season"))
    for answer in answers:
        answer.titles = titles
    return answers


def load_avoided(rows: Any) -> Iterable[Any]:
    """Attach to each row the names of those whom it holds the keys of."""
    avoidances = list(rows.select_related("application__season"))
    keys = {key for row in avoidances for key in row.people}
    people: Any = get_user_model()
    names = {
        str(person.pk): person.display_name for person in people.objects.filter(pk__in=keys).select_related("profile")
    }
    for row in avoidances:
        row.names = [names.get(key, _("somebody who is no longer here")) for key in row.people]
    return avoidances


def rule_words(result: Any) -> str:
    """Return the rule in its season's words, else in the program's."""
    application = result.application
    for rule in application.season.eligibility_rules.all():
        if rule.kind == result.kind and rule.role == application.role:
            return describe(rule)
    return KINDS[result.kind].words(result.value)


def _goal_line(row: Any) -> tuple[str, str]:
    if row.application.role == MENTOR:
        how = _("strong in it") if row.weight > 1 else _("can help with it")
    else:
        how = str(dict(IMPORTANCE)[row.weight]).lower()
    return application_words(row.application), f"{row.goal}: {how}"


def _rule_line(row: Any) -> tuple[str, str]:
    fact = fact_words(row.kind, row.fact)
    outcome = str(OUTCOMES[row.outcome])
    return rule_words(row), f"{outcome}: {fact}" if fact else outcome


def _capacity(application: Application) -> str:
    if application.role != MENTOR:
        return ""
    places = application.capacity
    return ngettext("%(places)d mentee", "%(places)d mentees", places) % {"places": places}


def _invitation_line(row: Any) -> tuple[str, list[str]]:
    by = _("by %(person)s on %(when)s") % {"person": row.invited_by, "when": plain_words(row.invited_at)}
    return role_words(row.season, row.get_role_display()), [str(row.goal or ""), by]


APPLICATIONS = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("What you applied for"),
    hidden="applicant questionnaire",
    words={
        "capacity": _capacity,
        "schedule_rotates": where_so("schedule_rotates"),
        "facts_confirmed": where_so("facts_confirmed"),
        "slots": lambda row: slot_words(row.slots),
        "modes": lambda row: [MODES.get(key, key) for key in row.modes],
        "languages": lambda row: [LANGUAGES.get(key, key) for key in row.languages],
        "sections": lambda row: ", ".join(str(SECTIONS.get(key, key)) for key in row.sections),
        "answers": answer_words,
    },
    load=lambda rows: rows.prefetch_related("questionnaire__questions"),
)
GOALS = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("Your goals"),
    line=_goal_line,
    load=lambda rows: rows.select_related("application__season"),
)
FAVOURITES = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("Your favourites"),
    line=lambda row: (application_words(row.application), f"{row.rank}. {row.person}"),
    load=lambda rows: rows.select_related("application__season"),
)
AVOIDED = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("Whom you'd rather not meet"),
    line=lambda row: (application_words(row.application), row.names),
    load=load_avoided,
)
IDENTITY = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("Your identity page"),
    line=lambda row: (application_words(row.application), identity_words(row)),
    load=load_identity,
)
RULES = Reading(
    Matter.APPLICATIONS,
    gettext_lazy("The season's rules and you"),
    line=_rule_line,
    load=lambda rows: rows.select_related("application__season").prefetch_related(
        "application__season__eligibility_rules"
    ),
)
SECOND_LOOKS = Reading(Matter.APPLICATIONS, gettext_lazy("Second looks you asked for"))
INVITATIONS = Reading(
    Matter.APPLICATIONS, gettext_lazy("Invitations to apply"), hidden="person", line=_invitation_line
)
