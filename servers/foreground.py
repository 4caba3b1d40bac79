"""A program run as a shell runs it: it has our terminal, gets our signals, and its exit code is ours."""

import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from servers import processes


def attend(arguments: Sequence[str | Path], environment: Mapping[str, str], cwd: Path | None = None) -> int:
    """Run a program to its end; returns its exit code, and 128 plus the signal's number if one ended it."""
    child = processes.start(arguments, parting=signal.SIGTERM, own_session=False, env=environment, cwd=cwd)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # A terminal has sent its Ctrl-C to the program as well.
        if number != signal.SIGINT or not in_foreground():
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in processes.STOPPING}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def in_foreground() -> bool:
    """Whether a terminal's Ctrl-C goes to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
