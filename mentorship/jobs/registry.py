"""Which kinds of long work there are; upper apps register theirs from `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from mentorship.jobs.models import Job


class Progress(Protocol):
    """Reports that `done` of `total` steps are done; raises `jobs.services.JobCancelled` once asked to stop.

    Each report renews the lease of five minutes. It is made outside transactions: inside one nobody would see it.
    """

    def __call__(self, done: int, total: int, step: str = "") -> None: ...


@dataclass(frozen=True)
class JobKind:
    """One kind of long work.

    `run(job, progress, now)` does it and returns the job's result (ids and counts); it must be safe to run again
    from the start, and says what people can mend by raising `jobs.services.JobFailed`. `may_see(job, user)` says who
    may look at and cancel it besides the one who asked. `next_url` is where the person goes when it is done, `title`
    what the progress page is called. `failed(job, now)` puts things right where the job failed or was cancelled;
    `back_url` is where the person goes then, home where it isn't given.
    """

    key: str
    title: str | Promise
    run: Callable[[Job, Progress, datetime], dict[str, Any]]
    next_url: Callable[[Job], str]
    may_see: Callable[[Job, Any], bool] = lambda job, user: False
    failed: Callable[[Job, datetime], None] = lambda job, now: None
    back_url: Callable[[Job], str] | None = None


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    _kinds[kind.key] = kind


def kind_of(job: Job) -> JobKind:
    """Return the kind of `job`. Raises KeyError."""
    return _kinds[job.kind]


def may_watch(job: Job, user: Any) -> bool:
    """Whether `user` may look at `job` and stop it: the one who asked, and whomever its kind allows."""
    kind = _kinds.get(job.kind)
    return kind is not None and (job.requested_by_id == user.pk or kind.may_see(job, user))


def title_of(job: Job) -> str:
    """Return what the work is called; its key where this version of the program doesn't know its kind."""
    kind = _kinds.get(job.kind)
    return str(kind.title) if kind else job.kind
