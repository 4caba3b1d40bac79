"""A second look: the applicant asks, somebody who didn't decide the first time decides."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.applications.models import Application, SecondLook
from mentorship.applications.services.errors import ApplicationError
from mentorship.applications.services.screening import decide, lock_for
from mentorship.applications.states import SECOND_LOOK
from mentorship.records.audit import record
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

Decision = SecondLook.Decision


def may_ask(application: Application, now: datetime) -> bool:
    """Whether the applicant can ask for a second look: told "not this season", not asked yet, season not matched."""
    return (
        application.state == Application.State.INELIGIBLE
        and application.is_told
        and phase(application.season, now) in {Phase.APPLYING, Phase.REVIEWING}
        and not SecondLook.objects.filter(application=application).exists()
    )


@transaction.atomic
def ask_second_look(*, application: Application, words: str, by: Any, now: datetime) -> SecondLook:
    """Keep the applicant's words for somebody else to read; asking twice keeps the first. Raises ApplicationError."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("season")
    application = rows.get(pk=application.pk, applicant=by)
    asked: SecondLook | None = SecondLook.objects.filter(application=application).first()
    if asked is not None:
        return asked
    if not may_ask(application, now):
        raise ApplicationError(_("There is no decision to look at again."))
    look = SecondLook.objects.create(application=application, words=words.strip(), asked_at=now)
    record(by=by, verb="ask-second-look", target=application, now=now)
    return look


@transaction.atomic
def decide_second_look(*, look: SecondLook, decision: str, reason: str, by: Any, now: datetime) -> SecondLook:
    """Uphold the first decision or change it to eligible, with a reason. Raises ApplicationError, IllegalMove.

    Whoever decided the first time is refused. The applicant is told at once.
    """
    application = lock_for(by, look.application, now)
    look = SecondLook.objects.select_for_update(of=("self",)).get(pk=look.pk)
    if application.screened_by_id == by.pk:
        raise ApplicationError(_("You made the first decision. Somebody else must take the second look."))
    if not reason.strip():
        raise ApplicationError(_("Say why, in a sentence. The applicant reads it."))
    SECOND_LOOK.check(look.decision, decision)
    look.decision, look.reason = decision, reason.strip()[:300]
    look.decided_by, look.decided_at = by, now
    look.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    if decision == Decision.CHANGED:
        # The second look's own message says it; a second one about the same decision would only confuse.
        decide(application, Application.State.ELIGIBLE, by=by, now=now, reason=look.reason, tell=False)
    record(by=by, verb=f"second-look-{decision}", target=application, now=now)
    queue_delivery(
        rule="second-look-decided",
        recipient=application.applicant,
        dedupe_key=f"second-look-decided:{look.pk}",
        subject=application,
        ids={"season": str(application.season_id)},
        now=now,
    )
    return look
