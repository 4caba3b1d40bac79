"""What coordinators decide on an application: the rules checked again, a decision, an exception with its reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.applications.models import Application, EligibilityResult, SecondLook
from mentorship.applications.querysets import CLEAR
from mentorship.applications.services.errors import ApplicationError
from mentorship.applications.services.telling import queue_decisions
from mentorship.applications.states import APPLICATION, ONCE_TOLD
from mentorship.records.audit import record, record_many
from mentorship.seasons.eligibility import check, facts_of
from mentorship.seasons.models import EligibilityRule, Season
from mentorship.seasons.phases import phase, today
from mentorship.seasons.states import Phase

State = Application.State
Outcome = EligibilityResult.Outcome


@transaction.atomic
def check_eligibility(*, applications: Sequence[Application], now: datetime) -> None:
    """Check each rule for each application against what is known today, and keep the results.

    A fixed number of queries, however many applications. Results of rules that are no longer asked go.
    """
    loaded = Application.objects.filter(pk__in=[row.pk for row in applications]).select_related(
        "season", "applicant__profile__job_class"
    )
    by_season: dict[Any, list[Application]] = {}
    for application in loaded:
        by_season.setdefault(application.season_id, []).append(application)
    rules: dict[tuple[Any, str], list[EligibilityRule]] = {}
    for rule in EligibilityRule.objects.filter(season__in=by_season):
        rules.setdefault((rule.season_id, rule.role), []).append(rule)
    results = []
    for members in by_season.values():
        day = today(members[0].season, now)
        for application in members:
            facts = facts_of(application.applicant, day)
            results += [
                EligibilityResult(
                    application=application,
                    kind=found.rule_kind,
                    value=found.value,
                    outcome=found.outcome,
                    fact=found.fact,
                    checked_at=now,
                )
                for found in check(rules.get((application.season_id, application.role), []), facts, day)
            ]
    EligibilityResult.objects.filter(application__in=[row.pk for row in applications]).delete()
    EligibilityResult.objects.bulk_create(results)


@transaction.atomic
def screen_application(
    *, application: Application, decision: str, by: Any, now: datetime, reason: str = ""
) -> Application:
    """Decide: "eligible", "ineligible" or "waiting". Raises ApplicationError, or IllegalMove from a state.

    Eligible although a rule isn't met is an exception and needs `reason`; "not this season" needs a rule that isn't
    met or not known. Somebody who was told already is told of the change at once.
    """
    application = lock_for(by, application, now)
    if application.state == decision:
        return application
    if SecondLook.objects.filter(application=application, decision=SecondLook.Decision.OPEN).exists():
        raise ApplicationError(_("They asked for a second look: decide that instead."))
    check_eligibility(applications=[application], now=now)
    _check_grounds(application, decision, reason)
    told = application.released_at is not None
    if told and (application.state, decision) not in ONCE_TOLD:
        raise ApplicationError(_("They were told already: only a change in their favour is left."))
    exception = decision == State.ELIGIBLE and _outcomes(application) & {Outcome.NOT_MET}
    decide(application, decision, by=by, now=now, reason=reason if exception else "")
    record(by=by, verb="make-exception" if exception else f"screen-{decision}", target=application, now=now)
    return application


@transaction.atomic
def screen_clear(*, season: Season, by: Any, now: datetime) -> int:
    """Mark every sent application whose rules are all met as eligible; return how many. Raises ApplicationError."""
    rows = list(
        Application.objects.screenable_by(by)
        .filter(season=season, state=State.SUBMITTED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    _check_phase(season, now)
    check_eligibility(applications=rows, now=now)
    clear = list(
        Application.objects.filter(pk__in=[row.pk for row in rows]).by_urgency().filter(urgency=CLEAR).order_by("pk")
    )
    for application in clear:
        APPLICATION.check(application.state, State.ELIGIBLE)
        application.state, application.screened_at, application.screened_by = State.ELIGIBLE, now, by
    Application.objects.bulk_update(clear, ["state", "screened_at", "screened_by"], batch_size=500)
    record_many(by=by, verb="screen-eligible", targets=clear, now=now)
    return len(clear)


def lock_for(by: Any, application: Application, now: datetime) -> Application:
    """Return the row, locked, where `by` may decide on it now. Raises ApplicationError."""
    rows = Application.objects.screenable_by(by).select_for_update(of=("self",)).select_related("season", "applicant")
    locked: Application | None = rows.filter(pk=application.pk).first()
    if locked is None:
        raise ApplicationError(_("Another coordinator decides on this application."))
    _check_phase(locked.season, now)
    return locked


def decide(
    application: Application, decision: str, *, by: Any, now: datetime, reason: str, tell: bool = True
) -> None:
    """Write a decision on a locked row. Who was told of an earlier one is told of this one too, by `tell`."""
    APPLICATION.check(application.state, decision)
    application.state = decision
    application.screened_at, application.screened_by = now, by
    application.exception_reason, application.exception_by = reason[:300], by if reason else None
    fields = ["state", "screened_at", "screened_by", "exception_reason", "exception_by"]
    if application.released_at is not None:
        application.released_at = now
        fields.append("released_at")
        if tell:
            queue_decisions([application], now)
    application.save(update_fields=fields)


def _outcomes(application: Application) -> set[str]:
    return set(EligibilityResult.objects.filter(application=application).values_list("outcome", flat=True))


def _check_grounds(application: Application, decision: str, reason: str) -> None:
    outcomes = _outcomes(application)
    if decision == State.ELIGIBLE and Outcome.NOT_MET in outcomes and not reason.strip():
        raise ApplicationError(_("A rule isn't met. To make an exception, say why."))
    if decision == State.INELIGIBLE and outcomes <= {Outcome.MET}:
        raise ApplicationError(_("Every rule is met, so there is no reason to give. Use the waiting list instead."))


def _check_phase(season: Season, now: datetime) -> None:
    if phase(season, now) not in {Phase.APPLYING, Phase.REVIEWING}:
        raise ApplicationError(_("Decisions are made from the opening until matches are announced."))
