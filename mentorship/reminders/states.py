"""How a delivery may move from state to state."""

from mentorship.common.states import Move, StateTable

DELIVERY = StateTable(
    "delivery",
    [
        Move("due", "making", "sender", "its time has come"),
        Move(
            "making", "claimed", "sender", "it is made: whoever finds it from here on can't know whether it was sent"
        ),
        Move("making", "skipped", "sender", "it must not be sent any more"),
        Move("making", "due", "sender", "it can't be made, has to wait, or its sender was lost"),
        Move("making", "dead", "sender", "it couldn't be made too often"),
        Move("due", "cancelled", "service", "the reason for it is gone, or a coordinator said so"),
        Move("claimed", "sent", "sender", "the mail server took it"),
        Move("claimed", "due", "sender", "refused"),
        Move("claimed", "dead", "sender", "refused too often"),
        Move("claimed", "uncertain", "tick", "the lease ran out, or the connection broke while sending"),
        Move("uncertain", "sent", "sender", "it was slow, not dead"),
        Move("uncertain", "due", "coordinator", "asked for it again"),
        Move("uncertain", "cancelled", "coordinator"),
        Move("dead", "due", "coordinator", "asked for it again"),
        Move("dead", "cancelled", "coordinator"),
    ],
)
