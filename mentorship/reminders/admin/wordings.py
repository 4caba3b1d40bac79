"""A library's own words for its messages, and what every message looks like in both languages."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.reminders import previews, registry, services
from mentorship.reminders.forms import WordingForm
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Wording


@admin.register(Wording)
class WordingAdmin(SeasonModelAdmin):
    """A library's own words, and what every message looks like in both languages."""

    view_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    add_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    change_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    delete_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    form = WordingForm
    list_display = ("title", "language", "subject", "preview_link")
    list_filter = ("language",)
    readonly_fields = ("preview_link",)
    fields = ("rule", "language", "subject", "body", "preview_link")

    @admin.display(description=gettext_lazy("message"))
    def title(self, wording: Wording) -> str:
        return registry.title_of(wording.rule)

    @admin.display(description=gettext_lazy("preview"))
    def preview_link(self, wording: Wording) -> SafeString | str:
        if wording._state.adding:
            return format_html('<a href="{}">{}</a>', reverse("admin:reminders_rules"), _("All messages"))
        url = reverse("admin:reminders_preview", args=[wording.rule, wording.language])
        return format_html('<a href="{}">{}</a>', url, _("See the message"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Words for everywhere; a season's own are kept with the season."""
        return super().get_queryset(request).filter(season_id=None)

    def save_model(self, request: HttpRequest, obj: Wording, form: Any, change: bool) -> None:
        services.save_wording(wording=obj, by=request.user, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        assert isinstance(obj, Wording)
        services.delete_wording(wording=obj, by=request.user, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for wording in queryset:
            services.delete_wording(wording=wording, by=request.user, now=timezone.now())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        shown: Any = require_GET(self.preview_frame)
        frame: Any = mail_frame(shown)
        return [
            path("rules/", view(require_GET(self.rules)), name="reminders_rules"),
            path("rules/<slug:rule>/<slug:language>/", view(require_GET(self.preview)), name="reminders_preview"),
            path("rules/<slug:rule>/<slug:language>/frame/", view(frame), name="reminders_preview_frame"),
            *super().get_urls(),
        ]

    def rules(self, request: HttpRequest) -> HttpResponse:
        """Every message there is, with who can refuse it and whose words speak in which language."""
        self._demand(request)
        own = {(row.rule, row.language): row.pk for row in self.get_queryset(request)}
        rows = [
            (rule, [(code, name, own.get((rule.key, code))) for code, name in settings.LANGUAGES])
            for rule in registry.all_rules()
        ]
        return render(request, "admin/reminders/rules.html", {"title": _("All messages"), "rows": rows})

    def preview(self, request: HttpRequest, rule: str, language: str) -> HttpResponse:
        found = self._rule(request, rule, language)
        shown = previews.preview(found, language)
        own = self.get_queryset(request).filter(rule=rule, language=language).first()
        return render(
            request,
            "admin/reminders/preview.html",
            {
                "title": str(found.title),
                "rule": found,
                "language": language,
                "languages": settings.LANGUAGES,
                "preview": shown,
                "own": own,
            },
        )

    def preview_frame(self, request: HttpRequest, rule: str, language: str) -> HttpResponse:
        """The message's HTML alone, for the sandboxed frame of the preview page."""
        shown = previews.preview(self._rule(request, rule, language), language)
        if shown is None:
            raise Http404
        return HttpResponse(shown.html)

    def _demand(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _rule(self, request: HttpRequest, rule: str, language: str) -> registry.Rule:
        self._demand(request)
        try:
            found = registry.rule_of(rule)
        except KeyError:
            raise Http404 from None
        if language not in dict(settings.LANGUAGES):
            raise Http404
        return found
