"""The person's own language on every page, and what a shared computer must not keep."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """Activates the signed-in person's language; visitors get their cookie's, then their browser's.

    Django's LocaleMiddleware would ignore the person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = (
            request.user.language if request.user.is_authenticated else translation.get_language_from_request(request)
        )
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class SharedComputerMiddleware:
    """On a shared computer nothing is stored by the browser and the session ends after some idle minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
            if request.session.get("shared_computer", True):
                request.session.set_expiry(settings.SHARED_COMPUTER_IDLE_SECONDS)
        return response
