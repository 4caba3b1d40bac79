"""How a delivery may move from state to state."""

from mentorship.common.states import Move, StateTable

DELIVERY = StateTable(
    "delivery",
    [
        Move("due", "claimed", "sender", "its time has come"),
        Move("due", "cancelled", "service", "the reason for it is gone, or a coordinator said so"),
        Move("claimed", "sent", "sender", "the mail server took it"),
        Move("claimed", "skipped", "sender", "it must not be sent any more"),
        Move("claimed", "due", "sender", "refused, or it has to wait"),
        Move("claimed", "dead", "sender", "refused too often"),
        Move("claimed", "uncertain", "tick", "the lease ran out, or the connection broke while sending"),
        Move("uncertain", "sent", "sender", "it was slow, not dead"),
        Move("uncertain", "due", "coordinator", "asked for it again"),
        Move("uncertain", "cancelled", "coordinator"),
        Move("dead", "due", "coordinator", "asked for it again"),
        Move("dead", "cancelled", "coordinator"),
    ],
)
