"""Printed one-time codes: the first sign-in of staff who have no mailbox of their own.

A code is shown once, when it is printed; what is kept is a keyed hash of it, bound to the person.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from mentorship.people.models import Role, SignInCode, User
from mentorship.people.services import has_own_mailbox
from mentorship.records.audit import record, record_many

# No letter or digit that looks like another one, no vowel: nothing to misread, no words.
ALPHABET = "BCDFGHJKMNPQRTVWXYZ346789"
GROUPS, GROUP_LENGTH = 3, 4
GOOD_FOR = timedelta(days=14)


class CodeRefused(Exception):
    """No code can be made for this person; the text says why."""


@dataclass(frozen=True)
class PrintedCode:
    """A code as it is handed over on paper: the only place where it can be read."""

    person: User
    code: str
    expires_at: datetime


def why_no_code(*, person: User, by: User | None) -> str:
    """Return why `by` may not print a code for `person`, or "".

    A code lets its holder be that person, so coordinators print them for a first sign-in alone; for somebody who
    has been here, whose journal may be here too, an administrator does it. Nobody prints one for themselves.
    """
    if not person.is_active:
        return _("may not sign in")
    if by is None:
        return ""
    if by.pk == person.pk:
        return _("that is you")
    if by.has_role(Role.ADMINISTRATOR):
        return ""
    if person.is_staff or person.groups.exists():
        return _("has a role here: an administrator prints it")
    if person.last_login is not None:
        return _("has signed in before: an administrator prints it")
    if has_own_mailbox(person):
        return _("has a mailbox: they can ask for a code by mail")
    return ""


@transaction.atomic
def make_code(*, person: User, by: User | None, now: datetime) -> PrintedCode:
    """Make a code for `person`, who has only this one afterwards. Raises CodeRefused."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if reason := why_no_code(person=person, by=by):
        raise CodeRefused(reason)
    person.sign_in_codes.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    code = "-".join("".join(secrets.choice(ALPHABET) for _n in range(GROUP_LENGTH)) for _g in range(GROUPS))
    row = SignInCode.objects.create(
        person=person, code_hash=_hash(person, code), made_by=by, made_at=now, expires_at=now + GOOD_FOR
    )
    record(by=by, verb="make-sign-in-code", target=row, now=now)
    return PrintedCode(person, code, row.expires_at)


@transaction.atomic
def use_code(*, employee_number: str, code: str, now: datetime) -> User | None:
    """Use up the code and return its person; None where it is wrong, used, withdrawn or over, whichever it is.

    It stands in for a forgotten password, so an old one ends with it.
    """
    person: User | None = User.objects.filter(employee_number__iexact=employee_number.strip()).first()
    # Without a person the same work is done for nobody, so that the time taken says nothing either.
    given = _hash(person or User(), code)
    row = (
        SignInCode.objects.select_for_update(of=("self",))
        .filter(person=person or User(), used_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if not constant_time_compare(row.code_hash if row else "", given) or row is None or person is None:
        return None
    if not person.is_active:
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    if person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
    record(by=person, verb="use-sign-in-code", target=row, now=now)
    return person


def _hash(person: User, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("people.sign-in-code", f"{person.pk}:{plain}", algorithm="sha256").hexdigest()


@transaction.atomic
def withdraw_codes(*, codes: list[SignInCode], by: User, now: datetime) -> int:
    """Withdraw those of `codes` that wait to be used; return how many."""
    waiting = list(
        SignInCode.objects.select_for_update(of=("self",))
        .filter(pk__in=[code.pk for code in codes], used_at=None, revoked_at=None)
        .order_by("pk")
    )
    SignInCode.objects.filter(pk__in=[code.pk for code in waiting]).update(revoked_at=now)
    record_many(by=by, verb="withdraw-sign-in-code", targets=list(waiting), now=now)
    return len(waiting)
