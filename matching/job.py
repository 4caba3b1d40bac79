"""The runs of a season as jobs that a coordinator can watch, leave and come back to."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import CircleRun, MatchRun
from matching.services import circles, fail_run, runs
from mentorship.jobs.models import Job
from mentorship.jobs.registry import JobKind, Progress, register


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        JobKind(
            key=runs.KIND,
            title=_("Finding matches"),
            run=_run,
            next_url=_workbench,
            may_see=_is_coordinator,
            failed=_failed,
        )
    )
    register(
        JobKind(
            key=circles.KIND,
            title=_("Finding circles"),
            run=_run_circles,
            next_url=_circles,
            may_see=_is_coordinator,
            failed=_failed,
        )
    )


def _run(job: Job, progress: Progress, now: datetime) -> dict[str, Any]:
    return runs.execute_run(run_id=job.payload["run"], progress=progress, now=now)


def _run_circles(job: Job, progress: Progress, now: datetime) -> dict[str, Any]:
    return circles.execute_circle_run(run_id=job.payload["run"], progress=progress, now=now)


def _circles(job: Job) -> str:
    season = CircleRun.objects.values_list("season_id", flat=True).get(pk=job.payload["run"])
    return reverse("admin:matching_circles", args=[season])


def _workbench(job: Job) -> str:
    season = MatchRun.objects.values_list("season_id", flat=True).get(pk=job.payload["run"])
    return reverse("admin:matching_workbench", args=[season])


def _is_coordinator(job: Job, user: Any) -> bool:
    return bool(user.has_role("coordinator"))


def _failed(job: Job, now: datetime) -> None:
    fail_run(job=job, now=now)
