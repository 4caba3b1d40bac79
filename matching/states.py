"""How runs and suggested matches may move from state to state; a move that isn't listed doesn't exist."""

from mentorship.common.states import Move, StateTable

RUN = StateTable(
    "matching run",
    [
        Move("queued", "done", "program", "the result was checked"),
        Move("queued", "failed", "program"),
    ],
)

PROPOSAL = StateTable(
    "suggested match",
    [
        Move("proposed", "locked", "coordinator"),
        Move("proposed", "rejected", "coordinator"),
        Move("proposed", "approved", "coordinator", "both still stand, the mentor has a place"),
        Move("locked", "proposed", "coordinator"),
        Move("locked", "rejected", "coordinator"),
        Move("locked", "approved", "coordinator", "both still stand, the mentor has a place"),
        Move("rejected", "proposed", "coordinator", "the pair isn't one that must not be made"),
        Move("approved", "proposed", "coordinator", "the mentor wasn't asked yet, or somebody withdrew"),
    ],
)

CIRCLE = StateTable(
    "suggested circle",
    [
        Move("proposed", "locked", "coordinator"),
        Move("proposed", "approved", "coordinator", "everybody still stands, and somebody guides it"),
        Move("locked", "proposed", "coordinator"),
        Move("locked", "approved", "coordinator", "everybody still stands, and somebody guides it"),
        Move("approved", "proposed", "coordinator", "its facilitator wasn't asked yet or declined"),
    ],
)
