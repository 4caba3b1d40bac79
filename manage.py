#!/usr/bin/env python
"""Django's commands; `demo`, `test` and `embedded COMMAND` bring their servers with them instead."""

import os
import sys


def main() -> int:
    if sys.argv[1:2] in (["demo"], ["test"], ["embedded"]):
        from servers.__main__ import main as bring_servers

        return bring_servers(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")
    from django.core.management import execute_from_command_line

    import mentorship.celery  # noqa: F401 - as the web server does: what a command makes due is sent at once

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
