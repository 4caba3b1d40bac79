"""The task that runs a job; its only argument is the job's key."""

from celery import shared_task
from django.utils import timezone

from mentorship.jobs.services import run_job


@shared_task(name="mentorship.jobs.tasks.run", queue="long", acks_late=True)  # type: ignore[untyped-decorator]
def run(job_id: str) -> None:
    run_job(job_id=job_id, now=timezone.now())
