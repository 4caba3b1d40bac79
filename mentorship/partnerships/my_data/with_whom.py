"""With whom somebody is in a pair or circle, by name; and the rows that the names are made of."""

from typing import Any

from django.utils.translation import gettext_lazy

from mentorship.partnerships.words import together

LABEL = gettext_lazy("together with")


def names_but(partnership: Any, person_id: Any) -> list[str]:
    """Return the names of everybody in a partnership but one person."""
    members = partnership.memberships.all()
    return [str(other.person) for other in members if other.person_id != person_id]


def others(membership: Any) -> list[str]:
    """Return the names of those with whom somebody is in a partnership."""
    return names_but(membership.partnership, membership.person_id)


def others_of(row: Any) -> str:
    """Return the same as a list in a sentence, for a row that belongs to a `membership`."""
    return together(others(row.membership))


def load_members(rows: Any, path: str = "") -> Any:
    """Fetch the partnership under `path`, its season, and everybody in it by name."""
    return rows.select_related(f"{path}partnership__season").prefetch_related(
        f"{path}partnership__memberships__person__profile"
    )


def load_others(rows: Any) -> Any:
    """Fetch what `others_of` reads."""
    return load_members(rows, "membership__")
