"""How partnerships and their meetings may move from state to state; a move that isn't listed doesn't exist."""

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
        Move("announced", "running", "member", "the first meeting was held"),
        Move("running", "announced", "member", "the only meeting that was held was taken back"),
        Move("running", "completed", "coordinator, or the clock once the season's meetings are over"),
        Move("running", "completed-early", "member or coordinator"),
        Move("announced", "ended", "member, coordinator, or the clock once the season's meetings are over"),
        Move("running", "ended", "member or coordinator"),
    ],
)

MEETING = StateTable(
    "meeting",
    [
        Move("planned", "held", "member", "it has begun"),
        Move("planned", "missed", "member", "it has begun"),
        Move("planned", "cancelled", "member, or whoever ends the pair", "it isn't over yet"),
        Move("held", "planned", "member", "undone within a day by who logged it"),
        Move("held", "cancelled", "member", "it was never planned, and is undone within a day by who logged it"),
        Move("held", "missed", "member or coordinator", "corrected with a reason"),
        Move("missed", "planned", "member", "undone within a day by who logged it"),
        Move("missed", "held", "member or coordinator", "corrected with a reason"),
    ],
)
