"""Gives each of pytest-xdist's workers a broker database of its own, before the settings are read."""

import os
import re

worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker.removeprefix("gw").isdigit() and os.environ.get("REDIS_URL"):
    number = int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = re.sub(
        r"(?:(?<=db=)|(?<=\d/))(\d+)$", lambda match: str(int(match[1]) + number), os.environ["REDIS_URL"]
    )
