"""A kind of work that the tests steer."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mentorship.jobs import registry
from mentorship.jobs.registry import JobKind


@pytest.fixture
def counting() -> Iterator[SimpleNamespace]:
    """Registers the kind "counting"; the tests set what it runs, who may see it, and read what it tidied up."""
    kind = SimpleNamespace(
        run=lambda job, progress, now: {"counted": 3}, may_see=lambda job, user: False, tidied=[], breaks=False
    )

    def failed(job, now):
        kind.tidied.append((job.state, now))
        if kind.breaks:
            raise ValueError("tidying up broke")

    registry.register(
        JobKind(
            key="counting",
            title="Counting books",
            run=lambda job, progress, now: kind.run(job, progress, now),
            next_url=lambda job: f"/?counted={job.result['counted']}",
            may_see=lambda job, user: kind.may_see(job, user),
            failed=failed,
        )
    )
    yield kind
    registry._kinds.pop("counting")
