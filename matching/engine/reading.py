"""How values are read out of JSON: each reader returns the value or says in one line which record and field is wrong.

No reader repeats the value it refuses, since it may be private; it names the place and what belongs there.
"""

import json
from collections.abc import Collection

LARGEST = 1_000_000
"""No number in a problem may be further from zero: it keeps every sum below exact in 64 bits."""


class ProblemError(ValueError):
    """A problem that cannot be solved as it stands; its text is one line naming the record and the field."""


def shown(text: str) -> str:
    """Text from outside, as it may stand in a one-line message: printable ASCII, not too long."""
    if len(text) <= 60 and text.isascii() and text.isprintable():
        return text
    escaped = json.dumps(text)[1:-1]
    return escaped if len(escaped) <= 60 else escaped[:57] + "..."


def read_object(value: object, where: str, fields: Collection[str] | None = None) -> dict[str, object]:
    """A JSON object (null and missing are empty); with `fields`, one that has no other keys."""
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ProblemError(f"{where}: must be an object")
    if fields is not None:
        for key in sorted(value):
            if key not in fields:
                raise ProblemError(f"{where}: {shown(key)}: is not a field of the format")
    return value


def read_list(value: object, where: str) -> list[object]:
    """A JSON list; null and missing are empty."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ProblemError(f"{where}: must be a list")
    return list(value)


def read_text(value: object, where: str, *, required: bool = False) -> str:
    """A string; null and missing are empty unless it is required."""
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise ProblemError(f"{where}: must be a text" + (" that is not empty" if required else ""))
    return value


def read_texts(value: object, where: str) -> tuple[str, ...]:
    """A list of non-empty strings."""
    return tuple(read_text(entry, where, required=True) for entry in read_list(value, where))


def read_flag(value: object, where: str, default: bool) -> bool:
    """True or false; missing is the default."""
    if value is None:
        return default
    if not isinstance(value, bool):
        raise ProblemError(f"{where}: must be true or false")
    return value


def read_whole(value: object, where: str, default: int | None = None) -> int:
    """A whole number written without a decimal point; missing is the default, or an error where there is none."""
    if value is None and default is not None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProblemError(f"{where}: must be a whole number")
    return value


def read_weights(value: object, where: str) -> dict[str, int]:
    """An object from key to whole number."""
    return {key: read_whole(number, f"{where}.{shown(key)}") for key, number in read_object(value, where).items()}


def check_within(number: int, where: str, least: int, most: int = LARGEST) -> None:
    """Refuse a number outside least..most."""
    if not least <= number <= most:
        raise ProblemError(f"{where}: must be from {least} to {most}")


def read_json(text: str | bytes) -> object:
    """What a problem's JSON text holds; ProblemError where it is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        raise ProblemError("problem: is not JSON") from None
    return value
