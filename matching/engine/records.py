"""How frozen records become JSON and come back: one strict reader for every record of a trace."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from matching.engine.reading import shown


class RecordError(ValueError):
    """JSON that is not the record it should be; one line naming the place."""


@cache
def _fields(kind: Any) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field, hints[field.name]) for field in fields(kind))


def to_plain(value: object) -> object:
    """What `json` can write: records become objects without the fields that have their default."""
    if isinstance(value, str | int):
        return value
    if is_dataclass(value):
        return {
            field.name: to_plain(content)
            for field, _ in _fields(value.__class__)
            if (content := getattr(value, field.name)) != field.default
        }
    if isinstance(value, tuple):
        return [to_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: to_plain(entry) for key, entry in value.items()}
    return value


def from_plain(kind: Any, value: object, where: str) -> Any:
    """The value of this type that the JSON holds; RecordError where it holds anything else."""
    if kind is str or kind is int:
        if type(value) is not kind:
            raise RecordError(f"{where}: must be {'a text' if kind is str else 'a whole number'}")
        return value
    origin = get_origin(kind)
    if origin is UnionType:
        inner = [part for part in get_args(kind) if part is not NoneType]
        return None if value is None else from_plain(inner[0], value, where)
    if origin is tuple:
        return _tuple(get_args(kind), value, where)
    if origin is Mapping:
        _, content = get_args(kind)
        entries = _object(value, where)
        return {key: from_plain(content, entry, f"{where}.{shown(key)}") for key, entry in entries.items()}
    return _record(kind, value, where)


def _record(kind: Any, value: object, where: str) -> Any:
    entries = dict(_object(value, where))
    content = {}
    for field, hint in _fields(kind):
        if field.name in entries:
            content[field.name] = from_plain(hint, entries.pop(field.name), f"{where}.{field.name}")
        elif field.default is MISSING:
            raise RecordError(f"{where}.{field.name}: is missing")
    if entries:
        raise RecordError(f"{where}: {shown(min(entries))}: is not a field of the format")
    return kind(**content)


def _tuple(kinds: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise RecordError(f"{where}: must be a list")
    if kinds[-1] is ...:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise RecordError(f"{where}: must have {len(kinds)} entries")
    return tuple(
        from_plain(kind, entry, f"{where}[{place}]")
        for place, (kind, entry) in enumerate(zip(kinds, value, strict=True))
    )


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise RecordError(f"{where}: must be an object")
    return value
