"""How a job may move from state to state."""

from mentorship.common.states import Move, StateTable

JOB = StateTable(
    "job",
    [
        Move("queued", "running", "worker", "fewer than three attempts"),
        Move("queued", "cancelled", "person", "the one who asked, or whom the kind allows"),
        Move("running", "done", "worker", "still holds the lease"),
        Move("running", "failed", "worker", "still holds the lease; or three attempts were lost"),
        Move("running", "cancelled", "worker", "asked to stop"),
        Move("running", "queued", "tick", "the lease ran out, or the database went away"),
    ],
)
