"""Requests for help for those coordinators who may handle them; for all others they don't exist."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import ReadingAdmin
from mentorship.common.states import IllegalMove
from mentorship.partnerships.checkins.words import partner_names
from mentorship.partnerships.helping.forms import WordsForm
from mentorship.partnerships.helping.services import answer_case, close_case, take_case
from mentorship.partnerships.models import HelpCase
from mentorship.partnerships.services import NotTheirs


@admin.register(HelpCase)
class HelpCaseAdmin(ReadingAdmin):
    """The list, and one request with what was written about it."""

    list_display = ("who", "topic", "state", "waits_since", "handled_by")
    list_filter: ClassVar[Any] = ("state", "topic")
    ordering = ("-opened_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = HelpCase.objects.handleable_by(request.user).named()
        return rows

    @admin.display(description=gettext_lazy("who"))
    def who(self, case: HelpCase) -> str:
        return case.membership.person.display_name

    @admin.display(description=gettext_lazy("handled by"))
    def handled_by(self, case: HelpCase) -> str:
        return case.handler.display_name if case.handler else ""

    def get_urls(self) -> list[URLPattern]:
        name = "partnerships_helpcase_{}".format
        return [
            path("<uuid:pk>/take/", self._posted(self.take_view), name=name("take")),
            path("<uuid:pk>/answer/", self._posted(self.answer_view), name=name("answer")),
            path("<uuid:pk>/close/", self._posted(self.close_view), name=name("close")),
            *super().get_urls(),
        ]

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One request to read; its buttons take it, answer it, settle it."""
        return self._detail(request, self._case(request, object_id), WordsForm())

    def take_view(self, request: HttpRequest, case: HelpCase) -> HttpResponse:
        return self._done(
            request, case, lambda now: take_case(case=case, by=request.user, now=now), _("It is yours.")
        )

    def answer_view(self, request: HttpRequest, case: HelpCase) -> HttpResponse:
        """Send what the coordinator wrote; the person is told that there is a message."""
        form = WordsForm(request.POST)
        if not form.is_valid():
            return self._detail(request, case, form)
        words = form.cleaned_data["words"]
        return self._done(
            request, case, lambda now: answer_case(case=case, words=words, by=request.user, now=now), _("Sent.")
        )

    def close_view(self, request: HttpRequest, case: HelpCase) -> HttpResponse:
        return self._done(request, case, lambda now: close_case(case=case, by=request.user, now=now), _("Settled."))

    def _posted(self, view: Any) -> Any:
        """Return `view`, given the request for help, for coordinators who may handle it; by POST alone."""

        def of_case(request: HttpRequest, pk: Any) -> HttpResponse:
            response: HttpResponse = view(request, self._case(request, str(pk)))
            return response

        return self.page(of_case, ["POST"])

    def _case(self, request: HttpRequest, object_id: str) -> HelpCase:
        """Return the request with what its page reads. Raises Http404."""
        case = self.found(request, object_id)
        rows = HelpCase.objects.named().prefetch_related("membership__partnership__memberships__person__profile")
        found: HelpCase = rows.get(pk=case.pk)
        return found

    def _done(self, request: HttpRequest, case: HelpCase, act: Any, sentence: str) -> HttpResponse:
        try:
            act(timezone.now())
        except (IllegalMove, NotTheirs):
            messages.info(request, _("It was changed meanwhile; look at it again."))
        else:
            messages.success(request, sentence)
        return redirect("admin:partnerships_helpcase_change", case.pk)

    def _detail(self, request: HttpRequest, case: HelpCase, form: WordsForm) -> HttpResponse:
        request.season = case.membership.partnership.season  # type: ignore[attr-defined]
        mine = case.handler_id == request.user.pk
        return render(
            request,
            "admin/partnerships/help_case.html",
            {
                **self.admin_site.each_context(request),
                "title": case.membership.person.display_name,
                "case": case,
                "member": case.membership,
                "partner": partner_names(case.membership),
                "written": case.messages.select_related("author__profile"),
                "form": form,
                "may_take": case.state in {"open", "taken"} and not mine,
                "may_answer": case.state == "open" or (mine and case.state != "closed"),
                "answer_is_next": case.state == "taken",
                "may_close": mine and case.state == "answered",
            },
        )
