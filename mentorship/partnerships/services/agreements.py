"""What happens when a member accepts the mentoring agreement."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.common.bilingual import localized
from mentorship.partnerships.models import Agreement, Partnership
from mentorship.partnerships.services.membership import check_going_on, lock_pair, member_of
from mentorship.records.audit import record


class NothingToAccept(Exception):
    """The season has no agreement."""


@transaction.atomic
def accept_agreement(*, partnership: Partnership, language: str, by: Any, now: datetime) -> Agreement:
    """Keep a copy of what `by` read in `language`; a second acceptance changes nothing.

    Raises NotTheirs, Closed, NothingToAccept.
    """
    pair = lock_pair(partnership.pk)
    member = member_of(pair, by)
    check_going_on(pair)
    accepted = Agreement.objects.filter(membership=member).first()
    if accepted is not None:
        return accepted
    text = localized(pair.season, "agreement", language)
    if not text.strip():
        raise NothingToAccept
    accepted = Agreement.objects.create(membership=member, language=language, text=text, accepted_at=now)
    record(by=by, verb="accept-agreement", target=pair, now=now)
    return accepted
