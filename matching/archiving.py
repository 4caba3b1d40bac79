"""What matching forgets when a season is archived: whatever a run read of identities, and what was counted of it."""

from datetime import datetime

from matching.models import MatchRun
from mentorship.seasons.models import Season


def purge_runs(season: Season, now: datetime) -> None:
    """Empty the inputs and results of the season's runs, with the totals of wishes and the file's hash.

    What coordinators read of a run besides is history and stays.
    """
    for run in MatchRun.objects.select_for_update(of=("self",)).filter(season=season).order_by("pk"):
        run.problem, run.trace = {}, {}
        run.figures = {name: figure for name, figure in run.figures.items() if name not in {"wishes", "file"}}
        run.save(update_fields=["problem", "trace", "figures"])
