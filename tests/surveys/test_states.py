"""Every pair of states is either a listed move or refused."""

import pytest

from mentorship.common.states import IllegalMove
from surveys.models import Comment, Wave
from surveys.states import COMMENT, WAVE

WAVE_MOVES = {("draft", "open"), ("open", "closed"), ("closed", "released")}
COMMENT_MOVES = {
    ("waiting", "released"), ("waiting", "withheld"), ("withheld", "released"), ("released", "withheld"),
}  # fmt: skip


@pytest.mark.parametrize("source", Wave.State.values)
@pytest.mark.parametrize("target", Wave.State.values)
def test_a_survey_moves_only_as_listed(source, target):
    assert WAVE.allows(source, target) == ((source, target) in WAVE_MOVES)
    if (source, target) not in WAVE_MOVES:
        with pytest.raises(IllegalMove):
            WAVE.check(source, target)


@pytest.mark.parametrize("source", Comment.State.values)
@pytest.mark.parametrize("target", Comment.State.values)
def test_a_comment_moves_only_as_listed(source, target):
    assert COMMENT.allows(source, target) == ((source, target) in COMMENT_MOVES)
    if (source, target) not in COMMENT_MOVES:
        with pytest.raises(IllegalMove):
            COMMENT.check(source, target)
