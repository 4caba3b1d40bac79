"""Who sees what, in words: the line beside each field, read from the retention registry that also rules "my data"."""

from django.db import models
from django.utils.translation import gettext as _

from mentorship.records import retention
from mentorship.records.my_data import READER_WORDS


def who_sees(model: type[models.Model], field: str) -> str:
    """Return "you, coordinators and …" for a field of `model`. Raises KeyError where no app has noted it."""
    for note in retention.notes():
        if note.model is model:
            return in_words(note.note(field).seen_by)
    raise KeyError(f"{model._meta.label}.{field}")


def in_words(readers: tuple[retention.Reader, ...]) -> str:
    """Return the readers as a list in a sentence."""
    words = [str(READER_WORDS[reader]) for reader in readers]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
