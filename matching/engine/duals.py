"""Where the prices of a certificate come from: shortest paths in the residual graph of a best assignment.

Write y_i = π_i and z_j = −ρ_j. The conditions of a certificate are then differences of labels, one edge each:
z_j ≤ y_i − w_ij for a possible pair, y_i ≤ z_j + w_ij for a pair made, and edges of length 0 to and from a source
(the outside) for who may stay out and for who is out. Labels that meet them all exist exactly if the graph has no
negative cycle, that is if no exchange along a path would gain: if the assignment is best. They are found by
Bellman-Ford, whole rows at a time, relaxing only the rows whose label fell in the round before.
"""

import numpy as np

from matching.engine.certificate import Face, Prices
from matching.engine.tables import NOBODY, Mask, Whole

NEVER = -(2**60)
"""The weight of a pair that is not possible: no label comes near it."""


def prices(face: Face, weight: Whole, assignment: Whole) -> Prices:
    """Prices that prove this assignment best on the face; RuntimeError if it is not best."""
    labels = _Labels(face, weight, assignment)
    labels.settle()
    return Prices(labels.mentees - labels.source, labels.source - labels.mentors)


class _Labels:
    """The labels on their way down: wherever they start, they come to rest where no edge is left to relax."""

    def __init__(self, face: Face, weight: Whole, assignment: Whole) -> None:
        self.reward = np.where(face.possible, weight, NEVER)
        self.matched = np.nonzero(assignment != NOBODY)[0]
        self.partner = assignment[self.matched]
        self.paid = weight[self.matched, self.partner]
        self.idle = assignment == NOBODY
        self.may_leave = ~face.demands.must_match
        self.must_fill = face.demands.must_fill
        self.has_room = np.bincount(self.partner, minlength=len(face.demands.places)) < face.demands.places
        self.rounds = 2 * sum(weight.shape) + 4
        self.source = 0
        self.mentors = np.zeros(len(face.demands.places), dtype=np.int64)
        self.mentees = np.zeros(len(assignment), dtype=np.int64)
        self.mentees[self.matched] = self.paid
        self.fell: Mask = np.ones(len(assignment), dtype=bool)

    def settle(self) -> None:
        """Relax every edge until none is left to relax."""
        for _ in range(self.rounds):
            mentees, mentors, source = self.mentees, self.mentors, self.source
            self._relax()
            self.fell = self.mentees < mentees
            if not self.fell.any() and self.source == source and (self.mentors == mentors).all():
                return
        raise RuntimeError("the assignment is not best: its residual graph has a negative cycle")

    def _relax(self) -> None:
        mentees, mentors = self.mentees.copy(), self.mentors
        if self.fell.all():
            mentors = np.minimum(mentors, (mentees[:, None] - self.reward).min(axis=0, initial=-NEVER))
        elif self.fell.any():
            offers = mentees[self.fell, None] - self.reward[self.fell]
            mentors = np.minimum(mentors, offers.min(axis=0))
        mentees[self.matched] = np.minimum(mentees[self.matched], mentors[self.partner] + self.paid)
        source = min(
            self.source,
            int(mentors.min(where=self.has_room, initial=self.source)),
            int(mentees.min(where=self.may_leave, initial=self.source)),
        )
        self.mentors = np.where(self.must_fill, mentors, np.minimum(mentors, source))
        self.mentees = np.where(self.idle, np.minimum(mentees, source), mentees)
        self.source = source
