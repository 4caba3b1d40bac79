"""The forms for what members write: goals, notes, and how they part."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.common.forms import Choice
from mentorship.partnerships.models import Meeting, PairGoal
from mentorship.partnerships.models.goals import LONGEST_GOAL
from mentorship.partnerships.models.notes import LONGEST_NOTE
from mentorship.seasons.models import Goal

OWN = "own"


class ProgressForm(forms.Form):
    """How far the members are with each goal."""

    def __init__(self, data: Any = None, *, goals: Iterable[PairGoal]) -> None:
        super().__init__(data)
        self.goals = list(goals)
        for goal in self.goals:
            self.fields[self._name(goal)] = forms.ChoiceField(
                label=goal.title,
                widget=forms.RadioSelect,
                choices=PairGoal.Progress.choices,
                initial=goal.progress,
            )

    def changed(self) -> list[tuple[PairGoal, str]]:
        """The goals of a valid form that stand differently now."""
        new = [(goal, self.cleaned_data[self._name(goal)]) for goal in self.goals]
        return [(goal, progress) for goal, progress in new if progress != goal.progress]

    @staticmethod
    def _name(goal: PairGoal) -> str:
        return f"goal-{goal.pk}"


class GoalForm(forms.Form):
    """One goal more: one of those in the application, or one in own words."""

    use_required_attribute = False
    goal = forms.ChoiceField(label=_("Which goal?"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("In your own words"), max_length=LONGEST_GOAL, required=False)

    def __init__(self, data: Any = None, *, goals: Iterable[Goal]) -> None:
        super().__init__(data)
        self.known = {str(goal.pk): goal for goal in goals}
        field = self.fields["goal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((key, str(goal)) for key, goal in self.known.items()),
            (OWN, Choice(_("Another one"), _("Write it below."))),
        ]
        self.initial["goal"] = next(iter(self.known), OWN)
        if not self.known:
            # There is nothing to choose from: what is left to say is said in own words.
            field.widget = forms.HiddenInput()
            self.fields["words"].required = True

    def clean(self) -> None:
        self.cleaned_data["words"] = self.cleaned_data.get("words", "").strip()
        if self.cleaned_data.get("goal") == OWN and not self.cleaned_data["words"]:
            self.add_error("words", _("Write what you want to reach."))

    @property
    def chosen(self) -> Goal | None:
        """The goal of a valid form; None where it is in own words."""
        return self.known.get(self.cleaned_data["goal"])


class NoteForm(forms.Form):
    """A note, and who reads it."""

    use_required_attribute = False
    text = forms.CharField(label=_("Your note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 5}))
    readers = forms.ChoiceField(label=_("Who may read it?"), widget=forms.RadioSelect)
    meeting = forms.ChoiceField(label=_("About which meeting?"), required=False)

    def __init__(self, data: Any = None, *, meetings: Iterable[tuple[Meeting, str]], chosen: str = "") -> None:
        super().__init__(data, initial={"readers": "me", "meeting": chosen})
        self.known = {str(meeting.pk): meeting for meeting, _words in meetings}
        readers, about = self.fields["readers"], self.fields["meeting"]
        assert isinstance(readers, forms.ChoiceField)
        assert isinstance(about, forms.ChoiceField)
        readers.choices = [
            ("me", Choice(_("Only I"), _("Nobody else can open it, coordinators and administrators included."))),
            ("both", Choice(_("My partner and I"), _("Nobody else can open it, coordinators included."))),
        ]
        about.choices = [("", _("None in particular")), *((str(meeting.pk), words) for meeting, words in meetings)]

    @property
    def about(self) -> Meeting | None:
        return self.known.get(self.cleaned_data["meeting"])

    @property
    def shared(self) -> bool:
        return bool(self.cleaned_data["readers"] == "both")


class PartingForm(forms.Form):
    """How a pair comes to its end before the season does."""

    use_required_attribute = False
    how = forms.ChoiceField(label=_("What fits better?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, has_met: bool) -> None:
        super().__init__(data)
        field = self.fields["how"]
        assert isinstance(field, forms.ChoiceField)
        reached = ("reached", Choice(_("We have reached what we wanted"), _("You complete your time early.")))
        ended = ("ended", Choice(_("It has to stop"), _("Nobody asks why, and it is nobody's fault.")))
        # Without a single meeting there is nothing that could have been completed.
        field.choices = [reached, ended] if has_met else [ended]
