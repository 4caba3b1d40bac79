"""The storm's own process: it makes its servers first and loads Django upon them.

`python -m mentorship.portal.benchmarks.storm PLAN REPORT` writes its figures as JSON to the descriptor REPORT; it
touches nothing of the installation, and on SIGTERM ends with nothing left.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import django

from mentorship.portal.benchmarks.storm.plan import INSIDE_TRANSACTION, Plan
from mentorship.portal.benchmarks.storm.sink import Sink
from servers.console import say
from servers.failure import StartError
from servers.supervisor import Stopped, stop_on_signals
from servers.temporary import TemporaryServers


def main(plan: Plan, report: int) -> int:
    stop_on_signals()
    try:
        # Whoever looks for a storm's leftovers knows it by the number of the process that asked for it.
        with TemporaryServers(f"perennial-storm-{os.getppid()}-") as servers, listening() as sink:
            enter(servers, sink, plan)
            from django.core.management import call_command

            from mentorship.portal.benchmarks.storm.course import Storm
            from mentorship.portal.benchmarks.storm.messages import register_rules

            call_command("migrate", verbosity=0)
            register_rules()
            storm = Storm(plan, servers)
            sink.on_mail = storm.on_mail
            figures = storm.rage()
    except Stopped:
        return 1
    except StartError as failure:
        say(f"Error: {failure}", sys.stderr)
        return 1
    os.write(report, json.dumps(figures.to_dict()).encode())
    return 0


@contextmanager
def listening() -> Iterator[Sink]:
    """A mail server of our own."""
    sink = Sink(lambda sender, content: None)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    try:
        yield sink
    finally:
        sink.shutdown()
        sink.server_close()


def enter(servers: TemporaryServers, sink: Sink, plan: Plan) -> None:
    """Be, with every process started from now on, an installation on the storm's servers."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mentorship.settings",
        **servers.environment,
        "EMAIL_URL": sink.url,
        "MAIL_DIR": "",  # also where .env names one
    }
    if plan.inside_transaction:
        os.environ[INSIDE_TRANSACTION] = "1"
    django.setup()
    from celery.app.utils import find_app

    # By its name, as the celery command finds it: the wakes of this process go to its broker.
    find_app("mentorship.celery")


if __name__ == "__main__":
    sys.exit(main(Plan.from_json(sys.argv[1]), int(sys.argv[2])))
