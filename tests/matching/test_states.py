"""Every pair of states is either a listed move or refused."""

import pytest

from matching.models import MatchRun, Proposal
from matching.states import PROPOSAL, RUN
from mentorship.common.states import IllegalMove

ALLOWED = {
    PROPOSAL: {
        ("proposed", "locked"), ("proposed", "rejected"), ("proposed", "approved"), ("locked", "proposed"),
        ("locked", "rejected"), ("locked", "approved"), ("rejected", "proposed"), ("approved", "proposed"),
    },
    RUN: {("queued", "done"), ("queued", "failed")},
}  # fmt: skip


@pytest.mark.parametrize(("table", "model"), [(PROPOSAL, Proposal), (RUN, MatchRun)])
def test_only_the_listed_moves_are_possible(table, model):
    for source in model.State.values:
        for target in model.State.values:
            if (source, target) in ALLOWED[table]:
                assert table.check(source, target)
            else:
                with pytest.raises(IllegalMove):
                    table.check(source, target)
