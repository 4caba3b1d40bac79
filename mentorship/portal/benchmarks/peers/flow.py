"""ortools' cheapest flow on an invented season: `flow.py FOLDER`; every pair is an arc, no tiers, no proof."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow

BEST = 1_000
"""No score is higher; being left out costs more than any pair."""


def main(folder: str) -> None:
    """Match, and print seconds and how many have a mentor."""
    season = json.loads((Path(folder) / "season.json").read_text())
    scores = np.load(Path(folder) / "scores.npy")
    places = np.array([count for _mentor, count in season["mentors"]])
    started = time.perf_counter()
    mentees, mentors = scores.shape
    outside, sink = mentees + mentors, mentees + mentors + 1
    rows, columns = np.nonzero(scores >= 0)
    everybody, everyone = np.arange(mentees), mentees + np.arange(mentors)
    tails = np.concatenate((rows, everybody, everyone, [outside]))
    heads = np.concatenate((mentees + columns, np.full(mentees, outside), np.full(mentors + 1, sink)))
    room = np.concatenate((np.ones(len(rows) + mentees, dtype=int), places, [mentees]))
    left_out = np.full(mentees, BEST * (mentees + 1))
    costs = np.concatenate((BEST - scores[rows, columns].astype(int), left_out, np.zeros(mentors + 1, dtype=int)))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), room.astype(np.int64), costs.astype(np.int64)
    )
    solver.set_nodes_supplies(
        np.append(everybody, sink).astype(np.int32), np.append(np.ones(mentees, dtype=int), -mentees).astype(np.int64)
    )
    status = solver.solve()
    seconds = time.perf_counter() - started
    if status != solver.OPTIMAL:
        sys.exit("no flow was found")
    placed = int(solver.flows(np.arange(len(rows), dtype=np.int32)).sum())
    sys.stdout.write(json.dumps({"seconds": round(seconds, 6), "placed": placed}))


if __name__ == "__main__":
    main(sys.argv[1])
