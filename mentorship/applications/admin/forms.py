"""What a coordinator writes when deciding."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.applications.models import Application, SecondLook
from mentorship.applications.states import APPLICATION, ONCE_TOLD
from mentorship.common.forms import Choice


class DecisionForm(forms.Form):
    """Eligible, not this season, or waiting list; a reason where a rule isn't met."""

    use_required_attribute = False
    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[
            ("eligible", _("Eligible")),
            ("ineligible", _("Not this season")),
            ("waiting", _("Waiting list")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason for an exception"),
        help_text=_(
            "Needed where a rule isn't met and you decide “eligible”. Coordinators read it, the applicant doesn't."
        ),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def narrow(self, application: Application, look: SecondLook | None) -> None:
        """Show only what can be decided now; nothing at all while a second look is open."""
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        open_look = look is not None and look.decision == SecondLook.Decision.OPEN
        told = application.released_at is not None
        hints = {
            "eligible": _("They go into the pool for matching."),
            "ineligible": _("They read which rule isn't met, and can ask for a second look."),
            "waiting": _("They may take part once a place is free."),
        }
        field.choices = [
            (key, Choice(label, hints[key]))
            for key, label in (
                ("eligible", _("Eligible")),
                ("ineligible", _("Not this season")),
                ("waiting", _("Waiting list")),
            )
            if not open_look
            and APPLICATION.allows(application.state, key)
            and (not told or (application.state, key) in ONCE_TOLD)
        ]

    @property
    def has_choices(self) -> bool:
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        return bool(field.choices)


class SecondLookForm(forms.Form):
    """What came of a second look, and why."""

    use_required_attribute = False
    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[
            (SecondLook.Decision.CHANGED, _("They can take part")),
            (SecondLook.Decision.UPHELD, _("It stays “not this season”")),
        ],
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("One or two sentences. The applicant reads them, in the mail and on their page."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
