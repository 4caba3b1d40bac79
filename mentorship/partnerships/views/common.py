"""What the pages of a pair share: whose it is, which meeting is meant, and what to say when that can't be done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.states import IllegalMove
from mentorship.partnerships.forms.meetings import LoggingForm
from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.querysets import GOING_ON
from mentorship.partnerships.reading import with_members
from mentorship.partnerships.services import (
    AlreadyLogged,
    Archived,
    Closed,
    NobodyThere,
    NothingChanged,
    NotTheirs,
    TooManyGoals,
    WrongMoment,
)

REFUSALS: tuple[tuple[type[Exception], Any], ...] = (
    (
        Archived,
        gettext_lazy("The season is archived: what is kept of it can be read, and nothing is added or put right."),
    ),
    (Closed, gettext_lazy("This pair has come to its end, so this can't be done any more.")),
    (WrongMoment, gettext_lazy("That can't be done at this moment; nothing was changed.")),
    (IllegalMove, gettext_lazy("Somebody was faster: look at it as it stands now. Nothing was changed.")),
    (NothingChanged, gettext_lazy("It was so already; nothing was changed.")),
    (NobodyThere, gettext_lazy("Tick at least one person, or say that it didn't take place.")),
    (TooManyGoals, gettext_lazy("These are many goals already. Drop one before you add another.")),
)
REFUSED = tuple(kind for kind, _words in REFUSALS)


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


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "", form: BaseForm | None = None) -> bool:
    """Do it and say so, or say why not; whether it is as they want it. What isn't theirs is not there.

    With a `form` the reason becomes an error of it: the page shows it again, and nothing that was typed is lost.
    """
    try:
        act()
    except NotTheirs:
        raise Http404 from None
    except AlreadyLogged as found:
        assert isinstance(form, LoggingForm)
        form.ask_about(found.meetings)
        return False
    except NothingChanged as refusal:
        messages.info(request, why_not(refusal))
        return True
    except REFUSED as refusal:
        if form is None:
            messages.info(request, why_not(refusal))
        else:
            form.add_error(None, why_not(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def shut(request: HttpRequest, pair: Partnership, check: Callable[[Partnership], None]) -> HttpResponse | None:
    """Instead of a form that could only fail, the reason on the pair's page; None where it may be opened.

    What was sent from a page that was open before is answered by `attempt`, with what was typed.
    """
    if request.method == "POST":
        return None
    try:
        check(pair)
    except REFUSED as refusal:
        messages.info(request, why_not(refusal))
        return redirect("partnerships:detail", pair.pk)
    return None


def goes_on(pair: Partnership) -> bool:
    """Whether there is still something to plan, to write and to agree on."""
    return pair.state in GOING_ON and pair.season.archived_at is None


def why_not(refusal: Exception) -> str:
    """A refusal in the words of the pages."""
    return next(str(words) for kind, words in REFUSALS if isinstance(refusal, kind))


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
