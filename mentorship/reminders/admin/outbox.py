"""The outbox for coordinators: that something was said, to whom and when; never what."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.common.states import IllegalMove
from mentorship.reminders import problems, registry, services
from mentorship.reminders.models import Delivery

# The tabs of the outbox: what there is to look at apart, by the states that each holds.
TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("due", gettext_lazy("Due"), ("due", "making", "claimed")),
    ("sent", gettext_lazy("Sent"), ("sent",)),
    ("uncertain", gettext_lazy("May have been sent"), ("uncertain",)),
    ("dead", gettext_lazy("Could not be sent"), ("dead",)),
    ("over", gettext_lazy("Not sent"), ("skipped", "cancelled")),
)
SETTLED_FROM = {"resend": ("uncertain", "dead"), "cancel": ("due", "uncertain", "dead")}


@admin.register(Delivery)
class DeliveryAdmin(SeasonModelAdmin):
    """Read-only; what may have been sent or could not be is sent again or let go of after a confirm page."""

    view_roles: ClassVar[tuple[str, ...]] = ("coordinator",)
    list_display = ("title", "recipient", "state", "to_do", "due_at", "sent_at", "problem_in_words")
    list_filter = ("state",)
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/reminders/outbox.html"
    change_form_template = "admin/reminders/delivery.html"
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
        return self._ask(request, rows, "resend")

    @admin.action(description=gettext_lazy("Cancel"), permissions=["view"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self._ask(request, rows, "cancel")

    def get_urls(self) -> list[URLPattern]:
        settle = self.admin_site.admin_view(require_POST(self.settle))
        ask = self.admin_site.admin_view(require_GET(self.ask))
        return [
            path("settle/", settle, name="reminders_delivery_settle"),
            path("<uuid:pk>/settle/<slug:what>/", ask, name="reminders_delivery_ask"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list below its tabs, each with how many it holds."""
        tabs = self._tabs(request) if self.has_view_permission(request) else []
        return super().changelist_view(request, {**(extra_context or {}), "tabs": tabs, "title": _("Outbox")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        doors = self._doors(delivery) if isinstance(delivery, Delivery) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "doors": doors})

    def ask(self, request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
        """The confirm page of one message."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(pk=pk)
        if what not in SETTLED_FROM or not rows:
            raise Http404
        return self._ask(request, rows, what) or redirect("admin:reminders_delivery_changelist")

    def _tabs(self, request: HttpRequest) -> list[tuple[str, str, bool, int]]:
        """(label, address, whether it is open, how many), from one query."""
        rows = self.get_queryset(request)
        counts = rows.aggregate(**{name: Count("pk", filter=Q(state__in=states)) for name, _label, states in TABS})
        chosen = request.GET.get("state__in", "")
        list_url = reverse("admin:reminders_delivery_changelist")
        tabs = [
            (str(label), f"{list_url}?state__in={','.join(states)}", chosen == ",".join(states), counts[name])
            for name, label, states in TABS
        ]
        filtered = any(key.startswith("state") for key in request.GET)
        return [*tabs, (_("All"), list_url, not filtered, sum(counts.values()))]

    @admin.display(description=gettext_lazy("settle"))
    def to_do(self, delivery: Delivery) -> SafeString:
        words = "".join(f", {part}" for part in (registry.title_of(delivery.rule), delivery.recipient))
        return format_html_join(
            " · ",
            '<a href="{}">{}<span class="visually-hidden">{}</span></a>',
            ((url, label, words) for label, url in self._doors(delivery)),
        )

    def _doors(self, delivery: Delivery) -> list[tuple[str, str]]:
        """(label, address) of what can be done with one message."""
        labels = {"resend": _("Send again"), "cancel": _("Cancel")}
        return [
            (labels[what], reverse("admin:reminders_delivery_ask", args=[delivery.pk, what]))
            for what, states in SETTLED_FROM.items()
            if delivery.state in states
        ]

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

    def _ask(self, request: HttpRequest, rows: QuerySet[Any], what: str) -> HttpResponse | None:
        found = [str(key) for key in rows.filter(state__in=SETTLED_FROM[what]).values_list("pk", flat=True)]
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


def _keys(raw: str) -> list[UUID]:
    """Return the keys in a comma-separated list. Raises Http404 where one is none."""
    try:
        return [UUID(part) for part in raw.split(",") if part]
    except ValueError:
        raise Http404 from None
