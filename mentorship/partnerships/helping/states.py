"""How a request for help may move from state to state; a move that isn't listed doesn't exist."""

from mentorship.common.states import Move, StateTable

HELP_CASE = StateTable(
    "help case",
    [
        Move("open", "open", "member", "adds something"),
        Move("open", "taken", "coordinator", "may handle it"),
        Move("open", "closed", "member"),
        Move("taken", "taken", "member, or a coordinator who takes it over", "the member adds something"),
        Move("taken", "answered", "coordinator", "the one who took it"),
        Move("taken", "closed", "member"),
        Move("answered", "taken", "member", "writes back"),
        Move("answered", "answered", "coordinator", "the one who took it adds something"),
        Move("answered", "closed", "member, or the coordinator who took it"),
    ],
)
