"""What is kept of partnerships, and what goes when their season is archived."""

from datetime import datetime

from mentorship.partnerships.models import Meeting, PairGoal, Partnership, PrivateNote, SharedNote
from mentorship.partnerships.retention.meetings import register_meetings
from mentorship.partnerships.retention.pairs import register_pairs
from mentorship.partnerships.retention.writings import register_writings
from mentorship.seasons.models import Season


def register_all() -> None:
    """Called once, when the program starts."""
    register_pairs()
    register_meetings()
    register_writings()


def purge_writings(season: Season, now: datetime) -> None:
    """Delete what the members alone could read, and why they were matched; the meetings stay, as the record."""
    SharedNote.objects.filter(partnership__season=season).delete()
    PrivateNote.objects.filter(partnership__season=season).delete()
    PairGoal.objects.filter(partnership__season=season, goal=None).delete()
    Meeting.objects.of_season(season).update(place="", link="")
    Partnership.objects.filter(season=season).update(fit=None, reasons={})
