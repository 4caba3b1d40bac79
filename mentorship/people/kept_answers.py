"""What somebody sent after a shared computer's session had ended: kept for them until they have signed in again.

It waits in the new, anonymous session (which is encrypted, and known to that browser alone), and only the person who
sent it can open it.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

KEY = "kept_answers"
LONGEST = 500_000  # characters; a whole application with every answer at its limit is a tenth of this
# Sign-in pages and the second factor: what is typed there is secret, or means nothing later.
NEVER = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "people:code", "people:stay")


@dataclass(frozen=True)
class KeptAnswers:
    """A form as it was sent: where to, and every field in order. `left_out` says that files were not kept."""

    path: str
    fields: list[tuple[str, str]]
    left_out: bool


def keep_answers(request: HttpRequest, *, person_id: str, now: float) -> bool:
    """Keep what `request` posted for `person_id`; return False where there is nothing to keep.

    Call it after the request's token was checked, with the new session in place. `now` in seconds.
    """
    name = view_name(request)
    if request.method != "POST" or name.startswith(NEVER) or name.endswith("logout"):
        return False
    fields = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key != "csrfmiddlewaretoken" and isinstance(value, str)
    ]
    if sum(len(key) + len(value) for key, value in fields) > LONGEST:
        return False
    request.session[KEY] = {
        "person": person_id,
        "until": now + settings.KEPT_ANSWERS_SECONDS,
        "path": request.get_full_path(),
        "fields": fields,
        "left_out": bool(request.FILES),
    }
    return True


def view_name(request: HttpRequest) -> str:
    """Return the name of the view that answers, with its namespace."""
    return request.resolver_match.view_name if request.resolver_match else ""


def has_kept_answers(request: HttpRequest) -> bool:
    return KEY in request.session


def kept_answers(request: HttpRequest, *, now: float) -> KeptAnswers | None:
    """Return what is kept for the one who is signed in; what is somebody else's or too old is thrown away."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None:
        return None
    if kept["person"] != str(request.user.pk) or kept["until"] < now:
        drop_answers(request)
        return None
    return KeptAnswers(kept["path"], [(key, value) for key, value in kept["fields"]], kept["left_out"])


def drop_answers(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
