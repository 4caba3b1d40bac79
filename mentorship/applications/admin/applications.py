"""The list of applications, what needs a person first, and one application to read and decide on."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.applications import sections, summary
from mentorship.applications.admin.forms import DecisionForm
from mentorship.applications.admin.gaps import GapPages
from mentorship.applications.admin.screening import ScreeningPages
from mentorship.applications.colleagues import search
from mentorship.applications.models import Application, SecondLook
from mentorship.applications.querysets import CLEAR, SECOND_LOOK, SETTLED, TO_DECIDE, TO_TELL
from mentorship.applications.services import ApplicationError, screen_application
from mentorship.common.admin_site import ReadingAdmin
from mentorship.common.states import IllegalMove
from mentorship.people.models import User
from mentorship.seasons.eligibility import OUTCOMES

WAITS = {
    SECOND_LOOK: gettext_lazy("Second look"),
    TO_DECIDE: gettext_lazy("To decide"),
    CLEAR: gettext_lazy("Every rule met"),
    TO_TELL: gettext_lazy("Not told yet"),
    SETTLED: gettext_lazy("Nothing"),
}
# Coordinators may learn everything that helps to decide; the rest stays with its owner.
UNREAD = sections.PRIVATE | {"favourites"}


class WaitsFilter(admin.SimpleListFilter):
    """Narrow the list to what has to be done."""

    title = gettext_lazy("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(key), words) for key, words in WAITS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {str(key): key for key in WAITS}
        return queryset.filter(urgency=known[self.value() or ""]) if self.value() in known else queryset


class ApplicationAdmin(ScreeningPages, GapPages, ReadingAdmin):
    """Applications that were sent, without one's own, one's supervisor's and one's reports'."""

    list_display = ("who", "role", "season", "waits", "state", "submitted_at")
    list_filter: ClassVar[Any] = (WaitsFilter, "season", "role", "state")
    list_select_related = ("applicant__profile__unit", "season")
    search_fields = ("applicant__family_name",)
    search_help_text = gettext_lazy("A name, or a part of it.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = Application.objects.screenable_by(request.user).by_urgency()
        return rows

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("urgency", "submitted_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the name that others see, never one that was given up."""
        if not search_term.strip():
            return queryset, False
        people = search(User.objects.all(), search_term).order_by().values("pk")
        return queryset.filter(applicant__in=people), False

    @admin.display(description=gettext_lazy("who"))
    def who(self, application: Application) -> str:
        return application.applicant.display_name

    @admin.display(description=gettext_lazy("what waits"), ordering="urgency")
    def waits(self, application: Any) -> str:
        return str(WAITS[application.urgency])

    def get_urls(self) -> list[URLPattern]:
        return [*self.screening_urls(), *self.gap_urls(), *super().get_urls()]

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One application to read; its buttons decide."""
        return self._detail(request, self._application(request, object_id), DecisionForm())

    def decide_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Take a coordinator's decision; what can't be decided is said above what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        application = self._application(request, str(pk))
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                screen_application(
                    application=application,
                    decision=form.cleaned_data["decision"],
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=timezone.now(),
                )
            except ApplicationError as error:
                form.add_error(None, str(error))
            except IllegalMove:
                form.add_error(None, _("It was changed meanwhile. Look at it again before you decide."))
            else:
                messages.success(request, _("Decided: %(who)s.") % {"who": application.applicant.display_name})
                return redirect("admin:applications_application_screening", application.season_id)
        return self._detail(request, application, form)

    def _application(self, request: HttpRequest, object_id: str) -> Application:
        """Return the application with what its page reads. Raises Http404."""
        application = self.found(request, object_id)
        rows = Application.objects.select_related(
            "season",
            "questionnaire",
            "applicant__profile__unit",
            "applicant__profile__job_class",
            "applicant__profile__supervisor__profile",
            "screened_by__profile",
            "exception_by__profile",
            "second_look__decided_by__profile",
        ).prefetch_related("goals__goal", "tags", "eligibility", "season__eligibility_rules")
        loaded: Application = rows.get(pk=application.pk)
        return loaded

    def _detail(self, request: HttpRequest, application: Application, form: DecisionForm) -> HttpResponse:
        request.season = application.season  # type: ignore[attr-defined]
        look: SecondLook | None = getattr(application, "second_look", None)
        form.narrow(application, look)
        return render(
            request,
            "admin/applications/detail.html",
            {
                **self.admin_site.each_context(request),
                "title": application.applicant.display_name,
                "application": application,
                "season": application.season,
                "profile": getattr(application.applicant, "profile", None),
                "facts": summary.work_facts(getattr(application.applicant, "profile", None), own=False),
                "parts": [part for part in summary.parts(application) if part.section.key not in UNREAD],
                "results": results_in_words(application),
                "look": look,
                "may_look": look is not None
                and look.decision == "open"
                and application.screened_by_id != request.user.pk,
                "form": form,
                "state_kind": STATE_KINDS.get(application.state, "neutral"),
            },
        )


STATE_KINDS = {"submitted": "attention", "eligible": "good"}
OUTCOME_KINDS = {"met": "good", "not-met": "trouble", "unknown": "attention"}


def results_in_words(application: Application) -> list[dict[str, Any]]:
    """Return {"rule", "fact", "outcome", "kind"} for each rule that was checked, in words."""
    return [
        {**result, "outcome": OUTCOMES[result["outcome"]], "kind": OUTCOME_KINDS[result["outcome"]]}
        for result in summary.rule_results(application)
    ]
