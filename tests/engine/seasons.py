"""Random and hand-made problems for the engine's tests, as the dictionaries that problem.json holds."""

from random import Random

GOALS = ("resume", "library-school", "leading", "children", "systems")
SLOTS = ("mon-am", "tue-pm", "wed-am", "thu-pm")
IDENTITY = {"gender": ("woman", "man", "nonbinary"), "ethnicity": ("asian", "black", "white")}


def some(random: Random, choices, chance=0.5):
    return [choice for choice in choices if random.random() < chance]


def random_person(random: Random, identifier, others, strict):
    """`strict`: often kept from somebody by a rule; otherwise nearly everybody suits everybody."""
    often = 1 if strict else 0.1
    person = {
        "id": identifier,
        "unit": random.choice(["", "main", "north", "south", "east"]) if strict else identifier,
        "managers": some(random, others, 0.05 * often),
        "slots": some(random, SLOTS),
        "modes": some(random, ["video", "person"], 0.6) if strict else [],
        "languages": some(random, ["en", "es"], 0.7) if strict else ["en"],
        "favourites": random.sample(others, random.randint(0, min(2, len(others))))
        if random.random() < 0.5 * often + 0.1
        else [],
        "avoid": some(random, others, 0.06 * often),
        "identity": {name: some(random, values, 0.6 if strict else 0.4) for name, values in IDENTITY.items()},
        "match_on": {name: random.choice([0, 0, 1, 2] if strict else [0, 1, 2]) for name in IDENTITY},
    }
    if random.random() < 0.8 * often:
        person["rank"] = random.randint(1, 5)
    return person


def random_pairs(random: Random, mentees, mentors, chance):
    return [[mentee, mentor] for mentee in mentees for mentor in mentors if random.random() < chance]


def random_problem(random: Random, most_mentees=4, most_mentors=4, least=0):
    """A season with a bit of everything: small, so that rules, ties and shortages all bite."""
    strict = random.random() < 0.5
    goals, least = (GOALS, least) if strict else (GOALS[:1], 3)
    numbers = range(max(most_mentees, most_mentors) + 4)
    mentees = random.sample([f"P{number}" for number in numbers], random.randint(least, most_mentees))
    # Mostly different people; now and then somebody applied in both roles.
    mentors = random.sample(
        [f"P{number}" if random.random() < 0.1 else f"M{number}" for number in numbers],
        random.randint(least, most_mentors),
    )
    return {
        "settings": {
            "cuts": random.choice([[25, 50], [25, 50], [25, 50], [40], [], [50, 25], [30, 60, 90]]),
            "identity": random.random() < 0.8,
            "quiet_guard": random.random() < 0.8,
            "seed": str(random.randint(2024, 2030)),
            "min_shared_slots": random.choice([0, 0, 1, 2]) if strict else 0,
            "allow_same_unit": random.random() < 0.3,
            "rank_gap": random.choice([None, None, [-1, 3], [0, 4]]) if strict else None,
        },
        "mentors": [
            random_person(random, mentor, mentees, strict)
            | {
                "capacity": random.choice([0, 1, 1, 2] if strict else [1, 1, 1, 2]),
                "offers": {g: random.randint(0, 3) for g in some(random, goals)},
            }
            for mentor in mentors
        ],
        "mentees": [
            random_person(random, mentee, mentors, strict)
            | {"priority": random.random() < 0.3, "goals": {g: random.randint(0, 3) for g in some(random, goals)}}
            for mentee in mentees
        ],
        "pins": [],
        "forbid": random_pairs(random, mentees, mentors, 0.06),
        "keep": random_pairs(random, mentees, mentors, 0.15),
        "past": random_pairs(random, mentees, mentors, 0.05),
    }


def mentee(identifier, **fields):
    return {"id": identifier, **fields}


def mentor(identifier, **fields):
    return {"id": identifier, **fields}


def season(mentees, mentors, pins=(), forbid=(), keep=(), past=(), **settings):
    """A hand-made problem."""
    return {
        "settings": settings,
        "mentees": list(mentees),
        "mentors": list(mentors),
        "pins": [list(pin) for pin in pins],
        "forbid": [list(pair) for pair in forbid],
        "keep": [list(pair) for pair in keep],
        "past": [list(pair) for pair in past],
    }
