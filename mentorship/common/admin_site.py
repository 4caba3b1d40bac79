"""The admin that coordinators work in: second factor demanded, rows by `visible_to`, no undeclared look-ups."""

from collections.abc import Collection, Iterable
from functools import wraps
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mentorship.common.registries import registries
from mentorship.common.second_factor import passed_second_factor

OURS = ("mentorship.", "matching.", "surveys.")
APP_ORDER = [
    "seasons",
    "applications",
    "matching",
    "partnerships",
    "learning",
    "surveys",
    "reminders",
    "people",
    "questionnaires",
    "jobs",
    "records",
]


class SeasonAdminSite(admin.AdminSite):
    """The stock admin in the order of a season's life; whoever enters it has a second factor."""

    site_title = _("Mentorship")
    site_header = _("Mentorship")
    index_title = _("Today")
    index_template = "admin/today.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in our own models; the libraries' tables (addresses, second factors, groups) are shown nowhere."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        ours = [model for model in models if model.__module__.startswith(OURS)]
        if ours:
            super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a role that opens the admin and used their second factor in this session."""
        user = request.user
        return bool(user.is_active and user.is_staff and passed_second_factor(request))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the site's own sign-in, or to the second factor; there is no other way in."""
        next_url = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(next_url, settings.LOGIN_URL)
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect(f"{reverse('people:second_factor')}?{urlencode({REDIRECT_FIELD_NAME: next_url})}")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What waits for the one who looks, the urgent first; below it what is under way, and a season's life."""
        tasks, under_way = registries.today_of(request.user, timezone.now())
        return super().index(request, {**(extra_context or {}), "tasks": tasks, "under_way": under_way})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps from the season's to the system's, each with its models in the order of their names."""
        found = super().get_app_list(request, app_label)
        return sorted(
            found, key=lambda app: APP_ORDER.index(app["app_label"]) if app["app_label"] in APP_ORDER else 99
        )

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The site has one page for it."""
        return redirect("account_change_password")


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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under the name of what it lists: whoever opens it hasn't come to select."""
        name = capfirst(str(self.opts.verbose_name_plural))
        response: HttpResponse = super().changelist_view(request, {"title": name, **(extra_context or {})})
        return response

    def page(self, view: Any, methods: Collection[str] = ("GET", "HEAD", "POST")) -> Any:
        """Return `view` for those who may see these rows, behind the admin's own door; by `methods` alone."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return self.admin_site.admin_view(guarded)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only what the list filter declares: `?field__startswith=` would read a column nobody shows."""
        declared = {_declared(item) for item in self.get_list_filter(request)}
        declared |= {self.date_hierarchy} if self.date_hierarchy else set()
        base = lookup.removesuffix("__exact").removesuffix("__isnull").removesuffix("__in").removesuffix("__id")
        if self.date_hierarchy and lookup.startswith(f"{self.date_hierarchy}__"):
            base = self.date_hierarchy
        return base in declared

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **_narrowed(db_field, request, kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **_narrowed(db_field, request, kwargs))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Not there: Django's own log is never written, so its page would say that nothing ever happened."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        registries.audit(request.user, "add", [obj])

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        registries.audit(request.user, "change", [obj])

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
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


class ReadingAdmin(SeasonModelAdmin):
    """Base for rows that open on a page of ours, to be read; what is done with one is a button of that page."""

    actions = None
    show_facets = admin.ShowFacets.NEVER

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.read_view(request, object_id)

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the page of one row."""
        raise NotImplementedError

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row. Raises Http404 also where it isn't this coordinator's."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row


class CoordinatorsInline(admin.StackedInline):  # type: ignore[type-arg]
    """Rows on the page of the one they belong to: coordinators read them, and edit them while that one is open."""

    def is_open(self, obj: Any) -> bool:
        """Whether the rows of `obj` may change."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.has_role("coordinator")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj) and (obj is None or self.is_open(obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


def _declared(item: Any) -> str:
    """The parameter of one entry of `list_filter`: a field's name, a pair that begins with it, or a filter class."""
    if isinstance(item, str):
        return item
    return str(item[0] if isinstance(item, tuple) else getattr(item, "parameter_name", ""))


def _visible(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows


def _narrowed(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
    if "queryset" not in kwargs:
        kwargs["queryset"] = _visible(db_field.remote_field.model._default_manager.all(), request)
    return kwargs
