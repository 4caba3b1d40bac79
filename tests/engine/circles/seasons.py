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
    """A season with a bit of everything. In a crowded one nearly everybody could meet, and conflicts decide."""
    crowded = random.random() < 0.6 if crowded is None else crowded
    themes, slots = (THEMES[:1], SLOTS[:1]) if crowded and random.random() < 0.6 else (THEMES[:2], SLOTS)
    sure = 1 if crowded else 0.75
    least = max(least, 7) if crowded else least
    ids = [f"P{number:02d}" for number in range(random.randint(least, most))]
    clash = random.choice([0, 0.03, 0.06]) if crowded else 0.05
    peers = [
        {
            "id": identifier,
            "unit": identifier
            if crowded and random.random() < 0.6
            else random.choice(["", "main", "north", "south"]),
            "themes": {theme: random.randint(1, 3) for theme in some(random, themes, sure)},
            "slots": [] if crowded and random.random() < 0.5 else some(random, slots, 0.6),
            "modes": [] if crowded else some(random, ["video", "person"], 0.6),
            "languages": some(random, ["en", "es"], 0.1 if crowded else 0.3),
            "managers": some(random, ids, clash / 2),
            "avoid": some(random, ids, clash / 2),
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
    apart = [[one, other] for one in ids for other in ids if one < other and random.random() < clash / 2]
    forbid = [
        {"peer": one, "theme": themes[0], "slot": random.choice(["", slots[0]])} for one in some(random, ids, 0.03)
    ]
    keep = []
    if random.random() < 0.5:
        members = random.sample(ids, min(len(ids), 8))
        for number, part in enumerate((members[:4], members[4:])):
            named = {"theme": random.choice(themes), "slot": random.choice(slots), "mode": "video", "language": "en"}
            keep.append({"id": f"before-{number}", "members": part} | named)
    return season(peers, facilitators, (), forbid, apart, keep, seed=str(random.randint(1, 9)))
