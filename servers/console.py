"""What the commands say to the person in front of them, line by line as it happens."""

import sys
from typing import TextIO


def say(line: str, stream: TextIO | None = None) -> None:
    """Write a line to standard output, or to the given stream, at once."""
    stream = stream or sys.stdout
    stream.write(line + "\n")
    stream.flush()
