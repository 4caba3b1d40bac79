"""Printed one-time codes: which were made and used (never the code itself), and the sheet on which they are shown."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.people.models import SignInCode, User
from mentorship.people.sign_in_codes import CodeRefused, make_code, withdraw_codes
from mentorship.people.signed_in import signed_in

AT_ONCE = 200


@admin.register(SignInCode)
class SignInCodeAdmin(SeasonModelAdmin):
    """What was printed for whom."""

    view_roles = ("coordinator", "administrator")
    list_display = ("person", "state", "made_by", "made_at", "expires_at", "used_at")
    list_select_related = ("person__profile", "made_by__profile")
    fields = ("person", "state", "made_by", "made_at", "expires_at", "used_at", "revoked_at")
    readonly_fields = ("state",)
    actions = ("withdraw",)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: SignInCode) -> str:
        return state_of(row, timezone.now())

    @admin.action(description=gettext_lazy("Withdraw these codes"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[SignInCode]) -> None:
        count = withdraw_codes(codes=list(queryset), by=signed_in(request), now=timezone.now())
        self.message_user(request, _("Codes withdrawn: %(count)d.") % {"count": count})


def state_of(row: SignInCode, now: datetime) -> str:
    """Return in a word whether the code can still be used."""
    if row.used_at:
        return _("used")
    if row.revoked_at:
        return _("withdrawn")
    return _("too old") if row.expires_at <= now else _("waiting")


def print_sheet(request: HttpRequest, people: Iterable[User]) -> HttpResponse:
    """Make codes and show them, this once; who gets none is listed with the reason."""
    printed, left_out = [], []
    for person in people:
        try:
            printed.append(make_code(person=person, by=signed_in(request), now=timezone.now()))
        except CodeRefused as refusal:
            left_out.append((person, str(refusal)))
    context = {
        **admin.site.each_context(request),
        "title": _("Codes to hand out"),
        "printed": printed,
        "sign_in_address": settings.PUBLIC_URL + reverse("people:code"),
        "left_out": left_out,
    }
    response = TemplateResponse(request, "admin/people/codes.html", context)
    response["Cache-Control"] = "no-store"
    return response
