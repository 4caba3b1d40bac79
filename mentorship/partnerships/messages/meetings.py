"""What is said of meetings: invitations that move with them, the day before, and afterwards whether they met."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.helping.services import help_case_open, open_help_case
from mentorship.partnerships.invitations import invitation, method_of
from mentorship.partnerships.messages.common import (
    concerning_meetings,
    invented,
    meeting_of,
    meeting_season_key,
    pair_context,
    still_member,
    when,
)
from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.querysets import GOING_ON
from mentorship.partnerships.reading import with_members
from mentorship.partnerships.services.meetings import ends_at
from mentorship.reminders import links
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Attachment, Rule, register
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import not_said, shifted, switched_off
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season

TOMORROW, DID_YOU_MEET = "meeting-tomorrow", "did-you-meet"
LOG_MEETING = "log-meeting"
LINK_LIFETIME = timedelta(days=14)
MORNING = time(9, 0)
DAY = timedelta(days=1)
# Whoever planned it is asked first, the others where nobody said anything for a day.
OTHERS_AFTER = timedelta(days=1)
ASK_UNTIL = timedelta(days=7)
# The morning of the last working day before a meeting on Monday evening is not earlier than this.
LOOK_AHEAD = timedelta(days=4)
PLACEHOLDERS = ("name", "partner", "weekday", "day", "time", "minutes", "season")


def register_rules() -> None:
    """Called once, when the program starts."""
    for key, title, on_what in (
        (
            "meeting-planned",
            gettext_lazy("A meeting was planned (with a calendar entry)"),
            lambda days: _("as soon as a meeting is planned"),
        ),
        (
            "meeting-changed",
            gettext_lazy("A meeting was changed (with a calendar entry)"),
            lambda days: _("as soon as a meeting is changed"),
        ),
        (
            "meeting-cancelled",
            gettext_lazy("A meeting was cancelled (taken out of the calendar)"),
            lambda days: _("as soon as a meeting is cancelled"),
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_context,
                unless=_outdated,
                # A calendar is right at once or not at all: these wait for no working hours.
                essential=True,
                concerns=concerning_meetings,
                audience=gettext_lazy("both members of the pair"),
                when=on_what,
                season_of=meeting_season_key,
                sample=sample_of(key),
                placeholders=PLACEHOLDERS,
                attachments=_entry,
                any_week=True,
            )
        )
    register(
        Rule(
            key=TOMORROW,
            title=gettext_lazy("A meeting is coming up (on the working day before)"),
            context=_context,
            unless=_not_to_come,
            concerns=concerning_meetings,
            audience=gettext_lazy("both members of a pair that meets"),
            when=lambda days: _("in the morning of the working day before the meeting"),
            season_of=meeting_season_key,
            sample=sample_of(TOMORROW),
            placeholders=PLACEHOLDERS,
            any_week=True,
        )
    )
    register(
        Rule(
            key=DID_YOU_MEET,
            title=gettext_lazy("Did you meet? (log it in two taps)"),
            context=_question,
            unless=_settled,
            concerns=concerning_meetings,
            audience=gettext_lazy("whoever planned the meeting, and a day later the other"),
            when=lambda days: _("after a planned meeting of which nobody has said whether it took place"),
            season_of=meeting_season_key,
            sample=sample_of(DID_YOU_MEET),
            placeholders=PLACEHOLDERS,
            any_week=True,
        )
    )


def remind_of_meetings(now: datetime) -> None:
    """On the morning of the last working day before a meeting, in the season's zone, remind each member once."""
    zones = Season.objects.current(now).order_by().values_list("zone", flat=True).distinct()
    days = [day for name in zones for day in _days_to_remind_of(ZoneInfo(name), now)]
    if not days:
        return
    due = Meeting.objects.planned().filter(
        reduce(or_, days),
        not_said(TOMORROW, since="changed_at"),
        ~switched_off(TOMORROW, "partnership__season"),
        starts_at__gt=now,
        starts_at__lt=now + LOOK_AHEAD,
        partnership__state__in=GOING_ON,
    )
    _queue(TOMORROW, [(meeting, member) for meeting in _with_active_members(due) for member in _active(meeting)], now)


def reminder_at(day: date, zone: ZoneInfo) -> datetime:
    """Nine in the morning, by the clocks of `zone`, of the last working day before `day`."""
    day -= DAY
    while day.weekday() > 4:
        day -= DAY
    return datetime.combine(day, MORNING, zone)


def _days_to_remind_of(zone: ZoneInfo, now: datetime) -> Iterator[Q]:
    """A condition for each day of which seasons in `zone` are to be reminded by now.

    Whoever was invited since that morning needs no reminder.
    """
    today = now.astimezone(zone).date()
    for day in (today + n * DAY for n in range(LOOK_AHEAD // DAY + 1)):
        moment = reminder_at(day, zone)
        if moment <= now:
            yield Q(
                partnership__season__zone=zone.key,
                starts_at__gte=datetime.combine(day, time.min, zone),
                starts_at__lt=datetime.combine(day + DAY, time.min, zone),
                changed_at__lt=moment,
            )


def ask_whether_they_met(now: datetime) -> None:
    """After a planned meeting's end ask who planned it, and a day later everybody else, while nobody has said.

    It rests while one of them waits for help.
    """
    a_day_ago = shifted(now, Value(-OTHERS_AFTER), "partnership__season__zone")
    for turn, over_since in ((1, now), (2, a_day_ago)):
        open_ones = Meeting.objects.unsettled(over_since).filter(
            not_said(DID_YOU_MEET, ids__turn=turn),
            ~switched_off(DID_YOU_MEET, "partnership__season"),
            ~help_case_open("partnership"),
            starts_at__gt=now - ASK_UNTIL,
            partnership__state__in=GOING_ON,
        )
        pairs = [(meeting, member) for meeting in _with_active_members(open_ones) for member in _whom(meeting, turn)]
        _queue(DID_YOU_MEET, pairs, now, turn=turn)


def _whom(meeting: Meeting, turn: int) -> list[Membership]:
    members = _active(meeting)
    planner = [member for member in members if member.person_id == meeting.made_by_id]
    if turn == 1:
        return planner or members
    return [member for member in members if member not in planner]


def _with_active_members(meetings: Any) -> Any:
    members = Membership.objects.filter(active=True).select_related("person").order_by("pk")
    return (
        meetings.select_related("partnership__season")
        .prefetch_related(Prefetch("partnership__memberships", members, to_attr="active_members"))
        .order_by("starts_at", "pk")
    )


def _active(meeting: Meeting) -> list[Membership]:
    members: list[Membership] = meeting.partnership.active_members  # type: ignore[attr-defined]
    return members


def _queue(rule: str, pairs: list[tuple[Meeting, Membership]], now: datetime, **ids: Any) -> None:
    drafts = [
        Draft(
            rule=rule,
            recipient=member.person,
            dedupe_key=f"{rule}:{meeting.pk}:{meeting.sequence}:{member.pk}",
            subject=meeting,
            ids={"sequence": meeting.sequence, **ids},
        )
        for meeting, member in pairs
    ]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _context(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return invented()
    meeting = Meeting.objects.get(pk=delivery.subject_id)
    pair = with_members(Partnership.objects.all()).get(pk=meeting.partnership_id)
    return {
        **pair_context(pair, delivery),
        **when(meeting.starts_at, pair.season),
        "minutes": meeting.minutes,
        "mode": meeting.get_mode_display(),
        "place": meeting.place,
        "link": meeting.link,
    }


def _question(delivery: Delivery) -> dict[str, Any]:
    url = links.one_click(
        "partnerships:log_by_mail",
        delivery=delivery,
        purpose=LOG_MEETING,
        lifetime=LINK_LIFETIME,
        subject_id=delivery.subject_id,
    )
    return {**_context(delivery), "action_url": url, "action": _("Log the meeting")}


def _entry(delivery: Delivery) -> list[Attachment]:
    meeting = meeting_of(delivery)
    if meeting is None:
        return []
    return [Attachment("meeting.ics", invitation(meeting, delivery.recipient), method=method_of(meeting))]


def _outdated(delivery: Delivery, now: datetime) -> str:
    """A later message says what is true now."""
    meeting = meeting_of(delivery)
    if meeting is None or not _was_member(meeting, delivery):
        return "gone"
    return "" if delivery.ids.get("sequence") == meeting.sequence else "outdated"


def _was_member(meeting: Meeting, delivery: Delivery) -> bool:
    return Membership.objects.filter(partnership=meeting.partnership_id, person=delivery.recipient).exists()


def _not_to_come(delivery: Delivery, now: datetime) -> str:
    meeting = meeting_of(delivery)
    if meeting is None or meeting.state != Meeting.State.PLANNED or meeting.starts_at <= now:
        return "not-to-come"
    if not still_member(meeting.partnership_id, delivery):
        return "ended"
    return _outdated(delivery, now)


def _settled(delivery: Delivery, now: datetime) -> str:
    meeting = meeting_of(delivery)
    if meeting is None or meeting.state != Meeting.State.PLANNED or ends_at(meeting) > now:
        return "settled"
    if not still_member(meeting.partnership_id, delivery):
        return "ended"
    return "help-case" if open_help_case(meeting.partnership) else ""
