"""What invented pairs do about an end: completing early, parting without fault, going on with somebody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matching.demonstration import match_anew
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import complete_early, end_pair
from mentorship.portal.demo.meetings import Pair, told_pairs
from mentorship.portal.demo.stories import Ending

Told = tuple[Partnership, Membership, Membership]


def part(pair: Pair, now: datetime) -> Partnership:
    """Let the mentee say that they have what they came for, or that it ends."""
    close = complete_early if pair.story.ending == Ending.EARLY else end_pair
    return close(partnership=pair.partnership, by=pair.mentee.person, now=now)


def change_partner(pair: Pair, pairs: Sequence[Pair], *, by: Any, now: datetime) -> Told:
    """Match the mentee of an ended pair anew, with one of the mentors of `pairs`, who all offer a second place.

    Returns the new pair. Raises NotEverybodyError.
    """
    offering = {other.mentor.application_id for other in pairs if other.mentor.application_id is not None}
    Application.objects.filter(pk__in=offering).update(capacity=2)
    mentee, mentor = pair.mentee.application, pair.mentor.application
    assert mentee is not None
    assert mentor is not None
    match_anew(mentee=mentee, but=mentor, by=by, now=now)
    found = told_pairs(Partnership.objects.filter(memberships__application=mentee, state=Partnership.State.ANNOUNCED))
    return found[0]
