"""Where coordinators read, try out, copy and edit questionnaires."""

from mentorship.questionnaires.admin import questionnaire

__all__ = ["questionnaire"]
