"""The meetings of a partnership: planned or logged, who was there, and each later change of the hours as a row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models.pairs import Membership, Partnership
from mentorship.partnerships.querysets import AttendanceQuerySet, HourCorrectionQuerySet, MeetingQuerySet

SHORTEST = 5
LONGEST = 600


class Meeting(UUIDModel):
    """One meeting. `minutes` is its length as it stands now: planned, and later what it really was.

    `sequence` counts the invitations that went out for it, as calendars need it, and `changed_at` dates the last of
    them. `planned` is false for a meeting that was logged without having been planned. Where it takes place is the
    members' to know alone.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("took place")
        MISSED = "missed", _("didn't take place")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    class Mode(models.TextChoices):
        VIDEO = "video", _("Video call")
        PHONE = "phone", _("Phone")
        IN_PERSON = "in-person", _("In person")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED)
    planned = models.BooleanField(_("planned before"), default=True)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    mode = models.CharField(_("how"), max_length=9, choices=Mode, default=Mode.VIDEO)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    sequence = models.PositiveIntegerField(_("invitations sent"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    made_at = models.DateTimeField(_("entered on"))
    changed_at = models.DateTimeField(_("last changed"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("logged by")
    )
    settled_at = models.DateTimeField(_("logged"), null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "id"]
        indexes = [
            models.Index(fields=["partnership", "state", "starts_at"], name="meeting_of_partnership"),
            models.Index(fields=["starts_at"], condition=Q(state="planned"), name="meeting_planned"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "missed", "cancelled"]), name="meeting_state"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="meeting_length_is_believable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} {self.state}"


class Attendance(UUIDModel):
    """Whether one member was at one meeting that was held."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="attendances")
    present = models.BooleanField(_("was there"))

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="one_attendance_per_member")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.present}"


class HourCorrection(UUIDModel):
    """A change of a logged meeting's length or of who was there: never overwritten, so the figures stay explained.

    Minutes are those of the meeting, 0 where it turned out not to have taken place; present counts people.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("meeting")
    )
    before_minutes = models.PositiveSmallIntegerField(_("minutes before"))
    after_minutes = models.PositiveSmallIntegerField(_("minutes after"))
    before_present = models.PositiveSmallIntegerField(_("people before"))
    after_present = models.PositiveSmallIntegerField(_("people after"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("corrected"))

    objects = HourCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of hours")
        verbose_name_plural = _("corrections of hours")
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.before_minutes} → {self.after_minutes}"
