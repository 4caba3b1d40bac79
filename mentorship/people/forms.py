"""The forms by which people come in and say how they want to be known."""

from datetime import date
from typing import Any

from allauth.account import forms as account_forms
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentorship.common.forms import DAYS
from mentorship.people.meeting import LANGUAGES, MODES, SLOTS
from mentorship.people.models import User
from mentorship.people.services import may_receive_codes
from mentorship.people.slots import SlotGrid


class SharedComputerForm(forms.Form):
    """The box that every sign-in form has. SharedComputerMiddleware reads it: a form that was posted without the
    hidden copy of its first state was never shown, so it says nothing."""

    shared_computer = forms.BooleanField(
        label=_("This is a shared computer"),
        help_text=_("You are signed out after 15 minutes without a click, and when the browser is closed."),
        required=False,
        initial=True,
        show_hidden_initial=True,
    )


class LoginForm(account_forms.LoginForm, SharedComputerForm):  # type: ignore[misc]
    """Employee number or e-mail address, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Employee number or e-mail address")
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password", "shared_computer"])


class RequestLoginCodeForm(account_forms.RequestLoginCodeForm, SharedComputerForm):  # type: ignore[misc]
    """An e-mail address to which a sign-in code is sent; whether anybody has it isn't said."""

    _user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.order_fields(["email", "shared_computer"])

    def clean_email(self) -> str:
        email: str = super().clean_email()
        # A mailbox that several people read would let each of them in as the other.
        found: User | None = self._user
        self._user = found if found and may_receive_codes(found, email) else None
        return email


class ResetPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    """An e-mail address to which a code is sent that lets one set a new password."""

    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found: list[User] = self.users
        self.users = [person for person in found if may_receive_codes(person, email)]
        return email


class CodeForm(SharedComputerForm):
    """Employee number and the code on paper."""

    employee_number = forms.CharField(
        label=_("Employee number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("The twelve letters and digits on your sheet. Dashes and capitals don't matter."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ("employee_number", "code", "shared_computer")


class ProfileForm(forms.Form):
    """What a person says of themselves; every field may stay empty."""

    PARTS = {
        "name": ("preferred_name", "pronouns", "show_pronouns_to_partners", "show_pronouns_in_directory"),
        "directory": ("in_directory", "bio"),
        "meeting": ("slots", "schedule_rotates", "modes", "languages"),
        "work": ("scheduler",),
        "pages": ("language",),
    }

    preferred_name = forms.CharField(
        label=_("Preferred name"),
        max_length=100,
        required=False,
        help_text=_("The name others see here, in place of the one on the staff list. An import never changes it."),
    )
    pronouns = forms.CharField(
        label=_("Pronouns"), max_length=40, required=False, help_text=_("Such as she/her, he/him, they/them.")
    )
    show_pronouns_to_partners = forms.BooleanField(label=_("Show them to those I meet with"), required=False)
    show_pronouns_in_directory = forms.BooleanField(label=_("Show them in the directory of mentors"), required=False)
    in_directory = forms.BooleanField(
        label=_("List me in the directory when I mentor"),
        required=False,
        help_text=_("Colleagues who apply can then name you as a mentor they would like."),
    )
    bio = forms.CharField(
        label=_("About me"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Two or three sentences: what you do, what you like to be asked."),
    )
    slots = forms.MultipleChoiceField(
        label=_("When could you usually meet?"),
        help_text=_("Tick every time that works in a usual week. Each application starts with these."),
        widget=SlotGrid,
        choices=[(slot, slot) for slot in SLOTS],
        required=False,
    )
    schedule_rotates = forms.BooleanField(label=_("My schedule rotates"), required=False)
    modes = forms.MultipleChoiceField(
        label=_("How would you like to meet?"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(MODES.items()),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you could meet"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(LANGUAGES.items()),
        required=False,
    )
    scheduler = forms.CharField(
        label=_("Who makes your schedule?"),
        max_length=254,
        required=False,
        help_text=_("Their library e-mail address or employee number. They are told the hours of released time."),
    )
    language = forms.ChoiceField(
        label=_("Language of these pages and of messages to you"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        kwargs["initial"] = self._stored()
        super().__init__(*args, **kwargs)

    def _stored(self) -> dict[str, Any]:
        profile = self.person.profile
        names = [name for names in self.PARTS.values() for name in names if name not in {"scheduler", "language"}]
        scheduler = profile.scheduler
        return {
            **{name: getattr(profile, name) for name in names},
            "scheduler": (scheduler.email or scheduler.employee_number) if scheduler else "",
            "language": self.person.language,
        }

    def clean_scheduler(self) -> User | None:
        typed = self.cleaned_data["scheduler"].strip()
        if not typed:
            return None
        kept = self.person.profile.scheduler
        if kept and typed == self._stored()["scheduler"]:
            return kept
        found: User | None = (
            User.objects.active().filter(Q(email__iexact=typed) | Q(employee_number__iexact=typed)).first()
        )
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address or number. Check it, or leave it empty."))
        if found.pk == self.person.pk:
            raise forms.ValidationError(_("That is you. Leave it empty if you make your own schedule."))
        return found


class AbsenceForm(forms.Form):
    """Days on which a person is away."""

    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAYS
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAYS
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif last and last < self.today:
            self.add_error("last_day", _("These days are over already."))
