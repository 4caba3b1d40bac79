"""How it goes with a pair: the monthly question to each member, and what coordinators write to them about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.checkins.querysets import CheckInQuerySet
from mentorship.partnerships.models.pairs import Membership


class CheckIn(UUIDModel):
    """One question to one member of a pair for one month: how is it going, and does a coordinator have to know?

    `month` is its first day in the season's zone. `waits_since` is set while something in the answer waits for a
    coordinator: a wish for a call or for a different match, or a low mark. `chased_at` is when a missing answer was
    asked for once more, `escalated_at` when the second coordinator was told that it has waited for a week.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("not answered yet")
        ANSWERED = "answered", _("answered")
        HANDLED = "handled", _("dealt with")

    class Going(models.IntegerChoices):
        VERY_WELL = 5, _("Very well")
        WELL = 4, _("Well")
        SO_SO = 3, _("So-so")
        NOT_SO_WELL = 2, _("Not so well")
        BADLY = 1, _("Badly")

    class Fit(models.TextChoices):
        GOOD = "good", _("A good fit")
        DECIDING = "deciding", _("Still deciding")
        DIFFERENT = "different", _("I'd like a different match")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="check_ins")
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    chased_at = models.DateTimeField(_("asked once more"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    going = models.PositiveSmallIntegerField(_("how it is going"), choices=Going, null=True)
    fit = models.CharField(_("how the match fits"), max_length=9, choices=Fit, blank=True)
    wants_call = models.BooleanField(_("would like a call"), default=False)
    note = EncryptedField(label="partnerships.check-in.note", pad_to=2048, default="", verbose_name=_("note"))
    waits_since = models.DateTimeField(_("waits since"), null=True)
    escalated_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(_("dealt with on"), null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dealt with by"),
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-month", "id"]
        indexes = [
            models.Index(fields=["waits_since"], condition=Q(waits_since__isnull=False), name="check_in_waits"),
            models.Index(fields=["month", "state"], name="check_in_month"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["membership", "month"], name="one_check_in_a_month"),
            models.CheckConstraint(condition=Q(state__in=["asked", "answered", "handled"]), name="check_in_state"),
            models.CheckConstraint(condition=Q(going=None) | Q(going__range=(1, 5)), name="check_in_going"),
            models.CheckConstraint(condition=Q(fit__in=["", "good", "deciding", "different"]), name="check_in_fit"),
            models.CheckConstraint(
                condition=Q(state="asked", going=None) | (~Q(state="asked") & Q(going__isnull=False)),
                name="check_in_answered_with_a_mark",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class CoordinatorMessage(UUIDModel):
    """What a coordinator wrote to a member about how it goes; the delivery that carries it holds only its key."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="coordinator_messages")
    check_in = models.ForeignKey(CheckIn, on_delete=models.SET_NULL, null=True, related_name="replies")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    words = EncryptedField(
        label="partnerships.coordinator-message.words", pad_to=2048, default="", verbose_name=_("text")
    )
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("message from a coordinator")
        verbose_name_plural = _("messages from coordinators")
        ordering = ["-written_at", "id"]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"
