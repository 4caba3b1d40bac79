"""The rules of a season, edited on its page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mentorship.seasons.forms import EligibilityRuleForm
from mentorship.seasons.models import EligibilityRule


class EligibilityRuleInline(admin.StackedInline):  # type: ignore[type-arg]
    model = EligibilityRule
    form = EligibilityRuleForm
    extra = 1
    fields = ("role", "kind", "value", "wording_en", "wording_es", "order")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.has_role("coordinator")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj) and (obj is None or obj.archived_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
