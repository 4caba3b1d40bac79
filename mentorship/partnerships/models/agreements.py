"""What a member agreed to: the season's text as it stood when they accepted it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models.pairs import Membership


class Agreement(UUIDModel):
    """One member's acceptance, with the text that they read in their language; it is never rewritten."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="agreement")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("text"))
    accepted_at = models.DateTimeField(_("accepted"))

    class Meta:
        verbose_name = _("accepted agreement")
        verbose_name_plural = _("accepted agreements")
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.membership_id)
