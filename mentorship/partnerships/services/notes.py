"""What happens to members' notes. No audit entry says that somebody wrote one: that is theirs alone to know."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import Meeting, Partnership, PrivateNote, SharedNote
from mentorship.partnerships.services.approving import NotTheirs
from mentorship.partnerships.services.membership import check_going_on, lock_pair, member_of
from mentorship.partnerships.services.repeats import just_made

Note = SharedNote | PrivateNote


@transaction.atomic
def write_note(
    *,
    partnership: Partnership,
    text: str,
    shared: bool,
    by: Any,
    now: datetime,
    meeting: Meeting | None = None,
) -> Note:
    """Keep a note for all members, or for `by` alone; what is over is read alone, what is sent twice is kept once.

    Raises NotTheirs, Closed.
    """
    pair = lock_pair(partnership.pk)
    member_of(pair, by)
    check_going_on(pair)
    if meeting is not None and meeting.partnership_id != pair.pk:
        raise NotTheirs
    own: Any = pair.shared_notes.filter(author=by) if shared else pair.private_notes.filter(owner=by)
    there: Note | None = just_made(own.filter(meeting=meeting), "written_at", now, lambda note: note.text == text)
    if there is not None:
        return there
    if shared:
        return SharedNote.objects.create(partnership=pair, meeting=meeting, author=by, text=text, written_at=now)
    return PrivateNote.objects.create(partnership=pair, meeting=meeting, owner=by, text=text, written_at=now)


@transaction.atomic
def remove_note(*, note: Note, by: Any, now: datetime) -> None:
    """Delete one's own note for good. Raises NotTheirs."""
    author = note.author_id if isinstance(note, SharedNote) else note.owner_id
    if author != by.pk:
        raise NotTheirs
    note.delete()
