"""Which message goes with which decision."""

from collections.abc import Iterable
from datetime import datetime

from mentorship.applications.models import Application
from mentorship.reminders.services import Draft, queue_deliveries

RULES = {
    Application.State.ELIGIBLE: "application-eligible",
    Application.State.INELIGIBLE: "application-not-this-season",
    Application.State.WAITING: "application-waiting",
}


def queue_decisions(applications: Iterable[Application], now: datetime) -> None:
    """Write one message for each application about its decision, in one statement."""
    queue_deliveries(
        drafts=[
            Draft(
                rule=RULES[Application.State(application.state)],
                recipient=application.applicant,
                dedupe_key=f"decision:{application.pk}:{now.isoformat()}",
                subject=application,
                ids={"season": str(application.season_id)},
            )
            for application in applications
        ],
        now=now,
    )
