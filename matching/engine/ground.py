"""The pairs from which a run may choose, whichever of them one looks at."""

from dataclasses import dataclass

from matching.engine.certificate import TOO_CHEAP, Guard, Proof, VerificationError
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Mask
from matching.engine.views import Strip, View


@dataclass(frozen=True)
class Ground:
    """A season's undecided pairs that are allowed, whose mentor has a place, and that the quiet guard leaves."""

    season: Season
    guard: Guard | None = None

    def among(self, view: View, settled: tuple[Proof, ...] = ()) -> Mask:
        """Those of a view's pairs that are on this ground, and best in every tier that is settled."""
        season = self.season
        mask = view.allowed & view.of_mentees(season.pinned == NOBODY) & view.of_mentors(season.open_places > 0)
        if self.guard is not None:
            mask &= view.fit >= view.of_mentees(self.guard.floor)
        for proof in settled:
            mask &= proof.total(view) == proof.weights(view)
        return mask

    def check_prices(self, strip: Strip, proofs: tuple[tuple[str, Proof], ...]) -> None:
        """Raise VerificationError, naming the stage, where a pair on a tier's face is worth more than its prices."""
        mask = self.among(strip)
        for stage, proof in proofs:
            excess = proof.total(strip) - proof.weights(strip)
            if (excess[mask] < 0).any():
                raise VerificationError(f"{stage}: {TOO_CHEAP}")
            mask &= excess == 0
