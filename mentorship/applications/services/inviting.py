"""Inviting colleagues to apply where a season lacks them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.applications.models import Application, Invitation
from mentorship.applications.services.errors import ApplicationError
from mentorship.records.audit import record_many
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Goal, Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase


@transaction.atomic
def invite_to_apply(
    *, season: Season, people: Iterable[Any], role: str, goal: Goal | None, by: Any, now: datetime
) -> int:
    """Invite each of `people` to apply in `role`, once a season; return how many invitations are new.

    Who applied in this role or was invited already is passed over. Raises ApplicationError where applications
    aren't open.
    """
    # The season's row is the lock: two coordinators who invite at once don't invite anybody twice.
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    if phase(season, now) != Phase.APPLYING:
        raise ApplicationError(_("People can be invited while applications are open."))
    people = [person for person in people if person.is_active]
    passed = set(
        Invitation.objects.filter(season=season, role=role, person__in=people).values_list("person", flat=True)
    )
    passed |= set(
        Application.objects.open()
        .filter(season=season, role=role, applicant__in=people)
        .values_list("applicant", flat=True)
    )
    rows = [
        Invitation(season=season, person=person, role=role, goal=goal, invited_by=by, invited_at=now)
        for person in people
        if person.pk not in passed
    ]
    Invitation.objects.bulk_create(rows)
    record_many(by=by, verb="invite-to-apply", targets=list(rows), now=now)
    queue_deliveries(
        drafts=[
            Draft(
                rule="invitation-to-apply",
                recipient=row.person,
                dedupe_key=f"invitation-to-apply:{season.pk}:{row.person_id}:{role}",
                subject=row,
                ids={"season": str(season.pk)},
            )
            for row in rows
        ],
        now=now,
    )
    return len(rows)
