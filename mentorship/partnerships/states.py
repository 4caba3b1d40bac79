"""How a partnership may move from state to state; a move that isn't listed doesn't exist."""

from mentorship.common.states import Move, StateTable

PARTNERSHIP = StateTable(
    "partnership",
    [
        Move("approved", "asked", "coordinator"),
        Move("approved", "cancelled", "coordinator", "nobody was asked yet"),
        Move("asked", "confirmed", "mentor"),
        Move("asked", "declined", "mentor, or a coordinator once the answer is overdue"),
        Move("asked", "cancelled", "coordinator", "one of the two withdrew"),
        Move("confirmed", "declined", "mentor", "nobody was told yet"),
        Move("confirmed", "cancelled", "coordinator", "one of the two withdrew"),
        Move("confirmed", "announced", "coordinator"),
    ],
)
