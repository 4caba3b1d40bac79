"""Who works together: partnerships, their members, and the places that each mentor has."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentorship.applications.models import Application
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.querysets import PartnershipQuerySet
from mentorship.seasons.models import Season


class Kind(models.TextChoices):
    """What kind of partnership it is."""

    PAIR = "pair", _("pair")
    CIRCLE = "circle", _("circle")


class Partnership(UUIDModel):
    """People who work together in a season.

    `fit` is the goal fit 0–100 when it was approved, `reasons` the engine's public reasons as data (never anything
    of identity). `answer_due` is when the quiet question to the mentor runs out. `last_met_at` is the start of the
    latest meeting that was held, kept here so that the quiet pairs are found without reading every meeting.
    """

    class State(models.TextChoices):
        APPROVED = "approved", _("approved")
        ASKED = "asked", _("mentor asked")
        CONFIRMED = "confirmed", _("mentor said yes")
        DECLINED = "declined", _("mentor declined")
        CANCELLED = "cancelled", _("taken back")
        ANNOUNCED = "announced", _("announced")
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")
        COMPLETED_EARLY = "completed-early", _("completed early")
        ENDED = "ended", _("ended")

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="partnerships")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PAIR)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.APPROVED)
    fit = models.PositiveSmallIntegerField(_("goal fit"), null=True)
    reasons = models.JSONField(default=dict)
    approved_at = models.DateTimeField(_("approved"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), null=True)
    answer_due = models.DateTimeField(_("answer due"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    announced_at = models.DateTimeField(_("announced"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    last_met_at = models.DateTimeField(_("last meeting"), null=True)
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("contact"),
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["-approved_at", "id"]
        indexes = [
            models.Index(fields=["season", "state"], name="partnership_state"),
            models.Index(fields=["state", "last_met_at"], name="partnership_last_met"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "approved", "asked", "confirmed", "declined", "cancelled",
                        "announced", "running", "completed", "completed-early", "ended",
                    ]
                ),
                name="partnership_state",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_state_display()}"

    @property
    def is_circle(self) -> bool:
        return self.kind == Kind.CIRCLE


class Membership(UUIDModel):
    """One person's part in a partnership. Season and kind repeat the partnership's, for the constraints.

    `answered_at` is when somebody who was asked to guide said yes: a circle with two facilitators waits for both.
    """

    class Role(models.TextChoices):
        MENTOR = "mentor", _("mentor")
        MENTEE = "mentee", _("mentee")
        PEER = "peer", _("peer")
        FACILITATOR = "facilitator", _("facilitator")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="memberships")
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    role = models.CharField(max_length=11, choices=Role)
    active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    answered_at = models.DateTimeField(_("said yes"), null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("member of a partnership")
        verbose_name_plural = _("members of partnerships")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="a_person_once_in_a_partnership"),
            models.UniqueConstraint(
                fields=["season", "person"],
                condition=Q(active=True, kind="pair", role="mentee"),
                name="one_active_pair_per_mentee",
            ),
            models.UniqueConstraint(
                fields=["season", "person"],
                condition=Q(active=True, kind="circle", role="peer"),
                name="one_active_circle_per_peer",
            ),
        ]
        indexes = [models.Index(fields=["person", "active"], name="membership_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class MentorPlaces(UUIDModel):
    """How many mentees a mentor takes in a season and how many they have: the counter that approvals move."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="places")
    capacity = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("places of a mentor")
        verbose_name_plural = _("places of mentors")
        constraints = [models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="no_mentor_over_capacity")]

    def __str__(self) -> str:
        return f"{self.taken} / {self.capacity}"
