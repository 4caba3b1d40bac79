"""Which line of a long output a person gets to read."""

import pytest

from servers.failure import last_line


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("", "it said nothing"),
        ("one\ntwo\n\n", "two"),
        (
            "Traceback (most recent call last):\n  File …\nValueError: too long\nThe end.",
            "ValueError: too long",
        ),
        ("LOG:  starting\nFATAL:  wrong owner\nHINT:  ask root\n", "FATAL:  wrong owner"),
        ("FATAL:  wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.\n", "No space left on device"),
        ("OSError: [Errno 28] No space left on device\nAborted", "No space left on device"),
    ],
)
def test_the_line_that_says_why_is_the_one_that_is_told(output: str, line: str) -> None:
    assert last_line(output) == line
