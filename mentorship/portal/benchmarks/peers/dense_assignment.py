"""One dense assignment of scipy's on an invented season: `dense_assignment.py FOLDER`; no tiers, no proof."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment


def main(folder: str) -> None:
    """Match, and print seconds and how many have a mentor."""
    season = json.loads((Path(folder) / "season.json").read_text())
    scores = np.load(Path(folder) / "scores.npy")
    # Any pair is worth more than none: a ruled out one is worth nothing, and doesn't count.
    places = np.array([count for _mentor, count in season["mentors"]])
    started = time.perf_counter()
    owner = np.repeat(np.arange(len(places)), places)
    rows, taken = linear_sum_assignment((scores + np.int16(1))[:, owner], maximize=True)
    seconds = time.perf_counter() - started
    placed = int((scores[rows, owner[taken]] >= 0).sum())
    sys.stdout.write(json.dumps({"seconds": round(seconds, 6), "placed": placed}))


if __name__ == "__main__":
    main(sys.argv[1])
