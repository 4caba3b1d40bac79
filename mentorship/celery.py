"""The Celery application: it only wakes what the database already knows is due."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")

app = Celery("mentorship")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A web server's threads would otherwise each find an unconfigured application of Celery's own.
app.set_default()
app.conf.beat_schedule = {
    "tick": {
        "task": "mentorship.reminders.tasks.tick",
        "schedule": 60.0,
        "options": {"expires": 55, "queue": "mail"},
    },
    "nightly": {
        "task": "mentorship.reminders.tasks.nightly",
        "schedule": crontab(hour="10", minute="17"),  # UTC: night in America
        "options": {"expires": 12 * 3600, "queue": "long"},
    },
}
