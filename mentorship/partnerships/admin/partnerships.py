"""Partnerships to look at: what is decided on them is decided in the matching workbench."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.partnerships.models import Membership, Partnership


@admin.register(Partnership)
class PartnershipAdmin(SeasonModelAdmin):
    """Who works with whom; pairs that concern the coordinator themselves aren't listed."""

    list_display = ["pair", "season", "state", "fit", "approved_at", "announced_at"]
    list_filter = ["season", "state", "kind"]
    list_select_related = ["season"]
    search_fields = [
        "memberships__person__given_name",
        "memberships__person__family_name",
        "memberships__person__profile__preferred_name",
    ]
    fields = [
        "pair", "season", "kind", "state", "fit", "approved_at", "approved_by",
        "asked_at", "answer_due", "announced_at", "closed_at", "liaison",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partnership]:
        return super().get_queryset(request).prefetch_related("memberships__person__profile")

    @admin.display(description=_("who"))
    def pair(self, row: Partnership) -> str:
        order = {Membership.Role.MENTEE: 0, Membership.Role.PEER: 1}
        members = sorted(row.memberships.all(), key=lambda member: (order.get(member.role, 2), str(member.pk)))  # type: ignore[call-overload]
        return " – ".join(member.person.display_name for member in members)
