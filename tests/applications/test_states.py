"""Every cell of the two state tables: a move that isn't written here doesn't exist."""

from itertools import product

import pytest

from mentorship.applications.states import APPLICATION, ONCE_TOLD, SECOND_LOOK
from mentorship.common.states import IllegalMove

STATES = ["draft", "submitted", "eligible", "ineligible", "waiting", "withdrawn"]
MOVES = {
    ("draft", "submitted"): "applicant",
    ("submitted", "eligible"): "coordinator",
    ("submitted", "ineligible"): "coordinator",
    ("submitted", "waiting"): "coordinator",
    ("eligible", "ineligible"): "coordinator",
    ("eligible", "waiting"): "coordinator",
    ("ineligible", "eligible"): "coordinator",
    ("ineligible", "waiting"): "coordinator",
    ("waiting", "eligible"): "coordinator",
    ("waiting", "ineligible"): "coordinator",
    ("draft", "withdrawn"): "applicant",
    ("submitted", "withdrawn"): "applicant",
    ("eligible", "withdrawn"): "applicant",
    ("ineligible", "withdrawn"): "applicant",
    ("waiting", "withdrawn"): "applicant",
}


@pytest.mark.parametrize(("source", "target"), product(STATES, STATES))
def test_an_application_moves_only_as_the_table_says(source: str, target: str) -> None:
    if (source, target) in MOVES:
        move = APPLICATION.check(source, target)
        assert move.actor == MOVES[source, target]
        assert move.guard
    else:
        with pytest.raises(IllegalMove):
            APPLICATION.check(source, target)


@pytest.mark.parametrize(("source", "target"), product(["open", "upheld", "changed"], ["open", "upheld", "changed"]))
def test_a_second_look_is_decided_once(source: str, target: str) -> None:
    assert SECOND_LOOK.allows(source, target) == (source == "open" and target != "open")


def test_who_was_told_can_only_be_decided_on_in_their_favour() -> None:
    assert set(ONCE_TOLD) == {("ineligible", "eligible"), ("waiting", "eligible")}
    assert all(APPLICATION.allows(*ends) for ends in ONCE_TOLD)
