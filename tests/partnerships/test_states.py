"""Every pair of states is either a listed move or refused."""

import pytest

from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.states import MEETING, PARTNERSHIP

ALLOWED = {
    ("approved", "asked"), ("approved", "cancelled"), ("asked", "confirmed"), ("asked", "declined"),
    ("asked", "cancelled"), ("confirmed", "declined"), ("confirmed", "cancelled"), ("confirmed", "announced"),
    ("announced", "running"), ("running", "announced"), ("running", "completed"), ("running", "completed-early"),
    ("announced", "ended"), ("running", "ended"),
}  # fmt: skip
MEETINGS_ALLOWED = {
    ("planned", "held"), ("planned", "missed"), ("planned", "cancelled"), ("held", "planned"), ("held", "cancelled"),
    ("held", "missed"), ("missed", "planned"), ("missed", "held"),
}  # fmt: skip


@pytest.mark.parametrize("source", Partnership.State.values)
@pytest.mark.parametrize("target", Partnership.State.values)
def test_only_the_listed_moves_of_a_pair_are_possible(source, target):
    if (source, target) in ALLOWED:
        assert PARTNERSHIP.check(source, target)
    else:
        with pytest.raises(IllegalMove):
            PARTNERSHIP.check(source, target)


@pytest.mark.parametrize("source", Meeting.State.values)
@pytest.mark.parametrize("target", Meeting.State.values)
def test_only_the_listed_moves_of_a_meeting_are_possible(source, target):
    if (source, target) in MEETINGS_ALLOWED:
        assert MEETING.check(source, target)
    else:
        with pytest.raises(IllegalMove):
            MEETING.check(source, target)
