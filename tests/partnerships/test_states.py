"""Every pair of states is either a listed move or refused."""

import pytest

from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.states import PARTNERSHIP

ALLOWED = {
    ("approved", "asked"), ("approved", "cancelled"), ("asked", "confirmed"), ("asked", "declined"),
    ("asked", "cancelled"), ("confirmed", "declined"), ("confirmed", "cancelled"), ("confirmed", "announced"),
}  # fmt: skip


@pytest.mark.parametrize("source", Partnership.State.values)
@pytest.mark.parametrize("target", Partnership.State.values)
def test_only_the_listed_moves_are_possible(source, target):
    if (source, target) in ALLOWED:
        assert PARTNERSHIP.check(source, target)
    else:
        with pytest.raises(IllegalMove):
            PARTNERSHIP.check(source, target)
