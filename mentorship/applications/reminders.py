"""The messages about applications: when each is still true, and what its text reads."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.applications.models import Application, Invitation
from mentorship.applications.sections import closing_words
from mentorship.applications.summary import reasons_of
from mentorship.people.models import User
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.seasons.eligibility import NOT_MET, describe, fact_words
from mentorship.seasons.models import EligibilityRule, ParticipationRole, Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase
from mentorship.seasons.working_hours import next_moment

State = Application.State
PLACEHOLDERS = ("season", "role", "action_url")


def _key(delivery: Delivery) -> UUID:
    assert delivery.subject_id is not None
    return delivery.subject_id


def _application(delivery: Delivery) -> Application:
    rows = Application.objects.select_related("season", "applicant__profile")
    application: Application = rows.get(pk=_key(delivery))
    return application


def _frame(application: Application) -> dict[str, Any]:
    return {
        "name": application.applicant.get_short_name(),
        "season": str(application.season),
        "role": application.get_role_display(),
        "matches_on": formats.date_format(application.season.matches_on, "MONTH_DAY_FORMAT"),
        "action_url": absolute(reverse("applications:tasks", args=[application.pk])),
        "action": _("See your application"),
        **closing_words(application.season),
    }


def _received(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    return _frame(_application(delivery))


def _not_this_season(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        rule = EligibilityRule(kind="no-library-degree")
        reasons = [{"rule": describe(rule), "fact": fact_words(rule.kind, "mls imported"), "outcome": NOT_MET}]
        return _invented(delivery) | {"reasons": reasons, "action": _("Ask for a second look")}
    application = _application(delivery)
    return _frame(application) | {
        "reasons": reasons_of(application),
        "action": _("Ask for a second look"),
        "action_url": absolute(reverse("applications:second-look", args=[application.pk])),
    }


def _second_look(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery) | {"changed": True, "reason": _("No library degree")}
    application = _application(delivery)
    look = application.second_look
    return _frame(application) | {"changed": look.decision == look.Decision.CHANGED, "reason": look.reason}


def _invitation(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        told = {"goal": _("Supervising people"), "invited_by": "Rosa Santos", "action": _("See what it asks of you")}
        return _invented(delivery) | told
    row = Invitation.objects.select_related("season", "person__profile", "goal", "invited_by__profile").get(
        pk=_key(delivery)
    )
    return {
        "name": row.person.get_short_name(),
        "season": str(row.season),
        "role": row.get_role_display(),
        "goal": str(row.goal) if row.goal else "",
        "invited_by": row.invited_by.display_name,
        "action_url": absolute(reverse("applications:start", args=[row.season.slug])),
        "action": _("See what it asks of you"),
        **closing_words(row.season),
    }


def _unless(*states: str) -> Callable[[Delivery, datetime], str]:
    """Return a check that the application is still in one of `states`."""

    def check(delivery: Delivery, now: datetime) -> str:
        state = Application.objects.filter(pk=_key(delivery)).values_list("state", flat=True).first()
        return "" if state in states else "the application has changed"

    return check


def _unless_applied(delivery: Delivery, now: datetime) -> str:
    row = Invitation.objects.select_related("season").filter(pk=_key(delivery)).first()
    if row is None or phase(row.season, now) != Phase.APPLYING:
        return "applications are closed"
    applied = Application.objects.open().filter(season=row.season, applicant=row.person_id, role=row.role)
    return "they have applied" if applied.exists() else ""


def _in_working_hours(delivery: Delivery, now: datetime) -> datetime:
    season = Season.objects.filter(pk=delivery.ids.get("season")).first()
    return next_moment(season, now) if season else now


def _season_key(delivery: Delivery) -> Any:
    return delivery.ids.get("season")


def _sample(rule: str) -> Callable[[], Delivery]:
    """A message about nobody: what was decided on a real person is not for every coordinator to read."""

    def sample() -> Delivery:
        return Delivery(rule=rule, recipient=User(given_name="Sam", family_name="Tran", email="sam@library.example"))

    return sample


def _invented(delivery: Delivery) -> dict[str, Any]:
    """What a sample says, for the preview alone."""
    season = Season(
        name_en="Spring 2027", closes_on=date(2027, 2, 12), matches_on=date(2027, 3, 1), zone=settings.LIBRARY_ZONE
    )
    return {
        "name": delivery.recipient.get_short_name(),
        "season": _("Spring 2027"),
        "role": ParticipationRole.MENTEE.label,
        "matches_on": formats.date_format(season.matches_on, "MONTH_DAY_FORMAT"),
        "action_url": absolute(reverse("portal:home")),
        "action": _("See your application"),
        **closing_words(season),
    }


def register_rules() -> None:
    """Tell the outbox which messages there are."""
    register(
        Rule(
            key="application-received",
            title=gettext_lazy("Receipt of an application"),
            context=_received,
            unless=_unless(State.SUBMITTED, State.ELIGIBLE, State.INELIGIBLE, State.WAITING),
            essential=True,
            season_of=_season_key,
            sample=_sample("application-received"),
            placeholders=PLACEHOLDERS,
        )
    )
    for key, title, state, context in (
        ("application-eligible", gettext_lazy("You can take part"), State.ELIGIBLE, _received),
        (
            "application-not-this-season",
            gettext_lazy("Not this season, with the reasons"),
            State.INELIGIBLE,
            _not_this_season,
        ),
        ("application-waiting", gettext_lazy("On the waiting list"), State.WAITING, _received),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=context,
                unless=_unless(state),
                essential=True,
                wait_until=_in_working_hours,
                season_of=_season_key,
                sample=_sample(key),
                placeholders=PLACEHOLDERS,
            )
        )
    register(
        Rule(
            key="second-look-decided",
            title=gettext_lazy("What came of a second look"),
            context=_second_look,
            unless=_unless(State.ELIGIBLE, State.INELIGIBLE),
            essential=True,
            wait_until=_in_working_hours,
            season_of=_season_key,
            sample=_sample("second-look-decided"),
            placeholders=PLACEHOLDERS,
        )
    )
    register(
        Rule(
            key="invitation-to-apply",
            title=gettext_lazy("Invitation to apply"),
            context=_invitation,
            unless=_unless_applied,
            wait_until=_in_working_hours,
            season_of=_season_key,
            sample=_sample("invitation-to-apply"),
            placeholders=(*PLACEHOLDERS, "goal", "invited_by"),
        )
    )
