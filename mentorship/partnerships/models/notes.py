"""What members write down: notes for both, and notes for oneself. Different readers, so different models."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.encryption import EncryptedField
from mentorship.common.keys import UUIDModel
from mentorship.partnerships.models.meetings import Meeting
from mentorship.partnerships.models.pairs import Partnership
from mentorship.partnerships.querysets import PrivateNoteQuerySet, SharedNoteQuerySet

LONGEST_NOTE = 4000


class SharedNote(UUIDModel):
    """A note that every member of the partnership reads, and nobody else. `meeting` is what it is about, if any."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="shared_notes")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("meeting")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedField(label="partnerships.sharednote.text", default=str, verbose_name=_("text"))
    written_at = models.DateTimeField(_("written"))

    objects = SharedNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared note")
        verbose_name_plural = _("shared notes")
        ordering = ["-written_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class PrivateNote(UUIDModel):
    """A note that its owner alone reads."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="private_notes")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("meeting")
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedField(label="partnerships.privatenote.text", default=str, verbose_name=_("text"))
    written_at = models.DateTimeField(_("written"))

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")
        ordering = ["-written_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
