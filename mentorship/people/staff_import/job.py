"""The import as long work: planned again from the file, so that it does what is right now, then written."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentorship.jobs.models import Job
from mentorship.jobs.registry import JobKind, Progress
from mentorship.people.models import StaffImport
from mentorship.people.staff_import.planning import make_plan, not_trusted_with_all
from mentorship.people.staff_import.services import JOB_KIND, import_plan, preview_rows, sheet_of, today
from mentorship.people.staff_import.states import STAFF_IMPORT

State = StaffImport.State


def _run(job: Job, progress: Progress, now: datetime) -> dict[str, Any]:
    staff_import = StaffImport.objects.get(pk=job.payload["import"])
    named = staff_import.columns
    plan = make_plan(
        sheet_of(staff_import),
        named["columns"],
        order=named["date_order"],
        today=today(now),
        bound=not_trusted_with_all(staff_import.uploaded_by, job.requested_by),
    )
    counts = import_plan(plan=plan, by=job.requested_by, now=now, progress=lambda done, total: progress(done, total))
    STAFF_IMPORT.check(staff_import.state, State.DONE)
    staff_import.state, staff_import.imported_at, staff_import.counts = State.DONE, now, counts
    staff_import.rows = preview_rows(plan)
    staff_import.save()
    return counts


def _failed(job: Job, now: datetime) -> None:
    """What was written stays; the list can be imported again and then does the rest."""
    StaffImport.objects.filter(pk=job.payload["import"], state=State.IMPORTING).update(state=State.PREVIEWED)


KIND = JobKind(
    key=JOB_KIND,
    title=_("Importing the staff list"),
    run=_run,
    next_url=lambda job: reverse("admin:people_staffimport_preview", args=[job.payload["import"]]),
    may_see=lambda job, user: user.has_role("administrator", "coordinator"),
    failed=_failed,
    back_url=lambda job: reverse("admin:people_staffimport_preview", args=[job.payload["import"]]),
)
