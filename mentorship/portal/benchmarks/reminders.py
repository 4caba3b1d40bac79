"""A storm over the outbox, measured: workers killed while they send, a broker killed and a database crashed.

It has servers of its own in a temporary folder and touches nothing of the installation.
"""

import json
import os
import signal
import sys
import tempfile

from mentorship.portal.benchmarks.storm.plan import Plan, StormFigures
from servers import processes
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT

# How long a storm that is told to end may take to stop its servers.
GRACE_SECONDS = 30


def measure_reminders(plan: Plan) -> StormFigures:
    """Let the storm rage in a process of its own, and return its figures. Raises StartError where it can't."""
    reading, report = os.pipe()
    with os.fdopen(reading) as figures, tempfile.TemporaryFile() as output:
        child = processes.start(
            [sys.executable, "-m", "mentorship.portal.benchmarks.storm", plan.to_json(), str(report)],
            parting=signal.SIGTERM,
            output=output,
            cwd=CHECKOUT,
            pass_fds=[report],
        )
        os.close(report)
        try:
            said = figures.read()
            child.wait()
        except BaseException:
            processes.stop(child, signal.SIGTERM, GRACE_SECONDS)
            raise
        if not said:
            output.seek(0)
            raise StartError(f"The storm broke off: {last_line(output.read().decode(errors='replace'))}")
    return StormFigures(**json.loads(said))
