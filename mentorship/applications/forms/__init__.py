"""What each screen of an application asks, and how what is typed becomes what is saved."""

from mentorship.applications.forms.base import SectionForm
from mentorship.applications.forms.goals import GoalsForm, ImportanceForm, StrengthsForm
from mentorship.applications.forms.identity import IdentityForm
from mentorship.applications.forms.meeting import ExperiencesForm, MeetingForm
from mentorship.applications.forms.questions import QuestionsForm
from mentorship.applications.forms.work import WorkForm

__all__ = [
    "ExperiencesForm",
    "GoalsForm",
    "IdentityForm",
    "ImportanceForm",
    "MeetingForm",
    "QuestionsForm",
    "SectionForm",
    "StrengthsForm",
    "WorkForm",
]
