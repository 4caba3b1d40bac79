"""What every run of the engine keeps, of pairs and of circles."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel
from mentorship.jobs.models import Job


class Run(UUIDModel):
    """One run of the engine over the frozen inputs of a season.

    Each kind of run adds its season, and `problem` and `trace`: the engine's own JSON, encrypted, since scores would
    let identity be subtracted and a problem holds whom people asked not to meet. `figures` is what coordinators may
    read.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        DONE = "done", _("result checked")
        FAILED = "failed", _("failed")

    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(_("run"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    input_hash = models.CharField(_("hash of the inputs"), max_length=64, blank=True)
    seed = models.CharField(_("tie-break"), max_length=40, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.season} · {self.number}"  # type: ignore[attr-defined]
