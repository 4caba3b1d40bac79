"""The random primary key that every model of ours has."""

import uuid

from django.db import models


class UUIDModel(models.Model):
    """A row known by a random UUID: nothing about order or time can be read from the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
