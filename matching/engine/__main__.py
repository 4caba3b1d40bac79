"""The engine as a program: `python -m matching.engine solve problem.json`, `verify` and `explain`.

`verify problem.json trace.json` checks a result, `explain problem.json trace.json --mentee E7` prints what every
other mentor would cost the season, as JSON. `circles` and `verify-circles` are for the circles of a season.

Exit codes: 0 done or holds, 1 the trace does not hold, 2 bad input. Every failure is one line on standard error.
"""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from matching.engine import (
    Problem,
    ProblemError,
    Trace,
    TraceError,
    VerificationError,
    circles,
    explain,
    solve,
    verify,
)

DOES_NOT_HOLD, BAD_INPUT = 1, 2


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint about the command line is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def read(path: str) -> bytes:
    """A file's content; leaves with one line if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ProblemError(f"{path}: {error.strerror}") from None


def run(options: argparse.Namespace) -> str:
    """What this command prints."""
    content = read(options.problem)
    match options.command:
        case "solve":
            return solve(Problem.from_json(content)).to_json()
        case "circles":
            return circles.solve(circles.CircleProblem.from_json(content)).to_json()
        case "verify":
            verify(Problem.from_json(content), Trace.from_json(read(options.trace)))
        case "explain":
            explained, trace = Problem.from_json(content), Trace.from_json(read(options.trace))
            verify(explained, trace)
            return explain(explained, trace, options.mentee).to_json()
        case "verify-circles":
            problem = circles.CircleProblem.from_json(content)
            circles.verify(problem, circles.CircleTrace.from_json(read(options.trace)))
    return "The trace holds."


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = OneLineParser(prog="matching.engine", description="Match mentees with mentors, and check a result.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=OneLineParser)
    solving = commands.add_parser("solve", help="print the best matching of a problem, with its proof")
    solving.add_argument("problem", help="problem.json")
    verifying = commands.add_parser("verify", help="check that a trace is a best matching of a problem")
    verifying.add_argument("problem", help="problem.json")
    verifying.add_argument("trace", help="trace.json")
    explaining = commands.add_parser("explain", help="print why a mentee has nobody else, for a trace that holds")
    explaining.add_argument("problem", help="problem.json")
    explaining.add_argument("trace", help="trace.json")
    explaining.add_argument("--mentee", required=True, help="the mentee's id")
    circling = commands.add_parser("circles", help="print the best circles of a problem, with what nothing exceeds")
    circling.add_argument("problem", help="problem.json")
    checking = commands.add_parser("verify-circles", help="check that a trace of circles holds for a problem")
    checking.add_argument("problem", help="problem.json")
    checking.add_argument("trace", help="trace.json")
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(run(options) + "\n")
    except (VerificationError, TraceError) as error:
        sys.stderr.write(f"{error}\n")
        return DOES_NOT_HOLD
    except ProblemError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
