"""Every pair of states of check-ins and of requests for help is either a listed move or refused."""

import pytest

from mentorship.common.states import IllegalMove
from mentorship.partnerships.checkins.states import CHECK_IN
from mentorship.partnerships.helping.states import HELP_CASE
from mentorship.partnerships.models import CheckIn, HelpCase

CHECK_IN_MOVES = {("asked", "answered"), ("answered", "answered"), ("handled", "answered"), ("answered", "handled")}
HELP_MOVES = {
    ("open", "open"), ("open", "taken"), ("open", "closed"), ("taken", "taken"), ("taken", "answered"),
    ("taken", "closed"), ("answered", "taken"), ("answered", "answered"), ("answered", "closed"),
}  # fmt: skip


@pytest.mark.parametrize("source", CheckIn.State.values)
@pytest.mark.parametrize("target", CheckIn.State.values)
def test_only_the_listed_moves_of_a_check_in_are_possible(source, target):
    walk(CHECK_IN, CHECK_IN_MOVES, source, target)


@pytest.mark.parametrize("source", HelpCase.State.values)
@pytest.mark.parametrize("target", HelpCase.State.values)
def test_only_the_listed_moves_of_a_request_for_help_are_possible(source, target):
    walk(HELP_CASE, HELP_MOVES, source, target)


def walk(table, allowed, source, target):
    if (source, target) in allowed:
        assert table.check(source, target)
    else:
        with pytest.raises(IllegalMove):
            table.check(source, target)
