"""Children that never outlive their parent: started in a session of their own, stopped by deadline."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A preexec function: the kernel sends the child this signal when its parent is gone, however it went.

    The parent is the thread that forked, so only a main thread may start such children.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def start(
    arguments: Sequence[str | Path],
    *,
    parting: signal.Signals,
    output: IO[bytes] | None = None,
    own_session: bool = True,
    **popen: Any,
) -> subprocess.Popen[bytes]:
    """Start a child that gets the signal `parting` if we die; its output goes to a log file, if given."""
    if output is not None:
        popen |= {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        preexec_fn=dies_with_parent(parting),
        start_new_session=own_session,
        **popen,
    )


def stop(child: subprocess.Popen[bytes], number: signal.Signals, seconds: float) -> None:
    """Ask one child with a signal, wait, then kill; whatever is left of its session goes with it."""
    stop_all([(child, number)], seconds)


def stop_all(children: Sequence[tuple[subprocess.Popen[bytes], signal.Signals]], seconds: float) -> None:
    """Ask each child in turn with its signal, wait for all of them, then kill what is left."""
    for child, number in children:
        if child.poll() is None:
            child.send_signal(number)
    wait_until(lambda: all(child.poll() is not None for child, _number in children), seconds)
    for child, _number in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back the signals that ask us to stop, while we are already stopping."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_until(met: Callable[[], bool], seconds: float, *, every: float = 0.02) -> bool:
    """Whether a condition was met within so many seconds."""
    deadline = time.monotonic() + seconds
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def stop_leftover(pid: int, folder: Path, number: signal.Signals) -> None:
    """Stop a server of an earlier keeper that was killed, told from a stranger by its working folder."""

    def still_runs() -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == folder
        except OSError:
            return False

    if not still_runs():
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    if not wait_until(lambda: not still_runs(), 10):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not still_runs(), 2)
