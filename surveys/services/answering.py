"""Answering a survey: one ticket is used up and one response is written, and nothing else.

No delivery, no audit entry, no time and no line in the log: each of them could be laid beside the response.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.questionnaires.answers import Answers, validate
from surveys.asking import attributes_of, questions_for
from surveys.models import Response, Ticket, Wave


class SurveyClosed(Exception):
    """The survey isn't open at this moment; nothing was kept."""


class NotInvited(Exception):
    """This person has no ticket for the survey."""


class AlreadyAnswered(Exception):
    """The ticket was used before; what was sent then stays, and this was not kept."""


@transaction.atomic
def submit_response(*, wave: Wave, answers: Answers, by: Any, now: datetime) -> None:
    """Keep the answers of `by`, once. Raises SurveyClosed, NotInvited, AlreadyAnswered, AnswersError.

    Comments whose writer doesn't agree to see them published are not kept at all.
    """
    # Whoever closes the survey holds the same lock, so no response can arrive in the middle of it or after.
    wave = (
        Wave.objects.select_for_update(of=("self",), no_key=True)
        .select_related("season", "questionnaire")
        .get(pk=wave.pk)
    )
    if wave.state != Wave.State.OPEN or wave.closes_at <= now:
        raise SurveyClosed
    tickets = Ticket.objects.filter(wave=wave, person=by)
    if not tickets.exists():
        raise NotInvited
    attributes = attributes_of(wave, by)
    valid = validate(questions_for(wave, attributes.role), answers)
    # However often the button is pressed, one request finds the ticket unused.
    if not tickets.filter(answered=False).update(answered=True):
        raise AlreadyAnswered
    Response.objects.create(
        wave=wave,
        role=attributes.role,
        unit_kind=attributes.unit_kind,
        tenure=attributes.tenure,
        answers=_with_consent(valid),
    )


def _with_consent(answers: Answers) -> Answers:
    """The answers without comments that may not be published, and without consent to nothing."""
    kept = dict(answers)
    for key in answers:
        prefix, _dash, name = key.partition("-")
        if prefix in {"comment", "consent"}:
            agreed = answers.get(f"consent-{name}") in {"anonymous", "role"}
            if not agreed or f"comment-{name}" not in answers:
                del kept[key]
    return kept
