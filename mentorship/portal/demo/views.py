"""Pages of the demo alone: enter as anybody with one click, and read the mail that was sent."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mentorship.portal.demo import mail
from mentorship.portal.demo.letters import Letter, every_letter, letter_of
from mentorship.portal.demo.riverbend import CHARACTERS, NEWCOMER, participants
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Delivery
from mentorship.reminders.previews import Preview

BACKEND = "mentorship.people.backends.ActivePersonBackend"


@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """Everybody one may enter as."""
    known = {
        person.employee_number: person for person in get_user_model().objects.filter(employee_number__in=_numbers())
    }
    staff = [
        (_(character.title), known[number])
        for character in CHARACTERS
        if (number := character.employee_number) in known
    ]
    others = [(_(title), person) for title, person in participants()]
    if NEWCOMER.employee_number in known:
        others.insert(0, (_(NEWCOMER.title), known[NEWCOMER.employee_number]))
    return render(request, "portal/demo/doors.html", {"staff": staff, "participants": others})


def _numbers() -> list[str]:
    return [character.employee_number for character in [*CHARACTERS, NEWCOMER]]


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the person known by `employee_number`, second factor included: nobody real is here."""
    person: Any = get_object_or_404(
        get_user_model(), employee_number=request.POST.get("employee_number", "").replace("\0", ""), is_active=True
    )
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="password")
    if person.is_staff:
        record_authentication(request, person, method="mfa", type="totp")
    request.session["shared_computer"] = False
    return redirect("admin:index" if person.is_staff else settings.LOGIN_REDIRECT_URL)


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail that was sent, the newest first."""
    page = Paginator(mail.sent(), 25).get_page(request.GET.get("page"))
    waiting = Delivery.objects.filter(state=Delivery.State.DUE).count()
    return render(request, "portal/demo/mailbox.html", {"page": page, "waiting": waiting})


@require_GET
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its heading lines, its text, and its HTML in a sandboxed frame."""
    return render(request, "portal/demo/message.html", {"message": _found(key)})


@require_GET
@mail_frame
def message_body(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail as a reader shows it: no script, nothing loaded from elsewhere."""
    return HttpResponse(_found(key).html)


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Every mail there is, in each language, to read through."""
    return render(request, "portal/demo/letters.html", {"letters": every_letter()})


@require_GET
def letter(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """One of them as a mail program shows it."""
    found, written = _written(key, language)
    context = {"letter": found, "mail": written, "language": language, "languages": settings.LANGUAGES}
    return render(request, "portal/demo/letter.html", context)


@require_GET
@mail_frame
def letter_body(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Its HTML alone, for the sandboxed frame."""
    return HttpResponse(_written(key, language)[1].html)


def _written(key: str, language: str) -> tuple[Letter, Preview]:
    found = letter_of(key) if language in dict(settings.LANGUAGES) else None
    written = found.write(language) if found else None
    if found is None or written is None:
        raise Http404
    return found, written


def _found(key: str) -> mail.Message:
    try:
        return mail.read(key)
    except mail.NoSuchMailError as error:
        raise Http404 from error
