"""Coming in with a printed code, and what one does first after that."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.common.second_factor import passed_second_factor, second_factors
from mentorship.people.forms import CodeForm
from mentorship.people.sign_in_codes import use_code
from mentorship.people.signed_in import signed_in


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Sign in with a printed code. Every failure reads the same and is counted against the number that was typed."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["employee_number"].strip()
        person = None
        if not ratelimit.consume(request, action="sign_in_code", key=number.lower()):
            form.add_error(None, _("Too many attempts. Wait some minutes, then try again."))
        elif person := use_code(employee_number=number, code=form.cleaned_data["code"], now=timezone.now()):
            record_authentication(request, person, method="printed-code")
            response: HttpResponse = perform_login(
                request, person, email_verification="none", redirect_url=reverse("people:first_steps")
            )
            return response
        else:
            form.add_error(None, _("Number and code don't go together, or the code is used or too old."))
    return render(request, "people/code.html", {"form": form})


@login_required
@require_GET
def first_steps(request: HttpRequest) -> HttpResponse:
    """How to come in the next time: a password, an address of one's own."""
    person = signed_in(request)
    context = {
        "has_password": person.has_usable_password(),
        "addresses": list(EmailAddress.objects.filter(user=person, verified=True)),
    }
    return render(request, "people/first_steps.html", context)


@login_required
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where those are led who may enter the admin and haven't shown a second factor in this session."""
    next_url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure()):
        next_url = reverse("admin:index")
    if passed_second_factor(request):
        return HttpResponseRedirect(next_url)
    context = {"next": next_url, "factors": second_factors(request.user)}
    return render(request, "people/second_factor.html", context)
