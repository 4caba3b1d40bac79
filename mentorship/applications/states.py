"""The states of an application and of a second look, and which may follow which; pure, without Django."""

from mentorship.common.states import Move, StateTable

DECIDED = frozenset({"eligible", "ineligible", "waiting"})
# What a coordinator may decide while the applicant doesn't know of a decision yet, and afterwards.
_UNTOLD = "may screen it; not told yet"

APPLICATION = StateTable(
    "application",
    [
        Move("draft", "submitted", "applicant", "applications are open; every required part is done"),
        Move("submitted", "eligible", "coordinator", "may screen it; each rule not met needs a reason"),
        Move("submitted", "ineligible", "coordinator", "may screen it; some rule is not met or not known"),
        Move("submitted", "waiting", "coordinator", "may screen it"),
        Move("eligible", "ineligible", "coordinator", f"{_UNTOLD}; some rule is not met or not known"),
        Move("eligible", "waiting", "coordinator", _UNTOLD),
        Move("ineligible", "eligible", "coordinator", "may screen it; with a reason, or after a second look"),
        Move("ineligible", "waiting", "coordinator", _UNTOLD),
        Move("waiting", "eligible", "coordinator", "may screen it; each rule not met needs a reason"),
        Move("waiting", "ineligible", "coordinator", f"{_UNTOLD}; some rule is not met or not known"),
        Move("draft", "withdrawn", "applicant", "at any time"),
        Move("submitted", "withdrawn", "applicant", "at any time"),
        Move("eligible", "withdrawn", "applicant", "at any time"),
        Move("ineligible", "withdrawn", "applicant", "at any time"),
        Move("waiting", "withdrawn", "applicant", "at any time"),
    ],
)
# Once the applicant was told, only a change for the better is left.
ONCE_TOLD = frozenset({("ineligible", "eligible"), ("waiting", "eligible")})

SECOND_LOOK = StateTable(
    "second look",
    [
        Move("open", "upheld", "coordinator", "may screen it; somebody else than who decided first"),
        Move("open", "changed", "coordinator", "may screen it; somebody else than who decided first"),
    ],
)
