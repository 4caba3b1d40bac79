"""Which circles should meet: runs of the engine, the circles that they suggest, and who may guide them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.models.runs import Run
from matching.querysets import CircleProposalQuerySet, CircleRunQuerySet
from mentorship.applications.models import Application
from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models import Partnership
from mentorship.seasons.models import Goal, Season


class CircleRun(Run):
    """One run of the engine over the frozen inputs of a season's circles.

    `figures` holds what coordinators may read: counts, sizes, and what the search proved.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="circle_runs")
    problem = EncryptedField(label="matching.circlerun.problem", pad_to=4096, default=dict)
    trace = EncryptedField(label="matching.circlerun.trace", pad_to=4096, default=dict)

    objects = CircleRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run for circles")
        verbose_name_plural = _("runs for circles")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="one_circle_run_per_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "done", "failed"]), name="circle_run_state"
            ),
        ]


class CircleProposal(UUIDModel):
    """A circle that a run suggests: a theme, a time, a way to meet and a language (empty: nobody named any).

    `number` is what coordinators call it by. `partnership` is what an approval made of it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("suggested")
        LOCKED = "locked", _("held")
        APPROVED = "approved", _("approved")

    run = models.ForeignKey(CircleRun, on_delete=models.CASCADE, related_name="circles")
    number = models.PositiveSmallIntegerField(_("circle"))
    theme = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="+", verbose_name=_("theme"))
    slot = models.CharField(_("time"), max_length=8, blank=True)
    mode = models.CharField(_("way to meet"), max_length=12, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    partnership = models.ForeignKey(Partnership, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = CircleProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested circle")
        verbose_name_plural = _("suggested circles")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_circle_per_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "locked", "approved"]), name="circle_proposal_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.number}"


class CircleSeat(UUIDModel):
    """Where a run puts a peer: in a circle, or in none and why (`reasons`, empty for who has a circle)."""

    run = models.ForeignKey(CircleRun, on_delete=models.CASCADE, related_name="seats")
    circle = models.ForeignKey(CircleProposal, on_delete=models.CASCADE, null=True, related_name="seats")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("place in a circle")
        verbose_name_plural = _("places in circles")
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="one_seat_per_peer")]

    def __str__(self) -> str:
        return f"{self.application_id} – {self.circle_id}"


class CircleGuide(UUIDModel):
    """Who would guide a suggested circle."""

    circle = models.ForeignKey(CircleProposal, on_delete=models.CASCADE, related_name="guides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("facilitator of a suggested circle")
        verbose_name_plural = _("facilitators of suggested circles")
        constraints = [models.UniqueConstraint(fields=["circle", "person"], name="a_guide_once_in_a_circle")]

    def __str__(self) -> str:
        return f"{self.circle_id} – {self.person_id}"


class CircleFacilitator(UUIDModel):
    """Somebody whom coordinators name to guide up to `circles` circles of a season; no application is needed."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="circle_facilitators")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    circles = models.PositiveSmallIntegerField(_("circles"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        constraints = [
            models.UniqueConstraint(fields=["season", "person"], name="a_facilitator_once_in_a_season"),
            models.CheckConstraint(condition=models.Q(circles__gte=1, circles__lte=5), name="facilitator_circles"),
        ]

    def __str__(self) -> str:
        return f"{self.season_id} – {self.person_id}"
