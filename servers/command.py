"""One management command in the demo's environment, on the demo's servers, with its own output alone."""

import signal
import sys

from servers.environment import Servers, demo_environment, port
from servers.folders import CHECKOUT
from servers.foreground import attend
from servers.prepare import prepare
from servers.supervisor import Stopped, stop_on_signals


def run(arguments: list[str]) -> int:
    """Run `manage.py` with these arguments and return its exit code; what we say goes to standard error."""
    stop_on_signals()
    try:
        with Servers("demo") as servers:
            environment = demo_environment(servers, port())
            if servers.owns_database:
                prepare(servers, environment, stream=sys.stderr, anew=False)
            return attend([sys.executable, CHECKOUT / "manage.py", *arguments], environment)
    except Stopped:
        return 128 + signal.SIGINT
