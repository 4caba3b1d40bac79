"""What the pairs by themselves let one guess of who asked to be matched on identity: measured, since they are shown.

Somebody who knows everything but identity (goals, times, favourites, and the engine) can work out the pairs of a
season that is blind to it, and look who ended up elsewhere. That is the most that the pairs hold.
"""

from dataclasses import replace
from random import Random

from matching.engine import parse, solve
from tests.engine.seasons import GOALS, IDENTITY, SLOTS

SEASONS, SIDE = 20, 33
TOLD_AT_MOST = 0.58


def believable(random):
    """A season of 66: some shared goals, four in ten of either side ask to be matched on identity."""

    def person(identifier):
        asks = random.random() < 0.4
        return {
            "id": identifier,
            "unit": str(random.randrange(44)),
            "slots": random.sample(SLOTS, random.randint(1, 3)),
            "identity": {name: [random.choice(values)] for name, values in IDENTITY.items()} if asks else {},
            "match_on": {name: random.choice([0, 1, 2]) for name in IDENTITY} if asks else {},
        }

    return parse(
        {
            "settings": {"identity": True, "seed": str(random.random())},
            "mentors": [
                person(f"M{n}") | {"offers": {goal: random.choice([1, 2]) for goal in random.sample(GOALS, 3)}}
                for n in range(SIDE)
            ],
            "mentees": [
                person(f"E{n}") | {"goals": {goal: random.choice([1, 2, 3]) for goal in random.sample(GOALS, 2)}}
                for n in range(SIDE)
            ],
        }
    )


def suspicion(problem):
    """Per mentee: whether their mentor is another than in the blind season, and how much poorer the goal fit is."""
    real, blind = solve(problem), solve(replace(problem, settings=replace(problem.settings, identity=False)))
    now, before = ({pair.mentee: pair for pair in trace.pairs} for trace in (real, blind))
    return {
        mentee.id: (
            now[mentee.id].mentor != before[mentee.id].mentor,
            before[mentee.id].fit - now[mentee.id].fit,
        )
        for mentee in problem.mentees
        if mentee.id in now and mentee.id in before
    }


def chance_of_telling(asked, quiet):
    """How often somebody who asked looks more suspicious than somebody who didn't; half the time is a guess."""
    return sum((one > other) + (one == other) / 2 for one in asked for other in quiet) / (len(asked) * len(quiet))


def test_the_pairs_alone_tell_little_and_it_is_known_how_much():
    asked, quiet = [], []
    for number in range(SEASONS):
        problem = believable(Random(number))
        suspected = suspicion(problem)
        for mentee in problem.mentees:
            if mentee.id in suspected:
                (quiet if mentee.quiet else asked).append(suspected[mentee.id])
    assert min(len(asked), len(quiet)) > 150
    told = chance_of_telling(asked, quiet)
    # The control: were wishes no secret, everybody would be told apart.
    assert chance_of_telling([(True, 1)], [(False, 0)]) == 1
    assert 0.5 <= round(told, 2) <= TOLD_AT_MOST
