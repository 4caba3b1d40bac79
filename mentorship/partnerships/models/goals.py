"""What the members want to reach together, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models.pairs import Partnership
from mentorship.partnerships.querysets import PairGoalQuerySet
from mentorship.seasons.models import Goal

LONGEST_GOAL = 200


class PairGoal(UUIDModel):
    """One shared goal: one of the season's, or one in the members' own `words`, which nobody else reads."""

    class Progress(models.TextChoices):
        NOT_STARTED = "not-started", _("not started")
        UNDER_WAY = "under-way", _("under way")
        REACHED = "reached", _("reached")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="goals")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("goal"))
    words = EncryptedField(label="partnerships.pairgoal.words", default=str, verbose_name=_("in their own words"))
    progress = models.CharField(_("progress"), max_length=11, choices=Progress, default=Progress.NOT_STARTED)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added on"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = PairGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal of a pair")
        verbose_name_plural = _("goals of pairs")
        ordering = ["order", "added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__in=["not-started", "under-way", "reached"]), name="pair_goal_progress"
            ),
            models.UniqueConstraint(fields=["partnership", "goal"], name="one_goal_once_in_a_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.progress}"

    @property
    def title(self) -> str:
        """What to call it: the season's words, or the members' own."""
        return str(self.goal) if self.goal_id else str(self.words)
