"""Which column means what: guessed from its heading, named by a person where that fails, remembered for next time."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentorship.people.models import ColumnMapping


@dataclass(frozen=True)
class Column:
    """One thing that a staff list can tell, and headings under which it is usually found."""

    key: str
    label: str | Promise
    headings: str
    required: bool = False


COLUMNS = [
    Column(
        "employee_number",
        _("Employee number"),
        "employee id|employee number|employee no|emp id|emp no|empid|staff id|personnel number|badge|id|"
        "numero de empleado|no de empleado|id de empleado",
        required=True,
    ),
    Column(
        "given_name",
        _("Given name"),
        "first name|given name|firstname|forename|nombre|nombres|primer nombre",
        required=True,
    ),
    Column("family_name", _("Family name"), "last name|family name|lastname|surname|apellido|apellidos"),
    Column(
        "email", _("E-mail"), "e mail|email|e mail address|email address|mail|work email|correo|correo electronico"
    ),
    Column(
        "location",
        _("Location"),
        "location|branch|library|site|work location|building|sucursal|biblioteca|ubicacion",
        required=True,
    ),
    Column("department", _("Department"), "department|dept|division|section|departamento"),
    Column("region", _("Region"), "region|area|district|zona"),
    Column("job_class", _("Job class"), "class title|job title|title|classification|job class|position|puesto|cargo"),
    Column(
        "managerial", _("Supervises people"), "supervisory|supervisor y n|manager y n|managerial|supervises|supervisa"
    ),
    Column(
        "service_start",
        _("At the library since"),
        "hire date|hired|start date|date of hire|service date|hire dt|fecha de contratacion|fecha de ingreso",
    ),
    Column(
        "supervisor",
        _("Supervisor's employee number"),
        "reports to|supervisor|supervisor id|manager|manager id|reports to id|jefe|supervisor no|reporta a",
    ),
    Column("degree", _("Library degree"), "mls|mlis|library degree|degree|titulo de biblioteconomia"),
]
DATE_ORDERS = {"mdy": _("month/day/year"), "dmy": _("day/month/year")}


def plain(heading: str) -> str:
    """Return a heading in lower case, without accents and signs, for comparing."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return re.sub(r"[^a-z0-9]+", " ", letters.encode("ascii", "ignore").decode()).strip()


def guess(headings: list[str]) -> dict[str, str]:
    """Return {column key: heading} for the headings that one can tell; each heading is taken once."""
    by_plain = {plain(heading): heading for heading in headings if heading}
    found: dict[str, str] = {}
    for column in COLUMNS:
        for name in column.headings.split("|"):
            if name in by_plain and by_plain[name] not in found.values():
                found[column.key] = by_plain[name]
                break
    return found


def missing(columns: dict[str, str]) -> list[Column]:
    """Return the required columns that `columns` doesn't name."""
    return [column for column in COLUMNS if column.required and not columns.get(column.key)]


def heading_hash(headings: Iterable[str]) -> str:
    """The same for the same headings in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(plain(heading) for heading in headings if heading)).encode()).hexdigest()


def remembered(headings: list[str]) -> tuple[dict[str, str], str]:
    """Return ({column key: heading}, date order) as a person named them for such a file before; else ({}, "")."""
    mapping = ColumnMapping.objects.filter(heading_hash=heading_hash(headings)).first()
    if mapping is None:
        return {}, ""
    by_plain = {plain(heading): heading for heading in headings}
    return {key: by_plain[plain(heading)] for key, heading in mapping.columns.items()}, mapping.date_order


def remember(*, headings: list[str], columns: dict[str, str], date_order: str, now: datetime) -> None:
    """Keep what the columns of such a file mean."""
    ColumnMapping.objects.update_or_create(
        heading_hash=heading_hash(headings), defaults={"columns": columns, "date_order": date_order, "saved_at": now}
    )


NUMBERS = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")


def date_order(values: Iterable[str]) -> str:
    """Return "mdy" or "dmy" where the values leave no doubt or nothing matters, else "" (somebody must say)."""
    doubtful, first_is_day, second_is_day = False, False, False
    for value in values:
        match = NUMBERS.match(value)
        if match is None or len(match[1]) == 4:
            continue
        doubtful = True
        first_is_day |= int(match[1]) > 12
        second_is_day |= int(match[2]) > 12
    if first_is_day != second_is_day:
        return "dmy" if first_is_day else "mdy"
    return "" if doubtful else "mdy"


def read_date(value: str, order: str) -> date | None:
    """Return the day that `value` says, ISO or by `order`; None where it is empty. Raises ValueError."""
    if not value:
        return None
    match = NUMBERS.fullmatch(re.split(r"[ T]", value)[0])
    if match is None:
        raise ValueError(value)
    first, second, third = (int(part) for part in match.groups())
    if len(match[1]) == 4:
        return date(first, second, third)
    year = third + (2000 if third < 70 else 1900) if len(match[3]) <= 2 else third
    return date(year, first, second) if order == "mdy" else date(year, second, first)
