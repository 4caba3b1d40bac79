"""`python -m servers dev` and the commands that `manage.py` hands over before Django is loaded."""

import sys

from servers import development
from servers.failure import StartFailure


def main(arguments: list[str]) -> int:
    try:
        return development.serve()
    except StartFailure as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
