"""What changes about people: roles and whether they may sign in."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from mentorship.people.models import Role, User
from mentorship.records.audit import record


class RoleError(Exception):
    """The change of roles isn't allowed; the text says why."""


@transaction.atomic
def set_roles(*, person: User, roles: set[str], by: User | None, now: datetime) -> None:
    """Give `person` exactly `roles`. Nobody changes their own. Raises RoleError."""
    if by is not None and by.pk == person.pk:
        raise RoleError("nobody changes their own roles")
    unknown = roles - set(Role.values)
    if unknown:
        raise RoleError(f"no such role: {', '.join(sorted(unknown))}")
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.groups.set(Group.objects.filter(name__in=roles))
    person.is_staff = bool(roles & {Role.COORDINATOR, Role.ADMINISTRATOR})
    person.save(update_fields=["is_staff"])
    record(by=by, verb="set-roles", target=person, now=now)
