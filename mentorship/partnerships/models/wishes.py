"""A member's wish for a different match: theirs and the coordinators' to know, never the partner's."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models.pairs import Membership
from mentorship.partnerships.querysets import ChangeWishQuerySet


class ChangeWish(UUIDModel):
    """One wish; no reason is asked for. It is open until a coordinator settles it or the member takes it back."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="change_wishes")
    wished_at = models.DateTimeField(_("asked"))
    escalated_at = models.DateTimeField(_("second coordinator told"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )

    objects = ChangeWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a different match")
        verbose_name_plural = _("wishes for a different match")
        ordering = ["wished_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(settled_at=None), name="one_open_wish_per_member"
            )
        ]

    def __str__(self) -> str:
        return str(self.membership_id)
