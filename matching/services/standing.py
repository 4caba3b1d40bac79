"""Whether a run is still the one that counts: no decision is written on what a newer run has replaced."""

from uuid import UUID

from django.db import connection

from matching.models import Run
from mentorship.common.states import IllegalMove


class RunUnderWay(IllegalMove):
    """Another run is being made, or has been made since: what was on the page is no longer the season's state."""

    def __init__(self) -> None:
        super().__init__("matching run", "replaced", "decided")


def hold_standing(run: Run) -> None:
    """Keep `run` the season's last until the transaction ends. Raises RunUnderWay where it isn't.

    The key share of the season's row conflicts only with the lock under which a run is asked for, so decisions
    don't wait for one another, and no run starts from a snapshot that misses them.
    """
    season: UUID = run.season_id  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM seasons_season WHERE id = %s FOR KEY SHARE", [season])
    later = {"season": season, "number__gt": run.number}
    if type(run)._default_manager.filter(**later).exclude(state="failed").exists():
        raise RunUnderWay
