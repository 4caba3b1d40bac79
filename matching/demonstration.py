"""Takes a season from its pool of applicants to announced pairs, by the services that coordinators use."""

from datetime import datetime
from typing import Any

from matching.models import Proposal
from matching.services import announce_season, approve_proposals, execute_run, start_run
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from mentorship.seasons.models import Season


def match_and_announce(*, season: Season, by: Any, now: datetime) -> None:
    """Run, approve everything, let every mentor say yes, and announce; `by` is a coordinator."""
    run = start_run(season=season, by=by, now=now)
    execute_run(run_id=run.pk, progress=_silent, now=now)
    suggested = Proposal.objects.filter(run=run, mentor__isnull=False).values_list("pk", flat=True)
    approve_proposals(run=run, proposals=suggested, by=by, now=now)
    ask_mentors(season=season, by=by, now=now)
    asked = Membership.objects.filter(season=season, role="mentor", partnership__state=Partnership.State.ASKED)
    for mentor in asked.select_related("person", "partnership"):
        answer_question(partnership=mentor.partnership, yes=True, by=mentor.person, now=now)
    announce_season(season=season, by=by, now=now)


def _silent(done: int, total: int, step: str = "") -> None:
    """Nobody watches."""
