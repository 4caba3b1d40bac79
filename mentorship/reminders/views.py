"""One's own messages and one's own choice of mail."""

import logging
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.reminders import links, registry, rendering, services
from mentorship.reminders.forms import PreferenceForm
from mentorship.reminders.models import Delivery, Preference

logger = logging.getLogger(__name__)

PER_PAGE = 30


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What we sent this person, the newest first."""
    rows = Delivery.objects.visible_to(request.user).filter(recipient=request.user).reached()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "reminders/mine.html",
        {"page": page, "rows": [(delivery, registry.title_of(delivery.rule)) for delivery in page]},
    )


@login_required
@require_GET
@never_cache
def read(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One of this person's messages, made anew from what is true today."""
    rows = Delivery.objects.visible_to(request.user).filter(recipient=request.user).reached()
    delivery = get_object_or_404(rows.select_related("recipient__profile"), pk=delivery_id)
    try:
        with transaction.atomic(), links.minting():
            rendered = rendering.render(delivery)
    except Exception:
        # What it was about is gone: a rule's context then fails in its own way.
        logger.exception("the message %s can't be made again", delivery.pk)
        rendered = None
    title = rendered.subject if rendered else registry.title_of(delivery.rule)
    return render(request, "reminders/read.html", {"delivery": delivery, "rendered": rendered, "title": title})


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Whether this person wants reminders."""
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial={"reminders": _wanted(request)})
    if request.method == "POST" and form.is_valid():
        services.set_preference(
            person=request.user, reminders=form.cleaned_data["reminders"], by=request.user, now=timezone.now()
        )
        messages.success(request, _("Saved."))
        return redirect("reminders:preferences")
    return render(request, "reminders/preferences.html", {"form": form})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """Stop reminders by the link in one of them: GET asks, POST does it, also for mail programs (RFC 8058).

    The secret is what allows it, so there is no session and no CSRF token; doing it twice changes nothing.
    """
    now = timezone.now()
    token = links.find(secret=secret, purpose=rendering.STOP, now=now)
    if token is None:
        return render(request, "reminders/link_closed.html", status=404)
    if request.method == "POST":
        with transaction.atomic():
            links.use(token=token, now=now)
            services.set_preference(person=token.person, reminders=False, by=token.person, now=now)
    return render(request, "reminders/stop.html", {"stopped": request.method == "POST"})


def _wanted(request: HttpRequest) -> bool:
    return not Preference.objects.filter(person=request.user.pk, reminders=False).exists()
