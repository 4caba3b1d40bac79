"""The forms about meetings: to plan one, to log one, to put one right."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import URLValidator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mentorship.common.forms import DAYS, Choice
from mentorship.partnerships.meeting_words import length_words
from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.models.meetings import LONGEST, SHORTEST
from mentorship.partnerships.services.meetings import Plan
from mentorship.partnerships.words import together
from mentorship.people.meeting import MODES
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at, zone

USUAL_MINUTES = 45
NOON = time(12, 0)


class ClocksChange(Exception):
    """There is no such time on that day: the clocks are put forward over it."""


def moment(season: Season, day: date, clock: time) -> datetime:
    """The moment at which the season's clocks show that day and time. Raises ClocksChange."""
    local = datetime.combine(day, clock, zone(season))
    found = local.astimezone(UTC)
    if found.astimezone(zone(season)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ClocksChange
    return found


def minutes_field(initial: int = USUAL_MINUTES) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many minutes?"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 5}),
    )


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAYS
    )


def mode_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How?"), widget=forms.RadioSelect, choices=list(MODES.items()), initial=Meeting.Mode.VIDEO
    )


class PlanForm(forms.Form):
    """When, how long, and where one meets."""

    use_required_attribute = False
    day = day_field(_("Day"))
    clock = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"],
    )
    minutes = minutes_field()
    mode = mode_field()
    link = forms.URLField(
        label=_("Link to the video call"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
    )
    place = forms.CharField(label=_("Place, if you meet in person"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, *, season: Season, now: datetime, meeting: Meeting | None = None, mode: str = ""
    ) -> None:
        self.season, self.now = season, now
        initial: dict[str, Any] = {"mode": mode} if mode else {}
        if meeting is not None:
            local = meeting.starts_at.astimezone(zone(season))
            initial = {
                "day": local.date(),
                "clock": local.time(),
                "minutes": meeting.minutes,
                "mode": meeting.mode,
                "link": meeting.link,
                "place": meeting.place,
            }
        super().__init__(data, initial=initial)
        self.fields["clock"].help_text = _("In the time zone of the season: %(zone)s.") % {
            "zone": season.zone.replace("_", " ")
        }

    def clean(self) -> None:
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        if day is None or clock is None:
            return
        try:
            starts_at = moment(self.season, day, clock)
        except ClocksChange:
            self.add_error("clock", _("The clocks change that night, and this time doesn't exist. Choose another."))
            return
        if starts_at <= self.now:
            self.add_error("day", _("This is over already. To add a meeting that took place, log it instead."))
        elif starts_at >= meetings_end_at(self.season):
            self.add_error("day", _("The season's meetings are over by then. Choose an earlier day."))
        self.cleaned_data["starts_at"] = starts_at

    @property
    def plan(self) -> Plan:
        """What a valid form says."""
        data = self.cleaned_data
        return Plan(data["starts_at"], data["minutes"], data["mode"], data["place"].strip(), data["link"])


class PresentForm(forms.Form):
    """What every form about a meeting that took place asks: how long, and who was there."""

    use_required_attribute = False
    minutes = minutes_field()
    present = forms.TypedMultipleChoiceField(
        label=_("Who was there?"),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        error_messages={"required": _("Tick at least one person, or say that it didn't take place.")},
    )

    def offer(self, members: Iterable[Membership], there: Iterable[UUID] | None = None) -> None:
        """The members to tick; without `there` all of them are."""
        members = list(members)
        field = self.fields["present"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(member.pk), member.person.display_name) for member in members]
        chosen = {member.pk for member in members} if there is None else set(there)
        self.initial["present"] = [str(member.pk) for member in members if member.pk in chosen]


class LoggingForm(PresentForm):
    """A meeting that counts from now on; where one of its day is logged already, the form asks whether it is another.

    `seen` holds the day and how many logged meetings of it were shown, once the form has asked.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    asks = False

    @property
    def met_on(self) -> date:
        """The day of a valid form, in the season's zone."""
        raise NotImplementedError

    @property
    def known(self) -> int:
        """How many logged meetings of the day, of a valid form, the one who sends it was asked about."""
        day, _space, count = self.cleaned_data["seen"].partition(" ")
        return int(count) if day == str(self.met_on) and count.isdecimal() and len(count) < 4 else 0

    def ask_about(self, meetings: Sequence[Meeting]) -> None:
        """Show the form again with the meetings of that day; sent once more, it is about another one."""
        lengths = together([length_words(meeting.minutes) for meeting in meetings])
        words = _("On %(day)s this is logged already: %(lengths)s. Log another meeting?")
        self.asks = True
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent["seen"] = f"{self.met_on} {len(meetings)}"
        self.data = sent
        self.add_error(None, words % {"day": date_format(self.met_on, "MONTH_DAY_FORMAT"), "lengths": lengths})


class LogForm(LoggingForm):
    """A planned meeting that took place, filled in with what was planned."""

    def __init__(self, data: Any = None, *, meeting: Meeting, members: Iterable[Membership]) -> None:
        super().__init__(data, initial={"minutes": meeting.minutes})
        self.meeting = meeting
        self.offer(members)

    @property
    def met_on(self) -> date:
        return self.meeting.starts_at.astimezone(zone(self.meeting.partnership.season)).date()


class UnplannedForm(LoggingForm):
    """A meeting that took place without having been planned here."""

    day = day_field(_("Day"))
    mode = mode_field()
    field_order = ("day", "minutes", "mode", "present")

    def __init__(
        self, data: Any = None, *, pair: Partnership, members: Iterable[Membership], now: datetime, mode: str = ""
    ) -> None:
        self.pair, self.now = pair, now
        self.today = now.astimezone(zone(pair.season)).date()
        super().__init__(data, initial={"day": self.today, "mode": mode or Meeting.Mode.VIDEO})
        self.offer(members)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. To agree on a meeting, plan it instead."))
        first = self.pair.announced_at or self.pair.approved_at
        if day < first.astimezone(zone(self.pair.season)).date():
            raise forms.ValidationError(_("On that day you weren't a pair yet."))
        if self.pair.closed_at and day > self.pair.closed_at.astimezone(zone(self.pair.season)).date():
            raise forms.ValidationError(_("On that day your time as a pair was over."))
        return day

    @property
    def met_on(self) -> date:
        day: date = self.cleaned_data["day"]
        return day

    @property
    def starts_at(self) -> datetime:
        """A moment of that day at which they were a pair: noon, where it allows it."""
        first = self.pair.announced_at or self.pair.approved_at
        last = min(self.pair.closed_at or self.now, self.now)
        # Nobody is asked at what time they met, so a meeting of today ends now at the latest.
        latest = max(first, last - timedelta(minutes=self.cleaned_data["minutes"]))
        noon = datetime.combine(self.cleaned_data["day"], NOON, zone(self.pair.season)).astimezone(UTC)
        return min(max(noon, first), latest)


class CorrectionForm(PresentForm):
    """What was logged wrongly, and why it is changed."""

    took_place = forms.ChoiceField(
        label=_("Did it take place?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )
    reason = forms.CharField(
        label=_("What was wrong?"), max_length=200, help_text=_("A few words; they stay with the meeting.")
    )
    field_order = ("took_place", "minutes", "present", "reason")

    def __init__(self, data: Any = None, *, meeting: Meeting, members: Iterable[Membership]) -> None:
        held = meeting.state == Meeting.State.HELD
        super().__init__(data, initial={"minutes": meeting.minutes, "took_place": "yes" if held else "no"})
        there = [entry.membership_id for entry in meeting.attendances.all() if entry.present]
        self.offer(members, there if held else None)
        field = self.fields["took_place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("yes", Choice(_("Yes"))), ("no", Choice(_("No"), _("Its hours no longer count.")))]
        if data is not None and data.get("took_place") == "no":
            self.fields["present"].required = self.fields["minutes"].required = False

    @property
    def took(self) -> bool:
        return bool(self.cleaned_data["took_place"] == "yes")
