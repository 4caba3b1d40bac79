"""The outbox and the wording of messages, for coordinators: that something was said, to whom and when; never what."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.common.states import IllegalMove
from mentorship.reminders import previews, problems, registry, services
from mentorship.reminders.forms import WordingForm
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Delivery, Wording


# A mail's styles are inline; nothing else is let into the frame, and the frame's own sandbox lets nothing out.
@admin.register(Delivery)
class DeliveryAdmin(SeasonModelAdmin):
    """Read-only; what may have been sent or could not be is sent again or let go of after a confirm page."""

    view_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    list_display = ("title", "recipient", "state", "due_at", "sent_at", "problem_in_words")
    list_filter = ("state",)
    list_select_related = ("recipient__profile",)
    actions = ("resend", "cancel")
    fields = ("title", "recipient", "state", "made_at", "due_at", "sent_at", "attempts", "problem_in_words")
    readonly_fields = ("title", "problem_in_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without a coordinator's own, which they read among their messages and another one settles."""
        return super().get_queryset(request).exclude(recipient=request.user.pk)

    @admin.display(description=gettext_lazy("message"))
    def title(self, delivery: Delivery) -> str:
        return registry.title_of(delivery.rule)

    @admin.display(description=gettext_lazy("what went wrong"))
    def problem_in_words(self, delivery: Delivery) -> str:
        return problems.in_words(delivery)

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def resend(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self._ask(request, rows, "resend", ("uncertain", "dead"))

    @admin.action(description=gettext_lazy("Cancel"), permissions=["view"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self._ask(request, rows, "cancel", ("due", "uncertain", "dead"))

    def get_urls(self) -> list[URLPattern]:
        settle = self.admin_site.admin_view(require_POST(self.settle))
        return [path("settle/", settle, name="reminders_delivery_settle"), *super().get_urls()]

    def settle(self, request: HttpRequest) -> HttpResponse:
        """Do what the confirm page asked; what changed meanwhile is left and counted."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        act = {"resend": services.resend, "cancel": services.cancel}.get(request.POST.get("what", ""))
        if act is None:
            raise Http404
        done = left = 0
        for delivery in self.get_queryset(request).filter(pk__in=_keys(request.POST.get("ids", ""))):
            try:
                act(delivery=delivery, by=request.user, now=timezone.now())
                done += 1
            except IllegalMove:
                left += 1
        if done:
            text = ngettext("%(count)d message is settled.", "%(count)d messages are settled.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        if left:
            text = ngettext(
                "%(count)d message had changed meanwhile and was left as it is.",
                "%(count)d messages had changed meanwhile and were left as they are.",
                left,
            )
            self.message_user(request, text % {"count": left}, messages.WARNING)
        return redirect("admin:reminders_delivery_changelist")

    def _ask(
        self, request: HttpRequest, rows: QuerySet[Any], what: str, states: tuple[str, ...]
    ) -> HttpResponse | None:
        found = [str(key) for key in rows.filter(state__in=states).values_list("pk", flat=True)]
        if not found:
            self.message_user(request, _("None of these messages can be settled that way."), messages.WARNING)
            return None
        return render(
            request,
            "admin/reminders/settle.html",
            {
                "what": what,
                "count": len(found),
                "left": rows.count() - len(found),
                "ids": ",".join(found),
                "url": reverse("admin:reminders_delivery_settle"),
                "cancel_url": reverse("admin:reminders_delivery_changelist"),
            },
        )


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


def _keys(raw: str) -> list[UUID]:
    """Return the keys in a comma-separated list. Raises Http404 where one is none."""
    try:
        return [UUID(part) for part in raw.split(",") if part]
    except ValueError:
        raise Http404 from None
