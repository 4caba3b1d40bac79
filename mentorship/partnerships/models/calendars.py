"""A person's own calendar address, by which a calendar program reads when they meet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel


class CalendarFeed(UUIDModel):
    """One person's feed; only the hash of its secret is kept, and making a new one closes the old."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.person_id)
