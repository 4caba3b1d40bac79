"""What the pages of a pair share: whose it is, which meeting is meant, and what to say when that can't be done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.reading import with_members
from mentorship.partnerships.services import Closed, NobodyThere, NothingChanged, NotTheirs, TooManyGoals, WrongMoment

REFUSALS: tuple[tuple[type[Exception], Any], ...] = (
    (Closed, gettext_lazy("This pair has come to its end, so this can't be done any more.")),
    (WrongMoment, gettext_lazy("That can't be done at this moment; nothing was changed.")),
    (IllegalMove, gettext_lazy("Somebody was faster: look at it as it stands now. Nothing was changed.")),
    (NothingChanged, gettext_lazy("It was so already; nothing was changed.")),
    (NobodyThere, gettext_lazy("Tick at least one person, or say that it didn't take place.")),
    (TooManyGoals, gettext_lazy("These are many goals already. Drop one before you add another.")),
)


def pair_of(request: HttpRequest, partnership_id: UUID) -> Partnership:
    """The announced pair of the one who asks, with its members. Raises Http404."""
    rows = with_members(Partnership.objects.told_to(request.user))
    pair: Partnership = get_object_or_404(rows, pk=partnership_id)
    request.season = pair.season  # type: ignore[attr-defined]
    return pair


def meeting_of(pair: Partnership, meeting_id: UUID) -> Meeting:
    """A meeting of the pair, with who was there. Raises Http404."""
    meeting: Meeting = get_object_or_404(pair.meetings.prefetch_related("attendances"), pk=meeting_id)
    meeting.partnership = pair
    return meeting


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Do it and say so, or say why not; whether it was done. What isn't theirs is not there."""
    try:
        act()
    except NotTheirs:
        raise Http404 from None
    except tuple(kind for kind, _words in REFUSALS) as refusal:
        messages.info(request, next(str(words) for kind, words in REFUSALS if isinstance(refusal, kind)))
        return False
    if done:
        messages.success(request, done)
    return True


def members_of(pair: Partnership) -> list[Membership]:
    """The members who can have been at a meeting: those of today, or those who stayed to the end."""
    members = list(pair.memberships.all())
    return [member for member in members if member.active or (pair.closed_at and member.left_at == pair.closed_at)]


def usual_mode(pair: Partnership) -> str:
    """The way to meet that suited both when they were matched."""
    modes = pair.reasons.get("modes") or []
    return modes[0] if modes and modes[0] in Meeting.Mode.values else ""


def partner_names(pair: Partnership, person: Any) -> dict[UUID, str]:
    """The members' first names by membership, "you" for the reader."""
    return {
        member.pk: _("you") if member.person_id == person.pk else member.person.get_short_name()
        for member in pair.memberships.all()
    }
