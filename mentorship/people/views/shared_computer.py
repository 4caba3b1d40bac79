"""The shared computer: the question whether somebody is still there, and answers that were sent too late."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mentorship.people.kept_answers import drop_answers
from mentorship.people.kept_answers import kept_answers as answers_of
from mentorship.people.middleware import SAVE_EVERY_SECONDS, WARN_SECONDS, idle_neutral, is_shared


def _own_address(request: HttpRequest, address: str) -> str:
    """Return `address` where it is one of this site, else the home page's."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return "/"


@idle_neutral
@login_required
@require_GET
def still_there(request: HttpRequest) -> HttpResponse:
    """The warning, a minute before the end. Who doesn't answer finds the sign-in page here."""
    address = _own_address(request, request.GET.get("next", ""))
    response = render(request, "people/still_there.html", {"next": address, "seconds": WARN_SECONDS})
    if is_shared(request):
        response["Refresh"] = f"{WARN_SECONDS + 2 * SAVE_EVERY_SECONDS}; url={address}"
    return response


@login_required
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is there: that they asked is what keeps the session (SharedComputerMiddleware)."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(_own_address(request, request.POST.get("next", "")))


@login_required
@require_POST
def this_computer(request: HttpRequest) -> HttpResponse:
    """Say after signing in whether this computer is shared."""
    if request.POST.get("shared") == "no":
        request.session["shared_computer"] = False
        messages.success(request, _("You stay signed in on this computer for 14 days."))
    else:
        request.session.pop("shared_computer", None)
        request.session["seen_at"] = timezone.now().timestamp()
        request.session.set_expiry(0)
        messages.success(request, _("You are signed out here after 15 minutes without a click."))
    return redirect("people:profile")


@login_required
@require_http_methods(["GET", "POST"])
def kept_answers(request: HttpRequest) -> HttpResponse:
    """Send again, or throw away, what was sent after the session had ended."""
    kept = answers_of(request, now=timezone.now().timestamp())
    if kept is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        drop_answers(request)
        messages.success(request, _("What you had typed is thrown away."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "people/kept_answers.html", {"kept": kept})
