"""Which pairs should work together: runs of the engine, what they suggest, and the coordinator's wishes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.models.runs import Run
from matching.querysets import AdjustmentQuerySet, MatchRunQuerySet, ProposalQuerySet
from mentorship.applications.models import Application
from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models import Partnership
from mentorship.seasons.models import Season


class MatchRun(Run):
    """One run of the engine over the frozen inputs of a season's pairs.

    `figures` holds what coordinators may read: counts, goal fit, favourites met, and under "lapsed" the keys of pins
    that a rule has come to forbid.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="match_runs")
    problem = EncryptedField(label="matching.matchrun.problem", pad_to=4096, default=dict)
    trace = EncryptedField(label="matching.matchrun.trace", pad_to=4096, default=dict)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="one_run_per_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "done", "failed"]), name="match_run_state"
            ),
        ]


class Proposal(UUIDModel):
    """A pair that a run suggests, or a mentee for whom it found nobody (`mentor` empty).

    `reasons` is the engine's reason data without anything of identity (`matching.reasons`). `score` is never here.
    `partnership` is what an approval made of it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("suggested")
        LOCKED = "locked", _("held")
        REJECTED = "rejected", _("rejected")
        APPROVED = "approved", _("approved")

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="proposals")
    mentee = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    fit = models.PositiveSmallIntegerField(_("goal fit"), null=True)
    reasons = models.JSONField(default=dict)
    partnership = models.ForeignKey(Partnership, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested match")
        verbose_name_plural = _("suggested matches")
        ordering = ["fit", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "mentee"], name="one_proposal_per_mentee"),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "locked", "rejected", "approved"]), name="proposal_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentee_id} – {self.mentor_id}"


class Exclusion(UUIDModel):
    """A coordinator's "don't pair these two this season"."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="exclusions")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("pair not to make")
        verbose_name_plural = _("pairs not to make")
        constraints = [models.UniqueConstraint(fields=["season", "mentee", "mentor"], name="one_exclusion")]

    def __str__(self) -> str:
        return f"{self.mentee_id} – {self.mentor_id}"


class Pin(UUIDModel):
    """A coordinator's "keep these two together"; `waived` lists the rule codes set aside for it, with a reason."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="pins")
    mentee = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    waived = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("pair to keep together")
        verbose_name_plural = _("pairs to keep together")
        constraints = [models.UniqueConstraint(fields=["season", "mentee"], name="one_pin_per_mentee")]

    def __str__(self) -> str:
        return f"{self.mentee_id} – {self.mentor_id}"


class CallListEntry(UUIDModel):
    """A mentee left without a match: called by a coordinator first, told privately after."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="call_list", verbose_name=_("season"))
    application = models.OneToOneField(
        Application,
        on_delete=models.CASCADE,
        related_name="call",
        verbose_name=_("application"),
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("called by"),
    )
    called_at = models.DateTimeField(_("called"), null=True)
    told_at = models.DateTimeField(_("told"), null=True)

    class Meta:
        verbose_name = _("person to call")
        verbose_name_plural = _("call list")

    def __str__(self) -> str:
        return str(self.application_id)


class Adjustment(UUIDModel):
    """A coordinator's change to what a run suggested; its moves say who had whom before, so that it can be undone.

    `exclusion` is the "don't pair these two" that came with it.
    """

    class Kind(models.TextChoices):
        INSTEAD = "instead", _("another mentor")
        SWAP = "swap", _("swap")
        APART = "apart", _("not paired")
        UNMATCHED = "unmatched", _("left without a mentor")
        REPAIR = "repair", _("filled what had become free")

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="adjustments")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    exclusion = models.ForeignKey(Exclusion, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("change by a coordinator")
        verbose_name_plural = _("changes by coordinators")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["instead", "swap", "apart", "unmatched", "repair"]),
                name="adjustment_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.kind}"


class AdjustmentMove(UUIDModel):
    """One mentee whom an adjustment moved; what the suggestion was before is kept whole, as it is for a suggestion.

    `place` is its order in the story. An empty `state_before` says that the run didn't know the mentee yet.
    """

    adjustment = models.ForeignKey(Adjustment, on_delete=models.CASCADE, related_name="moves")
    place = models.PositiveSmallIntegerField()
    mentee = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="+")
    state_before = models.CharField(max_length=8, blank=True)
    state_after = models.CharField(max_length=8)
    fit_before = models.PositiveSmallIntegerField(null=True)
    reasons_before = models.JSONField(default=dict)
    partnership_before = models.ForeignKey(Partnership, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["adjustment", "place"]
        constraints = [models.UniqueConstraint(fields=["adjustment", "mentee"], name="one_move_per_mentee")]

    def __str__(self) -> str:
        return f"{self.mentee_id}: {self.before_id} – {self.after_id}"
