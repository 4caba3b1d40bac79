"""What the owner does with an application: start it, write it section by section, send it, withdraw it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.applications import sections
from mentorship.applications.models import Application, ApplicationGoal, Avoidance, Favourite, IdentityAnswer
from mentorship.applications.services.errors import ApplicationError
from mentorship.applications.services.screening import check_eligibility
from mentorship.applications.states import APPLICATION
from mentorship.people.models import Profile, User
from mentorship.questionnaires.services import freeze_version
from mentorship.records.audit import record
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase, today
from mentorship.seasons.states import Phase

State = Application.State
MEETING = ("slots", "schedule_rotates", "modes", "languages")


@transaction.atomic
def start_application(*, season: Season, applicant: User, role: str, now: datetime) -> Application:
    """Return the applicant's open application in this role, made and prefilled from the profile where there is none.

    Raises ApplicationError where applications aren't open or the season has no such role.
    """
    # The season's row is the lock: two tabs that start at once get the same application.
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    _check_open(season, now)
    if role not in season.roles:
        raise ApplicationError(_("Nobody can apply in this role in this season."))
    existing: Application | None = (
        Application.objects.open().filter(season=season, applicant=applicant, role=role).first()
    )
    if existing is not None:
        return existing
    profile = Profile.objects.filter(user=applicant).first()
    known = {name: getattr(profile, name) for name in MEETING} if profile else {}
    application = Application.objects.create(
        season=season,
        applicant=applicant,
        role=role,
        questionnaire=season.questionnaire,
        changed_on=today(season, now),
        **known,
    )
    Avoidance.objects.create(application=application)
    IdentityAnswer.objects.create(application=application)
    record(by=applicant, verb="start-application", target=application, now=now)
    return application


@transaction.atomic
def save_section(
    *, application: Application, section: str, data: dict[str, Any], by: User, now: datetime, complete: bool = True
) -> Application:
    """Keep what was given in one section; the last one to write wins. Raises ApplicationError.

    `data` holds the section's values by name, and may leave some out: those stay. `complete` says that nothing is
    missing; only a draft may be kept without. A private section's row changes and nothing else does: no mark, no
    audit entry, no time.
    """
    application = _own(application, by)
    _check_open(application.season, now)
    if section not in {part.key for part in sections.sections_of(application)}:
        raise ApplicationError(_("This application has no such part."))
    if not complete and application.state != State.DRAFT:
        raise ApplicationError(_("Your application is sent already: a part can't be left incomplete."))
    _KEEP[section](application, data, now)
    if section not in sections.PRIVATE:
        _mark(application, section, complete and _has_content(application, section))
        _date(application, now)
        if application.state != State.DRAFT:
            record(by=by, verb="change-application", target=application, now=now)
    _reseal(application)
    return application


@transaction.atomic
def submit_application(*, application: Application, by: User, now: datetime) -> Application:
    """Send a draft; one that is sent already stays as it is. Raises ApplicationError.

    Each rule is checked and its result kept with the reason; what follows from it is a coordinator's to decide.
    """
    application = _own(application, by)
    if application.state != State.DRAFT:
        return application
    _check_open(application.season, now)
    if absent := sections.missing(application):
        names = " · ".join(str(part.title) for part in absent)
        raise ApplicationError(_("Still to do: %(parts)s") % {"parts": names})
    APPLICATION.check(application.state, State.SUBMITTED)
    application.state = State.SUBMITTED
    application.submitted_at = now
    application.save(update_fields=["state", "submitted_at"])
    check_eligibility(applications=[application], now=now)
    _reseal(application)
    record(by=by, verb="submit-application", target=application, now=now)
    queue_delivery(
        rule="application-received",
        recipient=application.applicant,
        dedupe_key=f"application-received:{application.pk}",
        subject=application,
        ids={"season": str(application.season_id)},
        now=now,
    )
    return application


@transaction.atomic
def withdraw_application(*, application: Application, by: User, now: datetime) -> Application:
    """Take the application back, whatever its state; what was written stays in the record. Safe to repeat."""
    application = _own(application, by)
    if application.state == State.WITHDRAWN:
        return application
    APPLICATION.check(application.state, State.WITHDRAWN)
    application.state = State.WITHDRAWN
    application.withdrawn_at = now
    application.save(update_fields=["state", "withdrawn_at"])
    record(by=by, verb="withdraw-application", target=application, now=now)
    return application


def _own(application: Application, by: User) -> Application:
    """Return the row, locked. Raises Application.DoesNotExist where it isn't `by`'s."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("season", "applicant", "questionnaire")
    own: Application = rows.get(pk=application.pk, applicant=by)
    return own


def _check_open(season: Season, now: datetime) -> None:
    stage = phase(season, now)
    if stage == Phase.APPLYING:
        return
    if stage in {Phase.DRAFT, Phase.UPCOMING}:
        raise ApplicationError(_("Applications aren't open yet."))
    raise ApplicationError(_("Applications are closed."))


def _has_content(application: Application, section: str) -> bool:
    """Whether a section holds enough to be called done: for optional ones a visit alone doesn't."""
    if section == "goals":
        offered = len(sections.goals_to_choose(application))
        return bool(application.goals.count() >= sections.fewest_goals(application, offered))
    if section == "favourites":
        return bool(application.favourites.exists())
    if section == "experiences":
        return bool(application.tags.exists())
    return section != "questions" or bool(application.answers)


def _mark(application: Application, section: str, complete: bool) -> None:
    marked = [key for key in application.sections if key != section] + ([section] if complete else [])
    if marked != application.sections:
        application.sections = marked
        application.save(update_fields=["sections"])


def _date(application: Application, now: datetime) -> None:
    day = today(application.season, now)
    if application.changed_on != day:
        application.changed_on = day
        application.save(update_fields=["changed_on"])


def _reseal(application: Application) -> None:
    """Write both private rows anew with whatever is saved, so that the order of rows in a dump tells nothing.

    A row that only a visit to its page rewrites would say who has been there.
    """
    for row in (application.avoidance, application.identity):
        for field in row._meta.concrete_fields:
            getattr(row, field.attname)
        row.save(force_update=True)


def _keep_work(application: Application, data: dict[str, Any], now: datetime) -> None:
    _keep_fields(application, data, ("facts_confirmed", "facts_note", "capacity"))


def _keep_goals(application: Application, data: dict[str, Any], now: datetime) -> None:
    """`goals`: the chosen ones' keys; `weights`: importance or strength by key, of chosen ones alone."""
    held = {str(row.goal_id): row for row in application.goals.all()}
    if "goals" in data:
        chosen = {str(key) for key in data["goals"]}
        ApplicationGoal.objects.filter(pk__in=[row.pk for key, row in held.items() if key not in chosen]).delete()
        usual = 1 if application.role == sections.MENTOR else 2
        ApplicationGoal.objects.bulk_create(
            ApplicationGoal(application=application, goal_id=key, weight=usual) for key in sorted(chosen - set(held))
        )
    changed = []
    for key, weight in data.get("weights", {}).items():
        if key in held and held[key].weight != weight:
            held[key].weight = weight
            changed.append(held[key])
    ApplicationGoal.objects.bulk_update(changed, ["weight"])


def _keep_meeting(application: Application, data: dict[str, Any], now: datetime) -> None:
    """What is given is also the person's default for the next time."""
    _keep_fields(application, data, MEETING)
    Profile.objects.filter(user=application.applicant).update(
        **{name: value for name, value in data.items() if name in MEETING}
    )


def _keep_questions(application: Application, data: dict[str, Any], now: datetime) -> None:
    if application.questionnaire is not None and data.get("answers"):
        freeze_version(application.questionnaire, now)
    _keep_fields(application, data, ("answers",))


def _keep_experiences(application: Application, data: dict[str, Any], now: datetime) -> None:
    if "tags" in data:
        application.tags.set(data["tags"])


def _keep_favourites(application: Application, data: dict[str, Any], now: datetime) -> None:
    """`people`: the favourites' keys, the first one first."""
    people = _others(application, data["people"], sections.MOST_FAVOURITES)
    application.favourites.all().delete()
    Favourite.objects.bulk_create(
        Favourite(application=application, person_id=key, rank=rank) for rank, key in enumerate(people, start=1)
    )


def _keep_avoided(application: Application, data: dict[str, Any], now: datetime) -> None:
    """`people`: the keys of those to avoid; the row itself is written by `_reseal`."""
    application.avoidance.people = _others(application, data["people"], sections.MOST_AVOIDED)


def _keep_identity(application: Application, data: dict[str, Any], now: datetime) -> None:
    """`given`: as `IdentityAnswer.given`; the row itself is written by `_reseal`."""
    application.identity.given = data["given"]


def _others(application: Application, keys: Iterable[Any], most: int) -> list[str]:
    """Return the keys once each, in order, without one's own. Raises ApplicationError above `most`."""
    wanted = list(dict.fromkeys(str(key) for key in keys))
    known = {str(key) for key in User.objects.filter(pk__in=wanted).values_list("pk", flat=True)}
    others = [key for key in wanted if key in known and key != str(application.applicant_id)]
    if len(others) > most:
        raise ApplicationError(_("You can name at most %(most)d people.") % {"most": most})
    return others


def _keep_fields(application: Application, data: dict[str, Any], names: Iterable[str]) -> None:
    given = [name for name in names if name in data]
    for name in given:
        setattr(application, name, data[name])
    if given:
        application.save(update_fields=given)


_KEEP: dict[str, Callable[[Application, dict[str, Any], datetime], None]] = {
    "work": _keep_work,
    "goals": _keep_goals,
    "meeting": _keep_meeting,
    "questions": _keep_questions,
    "experiences": _keep_experiences,
    "favourites": _keep_favourites,
    "avoid": _keep_avoided,
    "identity": _keep_identity,
}
