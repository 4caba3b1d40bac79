"""A Celery worker as an installation runs it, which also knows the tests' message and a piece of work.

Started as `python -m tests.reminders.worker`, on the test database.
"""

import django

if __name__ == "__main__":
    django.setup()

    from mentorship.jobs.registry import JobKind, register
    from tests.live_worker import work
    from tests.reminders.notes import register_note

    def count(job, progress, now):
        for number in range(3):
            progress(number + 1, 3)
        return {"counted": 3}

    register_note()
    register(JobKind(key="counting", title="Counting", run=count, next_url=lambda job: "/"))
    work()
