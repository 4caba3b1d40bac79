"""What is published of a survey: figures by key, of groups large enough, as far as the disclosure audit lets them.

The rule, in the order in which it is applied:

1. Nothing of fewer than five respondents, but the response rate.
2. Totals of each statement with five valid answers or more. What only one role was asked is published where that
   role may be told apart from the others by 3.
3. Breakdowns go one way: by role, by kind of unit, by years here; never by two of them at once. A group needs five
   respondents; what is hidden beside it is nobody or at least five people: subtraction leads to no small group.
4. Per statement, the same again for those with a valid answer, and then the audit (`surveys.anonymity`): a breakdown
   from which one could tell for certain what one to four people answered is left out as a whole, together with what
   else tells it. A total is published also where everybody agrees; the promise says so before people answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from surveys import anonymity
from surveys.anonymity import Answer, is_told

SMALLEST = anonymity.SMALLEST
SMALLEST_FOR_COMMENTS = 10
# The most telling for a season comes first: where not all breakdowns can be published, it is kept.
ATTRIBUTES = ("role", "tenure", "unit_kind")
AGREEING = (4, 5)
POINTS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Respondent:
    """One response: three attributes ("" where not known) and the answers by question key."""

    role: str
    unit_kind: str
    tenure: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """A statement answered 1 to 5; `role` is the only one that was asked, "" for everybody."""

    key: str
    role: str = ""


def agreement(points: Sequence[int]) -> int | None:
    """(agree + strongly agree) ÷ valid answers as a whole per cent, halves upwards; None without answers."""
    return percent(sum(point in AGREEING for point in points), len(points))


def percent(part: int, whole: int) -> int | None:
    """Return `part` of `whole` as a whole per cent, halves upwards; None of nothing."""
    return None if whole == 0 else (200 * part + whole) // (2 * whole)


def figures(
    respondents: Iterable[Respondent],
    *,
    invited: int,
    statements: Iterable[Statement],
    choices: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return everything that may be published, as JSON can hold it; hidden figures are None.

    `choices` are the questions with several options to tick, with their options' keys.
    """
    people = list(respondents)
    shown = {attribute: shown_groups(Counter(map(_of(attribute), people))) for attribute in ATTRIBUTES}
    return {
        "invited": invited,
        "submitted": len(people),
        "response_percent": percent(len(people), invited),
        "groups": {
            attribute: {group: sum(_of(attribute)(one) == group for one in people) for group in sorted(groups)}
            for attribute, groups in shown.items()
        },
        "statements": {
            statement.key: _statement(statement, people, shown if not statement.role else {})
            if _may_be_told_apart(statement.role, people)
            else None
            for statement in statements
        },
        "choices": {key: _choices(key, options, people) for key, options in choices.items()},
    }


def shown_groups(sizes: Mapping[str, int]) -> set[str]:
    """Which groups of one breakdown may be shown: five people each, and nobody or at least five besides.

    Those whose attribute isn't known ("") are never a group. A single group of everybody is no breakdown.
    """
    shown = {group for group, size in sizes.items() if group and size >= SMALLEST}
    while shown and _is_small(sum(size for group, size in sizes.items() if group not in shown)):
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return shown if len([size for size in sizes.values() if size]) > 1 else set()


def shown_rows(rows: Mapping[str, Sequence[int]], groups: Iterable[str]) -> set[str]:
    """Which rows of a table with totals may be shown, of `groups` that may be named; a row counts parts of a group.

    The rule of `shown_groups` in both directions: each part of a shown group is nobody or at least five people, and
    so is, column by column, what is left of the total when the shown rows are subtracted.
    """
    shown = {group for group in groups if not any(map(_is_small, rows[group]))}
    while shown and any(map(_is_small, _column_sums(row for group, row in rows.items() if group not in shown))):
        shown.remove(min(shown, key=lambda group: (sum(rows[group]), group)))
    return shown


def comments_allowed(respondents: int) -> bool:
    """Whether so many answered that comments may be published."""
    return respondents >= SMALLEST_FOR_COMMENTS


def _is_small(size: int) -> bool:
    """Whether somebody is in a group, but fewer than may be told of."""
    return 0 < size < SMALLEST


def _column_sums(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _may_be_told_apart(role: str, people: Sequence[Respondent]) -> bool:
    if not role:
        return True
    asked = sum(one.role == role for one in people)
    return asked >= SMALLEST and (asked == len(people) or len(people) - asked >= SMALLEST)


def _statement(
    statement: Statement, people: Sequence[Respondent], shown: Mapping[str, set[str]]
) -> dict[str, Any] | None:
    """Total, distribution and breakdowns of one statement; None where fewer than five gave a valid answer."""
    valid = [one for one in people if one.answers.get(statement.key) in POINTS]
    if len(valid) < SMALLEST:
        return None
    points = [one.answers[statement.key] for one in valid]
    allowed = {
        attribute: groups & shown_groups(Counter(map(_of(attribute), valid))) for attribute, groups in shown.items()
    }
    allowed = {attribute: _whole(attribute, groups, valid) for attribute, groups in allowed.items() if groups}
    breakdowns = _safe(statement, valid, {attribute: groups for attribute, groups in allowed.items() if groups})
    return {
        "n": len(valid),
        "agreement_percent": agreement(points),
        "points": {str(point): points.count(point) for point in POINTS},
        "breakdowns": {
            attribute: {group: _group(statement, attribute, group, valid) for group in sorted(groups)}
            for attribute, groups in breakdowns.items()
        },
    }


def _whole(attribute: str, groups: set[str], valid: Sequence[Respondent]) -> set[str]:
    """Nothing where the two looks, at respondents and at valid answers, together leave a small remainder."""
    hidden = sum(_of(attribute)(one) not in groups for one in valid)
    return groups if hidden == 0 or hidden >= SMALLEST else set()


def _safe(
    statement: Statement, valid: Sequence[Respondent], allowed: Mapping[str, set[str]]
) -> Mapping[str, set[str]]:
    """The most breakdowns that tell of no small group; they go as a whole, so a gap points to no one group."""
    alone = [name for name in allowed if not _tells(statement, valid, {name: allowed[name]})]
    for count in range(len(alone), 0, -1):
        for names in combinations(alone, count):
            chosen = {name: allowed[name] for name in names}
            if count == 1 or not _tells(statement, valid, chosen):
                return chosen
    return {}


def _tells(statement: Statement, valid: Sequence[Respondent], groups: Mapping[str, set[str]]) -> bool:
    return is_told(
        Answer(
            tuple(value if (value := _of(attribute)(one)) in shown else None for attribute, shown in groups.items()),
            one.answers[statement.key] in AGREEING,
        )
        for one in valid
    )


def _group(statement: Statement, attribute: str, group: str, valid: Sequence[Respondent]) -> dict[str, Any]:
    points = [one.answers[statement.key] for one in valid if _of(attribute)(one) == group]
    return {"n": len(points), "agreement_percent": agreement(points)}


def _choices(key: str, options: Sequence[str], people: Sequence[Respondent]) -> dict[str, Any] | None:
    """How many ticked each option, of all who sent answers; None of fewer than five."""
    if len(people) < SMALLEST:
        return None
    return {
        "n": len(people),
        "counts": {option: sum(option in one.answers.get(key, ()) for one in people) for option in options},
    }


def _of(attribute: str) -> Any:
    """The function that reads one attribute of a respondent."""
    return lambda one: getattr(one, attribute)
