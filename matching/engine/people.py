"""Who takes part: mentors and mentees as frozen values that carry nothing they did not opt into.

Masking happens where a person is made, so no scorer and no hash can ever see what was not opted in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from matching.engine.reading import (
    LARGEST,
    ProblemError,
    check_within,
    read_flag,
    read_list,
    read_object,
    read_text,
    read_texts,
    read_weights,
    read_whole,
    shown,
)

DIMENSIONS = ("ethnicity", "gender")
NO, PREFER, STRONGLY = 0, 1, 2
FAVOURITES = 5
"""So many favourites of a person count."""
HEAVIEST = 1_000
"""The largest weight a goal may be given; the application's questions end at 3."""


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, sorted: these lists are sets and their order says nothing."""
    return tuple(sorted(set(texts)))


def only(texts: Iterable[str], known: Mapping[str, object]) -> tuple[str, ...]:
    """The texts that are known, in their order."""
    return tuple(text for text in texts if text in known)


@dataclass(frozen=True, kw_only=True)
class Person:
    """What mentors and mentees have in common.

    Empty `slots` mean any time, empty `modes` and `languages` any. `managers` is the whole chain above the
    person; `favourites` come best first. `match_on` is 1 (prefer) or 2 (strongly) per dimension. A dimension
    survives only with both a wish and a value: identity without a wish is dropped unread, and a wish without
    a value could never be met, so its owner counts as somebody who said nothing.
    """

    role: ClassVar[str] = "person"

    id: str
    unit: str = ""
    managers: tuple[str, ...] = ()
    rank: int | None = None
    slots: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    identity: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    match_on: Mapping[str, int] = field(default_factory=dict)
    favourites: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ProblemError(f"{self.role}: id: must be a text that is not empty")
        if self.rank is not None:
            check_within(self.rank, f"{self}: rank", -LARGEST)
        for name in ("managers", "slots", "modes", "languages", "avoid"):
            self._settle(name, unique(getattr(self, name)))
        self._settle("favourites", tuple(dict.fromkeys(self.favourites)))
        wishes = {d: self.match_on[d] for d in DIMENSIONS if self.match_on.get(d) and self.identity.get(d)}
        for dimension, wish in wishes.items():
            check_within(wish, f"{self}: match_on.{dimension}", NO, STRONGLY)
        self._settle("match_on", wishes)
        self._settle("identity", {d: unique(self.identity[d]) for d in wishes})

    def __str__(self) -> str:
        return f"{self.role} {shown(self.id)}"

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _settle_goals(self, name: str) -> None:
        goals: Mapping[str, int] = getattr(self, name)
        for goal, weight in goals.items():
            check_within(weight, f"{self}: {name}.{shown(goal)}", 0, HEAVIEST)
        self._settle(name, {goal: goals[goal] for goal in sorted(goals) if goals[goal]})

    @property
    def quiet(self) -> bool:
        """Whether this person asked for no match on identity."""
        return not self.match_on

    def among(self, others: Mapping[str, object], *, identity: bool) -> Self:
        """This person in a season: only the ids of people on the other side, and identity only if it is used."""
        changes: dict[str, object] = {}
        for name in ("managers", "avoid", "favourites"):
            ids = getattr(self, name)
            kept = only(ids, others)
            if name == "favourites":
                kept = kept[:FAVOURITES]
            if kept != ids:
                changes[name] = kept
        if not identity and self.match_on:
            changes |= {"identity": {}, "match_on": {}}
        return replace(self, **changes) if changes else self  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format; what is empty or a default is left out."""
        record: dict[str, object] = {"id": self.id}
        if self.unit:
            record["unit"] = self.unit
        if self.rank is not None:
            record["rank"] = self.rank
        for name in ("managers", "slots", "modes", "languages", "favourites", "avoid"):
            if texts := getattr(self, name):
                record[name] = list(texts)
        if self.match_on:
            record["match_on"] = dict(self.match_on)
            record["identity"] = {dimension: list(values) for dimension, values in self.identity.items()}
        return record


@dataclass(frozen=True, kw_only=True)
class Mentor(Person):
    """Somebody who offers goals (0 none, 1 some, 2 or more strong) to at most `capacity` mentees."""

    role: ClassVar[str] = "mentor"

    capacity: int = 1
    offers: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_within(self.capacity, f"{self}: capacity", 0)
        self._settle_goals("offers")

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        return (
            super().to_dict() | {"capacity": self.capacity} | ({"offers": dict(self.offers)} if self.offers else {})
        )


@dataclass(frozen=True, kw_only=True)
class Mentee(Person):
    """Somebody who wants goals (weights from 1 to 3) and one mentor; `priority`: was left without one last season."""

    role: ClassVar[str] = "mentee"

    goals: Mapping[str, int] = field(default_factory=dict)
    priority: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._settle_goals("goals")

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        record = super().to_dict()
        if self.goals:
            record["goals"] = dict(self.goals)
        if self.priority:
            record["priority"] = True
        return record


COMMON_FIELDS = frozenset(Person.__dataclass_fields__)


def _read_common(record: dict[str, object], name: str, *, identity: bool) -> dict[str, object]:
    common: dict[str, object] = {
        "unit": read_text(record.get("unit"), f"{name}: unit"),
        "rank": None if record.get("rank") is None else read_whole(record["rank"], f"{name}: rank"),
    }
    for field_name in ("managers", "slots", "modes", "languages", "favourites", "avoid"):
        common[field_name] = read_texts(record.get(field_name), f"{name}: {field_name}")
    if identity:
        wishes = {key: w for key, w in read_weights(record.get("match_on"), f"{name}: match_on").items() if w}
        for dimension, wish in wishes.items():
            if dimension not in DIMENSIONS:
                raise ProblemError(f"{name}: match_on: has a dimension other than {' and '.join(DIMENSIONS)}")
            check_within(wish, f"{name}: match_on.{dimension}", NO, STRONGLY)
        if wishes:
            given = read_object(record.get("identity"), f"{name}: identity")
            common["match_on"] = wishes
            common["identity"] = {d: read_texts(given.get(d), f"{name}: identity.{d}") for d in wishes}
    return common


def _open_record(value: object, place: str, role: str, fields: frozenset[str]) -> tuple[dict[str, object], str, str]:
    if not isinstance(value, dict):
        raise ProblemError(f"{place}: must be an object")
    identifier = read_text(value.get("id"), f"{place}: id", required=True)
    name = f"{role} {shown(identifier)}"
    return read_object(value, name, fields), identifier, name


def read_mentors(value: object, *, identity: bool) -> tuple[Mentor, ...]:
    """The mentors of a problem; without `identity` in the season, nobody's is read at all."""
    mentors = []
    for place, entry in enumerate(read_list(value, "mentors")):
        fields = COMMON_FIELDS | {"capacity", "offers"}
        record, identifier, name = _open_record(entry, f"mentors[{place}]", Mentor.role, fields)
        mentors.append(
            Mentor(
                id=identifier,
                capacity=read_whole(record.get("capacity"), f"{name}: capacity", 1),
                offers=read_weights(record.get("offers"), f"{name}: offers"),
                **_read_common(record, name, identity=identity),  # type: ignore[arg-type]
            )
        )
    return tuple(mentors)


def read_mentees(value: object, *, identity: bool) -> tuple[Mentee, ...]:
    """The mentees of a problem; without `identity` in the season, nobody's is read at all."""
    mentees = []
    for place, entry in enumerate(read_list(value, "mentees")):
        fields = COMMON_FIELDS | {"goals", "priority"}
        record, identifier, name = _open_record(entry, f"mentees[{place}]", Mentee.role, fields)
        mentees.append(
            Mentee(
                id=identifier,
                goals=read_weights(record.get("goals"), f"{name}: goals"),
                priority=read_flag(record.get("priority"), f"{name}: priority", False),
                **_read_common(record, name, identity=identity),  # type: ignore[arg-type]
            )
        )
    return tuple(mentees)
