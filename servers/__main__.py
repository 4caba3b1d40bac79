"""The commands that `manage.py` hands over before Django is loaded, and `python -m servers dev`."""

import os
import sys

from servers import command, demo, development, testing
from servers.console import say
from servers.failure import StartError

USAGE = "usage: python -m servers demo | test [PYTEST ARGUMENTS] | embedded COMMAND [ARGUMENTS] | dev"


def main(arguments: list[str]) -> int:
    """Run one of the commands; whatever can't start is one line on standard error and exit code 1."""
    try:
        match arguments:
            case ["demo"]:
                return demo.run()
            case ["test", *rest]:
                return testing.run(rest)
            case ["embedded", *rest]:
                return command.run(rest)
            case ["dev"]:
                return development.serve()
    except StartError as failure:
        say(str(failure), sys.stderr)
        return 1
    except OSError as error:
        where = f" {os.fsdecode(error.filename)}:" if error.filename else ""
        say(f"Can't go on:{where} {error.strerror or error}", sys.stderr)
        return 1
    say(USAGE, sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
