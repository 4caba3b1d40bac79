"""Telling the workers that something is due, without ever depending on the broker.

The truth is in the database and the per-minute tick finds it there. A wake only makes it sooner, so one that fails
is logged and forgotten, and while the broker is away nobody waits for it again for half a minute.
"""

import logging
import time

from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 30.0
# One try of at most a second: whoever wakes is answering a person.
ONE_TRY = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
UNREACHABLE = (KombuError, RedisError, OSError)
_asleep_until = 0.0


def wake(task: str, *ids: str, queue: str, expires: float | None = None) -> bool:
    """Ask a worker to run the task of this name with `ids`; return whether the broker took it.

    `expires` is in seconds.
    """
    global _asleep_until
    if time.monotonic() < _asleep_until:
        return False
    try:
        publish(task, *ids, queue=queue, expires=expires)
    except UNREACHABLE:
        _asleep_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("the broker can't be reached; the tick will find what is due")
        return False
    return True


def publish(task: str, *ids: str, queue: str, expires: float | None = None) -> None:
    """Hand a task to the broker in one try. Raises one of UNREACHABLE."""
    with current_app.connection_for_write(transport_options=ONE_TRY) as broker:
        current_app.send_task(task, args=ids, queue=queue, expires=expires, retry=False, connection=broker)
