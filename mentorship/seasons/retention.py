"""What is kept of seasons, and why: the programme's own record, which names coordinators and nobody else."""

from django.utils.translation import gettext_lazy as _

from mentorship.records.retention import Erasure, Keep, Kept, Reader, register
from mentorship.seasons.models import EligibilityRule, ExperienceTag, Goal, IdentityOption, Season, SeasonTemplate

EVERYBODY = (Reader.STAFF, Reader.COORDINATOR)
COORDINATORS = (Reader.COORDINATOR,)


def register_notes() -> None:
    choice = _("To give everybody the same things to choose from")
    for model, fields in (
        (Goal, "id slug family family_en family_es title_en title_es order active origin"),
        (ExperienceTag, "id slug title_en title_es order active origin"),
        (IdentityOption, "id dimension slug title_en title_es order active origin"),
    ):
        register(model, owner="", kept=[Kept(fields, choice, Keep.HISTORY, EVERYBODY, Erasure.STAY)])
    register(
        SeasonTemplate,
        owner="",
        kept=[
            Kept(
                "id slug version title_en title_es summary_en summary_es licence source plan",
                _("To start a season from"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            )
        ],
    )
    register(
        Season,
        owner="",
        kept=[
            Kept(
                "id slug name_en name_es template_slug has_pairs has_circles has_workshops zone opens_on closes_on "
                "matches_on starts_on ends_on survey_on report_on published_at announced_at archived_at intro_en "
                "intro_es agreement_en agreement_es seed goals questionnaire",
                _("To say what the season is and when"),
                Keep.HISTORY,
                EVERYBODY,
                Erasure.STAY,
            ),
            Kept(
                "blackout_weeks capacity max_mentees_per_mentor meetings_per_month allow_same_unit "
                "allow_repeat_pairs min_shared_slots rank_gap_least rank_gap_most cuts quiet_guard start_en start_es "
                "instead_en instead_es created_at",
                _("To run the season by its own rules"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            ),
            Kept(
                "second_coordinator",
                _("To say who looks at what has waited for a week"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            ),
            Kept(
                "contact_name contact_email contact_phone",
                _("To name somebody outside the programme whom people can turn to"),
                Keep.HISTORY,
                EVERYBODY,
                Erasure.STAY,
            ),
            Kept(
                "identity_matching identity_note identity_reviewed_by identity_reviewed_at",
                _("To show that matching on identities was reviewed before it was switched on, and by whom"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            ),
        ],
    )
    register(
        Season.goals.through,
        owner="",
        kept=[Kept("id season goal", _("To say what the season is and when"), Keep.HISTORY, EVERYBODY, Erasure.STAY)],
    )
    register(
        EligibilityRule,
        owner="",
        kept=[
            Kept(
                "id season role kind value wording_en wording_es order",
                _("To say who may apply before anybody types a word"),
                Keep.HISTORY,
                EVERYBODY,
                Erasure.STAY,
            )
        ],
    )
