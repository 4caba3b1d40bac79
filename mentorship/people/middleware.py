"""The person's own language, what a shared computer must not keep, and the directory as the only door."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from mentorship.people.adapters import refused
from mentorship.people.kept_answers import KEY, drop_answers, keep_answers, view_name
from mentorship.people.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]
SIGN_IN_FORMS = frozenset({"account_login", "account_request_login_code", "people:code"})
OTHER_DOORS = SIGN_IN_FORMS | {
    "account_confirm_login_code",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_login_webauthn",
}
# A page on which something can be typed or chosen must never be taken away from under the person.
SOMETHING_TO_TYPE = re.compile(rb"<textarea|<select|<input(?![^>]*type=\"(?:hidden|submit)\")", re.IGNORECASE)
# When somebody was here last is written at most this often, so it may be this much out of date.
SAVE_EVERY_SECONDS = 20
WARN_SECONDS = 60


class LanguageMiddleware:
    """Activates the signed-in person's language; visitors get their cookie's, then their browser's.

    Django's LocaleMiddleware would ignore the person.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        known = isinstance(person, User)
        language = person.language if isinstance(person, User) else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            if not known:
                patch_vary_headers(response, ("Accept-Language",))
        return response


def idle_neutral(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that a page calls by itself: looking at it is no sign that somebody is there."""
    view.idle_neutral = True  # type: ignore[attr-defined]
    return view


class SharedComputerMiddleware:
    """On a shared computer, which each one is unless the person says otherwise, the browser stores nothing and
    whoever did nothing for some minutes is signed out; what they send after that is kept for them.

    A page with nothing to type on it goes to a warning page by itself a minute before. Forms stay where they are:
    there a script asks, and without scripts the answers are kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now().timestamp()
        request.idle_person = ""  # type: ignore[attr-defined]
        if request.user.is_authenticated and is_shared(request):
            seen_at = request.session.get("seen_at", now)
            if now - seen_at > settings.SHARED_COMPUTER_IDLE_SECONDS + SAVE_EVERY_SECONDS:
                request.idle_person = str(request.user.pk)  # type: ignore[attr-defined]
                logout(request)
        # Seconds until the page should ask; the page's frame reads it.
        request.on_shared_computer = (  # type: ignore[attr-defined]
            settings.SHARED_COMPUTER_IDLE_SECONDS - WARN_SECONDS if is_shared(request) else 0
        )
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
            if is_shared(request):
                self._leave_the_screen(request, response)
            elif request.session.get_expire_at_browser_close():
                request.session.set_expiry(settings.OWN_COMPUTER_SECONDS)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Runs after the request's token was checked."""
        now = timezone.now().timestamp()
        if gone := request.idle_person:  # type: ignore[attr-defined]
            return self._signed_out(request, gone, now)
        if request.method == "POST" and view_name(request) in SIGN_IN_FORMS:
            _keep_choice(request)
        kept = request.session.get(KEY) if request.method == "POST" and request.user.is_authenticated else None
        if kept and kept["path"] == request.get_full_path():
            # These are the answers, sent again.
            drop_answers(request)
        polling = request.method == "GET" and request.headers.get("HX-Request") == "true"
        if request.user.is_authenticated and is_shared(request) and not polling:
            seen_at = request.session.get("seen_at", 0)
            if now - seen_at >= SAVE_EVERY_SECONDS and not getattr(view, "idle_neutral", False):
                request.session["seen_at"] = now
        return None

    def _signed_out(self, request: HttpRequest, person_id: str, now: float) -> HttpResponse | None:
        kept = keep_answers(request, person_id=person_id, now=now)
        minutes = settings.SHARED_COMPUTER_IDLE_SECONDS // 60
        text = _("You were signed out: nobody did anything here for %(minutes)d minutes.") % {"minutes": minutes}
        if kept:
            text += " " + _("What you typed is kept. Sign in to send it.")
        messages.warning(request, text)
        if not kept and request.method != "POST":
            return None
        target = reverse("people:kept_answers" if kept else settings.LOGIN_REDIRECT_URL)
        address = f"{reverse('account_login')}?{urlencode({'next': target})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)

    def _leave_the_screen(self, request: HttpRequest, response: HttpResponse) -> None:
        if (
            request.method == "GET"
            and response.status_code == 200
            and not response.streaming
            and not response.has_header("Refresh")
            and response.get("Content-Type", "").startswith("text/html")
            and request.headers.get("HX-Request") != "true"
            and not SOMETHING_TO_TYPE.search(response.content)
        ):
            address = f"{reverse('people:still_there')}?{urlencode({'next': request.get_full_path()})}"
            response["Refresh"] = f"{settings.SHARED_COMPUTER_IDLE_SECONDS - WARN_SECONDS}; url={address}"


def is_shared(request: HttpRequest) -> bool:
    """True unless the person said that this computer is theirs alone."""
    return bool(request.session.get("shared_computer", True))


def _keep_choice(request: HttpRequest) -> None:
    """Keep what the sign-in form's box says; a form without the box says nothing, so the computer stays shared."""
    was_asked = "initial-shared_computer" in request.POST
    if was_asked and "shared_computer" not in request.POST:
        request.session["shared_computer"] = False
    else:
        request.session.pop("shared_computer", None)


class DirectoryOnlyMiddleware:
    """With OIDC_ONLY the forms of every other way in answer nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = view_name(request)
        if not settings.OIDC_ONLY or name not in OTHER_DOORS:
            return None
        if request.method == "GET" and name == "account_login":
            return None
        return refused(request)
