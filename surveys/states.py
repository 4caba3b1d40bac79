"""How a survey and a comment may move from state to state; a move that isn't listed doesn't exist."""

from mentorship.common.states import Move, StateTable

WAVE = StateTable(
    "wave",
    [
        Move("draft", "open", "coordinator", "somebody was announced, and the closing day is to come"),
        Move("open", "closed", "coordinator, or the clock on the closing day"),
        Move("closed", "released", "coordinator", "there is no release yet"),
    ],
)

COMMENT = StateTable(
    "comment",
    [
        Move("waiting", "released", "coordinator", "the results are published, ten people or more answered"),
        Move("waiting", "withheld", "coordinator", "the results are published"),
        Move("withheld", "released", "coordinator", "the results are published, ten people or more answered"),
        Move("released", "withheld", "coordinator", "it says more of somebody than was seen at first"),
    ],
)
