"""The parts of an application: which there are for whom, what each asks at least, and how far a person has come."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.applications.models import Application
from mentorship.seasons.models import ExperienceTag, Goal, ParticipationRole, Season
from mentorship.seasons.phases import closes_at

MENTOR, MENTEE, PEER = ParticipationRole.MENTOR, ParticipationRole.MENTEE, ParticipationRole.PEER

FEWEST_GOALS = 3
MOST_OFFERED = 8
MOST_STARRED = 3
MOST_FAVOURITES = 5
MOST_AVOIDED = 10
# Neither is ever marked as done, nor in any other way shown to have been used.
PRIVATE = frozenset({"avoid", "identity"})

Words = str | Promise


@dataclass(frozen=True)
class Section:
    """One line of the task list. `required`: the application can't be sent without it."""

    key: str
    title: Words
    required: bool = False

    @property
    def noun(self) -> str:
        """What it is called where somebody else reads it."""
        return str(NOUNS[self.key])


NOUNS = {
    "work": gettext_lazy("What they say of their work details"),
    "goals": gettext_lazy("Goals"),
    "meeting": gettext_lazy("Times and ways to meet"),
    "questions": gettext_lazy("Further questions"),
    "experiences": gettext_lazy("Shared experiences"),
}


@dataclass(frozen=True)
class Standing:
    """A section with how far it has come, for the task list. `kind` is that of the status component."""

    section: Section
    words: Words
    kind: str
    done: bool


def asks_identity(application: Application) -> bool:
    """Whether this application has the optional identity page; circles never read it."""
    return application.season.uses_identity and application.role != PEER


def sections_of(application: Application) -> list[Section]:
    """Return the parts of this application in order, the required ones first."""
    helps = application.role == MENTOR
    required = [
        Section("work", gettext_lazy("Check your work details"), required=True),
        Section(
            "goals",
            gettext_lazy("What you can help with") if helps else gettext_lazy("What you want to work on"),
            required=True,
        ),
        Section("meeting", gettext_lazy("When and how you can meet"), required=True),
    ]
    optional: list[Section] = []
    if application.questionnaire_id:
        further = Section("questions", gettext_lazy("A few more questions"), required=_has_required(application))
        (required if further.required else optional).append(further)
    optional.append(Section("experiences", gettext_lazy("Experiences you share")))
    if application.role != PEER:
        likes = gettext_lazy("Colleagues you'd like to help") if helps else gettext_lazy("Mentors you'd like")
        optional.append(Section("favourites", likes))
    optional.append(Section("avoid", gettext_lazy("Anybody you'd rather not meet")))
    if asks_identity(application):
        optional.append(Section("identity", gettext_lazy("About you and your match")))
    return required + optional


def _has_required(application: Application) -> bool:
    questionnaire = application.questionnaire
    return questionnaire is not None and questionnaire.questions.filter(required=True).exists()


def standings(application: Application) -> list[Standing]:
    """Return the task list: each section with its status."""
    return [_standing(application, section) for section in sections_of(application)]


def _standing(application: Application, section: Section) -> Standing:
    done = section.key in application.sections and section.key not in PRIVATE
    if done:
        return Standing(section, _("Done"), "good", True)
    if not section.required:
        return Standing(section, _("Optional"), "neutral", False)
    if _is_started(application, section.key):
        return Standing(section, _("Started"), "attention", False)
    return Standing(section, _("To do"), "neutral", False)


def _is_started(application: Application, key: str) -> bool:
    if key == "goals":
        return len(application.goals.all()) > 0
    if key == "meeting":
        return bool(application.slots or application.schedule_rotates)
    return key == "questions" and bool(application.answers)


def missing(application: Application) -> list[Section]:
    """Return the required sections that aren't done."""
    return [part for part in sections_of(application) if part.required and part.key not in application.sections]


def after(application: Application, key: str) -> Section | None:
    """Return the section that follows the one known by `key`, or None after the last."""
    parts = sections_of(application)
    keys = [part.key for part in parts]
    place = keys.index(key) + 1
    return parts[place] if place < len(parts) else None


def goals_to_choose(application: Application) -> list[Goal]:
    """Return the season's goals and those that were chosen before one was taken out of use, in families."""
    chosen = [row.goal_id for row in application.goals.all()]
    offered = Q(seasons=application.season, active=True)
    return list(Goal.objects.filter(offered | Q(pk__in=chosen)).distinct().order_by("order", "slug"))


def fewest_goals(application: Application, offered: int) -> int:
    """Return how many goals must be chosen at least where `offered` can be chosen from."""
    return min(1 if application.role == MENTOR else FEWEST_GOALS, offered)


def tags_to_choose() -> list[ExperienceTag]:
    return list(ExperienceTag.objects.filter(active=True))


def closing_words(season: Season) -> dict[str, Any]:
    """Return the day and the time at which applications close, in words, in the season's zone."""
    moment = closes_at(season)
    return {
        "day": formats.date_format(moment, "MONTH_DAY_FORMAT"),
        "time": formats.time_format(moment, "TIME_FORMAT"),
    }
