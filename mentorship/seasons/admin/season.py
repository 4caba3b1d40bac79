"""A season in the admin: its fields in the order of its life, and the pages on which it is made and moved on."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.people.models import Role, User
from mentorship.reminders.frames import mail_frame
from mentorship.seasons import actions, publishing, services
from mentorship.seasons.admin import messages as season_messages
from mentorship.seasons.admin.inlines import EligibilityRuleInline
from mentorship.seasons.forms import DayInput, IdentityForm, NewSeasonForm, SeasonForm, TemplateForm
from mentorship.seasons.models import Season
from mentorship.seasons.phases import WORDS, phase
from mentorship.seasons.settings_words import words_of
from mentorship.seasons.states import PHASES, Phase

Page = Callable[..., HttpResponse]
MATCHING = gettext_lazy("Matching")


@admin.register(Season)
class SeasonAdmin(SeasonModelAdmin):
    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    form = SeasonForm
    inlines = (EligibilityRuleInline,)
    change_form_template = "admin/seasons/season_form.html"
    list_display = ("name_en", "phase", "opens_on", "closes_on", "starts_on", "ends_on")
    formfield_overrides = {models.DateField: {"widget": DayInput}}
    fieldsets = (
        (
            gettext_lazy("What it is"),
            {"fields": ("name_en", "name_es", "has_pairs", "has_circles", "has_workshops", "intro_en", "intro_es")},
        ),
        (
            gettext_lazy("When"),
            {
                "fields": (
                    "zone",
                    "opens_on",
                    "closes_on",
                    "matches_on",
                    "starts_on",
                    "ends_on",
                    "survey_on",
                    "report_on",
                    "blackout_weeks",
                )
            },
        ),
        (
            gettext_lazy("Applying"),
            {"fields": ("goals", "questionnaire", "capacity", "max_mentees_per_mentor")},
        ),
        (
            MATCHING,
            {
                "fields": (
                    "allow_same_unit",
                    "allow_repeat_pairs",
                    "min_shared_slots",
                    "rank_gap_least",
                    "rank_gap_most",
                    "cuts",
                    "quiet_guard",
                    "seed",
                    "instead_en",
                    "instead_es",
                )
            },
        ),
        (
            gettext_lazy("Working together"),
            {
                "fields": (
                    "meetings_per_month",
                    "second_coordinator",
                    "agreement_en",
                    "agreement_es",
                    "start_en",
                    "start_es",
                )
            },
        ),
        (
            gettext_lazy("Somebody to turn to outside the programme"),
            {"fields": ("contact_name", "contact_email", "contact_phone")},
        ),
    )

    @admin.display(description=gettext_lazy("phase"))
    def phase(self, season: Season) -> str:
        return str(WORDS[phase(season, timezone.now())])

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        archived = isinstance(obj, Season) and obj.archived_at is not None
        return not archived and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.now = timezone.now()
        form.words = words_of(obj, request.user)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The rules that always hold have no field: their words stand above those that have one."""
        always = conditional_escape(words_of(obj, request.user)[""])
        return [
            (title, {**options, "description": always} if title == MATCHING else options)
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The tie-break decides among equals: once published, nobody can choose it any more."""
        return ("seed",) if obj is not None and obj.published_at else ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **(kwargs | {"widget": forms.CheckboxSelectMultiple(), "help_text": ""})
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "second_coordinator":
            kwargs["queryset"] = User.objects.active().filter(groups__name=Role.COORDINATOR).named()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Goals and questionnaires are chosen here and edited on their own pages: no windows that pop up."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.is_relation and field is not None:
            field.widget = field.widget.widget
        return field

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        try:
            services.edit_season(season=obj, changes=form.changes(), by=_person(request), now=timezone.now())
        except services.SeasonError as error:
            self.message_user(request, str(error), messages.ERROR)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        """Nothing: `edit_season` has written the audit entry."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, Page] = {
            "clone": self.clone_view,
            "messages": season_messages.overview,
            "publish": self.publish_view,
            "identity": self.identity_view,
            "archive": self.archive_view,
        }
        own = [
            path(
                f"<uuid:pk>/{name}/", self.admin_site.admin_view(self._of_season(page)), name=f"seasons_season_{name}"
            )
            for name, page in pages.items()
        ]
        words = "<uuid:pk>/messages/<slug:rule>/<slug:language>/"
        framed: Any = mail_frame(self._of_season(season_messages.frame))
        view = self.admin_site.admin_view
        own += [
            path(words, view(self._of_season(season_messages.words)), name="seasons_season_messages_words"),
            path(f"{words}frame/", view(framed), name="seasons_season_messages_frame"),
        ]
        return [*own, *super().get_urls()]

    def _of_season(self, page: Page) -> Callable[..., HttpResponse]:
        """Load the season for `page`, which coordinators alone may open; a foreign season is not found."""

        def view(request: HttpRequest, pk: Any, **parts: str) -> HttpResponse:
            if request.method not in {"GET", "HEAD", "POST"}:
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if not super(SeasonAdmin, self).has_change_permission(request):
                raise PermissionDenied
            season = self.get_queryset(request).filter(pk=pk).first()
            if season is None:
                raise Http404
            request.season = season  # type: ignore[attr-defined]
            return page(request, season, **parts)

        return view

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        season = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if season is not None:
            request.season = season  # type: ignore[attr-defined]
            stage = phase(season, timezone.now())
            extra |= {"doors": self._doors(season), "title": str(season), "subtitle": WORDS[stage]}
        return super().change_view(request, object_id, form_url, extra)

    def _doors(self, season: Season) -> list[tuple[str, str]]:
        """(label, address) of what can be done with a season beside editing it."""
        stage = phase(season, timezone.now())
        names = {
            "publish": _("Publish") if stage == Phase.DRAFT else "",
            "identity": _("Matching on identities") if settings.IDENTITY != "never" else "",
            "messages": _("Messages"),
            "clone": _("New season like this one"),
            "archive": _("Archive") if PHASES.allows(stage, Phase.ARCHIVED) else "",
        }
        doors = [(label, _address(name, season)) for name, label in names.items() if label]
        return [*doors, (_("Page of the season"), reverse("seasons:detail", args=[season.slug]))]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A new season from a template, with three inputs."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TemplateForm(_sent(request))
        if form.is_valid():
            season = services.create_season(**form.cleaned_data, by=_person(request), now=timezone.now())
            return self._made(request, season)
        return self._page(request, "new", {"form": form, "title": _("New season")})

    def clone_view(self, request: HttpRequest, season: Season) -> HttpResponse:
        """A new season like an earlier one, with two inputs."""
        form = NewSeasonForm(_sent(request))
        if form.is_valid():
            clone = services.clone_season(season=season, **form.cleaned_data, by=_person(request), now=timezone.now())
            return self._made(request, clone)
        title = _("New season like %(season)s") % {"season": season}
        return self._page(request, "new", {"form": form, "title": title, "season": season})

    def publish_view(self, request: HttpRequest, season: Season) -> HttpResponse:
        """What is missing; with nothing missing, the button that publishes."""
        now = timezone.now()
        if request.method == "POST":
            try:
                services.publish_season(season=season, by=_person(request), now=now)
            except services.SeasonError as error:
                messages.error(request, str(error))
                return redirect(_address("publish", season))
            messages.success(request, _("%(season)s is published.") % {"season": season})
            return redirect(_address("change", season))
        checks = publishing.checks(season, now)
        missing = [check for check in checks if check.required and not check.done]
        return self._page(
            request,
            "publish",
            {
                "title": _("Publish %(season)s") % {"season": season},
                "season": season,
                "checks": checks,
                "missing": missing,
                "is_draft": phase(season, now) == Phase.DRAFT,
                "change_url": _address("change", season),
            },
        )

    def identity_view(self, request: HttpRequest, season: Season) -> HttpResponse:
        """Switch matching on identities on, with the note of the review, or off. Not found where it is ruled out."""
        if settings.IDENTITY == "never":
            raise Http404
        turn_on = not season.identity_matching
        form = IdentityForm(_sent(request)) if turn_on else None
        if request.method == "POST" and (form is None or form.is_valid()):
            note = form.cleaned_data["note"] if form else ""
            try:
                services.set_identity_matching(
                    season=season, on=turn_on, note=note, by=_person(request), now=timezone.now()
                )
            except services.SeasonError as error:
                messages.error(request, str(error))
                return redirect(_address("identity", season))
            done = _("Matching on identities is on.") if turn_on else _("Matching on identities is off.")
            messages.success(request, done)
            return redirect(_address("change", season))
        return self._page(
            request,
            "identity",
            {
                "title": _("Matching on identities"),
                "season": season,
                "form": form,
                "change_url": _address("change", season),
            },
        )

    def archive_view(self, request: HttpRequest, season: Season) -> HttpResponse:
        """Say what archiving purges, and do it."""
        now = timezone.now()
        if request.method == "POST":
            try:
                services.archive_season(season=season, by=_person(request), now=now)
            except services.SeasonError as error:
                messages.error(request, str(error))
                return redirect(_address("archive", season))
            messages.success(request, _("%(season)s is archived.") % {"season": season})
            return redirect("admin:seasons_season_changelist")
        return self._page(
            request,
            "archive",
            {
                "title": _("Archive %(season)s") % {"season": season},
                "season": season,
                "possible": PHASES.allows(phase(season, now), Phase.ARCHIVED),
                "unread": actions.unread(season),
                "change_url": _address("change", season),
            },
        )

    def _made(self, request: HttpRequest, season: Season) -> HttpResponse:
        messages.success(
            request,
            _("%(season)s is a draft that coordinators alone see. Look through it, then publish it.")
            % {"season": season},
        )
        return redirect(_address("change", season))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        seasons_url = reverse("admin:seasons_season_changelist")
        context = {**self.admin_site.each_context(request), "seasons_url": seasons_url, **context}
        return TemplateResponse(request, f"admin/seasons/{name}.html", context)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _address(page: str, season: Season) -> str:
    return reverse(f"admin:seasons_season_{page}", args=[season.pk])
