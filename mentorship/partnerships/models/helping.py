"""Help: what a member of a pair raises with the coordinators, and what is written back and forth about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.helping.querysets import HelpCaseQuerySet
from mentorship.partnerships.models.pairs import Membership


class HelpCase(UUIDModel):
    """What one member of a pair wants help with; the others in the pair never learn of it.

    `kept_from` is the coordinator who is not to handle it, for whom it doesn't exist. `waits_since` is set while the
    person waits for a coordinator, `escalated_at` when the second coordinator was told that it has waited for a
    week. The words are its messages, the person's first one included.
    """

    class State(models.TextChoices):
        OPEN = "open", _("nobody has taken it yet")
        TAKEN = "taken", _("a coordinator is on it")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("settled")

    class Topic(models.TextChoices):
        SCHEDULE = "schedule", _("Finding time to meet")
        MATCH = "match", _("The match")
        CONDUCT = "conduct", _("Confidentiality or how somebody behaves")
        OTHER = "other", _("Something else")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="help_cases")
    topic = models.CharField(_("what it is about"), max_length=8, choices=Topic)
    about_partner = models.BooleanField(_("about the person they meet with"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    kept_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("not to be handled by"),
    )
    opened_at = models.DateTimeField(_("asked"))
    waits_since = models.DateTimeField(_("waits since"), null=True)
    escalated_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handled by")
    )
    taken_at = models.DateTimeField(_("taken"), null=True)
    closed_at = models.DateTimeField(_("settled on"), null=True)

    objects = HelpCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(fields=["waits_since"], condition=Q(waits_since__isnull=False), name="help_case_waits"),
            models.Index(fields=["membership"], condition=~Q(state="closed"), name="help_case_goes_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken", "answered", "closed"]), name="help_case_state"
            ),
            models.CheckConstraint(
                condition=Q(topic__in=["schedule", "match", "conduct", "other"]), name="help_case_topic"
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | Q(kept_from=None) | ~Q(handler=models.F("kept_from")),
                name="help_case_not_with_whom_it_is_kept_from",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_topic_display())


class HelpMessage(UUIDModel):
    """One message of a request for help, from the person or from the coordinator who handles it."""

    case = models.ForeignKey(HelpCase, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    words = EncryptedField(label="partnerships.help-message.words", pad_to=2048, default="", verbose_name=_("text"))
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("message about help")
        verbose_name_plural = _("messages about help")
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"
