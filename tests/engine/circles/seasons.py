"""Random and hand-made problems of circles, as the dictionaries that problem.json holds."""

from random import Random

THEMES = ("leading", "resume", "writing")
SLOTS = ("mon-am", "tue-pm", "wed-am")


def some(random: Random, choices, chance=0.5):
    return [choice for choice in choices if random.random() < chance]


def peer(identifier, **fields):
    return {"id": identifier, "themes": {"leading": 3}, **fields}


def facilitator(identifier, **fields):
    return {"id": identifier, **fields}


def season(peers, facilitators=(), pins=(), forbid=(), apart=(), keep=(), **settings):
    """A hand-made problem."""
    return {
        "settings": settings,
        "peers": list(peers),
        "facilitators": list(facilitators),
        "pins": list(pins),
        "forbid": list(forbid),
        "apart": [list(pair) for pair in apart],
        "keep": list(keep),
    }


def random_season(random: Random, most=10, least=4, crowded=None):
    """A season with a bit of everything; a crowded one puts nearly everybody on one theme and time."""
    crowded = random.random() < 0.5 if crowded is None else crowded
    themes, slots = (THEMES[:1], SLOTS[:1]) if crowded else (THEMES[:2], SLOTS)
    ids = [f"P{number:02d}" for number in range(random.randint(least, most))]
    peers = [
        {
            "id": identifier,
            "unit": random.choice(["", "main", "north", "south", identifier, identifier]),
            "themes": {theme: random.randint(1, 3) for theme in some(random, themes, 0.9 if crowded else 0.75)},
            "slots": some(random, slots, 0.6),
            "modes": some(random, ["video", "person"], 0.6),
            "languages": some(random, ["en", "es"], 0.3),
            "managers": some(random, ids, 0.06),
            "avoid": some(random, ids, 0.06),
        }
        for identifier in ids
    ]
    guides = [f"F{number}" for number in range(random.randint(0, 3))] + some(random, ids[:1], 0.2)
    facilitators = [
        {
            "id": identifier,
            "themes": some(random, themes, 0.3),
            "slots": some(random, slots, 0.5),
            "modes": some(random, ["video", "person"], 0.3),
            "avoid": some(random, ids, 0.1),
            "capacity": random.choice([0, 1, 1, 2]),
        }
        for identifier in guides
    ]
    apart = [[one, other] for one in ids for other in ids if one < other and random.random() < 0.04]
    forbid = [{"peer": one, "theme": themes[0], "slot": random.choice(["", slots[0]])} for one in some(random, ids, 0.05)]
    keep = []
    if random.random() < 0.4:
        keep = [
            {
                "id": "before",
                "theme": themes[0],
                "slot": slots[0],
                "mode": "video",
                "language": "en",
                "members": random.sample(ids, min(len(ids), 5)),
            }
        ]
    return season(peers, facilitators, (), forbid, apart, keep, seed=str(random.randint(1, 9)))
