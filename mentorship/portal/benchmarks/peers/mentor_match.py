"""mentor-match on an invented season: `mentor_match.py FOLDER ROUNDS`, in an environment that has only it.

It gets the engine's scores ready-made, by look-up, which spares it the work of rules. A pair that is ruled out is
disqualified; one that isn't is worth so much more that it places whom it can. It knows one mentee per mentor and
round: in later rounds mentees who have a mentor, and mentors without a place left, are disqualified.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

PLACED = 1_000_000


def main(folder: str, rounds: int) -> None:
    """Match, and print seconds and how many have a mentor."""
    # By name, since here `matching` is what the environment has.
    mentees_of, mentors_of, process, rules_of = (
        import_module(f"matching.{name}") for name in ("mentee", "mentor", "process", "rules.rule")
    )
    season = json.loads((Path(folder) / "season.json").read_text())
    score: dict[str, dict[str, int]] = {
        mentee: {mentor: score for (mentor, _places), score in zip(season["mentors"], row, strict=True)}
        for mentee, row in zip(season["mentees"], season["scores"], strict=True)
    }
    places = dict(season["mentors"])

    def ruled_out(match: Any) -> bool:
        return score[match.mentee.email][match.mentor.email] < 0

    def served(match: Any) -> bool:
        return bool(match.mentee.mentors) or len(match.mentor.mentees) >= places[match.mentor.email]

    class Score(rules_of.Rule):  # type: ignore[name-defined, misc]
        def apply(self, match: Any) -> int:
            return PLACED + score[match.mentee.email][match.mentor.email]

    # Rules are applied from the last to the first, until one disqualifies.
    first = [Score(), rules_of.Disqualify(ruled_out)]
    every = [first] + [[*first, rules_of.Disqualify(served)]] * (rounds - 1)
    mentors = [mentors_of.Mentor(email=mentor, grade=0) for mentor in places]
    mentees = [mentees_of.Mentee(email=mentee, grade=0) for mentee in season["mentees"]]
    started = time.perf_counter()
    process.process_data(mentors, mentees, every)
    seconds = time.perf_counter() - started
    placed = sum(bool(mentee.mentors) for mentee in mentees)
    sys.stdout.write(json.dumps({"seconds": round(seconds, 6), "placed": placed}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
