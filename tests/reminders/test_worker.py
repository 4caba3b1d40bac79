"""From the commit of an event to the mail and the finished work, through the real broker and a real worker."""

import email

from django.db import transaction
from django.utils import timezone

from mentorship.jobs import registry
from mentorship.jobs.models import Job
from mentorship.jobs.registry import JobKind
from mentorship.jobs.services import enqueue_job
from mentorship.reminders.models import Delivery
from mentorship.reminders.services import queue_delivery
from tests.factories import UserFactory
from tests.live_worker import wait_until


def test_a_worker_sends_the_mail_and_does_the_work_that_were_asked_for(start_worker, note, mail_folder):
    start_worker("tests.reminders.worker")
    registry.register(JobKind(key="counting", title="Counting", run=lambda *args: {}, next_url=lambda job: "/"))
    person = UserFactory(language="es")
    with transaction.atomic():
        delivery = queue_delivery(rule="note", recipient=person, dedupe_key="1", now=timezone.now())
        job = enqueue_job(kind="counting", by=person, now=timezone.now())
    registry._kinds.pop("counting")

    wait_until(lambda: Delivery.objects.get().state == "sent" and Job.objects.get().state == "done")

    (path,) = mail_folder.iterdir()
    message = email.message_from_bytes(path.read_bytes())
    assert (message["To"], message["Message-ID"]) == (person.email, f"<{delivery.pk}@testserver>")
    job.refresh_from_db()
    assert (job.result, job.done, job.total, job.attempts) == ({"counted": 3}, 3, 3, 1)
