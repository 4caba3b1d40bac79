"""Closing a survey: what is left of the order in which people answered is destroyed.

Random keys don't hide it: each row carries the number of the transaction that wrote it, and rows lie on the disk as
they came. So one transaction writes all of a wave's tickets and responses anew, in random order, and deletes the
old ones; a VACUUM afterwards clears away what the deletion left on the disk.
"""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.jobs.services import enqueue_job
from mentorship.records.audit import record
from mentorship.seasons.models import Season
from surveys.asking import COMMENT, CONSENT
from surveys.models import Comment, Response, Ticket, Wave
from surveys.release import comments_allowed
from surveys.states import WAVE

CLEANING = "survey-cleaning"
_random = secrets.SystemRandom()


@transaction.atomic
def close_wave(*, wave: Wave, by: Any, now: datetime) -> Wave:
    """Take no more answers, and write everything anew so that nothing leads from a response to a person.

    `by` is None where the closing day has come. Comments are cut off from the other answers; of fewer than ten
    people they are deleted unread. Raises IllegalMove.
    """
    wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    WAVE.check(wave.state, Wave.State.CLOSED)
    wave.submitted = rewrite_responses(wave)
    wave.invited = rewrite_tickets(wave)
    wave.state, wave.closed_at = Wave.State.CLOSED, now
    wave.save()
    record(by=by, verb="close-survey", target=wave, now=now)
    enqueue_job(kind=CLEANING, by=by, now=now, payload={"wave": str(wave.pk)})
    return wave


def rewrite_responses(wave: Wave) -> int:
    """Copy the responses to new keys in random order, their comments apart; returns how many there are."""
    old = list(Response.objects.filter(wave=wave))
    _random.shuffle(old)
    comments = [comment for response in old for comment in _comments(response)] if comments_allowed(len(old)) else []
    _random.shuffle(comments)
    new = [
        Response(
            wave=wave,
            role=response.role,
            unit_kind=response.unit_kind,
            tenure=response.tenure,
            answers={key: value for key, value in response.answers.items() if not key.startswith((COMMENT, CONSENT))},
        )
        for response in old
    ]
    Response.objects.filter(wave=wave).delete()
    Response.objects.bulk_create(new)
    Comment.objects.bulk_create(comments)
    return len(new)


def rewrite_tickets(wave: Wave) -> int:
    """Copy the tickets to new keys in random order; returns how many there are."""
    old = list(Ticket.objects.filter(wave=wave))
    _random.shuffle(old)
    Ticket.objects.filter(wave=wave).delete()
    Ticket.objects.bulk_create(
        Ticket(wave=wave, person_id=ticket.person_id, answered=ticket.answered) for ticket in old
    )
    return len(old)


def forget_season(season: Season, now: datetime) -> None:
    """With an archived season goes who was invited, what was answered, and comments that weren't published.

    A survey that is still open is closed first; what nobody published yet can still be.
    """
    for wave in Wave.objects.filter(season=season, state=Wave.State.OPEN):
        close_wave(wave=wave, by=None, now=now)
    done = Wave.objects.filter(season=season, state=Wave.State.RELEASED)
    Ticket.objects.filter(wave__season=season).delete()
    Response.objects.filter(wave__in=done).delete()
    Comment.objects.filter(wave__in=done).exclude(state=Comment.State.RELEASED).delete()


def _comments(response: Response) -> list[Comment]:
    return [
        Comment(
            wave_id=response.wave_id,
            question=key,
            text=text,
            role=response.role if response.answers.get(CONSENT + key.removeprefix(COMMENT)) == "role" else "",
        )
        for key, text in response.answers.items()
        if key.startswith(COMMENT)
    ]
