"""The messages about applications: when each is still true, and what its text reads."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.applications import due
from mentorship.applications.models import Application, Invitation
from mentorship.applications.sections import closing_words
from mentorship.applications.summary import reasons_of
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register
from mentorship.reminders.samples import sample_of
from mentorship.seasons.eligibility import NOT_MET, describe, fact_words
from mentorship.seasons.models import EligibilityRule, ParticipationRole, Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

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
        reason = _("I checked it: the degree is from 2024, and the staff list was older.")
        return _invented(delivery) | {"changed": True, "reason": reason}
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


def _unless_still_begun(delivery: Delivery, now: datetime) -> str:
    row = Application.objects.select_related("season").filter(pk=_key(delivery)).first()
    if row is None or row.state != State.DRAFT:
        return "the application has changed"
    if phase(row.season, now) != Phase.APPLYING:
        return "applications are closed"
    return "" if delivery.ids.get("changed_on") in {None, f"{row.changed_on}"} else "they went on with it"


def _season_key(delivery: Delivery) -> Any:
    return delivery.ids.get("season")


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


def _after_a_change(days: int | None) -> str:
    text = ngettext(
        "%(days)d day after the last change, while applications are open",
        "%(days)d days after the last change, while applications are open",
        days or 0,
    )
    return text % {"days": days}


def _before_the_close(days: int | None) -> str:
    return ngettext("%(days)d day before the close", "%(days)d days before the close", days or 0) % {"days": days}


def register_rules() -> None:
    """Tell the outbox which messages there are."""
    register(
        Rule(
            key="application-received",
            title=gettext_lazy("Receipt of an application"),
            context=_received,
            unless=_unless(State.SUBMITTED, State.ELIGIBLE, State.INELIGIBLE, State.WAITING),
            essential=True,
            audience=gettext_lazy("whoever applies"),
            when=lambda days: _("as soon as the application is sent"),
            season_of=_season_key,
            sample=sample_of("application-received"),
            placeholders=PLACEHOLDERS,
        )
    )
    for key, title, state, context, audience in (
        (
            "application-eligible",
            gettext_lazy("You can take part"),
            State.ELIGIBLE,
            _received,
            gettext_lazy("whoever can take part"),
        ),
        (
            "application-not-this-season",
            gettext_lazy("Not this season, with the reasons"),
            State.INELIGIBLE,
            _not_this_season,
            gettext_lazy("whoever can't take part this season"),
        ),
        (
            "application-waiting",
            gettext_lazy("On the waiting list"),
            State.WAITING,
            _received,
            gettext_lazy("whoever is on the waiting list"),
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=context,
                unless=_unless(state),
                essential=True,
                in_hours=True,
                audience=audience,
                when=lambda days: _("when coordinators release the decisions"),
                season_of=_season_key,
                sample=sample_of(key),
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
            in_hours=True,
            audience=gettext_lazy("whoever asked for a second look"),
            when=lambda days: _("when another coordinator has decided"),
            season_of=_season_key,
            sample=sample_of("second-look-decided"),
            placeholders=PLACEHOLDERS,
        )
    )
    for key, title, context, unless, audience, when, days, most_days in (
        (
            due.IDLE,
            gettext_lazy("An application that was begun and left"),
            _received,
            _unless_still_begun,
            gettext_lazy("whoever began an application and hasn't sent it"),
            _after_a_change,
            due.IDLE_DAYS,
            30,
        ),
        (
            due.CLOSING,
            gettext_lazy("Applications close soon, and yours isn't sent"),
            _received,
            _unless_still_begun,
            gettext_lazy("whoever began an application and hasn't sent it"),
            _before_the_close,
            due.CLOSING_DAYS,
            14,
        ),
        (
            due.INVITED,
            gettext_lazy("Applications close soon, and you are invited"),
            _invitation,
            _unless_applied,
            gettext_lazy("whoever was invited and hasn't begun an application"),
            _before_the_close,
            due.CLOSING_DAYS,
            14,
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=context,
                unless=unless,
                season_of=_season_key,
                sample=sample_of(key),
                placeholders=(*PLACEHOLDERS, "name", "day", "time", *(("invited_by",) if key == due.INVITED else ())),
                audience=audience,
                when=when,
                days=days,
                most_days=most_days,
            )
        )
    add_due_source(due.remind_applicants)
    register(
        Rule(
            key="invitation-to-apply",
            title=gettext_lazy("Invitation to apply"),
            context=_invitation,
            unless=_unless_applied,
            audience=gettext_lazy("a colleague whom a coordinator invites"),
            when=lambda days: _("when they are invited"),
            season_of=_season_key,
            sample=sample_of("invitation-to-apply"),
            placeholders=(*PLACEHOLDERS, "goal", "invited_by"),
        )
    )
