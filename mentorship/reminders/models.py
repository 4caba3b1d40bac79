"""The outbox: what is to be said to whom, written in the transaction of the event that causes it."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel
from mentorship.reminders.querysets import DeliveryQuerySet, SeasonRuleQuerySet, WordingQuerySet


class Delivery(UUIDModel):
    """One message to one person. Holds the rule and ids; the text is rendered when it is sent.

    `subject_id` is the key of the row that the message is about, `ids` any further keys. `dedupe_key` makes a
    second request for the same message harmless. Making: a sender holds the row and hasn't handed it over; should
    it die, another one makes it anew. Claimed: it is being handed over. Uncertain: the sender died then, so the
    message may have gone out; it is never sent again by itself. Dead: it could not be sent.
    """

    class State(models.TextChoices):
        DUE = "due", _("due")
        MAKING = "making", _("being made")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("no longer needed")
        UNCERTAIN = "uncertain", _("may have been sent")
        DEAD = "dead", _("could not be sent")
        CANCELLED = "cancelled", _("cancelled")

    # There are few rules with many messages each: an index on them alone would only mislead the planner.
    rule = models.SlugField(_("message"), max_length=60, db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("to"),
    )
    subject_id = models.UUIDField(null=True)
    ids = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due"))
    made_at = models.DateTimeField(_("asked for"))
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    message_id = models.CharField(max_length=200, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    week = DateRangeField(null=True)
    carrier = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="carried")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages in the outbox")
        ordering = ["-due_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="delivery_due"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["making", "claimed"]),
                name="delivery_leased",
            ),
            models.Index(fields=["recipient", "-due_at"], name="delivery_recipient"),
            models.Index(fields=["subject_id", "rule"], name="delivery_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "due",
                        "making",
                        "claimed",
                        "sent",
                        "skipped",
                        "uncertain",
                        "dead",
                        "cancelled",
                    ]
                ),
                name="delivery_state",
            ),
            # The last line behind `weekly.take_week`: two reminders of one week can't both be written down.
            ExclusionConstraint(
                name="one_reminder_a_week",
                expressions=[("recipient", RangeOperators.EQUAL), ("week", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return self.rule


class Preference(UUIDModel):
    """A person's own choice to receive no reminders; essential messages still come."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_preference",
        verbose_name=_("person"),
    )
    reminders = models.BooleanField(_("send me reminders"), default=True)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return str(self.person_id)


class MailToken(UUIDModel):
    """A one-click link in a mail: single purpose, expiring, revocable; only the hash of its secret is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.SlugField(max_length=40)
    subject_id = models.UUIDField(null=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail link")
        verbose_name_plural = _("mail links")

    def __str__(self) -> str:
        return self.purpose


class Wording(UUIDModel):
    """A library's own words for one message in one language; without one, the shipped template speaks.

    `season_id` narrows it to a season (reminders doesn't know seasons); empty means everywhere. The body is
    Markdown with {placeholders} that the rule names.
    """

    rule = models.SlugField(_("message"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    season_id = models.UUIDField(null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "language", "season_id"],
                name="one_wording",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} ({self.language})"


class SeasonRule(UUIDModel):
    """What a season changed in one kind of message; without a row, the rule's own timing holds and it is on."""

    MOST_DAYS = 90

    rule = models.SlugField(_("message"), max_length=60)
    season_id = models.UUIDField()
    on = models.BooleanField(_("on"), default=True)
    days = models.PositiveSmallIntegerField(
        _("days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )

    objects = SeasonRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a season")
        verbose_name_plural = _("messages of a season")
        constraints = [
            models.UniqueConstraint(fields=["rule", "season_id"], name="one_season_rule"),
            models.CheckConstraint(condition=models.Q(days__gte=1, days__lte=90), name="season_rule_days"),
        ]

    def __str__(self) -> str:
        return self.rule


class Heartbeat(UUIDModel):
    """When something that must happen regularly happened last; `/readyz` tells its age."""

    name = models.SlugField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
