"""Who sees what, in words: the line beside each field, read from the retention registry that also rules "my data"."""

from django.db import models

from mentorship.records import retention
from mentorship.records.my_data import readers_in_words


def who_sees(model: type[models.Model], field: str) -> str:
    """Return "you, coordinators and …" for a field of `model`. Raises KeyError where no app has noted it."""
    for note in retention.notes():
        if note.model is model:
            return readers_in_words(note.note(field).seen_by)
    raise KeyError(f"{model._meta.label}.{field}")
