"""People in the admin: administrators keep their records and roles, coordinators look them up."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.lookups import Unaccent
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.people import services
from mentorship.people.admin.codes import AT_ONCE, print_sheet
from mentorship.people.models import Profile, Role, Source, User
from mentorship.people.sign_in_codes import why_no_code
from mentorship.people.signed_in import signed_in

# What is somebody's own (pronouns, what they write, when they can meet) is no business of an administrator.
WORK_FACTS = ("unit", "job_class", "managerial", "supervisor", "service_start", "degree")
FOR_ADMINISTRATORS = ("preferred_name", *WORK_FACTS, "scheduler")
FOR_COORDINATORS = (*FOR_ADMINISTRATORS, "pronouns", "bio", "languages", "modes", "slots", "schedule_rotates")


class ProfileInline(admin.StackedInline):  # type: ignore[type-arg]
    """What is known of the person at work, each role with its own fields."""

    model = Profile
    fk_name = "user"
    can_delete = False
    max_num = 1
    raw_id_fields = ("supervisor",)
    verbose_name_plural = gettext_lazy("At work")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown: dict[str, None] = {}
        if signed_in(request).has_role(Role.ADMINISTRATOR):
            shown |= dict.fromkeys(FOR_ADMINISTRATORS)
        if signed_in(request).has_role(Role.COORDINATOR):
            shown |= dict.fromkeys(FOR_COORDINATORS)
        return list(shown)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.get_fields(request, obj) if name not in WORK_FACTS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        return super().get_queryset(request).select_related("unit", "job_class", "supervisor__profile", "scheduler")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signed_in(request).has_role(Role.COORDINATOR, Role.ADMINISTRATOR)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signed_in(request).has_role(Role.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return signed_in(request).has_role(Role.ADMINISTRATOR)


class RoleFilter(admin.SimpleListFilter):
    """By role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class RolesForm(forms.Form):
    """Which roles a person shall have."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


@admin.register(User)
class UserAdmin(SeasonModelAdmin):
    """Nobody is deleted here: whoever leaves is deactivated, and erased on request (records)."""

    view_roles = ("coordinator", "administrator")
    add_roles = change_roles = ("administrator",)
    list_display = ("name", "employee_number", "unit", "job_class", "given_roles", "is_active")
    list_filter = ("is_active", RoleFilter, "profile__unit__kind")
    list_select_related = ("profile__unit", "profile__job_class")
    search_fields = ("employee_number", "given_name", "family_name", "email", "profile__preferred_name")
    ordering = (Unaccent(Lower("family_name")), Unaccent(Lower("given_name")), "pk")
    inlines = (ProfileInline,)
    actions = ("print_codes", "deactivate", "reactivate")
    change_form_template = "admin/people/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not signed_in(request).has_role(Role.ADMINISTRATOR):
            return ["name", "employee_number", "email", "mailbox_is_shared", "language", "is_active", "given_roles"]
        told = ["employee_number", "given_name", "family_name", "email", "mailbox_is_shared", "language"]
        return [*told, "is_active", "given_roles", "last_login"] if obj else told

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name", "is_active", "given_roles", "last_login"]

    @admin.display(description=gettext_lazy("name"), ordering=Unaccent(Lower("family_name")))
    def name(self, person: User) -> str:
        return person.display_name

    @admin.display(description=gettext_lazy("work unit"))
    def unit(self, person: User) -> str:
        return str(person.profile.unit or "") if hasattr(person, "profile") else ""

    @admin.display(description=gettext_lazy("job class"))
    def job_class(self, person: User) -> str:
        return str(person.profile.job_class or "") if hasattr(person, "profile") else ""

    @admin.display(description=gettext_lazy("roles"))
    def given_roles(self, person: User) -> str:
        names = {group.name for group in person.groups.all()} if person.pk else set()
        return ", ".join(str(label) for role, label in Role.choices if role in names)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The address goes through the service that keeps the sign-in addresses in step."""
        email, shared = obj.email or "", obj.mailbox_is_shared
        if change:
            stored = User.objects.get(pk=obj.pk)
            obj.email, obj.mailbox_is_shared = stored.email, stored.mailbox_is_shared
        else:
            obj.set_unusable_password()
            obj.email, obj.mailbox_is_shared = None, False
        obj.save()
        if not change or {"email", "mailbox_is_shared"} & set(form.changed_data):
            services.set_mailbox(person=obj, email=email, shared=shared, by=signed_in(request), now=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A fact that an administrator puts right counts as the staff list's."""
        for row in formset.forms:
            for fact in set(row.changed_data) & set(WORK_FACTS):
                setattr(row.instance, f"{fact}_source", Source.IMPORTED)
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        Profile.objects.get_or_create(user=form.instance)

    def get_urls(self) -> list[URLPattern]:
        own = [path("<uuid:person_id>/roles/", self.admin_site.admin_view(self.roles), name="people_user_roles")]
        return [*own, *super().get_urls()]

    def roles(self, request: HttpRequest, person_id: str) -> HttpResponse:
        """Choose roles, look at what that means, confirm."""
        person = self.get_queryset(request).filter(pk=person_id).first()
        if person is None or not self.has_change_permission(request, person):
            raise Http404
        now_given = {group.name for group in person.groups.all()}
        form = RolesForm(request.POST or None, initial={"roles": sorted(now_given)})
        back = reverse("admin:people_user_change", args=[person.pk])
        wanted: set[str] = set()
        if request.method == "POST" and form.is_valid():
            wanted = set(form.cleaned_data["roles"])
            if "confirmed" in request.POST:
                try:
                    services.set_roles(person=person, roles=wanted, by=signed_in(request), now=timezone.now())
                except services.RoleError as error:
                    form.add_error(None, str(error))
                else:
                    self.message_user(request, _("Saved. %(name)s signs in anew.") % {"name": person.display_name})
                    return redirect(back)
        labels = dict(Role.choices)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Roles of %(name)s") % {"name": person.display_name},
            "person": person,
            "form": form,
            "back": back,
            "asked": form.is_bound and form.is_valid() and wanted != now_given,
            "wanted": sorted(wanted),
            "given": [labels[role] for role in Role.values if role in wanted - now_given],
            "taken": [labels[role] for role in Role.values if role in now_given - wanted],
            "opens_admin": bool(wanted & {Role.COORDINATOR, Role.ADMINISTRATOR}),
        }
        return TemplateResponse(request, "admin/people/roles.html", context)

    @admin.action(description=gettext_lazy("Print one-time codes"))
    def print_codes(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset[: AT_ONCE + 1])
        if len(people) > AT_ONCE:
            self.message_user(request, _("At most %(count)d at a time.") % {"count": AT_ONCE}, "error")
            return None
        if "confirmed" in request.POST:
            return print_sheet(request, people)
        reasons = [(person, why_no_code(person=person, by=signed_in(request))) for person in people]
        count = sum(not reason for _person, reason in reasons)
        return self._confirm(
            request,
            action="print_codes",
            people=people,
            title=ngettext("Print one code?", "Print %(count)d codes?", count) % {"count": count},
            button=ngettext("Print one", "Print %(count)d", count) % {"count": count},
            lines=[
                _("Each code lets its person in once, within 14 days."),
                _("Codes printed for them before are withdrawn, and a password they had ends when the code is used."),
                _("They are shown once. Hand each to its person only, on paper."),
            ],
            left_out=[(person, reason) for person, reason in reasons if reason],
            count=count,
        )

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset.filter(is_active=True))
        if "confirmed" in request.POST:
            self._each(request, people, services.deactivate_person)
            return None
        return self._confirm(
            request,
            action="deactivate",
            people=people,
            title=ngettext("Deactivate one person?", "Deactivate %(count)d people?", len(people))
            % {"count": len(people)},
            button=ngettext("Deactivate one", "Deactivate %(count)d", len(people)) % {"count": len(people)},
            lines=[
                _("Sessions, codes, links in mail and calendar feeds end at once."),
                _("What they took part in stays. You can let them in again at any time."),
            ],
            left_out=[],
            count=len(people),
            kind="trouble",
        )

    @admin.action(description=gettext_lazy("Let in again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset.filter(is_active=False))
        if "confirmed" in request.POST:
            self._each(request, people, services.reactivate_person)
            return None
        return self._confirm(
            request,
            action="reactivate",
            people=people,
            title=ngettext("Let one person in again?", "Let %(count)d people in again?", len(people))
            % {"count": len(people)},
            button=ngettext("Let one in", "Let %(count)d in", len(people)) % {"count": len(people)},
            lines=[_("They sign in as before. Codes, links and feeds that ended stay ended.")],
            left_out=[],
            count=len(people),
        )

    def _each(self, request: HttpRequest, people: list[User], service: Callable[..., None]) -> None:
        done = 0
        for person in people:
            try:
                service(person=person, by=signed_in(request), now=timezone.now())
                done += 1
            except services.DeactivationError as error:
                self.message_user(request, f"{person.display_name}: {error}", "error")
        self.message_user(
            request, ngettext("Done for one person.", "Done for %(count)d people.", done) % {"count": done}
        )

    def _confirm(self, request: HttpRequest, *, people: list[User], **context: Any) -> HttpResponse:
        """Say what will happen to how many, and ask."""
        return TemplateResponse(
            request,
            "admin/people/confirm.html",
            {
                **self.admin_site.each_context(request),
                "keys": [str(person.pk) for person in people],
                "back": reverse("admin:people_user_changelist"),
                "kind": "main",
                **context,
            },
        )
