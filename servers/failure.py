"""The one exception of this package: something that can't start, said in one line for a person."""

NO_SPACE = "No space left on device"
# PostgreSQL's way to say so when part of a write succeeded.
NO_SPACE_HINT = "Check free disk space"


class StartError(Exception):
    """Carries one clear line: what failed and what to do. Commands print it and exit with 1."""


def last_line(text: str) -> str:
    """What a program's output says of why it failed, in one line: a full disk, its last error, its last line."""
    if NO_SPACE in text or NO_SPACE_HINT in text:
        return NO_SPACE
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL:", "Error:", "error:"))]
    return (telling or lines or ["it said nothing"])[-1]
