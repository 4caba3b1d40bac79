"""What can happen to a staff import."""

from mentorship.common.states import Move, StateTable

STAFF_IMPORT = StateTable(
    "staff import",
    [
        Move("uploaded", "previewed", "administrator", "the required columns are named"),
        Move("previewed", "previewed", "administrator", "the columns are named anew"),
        Move("previewed", "importing", "administrator", "some row would change something"),
        Move("importing", "done", "program", "every row was handled"),
        Move("importing", "previewed", "program", "the job failed or was cancelled"),
        Move("uploaded", "discarded", "administrator"),
        Move("previewed", "discarded", "administrator"),
    ],
)
