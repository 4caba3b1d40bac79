"""The hospital game of `matching` on an invented season: `stable_game.py FOLDER`, where only that is at hand.

Mentees are residents and mentors hospitals with places; both prefer by the engine's scores, and rank nobody with whom
a rule keeps them apart. Making the lists is not counted, making and solving the game is.
"""

import json
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path


def ranked(scores: dict[str, int]) -> list[str]:
    """Those who aren't ruled out, the best score first."""
    return sorted((other for other, score in scores.items() if score >= 0), key=lambda other: -scores[other])


def main(folder: str) -> None:
    """Match, and print seconds and how many have a mentor."""
    # By name, since here `matching` is what the environment has.
    game = import_module("matching.games").HospitalResident
    season = json.loads((Path(folder) / "season.json").read_text())
    mentors = [mentor for mentor, _places in season["mentors"]]
    of_mentees = {
        mentee: dict(zip(mentors, row, strict=True))
        for mentee, row in zip(season["mentees"], season["scores"], strict=True)
    }
    of_mentors = {mentor: {mentee: row[mentor] for mentee, row in of_mentees.items()} for mentor in mentors}
    # Who may be paired with nobody has no part in the game.
    residents, hospitals = (
        {person: names for person, scores in side.items() if (names := ranked(scores))}
        for side in (of_mentees, of_mentors)
    )
    places = {mentor: count for mentor, count in season["mentors"] if mentor in hospitals}
    # The game copies its players, each of whom knows all others.
    sys.setrecursionlimit(1_000_000)
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    found = game.create_from_dictionaries(residents, hospitals, places).solve()
    seconds = time.perf_counter() - started
    placed = sum(len(mentees) for mentees in found.values())
    sys.stdout.write(json.dumps({"seconds": round(seconds, 6), "placed": placed}))


if __name__ == "__main__":
    main(sys.argv[1])
