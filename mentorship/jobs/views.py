"""The page that shows how far a piece of long work has come, and the button that stops it."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from mentorship.jobs import registry, services
from mentorship.jobs.models import Job

UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING)
KINDS_OF_STATE = {Job.State.FAILED: "trouble", Job.State.CANCELLED: "attention", Job.State.DONE: "good"}


@login_required
@require_GET
@never_cache
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far the work has come; once it is done, where its result is."""
    job = _watched(request, job_id)
    if job.state == Job.State.DONE:
        return redirect(registry.kind_of(job).next_url(job))
    return render(request, "jobs/progress.html", _shown(job) | {"back_url": _back_url(job)})


@login_required
@require_GET
@never_cache
def fragment(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The part of the page that changes; once the work has ended, the whole page is fetched anew."""
    job = _watched(request, job_id)
    if job.state not in UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "jobs/progress.html#now", _shown(job))


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = _watched(request, job_id)
    services.request_cancel(job=job, by=request.user, now=timezone.now())
    return redirect("jobs:progress", job_id)


def _watched(request: HttpRequest, job_id: UUID) -> Job:
    """Return the job if this person may watch it. Raises Http404."""
    job = get_object_or_404(Job, pk=job_id)
    if not registry.may_watch(job, request.user):
        raise Http404
    return job


def _back_url(job: Job) -> str:
    """Where one goes from work that was stopped or failed."""
    back = registry.kind_of(job).back_url
    return back(job) if back is not None else resolve_url(settings.LOGIN_REDIRECT_URL)


def _shown(job: Job) -> dict[str, object]:
    return {
        "job": job,
        "title": registry.kind_of(job).title,
        "under_way": job.state in UNDER_WAY,
        "value": job.done if job.total else None,
        "status_kind": KINDS_OF_STATE.get(Job.State(job.state), "neutral"),
    }
