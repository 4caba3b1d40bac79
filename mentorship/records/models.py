"""What is kept about what happened: the audit trail, which nobody can change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel


class AuditEntry(UUIDModel):
    """One thing that somebody did: who, the verb, to what, when; never what was in it.

    `actor` is empty where the program acted by itself. `label` is the kind of thing ("applications.application"),
    `object_id` its key.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.SlugField(_("did what"), max_length=60)
    label = models.CharField(_("to what"), max_length=60)
    object_id = models.CharField(_("its key"), max_length=36)
    at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["label", "object_id"], name="audit_object")]
        triggers = [
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class LegalHold(UUIDModel):
    """A duty to keep one person's records: it stops their erasure until it is lifted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(lifted_at=None),
                name="one_open_hold_per_person",
            )
        ]

    def __str__(self) -> str:
        return self.reason
