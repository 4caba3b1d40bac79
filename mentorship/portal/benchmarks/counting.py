"""What something costs: seconds and statements, counted so that the counting itself costs next to nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Cost:
    """Seconds and statements of one thing."""

    seconds: float
    queries: int


def cost_of(work: Callable[[], Any]) -> Cost:
    """Do it and say what it cost. Statements are counted and not kept: their text may be longer than the work."""
    queries = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    started = time.perf_counter()
    with connection.execute_wrapper(count):
        work()
    return Cost(seconds=round(time.perf_counter() - started, 3), queries=queries)
