"""How a check-in may move from state to state; a move that isn't listed doesn't exist."""

from mentorship.common.states import Move, StateTable

CHECK_IN = StateTable(
    "check-in",
    [
        Move("asked", "answered", "member", "the month isn't over"),
        Move("answered", "answered", "member", "the month isn't over"),
        Move("handled", "answered", "member", "the month isn't over"),
        Move("answered", "handled", "coordinator", "not concerned with the pair"),
    ],
)
