"""One row of a staff list as values, or the reason why it is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mentorship.people.staff_import.columns import read_date

MAILBOX = re.compile(r"[^@\s,;:<>()\"]+@[^@\s,;:<>()\"]+\.[^@\s,;:<>()\"]{2,}")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
YES = {"y", "yes", "true", "1", "x", "si", "sí", "s", "mls", "mlis"}
NO = {"n", "no", "false", "0", "none", "ninguno"}
LIMITS = {"employee_number": 40, "given_name": 100, "family_name": 100, "email": 254, "location": 120,
          "department": 120, "region": 120}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of one line: the reason, and what to do about it, in words."""

    line: int
    field: str
    reason: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return {"line": self.line, "field": self.field, "reason": self.reason, "remedy": self.remedy}


@dataclass
class Row:
    """One line of the list. `refused` says why it doesn't come in; `notes` what comes in without one of its fields.

    `values` holds employee_number, given_name, family_name, email (lower case or None), location, department,
    region, job_class (title), supervisor (employee number), managerial, service_start, degree; None: not told.
    """

    line: int
    values: dict[str, Any]
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> str:
        return str(self.values.get("employee_number") or "")

    def refuse(self, name: str, reason: str, remedy: str) -> None:
        self.refused.append(Problem(self.line, name, reason, remedy))

    def note(self, name: str, reason: str, remedy: str) -> None:
        self.notes.append(Problem(self.line, name, reason, remedy))


def read_row(line: int, cells: dict[str, str], *, order: str, today: date) -> Row:
    """Return one line's values with what is wrong in them. `cells` is {column key: text}."""
    row = Row(line, {key: cells.get(key, "") for key in LIMITS})
    for key, text in cells.items():
        if text.startswith(FORMULA):
            row.refuse(
                key,
                _("It starts with “%(sign)s”, as a formula does.") % {"sign": text[0].strip() or "TAB"},
                _("Correct it in the staff list."),
            )
        elif len(text) > LIMITS.get(key, 500):
            row.refuse(key, _("It is too long."), _("Correct it in the staff list."))
    for key in ("employee_number", "given_name", "location"):
        if not row.values[key]:
            row.refuse(key, _("It is empty."), _("Fill it in in the staff list."))
    _read_mailbox(row)
    row.values["job_class"] = cells.get("job_class", "")
    row.values["supervisor"] = cells.get("supervisor", "")
    row.values["managerial"] = _read(row, "managerial", cells, _yes_or_no)
    degree = _read(row, "degree", cells, _yes_or_no)
    row.values["degree"] = None if degree is None else "mls" if degree else "none"
    started = _read(row, "service_start", cells, lambda text: read_date(text, order))
    if started and started > today:
        row.refuse(
            "service_start",
            _("%(day)s is in the future.") % {"day": started.isoformat()},
            _("Correct the date, or import the person once they have started."),
        )
    row.values["service_start"] = started
    return row


def _read_mailbox(row: Row) -> None:
    mailbox = row.values["email"].lower()
    if not mailbox:
        row.values["email"] = None
        row.note("email", _("There is no e-mail address."), _("Print a one-time code for the first sign-in."))
    elif not MAILBOX.fullmatch(mailbox):
        row.refuse("email", _("“%(text)s” is not an e-mail address.") % {"text": mailbox}, _("Correct or empty it."))
    else:
        row.values["email"] = mailbox


def _read(row: Row, key: str, cells: dict[str, str], cast: Callable[[str], Any]) -> Any:
    text = cells.get(key, "")
    if not text:
        return None
    try:
        return cast(text)
    except ValueError:
        row.refuse(key, _("“%(text)s” can't be read.") % {"text": text[:40]}, _("Correct it in the staff list."))
        return None


def _yes_or_no(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(text)
