"""What changes about people: roles, whether they may sign in, their mailbox and the facts of their work."""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mentorship.people import endings
from mentorship.people.models import Absence, Profile, Role, SignInCode, User
from mentorship.records.audit import record

# The fields of a profile that are the person's own: an import never touches them.
WRITTEN = (
    "preferred_name",
    "pronouns",
    "show_pronouns_to_partners",
    "show_pronouns_in_directory",
    "in_directory",
    "bio",
    "languages",
    "modes",
    "slots",
    "schedule_rotates",
    "scheduler",
)


class RoleError(Exception):
    """The change of roles isn't allowed; the text says why."""


class DeactivationError(Exception):
    """The person can't be deactivated now; the text says why."""


class MailboxTaken(Exception):
    """Somebody else has this address."""


@transaction.atomic
def set_roles(*, person: User, roles: set[str], by: User | None, now: datetime) -> None:
    """Give `person` exactly `roles` and end their sessions. Nobody changes their own. Raises RoleError."""
    if by is not None and by.pk == person.pk:
        raise RoleError(_("Nobody changes their own roles: ask another administrator."))
    unknown = roles - set(Role.values)
    if unknown:
        raise RoleError(_("No such role: %(roles)s") % {"roles": ", ".join(sorted(unknown))})
    person = _locked(person)
    before = set(person.groups.values_list("name", flat=True))
    if before == roles:
        return
    if Role.ADMINISTRATOR in before - roles:
        _keep_an_administrator(person, RoleError)
    person.groups.set(Group.objects.filter(name__in=roles))
    person.is_staff = bool(roles & {Role.COORDINATOR, Role.ADMINISTRATOR})
    _end_sessions(person)
    person.save(update_fields=["is_staff", "session_epoch"])
    record(by=by, verb="set-roles", target=person, now=now)


@transaction.atomic
def deactivate_person(*, person: User, by: User | None, now: datetime) -> None:
    """End sessions, one-time codes and whatever upper apps registered, at once. Raises DeactivationError."""
    if by is not None and by.pk == person.pk:
        raise DeactivationError(_("Nobody deactivates themselves: ask another administrator."))
    person = _locked(person)
    if not person.is_active:
        return
    if person.groups.filter(name=Role.ADMINISTRATOR).exists():
        _keep_an_administrator(person, DeactivationError)
    person.is_active = False
    person.deactivated_at = now
    _end_sessions(person)
    person.save(update_fields=["is_active", "deactivated_at", "session_epoch"])
    SignInCode.objects.filter(person=person, used_at=None, revoked_at=None).update(revoked_at=now)
    endings.end_all(person, now)
    record(by=by, verb="deactivate", target=person, now=now)


@transaction.atomic
def reactivate_person(*, person: User, by: User | None, now: datetime) -> None:
    """Let `person` sign in again; what deactivating ended stays ended."""
    person = _locked(person)
    if person.is_active:
        return
    person.is_active = True
    person.deactivated_at = None
    person.save(update_fields=["is_active", "deactivated_at"])
    record(by=by, verb="reactivate", target=person, now=now)


@transaction.atomic
def set_mailbox(*, person: User, email: str, shared: bool, by: User | None, now: datetime) -> None:
    """Make `email` the library's address of `person` ("" for none). Raises MailboxTaken.

    Addresses that the person added stay; one of their own counts as verified, since the library gave it to them,
    one that several people read never does: no code is sent there.
    """
    person = _locked(person)
    email = email.strip().lower()
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise MailboxTaken(email)
    addresses = EmailAddress.objects.filter(user=person)
    addresses.filter(email__iexact=person.email or "").exclude(email=email).delete()
    if email:
        EmailAddress.objects.filter(email=email).exclude(user=person).delete()
        addresses.exclude(email=email).update(primary=False)
        addresses.update_or_create(user=person, email=email, defaults={"verified": not shared, "primary": True})
    person.email = email or addresses.filter(verified=True).values_list("email", flat=True).first()
    person.mailbox_is_shared = bool(email) and shared
    person.save(update_fields=["email", "mailbox_is_shared"])
    record(by=by, verb="set-mailbox", target=person, now=now)


@transaction.atomic
def save_profile(*, person: User, values: dict[str, Any], by: User, now: datetime) -> None:
    """Keep what `person` says of themselves: any of WRITTEN, and "language". HR facts aren't theirs to change."""
    profile = Profile.objects.select_for_update().get(user=person)
    changed = [name for name in WRITTEN if name in values and getattr(profile, name) != values[name]]
    for name in changed:
        setattr(profile, name, values[name])
    profile.save(update_fields=changed)
    if "language" in values and person.language != values["language"]:
        person.language = values["language"]
        person.save(update_fields=["language"])
        changed.append("language")
    if changed:
        record(by=by, verb="save-profile", target=profile, now=now)


@transaction.atomic
def add_absence(*, person: User, first_day: date, last_day: date, by: User, now: datetime) -> Absence:
    """Note that `person` is away from `first_day` to `last_day`, both included; what touches it is joined with it."""
    _locked(person)
    touching = Absence.objects.filter(
        person=person, first_day__lte=last_day + timedelta(days=1), last_day__gte=first_day - timedelta(days=1)
    )
    for other in touching:
        first_day, last_day = min(first_day, other.first_day), max(last_day, other.last_day)
    touching.delete()
    absence = Absence.objects.create(person=person, first_day=first_day, last_day=last_day)
    record(by=by, verb="add-absence", target=absence, now=now)
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, by: User, now: datetime) -> None:
    record(by=by, verb="remove-absence", target=absence, now=now)
    absence.delete()


def may_receive_codes(person: User, email: str) -> bool:
    """True where `email` is a confirmed address that `person` alone reads: only there are sign-in codes sent."""
    if person.mailbox_is_shared and (person.email or "").lower() == email.lower():
        return False
    return bool(EmailAddress.objects.filter(user=person, email=email.lower(), verified=True).exists())


def has_own_mailbox(person: User) -> bool:
    """True where some confirmed address is read by `person` alone."""
    addresses = EmailAddress.objects.filter(user=person, verified=True)
    if person.mailbox_is_shared:
        addresses = addresses.exclude(email=(person.email or "").lower())
    return bool(addresses.exists())


def purge_sign_in_rows(now: datetime) -> int:
    """Delete sessions that are over, allauth's notes on them, and codes that ended 30 days ago."""
    ended = Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    notes = UserSession.objects.filter(~Exists(alive)).delete()[0]
    codes = SignInCode.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()[0]
    return int(ended + notes + codes)


def _locked(person: User) -> User:
    locked: User = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return locked


def _keep_an_administrator(person: User, error: type[Exception]) -> None:
    """Raise `error` where nobody else could administer. The group's row is the lock: two can't go at once."""
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
    if not User.objects.active().filter(groups__name=Role.ADMINISTRATOR).exclude(pk=person.pk).exists():
        raise error(_("This is the last administrator: make somebody else one first."))


def _end_sessions(person: User) -> None:
    """No session of `person` is good any more; the caller saves `session_epoch`."""
    person.session_epoch += 1
    for session in UserSession.objects.filter(user=person):
        session.end()
