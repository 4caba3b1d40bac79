"""Answers on their way: in the person's session, which ends with their visit, and sealed in the page itself.

No row of ours holds them. The page carries them too, since a session that ends while somebody writes is gone: what
they send then is kept for them with everything that they had answered before.
"""

import base64
import json
from typing import Any

from django.http import HttpRequest

from mentorship.common.encryption import DecryptionError, seal, unseal
from mentorship.questionnaires.answers import Answers
from surveys.models import Wave

FIELD = "so-far"


def load(request: HttpRequest, wave: Wave) -> Answers:
    """What the person has answered so far."""
    kept: Answers | None = request.session.get(_key(wave))
    if kept is None:
        kept = _opened(request.POST.get(FIELD, ""), _context(request, wave))
    return dict(kept or {})


def save(request: HttpRequest, wave: Wave, answers: Answers) -> None:
    request.session[_key(wave)] = answers


def drop(request: HttpRequest, wave: Wave) -> None:
    """Nothing is left in the session."""
    request.session.pop(_key(wave), None)


def sealed(request: HttpRequest, wave: Wave, answers: Answers) -> str:
    """The answers as a field of the page that only this program opens, and only for this person and survey."""
    plain = json.dumps(answers, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(seal(plain, context=_context(request, wave), pad_to=1024)).decode()


def _opened(text: str, context: str) -> Answers | None:
    try:
        answers: Any = json.loads(unseal(base64.urlsafe_b64decode(text), context=context))
    except (ValueError, DecryptionError):
        return None
    return answers if isinstance(answers, dict) else None


def _key(wave: Wave) -> str:
    return f"survey:{wave.pk}"


def _context(request: HttpRequest, wave: Wave) -> str:
    return f"surveys.draft:{wave.pk}:{request.user.pk}"
