"""What is kept of people, why, how long and who sees it; allauth's rows about them included."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from mentorship.people import my_data
from mentorship.people.models import (
    Absence,
    ColumnMapping,
    JobClass,
    Profile,
    SignInCode,
    StaffImport,
    UnitKind,
    User,
    WorkUnit,
)
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

OWNER, COORDINATOR, ADMINISTRATOR = Reader.OWNER, Reader.COORDINATOR, Reader.ADMINISTRATOR
NAMED = (OWNER, Reader.PARTNER, Reader.FACILITATOR, Reader.STAFF, Reader.SUPERVISOR, COORDINATOR, ADMINISTRATOR)
TOLD = (OWNER, Reader.PARTNER, Reader.FACILITATOR, Reader.STAFF, COORDINATOR)
OFFICE = (OWNER, COORDINATOR, ADMINISTRATOR)
FACTS = (OWNER, COORDINATOR)
PROGRAM = (Reader.NOBODY,)


def note_all() -> None:
    """Put every model of people into the registry."""
    _note_people()
    _note_catalogues()
    _note_sign_in()
    _note_imports()


def _note_people() -> None:
    work, reach = _("To know who works here, and where."), _("To send you what the programme has to say.")
    register(
        User,
        owner="pk",
        reading=my_data.PERSON,
        kept=[
            Kept("id", _("To tell one person from another."), Keep.HISTORY, PROGRAM, Erasure.STAY),
            Kept("employee_number", _("To sign you in."), Keep.HISTORY, OFFICE, Erasure.BLANK),
            Kept("given_name family_name", work, Keep.HISTORY, NAMED, Erasure.BLANK),
            Kept("email mailbox_is_shared", reach, Keep.EMPLOYMENT, OFFICE, Erasure.BLANK),
            Kept("language", reach, Keep.EMPLOYMENT, OFFICE, Erasure.BLANK),
            Kept("password session_epoch", _("To sign you in."), Keep.EMPLOYMENT, PROGRAM, Erasure.BLANK),
            Kept(
                "joined_at deactivated_at is_active",
                _("To let in whoever works here, and nobody else."),
                Keep.HISTORY,
                OFFICE,
                Erasure.STAY,
            ),
            Kept("last_login", _("To see who has been here yet."), Keep.EMPLOYMENT, OFFICE, Erasure.BLANK),
            Kept(
                "is_staff is_superuser groups user_permissions",
                _("To know who runs the programme."),
                Keep.EMPLOYMENT,
                OFFICE,
                Erasure.BLANK,
            ),
        ],
    )
    for table, other in ((User.groups.through, "group"), (User.user_permissions.through, "permission")):
        register(
            table,
            owner="user",
            kept=[
                Kept(
                    f"id user {other}", _("To know who runs the programme."), Keep.EMPLOYMENT, OFFICE, Erasure.DELETE
                )
            ],
        )
    match = _("To find you a fitting mentor or mentee.")
    rules = _("To check the season's rules for taking part.")
    register(
        Profile,
        owner="user",
        reading=my_data.PROFILE,
        kept=[
            Kept("id user", _("To tell one profile from another."), Keep.EMPLOYMENT, PROGRAM, Erasure.DELETE),
            Kept("preferred_name", _("To call you what you are called."), Keep.EMPLOYMENT, NAMED, Erasure.DELETE),
            Kept("pronouns bio", _("To let others know you."), Keep.EMPLOYMENT, TOLD, Erasure.DELETE),
            Kept(
                "show_pronouns_to_partners show_pronouns_in_directory in_directory",
                _("To show others only what you want."),
                Keep.EMPLOYMENT,
                FACTS,
                Erasure.DELETE,
            ),
            Kept("unit job_class", work, Keep.EMPLOYMENT, NAMED, Erasure.DELETE),
            Kept(
                "managerial supervisor scheduler",
                _("To keep pairs out of one's own reporting line, and to ask for released time."),
                Keep.EMPLOYMENT,
                OFFICE,
                Erasure.DELETE,
            ),
            Kept("service_start degree", rules, Keep.EMPLOYMENT, OFFICE, Erasure.DELETE),
            Kept(
                "unit_source job_class_source managerial_source supervisor_source service_start_source degree_source",
                _("To tell you where a fact comes from."),
                Keep.EMPLOYMENT,
                OFFICE,
                Erasure.DELETE,
            ),
            Kept("listed_email", reach, Keep.EMPLOYMENT, (*OFFICE, Reader.PARTNER), Erasure.DELETE),
            Kept("languages modes slots schedule_rotates", match, Keep.EMPLOYMENT, FACTS, Erasure.DELETE),
        ],
    )
    register(
        Absence,
        owner="person",
        reading=my_data.ABSENCES,
        kept=[
            Kept(
                "id person first_day last_day",
                _("To leave you in peace while you are away."),
                Keep.EMPLOYMENT,
                FACTS,
                Erasure.DELETE,
            )
        ],
    )


def _note_catalogues() -> None:
    everybody = (OWNER, Reader.STAFF, COORDINATOR, ADMINISTRATOR)
    purpose = _("The library's own catalogue of places and jobs; nothing about people.")
    for model in (UnitKind, WorkUnit, JobClass):
        names = " ".join(field.name for field in model._meta.get_fields() if field.concrete)
        register(model, owner="", kept=[Kept(names, purpose, Keep.HISTORY, everybody, Erasure.STAY)])


def _note_sign_in() -> None:
    sign_in = _("To sign you in.")
    register(
        SignInCode,
        owner="person",
        reading=my_data.CODES,
        kept=[
            Kept("id person code_hash", sign_in, Keep.DAYS_60, PROGRAM, Erasure.DELETE),
            Kept(
                "made_by made_at expires_at used_at revoked_at",
                _("To show you who printed a code for you, and when."),
                Keep.DAYS_60,
                OFFICE,
                Erasure.DELETE,
            ),
        ],
    )
    register(
        EmailAddress,
        owner="user",
        reading=my_data.MAILBOXES,
        kept=[
            Kept("id user", sign_in, Keep.EMPLOYMENT, PROGRAM, Erasure.DELETE),
            Kept("email verified primary", sign_in, Keep.EMPLOYMENT, OFFICE, Erasure.DELETE),
        ],
    )
    register(
        Authenticator,
        owner="user",
        reading=my_data.SECOND_FACTORS,
        kept=[
            Kept("id user data", sign_in, Keep.EMPLOYMENT, PROGRAM, Erasure.DELETE),
            Kept("type created_at last_used_at", sign_in, Keep.EMPLOYMENT, (OWNER,), Erasure.DELETE),
        ],
    )
    register(
        UserSession,
        owner="user",
        reading=my_data.SESSIONS,
        kept=[
            Kept("id user session_key data", sign_in, Keep.DAYS_30, PROGRAM, Erasure.DELETE),
            Kept(
                "created_at ip last_seen_at user_agent",
                _("To show you where you are signed in."),
                Keep.DAYS_30,
                (OWNER,),
                Erasure.DELETE,
            ),
        ],
    )
    register(
        SocialAccount,
        owner="user",
        reading=my_data.LINKED,
        kept=[
            Kept("id user provider uid extra_data", sign_in, Keep.EMPLOYMENT, PROGRAM, Erasure.DELETE),
            Kept("last_login date_joined", sign_in, Keep.EMPLOYMENT, (OWNER,), Erasure.DELETE),
        ],
    )


def _note_imports() -> None:
    office = (COORDINATOR, ADMINISTRATOR)
    register(
        StaffImport,
        owner="",
        kept=[
            Kept("id", _("To tell one staff list from another."), Keep.HISTORY, PROGRAM, Erasure.STAY),
            Kept(
                "file_name content rows columns",
                _("To show what a staff list changes, before and after."),
                Keep.DAYS_30,
                office,
                Erasure.STAY,
            ),
            Kept(
                "state counts job_id uploaded_by uploaded_at imported_at",
                _("To know when people were last brought up to date."),
                Keep.HISTORY,
                office,
                Erasure.STAY,
            ),
        ],
    )
    register(
        ColumnMapping,
        owner="",
        kept=[
            Kept(
                "id heading_hash columns date_order saved_at",
                _("To read the next staff list of the same shape."),
                Keep.HISTORY,
                office,
                Erasure.STAY,
            )
        ],
    )
