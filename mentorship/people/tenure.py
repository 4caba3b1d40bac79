"""How long somebody has been at the library, in three bands: as coarse as surveys and figures may say it."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, CharField, Value, When
from django.utils.translation import gettext_lazy as _

YEAR = timedelta(days=365.25)


BANDS = (3, 10)


class Tenure(models.TextChoices):
    """The bands, as they are announced to people before they answer a survey."""

    UNDER_3 = "under-3", _("less than 3 years here")
    FROM_3 = "3-to-9", _("3 to 9 years here")
    FROM_10 = "10-or-more", _("10 years here or more")


def tenure_on(day: date, since: date | None) -> str:
    """The band of somebody who is here since that day; "" where it isn't known."""
    if since is None:
        return ""
    years = (day - since) / YEAR
    first, second = BANDS
    return str(Tenure.UNDER_3 if years < first else Tenure.FROM_3 if years < second else Tenure.FROM_10)


def tenure_in_sql(since: str, day: date) -> Case:
    """The same as `tenure_on` of the column that the look-up `since` leads to."""
    first, second = (day - timedelta(days=int(years * YEAR / timedelta(days=1))) for years in BANDS)
    return Case(
        When(**{f"{since}__isnull": True}, then=Value("")),
        When(**{f"{since}__gte": first}, then=Value(Tenure.UNDER_3.value)),
        When(**{f"{since}__gte": second}, then=Value(Tenure.FROM_3.value)),
        default=Value(Tenure.FROM_10.value),
        output_field=CharField(),
    )
