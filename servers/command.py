"""One management command in the demo's environment, on the demo's servers, with its own output alone."""

import signal
import sys

from servers.console import say
from servers.environment import Servers, demo_environment, port
from servers.folders import CHECKOUT
from servers.foreground import attend
from servers.prepare import is_behind, prepare
from servers.supervisor import Stopped, stop_on_signals

# A command may be the very one that brings the tables, so they are asked about only where one has failed.
BEHIND = (
    "The database is older than this version: migrations are pending. “python3 run.py manage migrate” brings its "
    "tables up to date, “python3 run.py demo” also the content."
)


def run(arguments: list[str]) -> int:
    """Run `manage.py` with these arguments and return its exit code; what we say goes to standard error."""
    stop_on_signals()
    try:
        with Servers("demo") as servers:
            environment = demo_environment(servers, port())
            if servers.owns_database:
                prepare(servers, environment, stream=sys.stderr, anew=False)
            code = attend([sys.executable, CHECKOUT / "manage.py", *arguments], environment)
            if code and is_behind(servers, environment):
                say(BEHIND, sys.stderr)
            return code
    except Stopped:
        return 128 + signal.SIGINT
