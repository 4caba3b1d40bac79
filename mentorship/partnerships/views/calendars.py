"""A person's calendar address: made and closed here, and read by their calendar program."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.partnerships import services
from mentorship.partnerships.invitations import feed
from mentorship.partnerships.models import CalendarFeed, Meeting
from mentorship.reminders.links import absolute

SHOWN_SINCE = timedelta(days=400)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Make one's address or close it. It is shown once, on the page that made it."""
    address = ""
    if request.method == "POST" and request.POST.get("close"):
        services.close_feed(request.user, timezone.now())
        messages.success(request, _("The address is closed. Calendars that used it get nothing any more."))
        return redirect("partnerships:calendar")
    if request.method == "POST":
        secret = services.make_feed(by=request.user, now=timezone.now())
        address = absolute(reverse("partnerships:feed", args=[secret]))
    made = CalendarFeed.objects.filter(person=request.user.pk).first()
    return render(request, "partnerships/calendar.html", {"made": made, "address": address})


@never_cache
@require_GET
def feed_of(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the address reads when its owner meets, and nothing else."""
    person = services.person_behind(secret)
    if person is None:
        raise Http404
    rows = Meeting.objects.filter(
        partnership__memberships__person=person, starts_at__gt=timezone.now() - SHOWN_SINCE
    ).of_member(person)
    with translation.override(person.language):
        text = feed(rows.exclude(state="missed").distinct().order_by("starts_at", "pk"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return response
