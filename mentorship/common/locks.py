"""Rows that somebody else holds: how the database says so, and the page that offers to try again."""

from collections.abc import Callable, Iterator

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK = "40P01"
RETRY_SECONDS = 5


def waited_too_long(error: Exception) -> bool:
    """Whether the database gave up waiting for rows that somebody else is writing; nothing was changed then."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", None) in {
        LOCK_NOT_AVAILABLE,
        DEADLOCK,
    }


class BusyMiddleware:
    """Answers 503 with a button that sends the same again, instead of an error page that loses what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not waited_too_long(error):
            return None
        context = {"typed": list(typed(request)), "again": request.get_full_path(), "files": bool(request.FILES)}
        response = render(request, "503.html", context, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        response["Cache-Control"] = "no-store"
        return response


def typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What the form held, for sending it again; a password is typed again."""
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and "password" not in name:
            yield from ((name, value) for value in values)
