"""The admin that coordinators work in: second factor demanded, rows by `visible_to`, no undeclared look-ups."""

from typing import Any, ClassVar

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentorship.common.registries import registries


class SeasonAdminSite(admin.AdminSite):
    """The stock admin in the order of a season's life; whoever enters it has a second factor."""

    site_title = _("Mentorship")
    site_header = _("Mentorship")
    index_title = _("Today")
    index_template = "admin/today.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff and is_mfa_enabled(user))


class SeasonModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Base of every ModelAdmin: permissions by role, rows by `visible_to` in lists, choices and deletion.

    What is changed here is written to the audit trail; Django's own log would keep names and values.
    `view_roles`, `add_roles`, `change_roles`, `delete_roles` name the roles; empty means nobody.
    """

    view_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    add_roles: ClassVar[tuple[str, ...]] = ()
    change_roles: ClassVar[tuple[str, ...]] = ()
    delete_roles: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _visible(super().get_queryset(request), request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list filter declares: `?field__startswith=` would read a column nobody shows."""
        declared = {item if isinstance(item, str) else item[0] for item in self.get_list_filter(request)}
        declared |= {self.date_hierarchy} if self.date_hierarchy else set()
        base = lookup.removesuffix("__exact").removesuffix("__isnull").removesuffix("__in").removesuffix("__id")
        if self.date_hierarchy and lookup.startswith(f"{self.date_hierarchy}__"):
            base = self.date_hierarchy
        return base in declared

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **_narrowed(db_field, request, kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **_narrowed(db_field, request, kwargs))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        registries.audit(request.user, "add", [obj])

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        registries.audit(request.user, "change", [obj])

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        registries.audit(request.user, "delete", list(queryset))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._has(request, self.view_roles)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, self.view_roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._has(request, self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, self.change_roles)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, self.delete_roles)

    def _has(self, request: HttpRequest, roles: tuple[str, ...]) -> bool:
        return bool(roles) and request.user.is_authenticated and request.user.has_role(*roles)


def _visible(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows


def _narrowed(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
    if "queryset" not in kwargs:
        kwargs["queryset"] = _visible(db_field.remote_field.model._default_manager.all(), request)
    return kwargs
