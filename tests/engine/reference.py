"""A second engine that shares no line with the first: plain Python over the raw problem, trying every assignment.

It reads the rules, scores and tiers as they are written down, so that an error has to be made twice to go unseen.
"""

import hashlib
import json
from itertools import product


def shares_none(one, other):
    return bool(one) and bool(other) and not set(one) & set(other)


def broken_rules(problem, mentee, mentor):
    """The codes of all rules that keep these two apart."""
    settings, pair = problem["settings"], [mentee["id"], mentor["id"]]
    gap, least = settings["rank_gap"], settings["min_shared_slots"]
    ranked = "rank" in mentee and "rank" in mentor
    both_slots = mentee["slots"] and mentor["slots"]
    broken = {
        "no_places": mentor["capacity"] == 0,
        "same_person": mentee["id"] == mentor["id"],
        "exclusion": pair in problem["forbid"],
        "past_pairing": pair in problem["past"],
        "supervisor_chain": mentor["id"] in mentee["managers"] or mentee["id"] in mentor["managers"],
        "avoidance": mentor["id"] in mentee["avoid"] or mentee["id"] in mentor["avoid"],
        "same_unit": not settings["allow_same_unit"] and mentee["unit"] and mentee["unit"] == mentor["unit"],
        "no_shared_language": shares_none(mentee["languages"], mentor["languages"]),
        "no_shared_mode": shares_none(mentee["modes"], mentor["modes"]),
        "min_shared_slots": both_slots and len(set(mentee["slots"]) & set(mentor["slots"])) < least,
        "rank_gap": gap and ranked and not gap[0] <= mentor["rank"] - mentee["rank"] <= gap[1],
    }
    return {code for code, holds in broken.items() if holds}


def goal_fit(mentee, mentor):
    wanted = mentee["goals"]
    if not sum(wanted.values()):
        return 50
    reached = sum(weight * min(mentor["offers"].get(goal, 0), 2) for goal, weight in wanted.items())
    return (100 * reached) // (2 * sum(wanted.values()))


def identity_points(problem, mentee, mentor):
    if not problem["settings"]["identity"]:
        return 0
    points = 0
    for dimension in ("ethnicity", "gender"):
        ours, theirs = mentee["match_on"].get(dimension, 0), mentor["match_on"].get(dimension, 0)
        shared = set(mentee["identity"].get(dimension, [])) & set(mentor["identity"].get(dimension, []))
        if ours and theirs and shared:
            points += {1: 30, 2: 60}[ours] + {1: 20, 2: 40}[theirs]
    return points


def preference(mentee, mentor):
    points = 0
    if mentor["id"] in mentee["favourites"]:
        points += (100, 80, 60, 40, 20)[mentee["favourites"].index(mentor["id"])]
    if mentee["id"] in mentor["favourites"]:
        points += (100, 80, 60, 40, 20)[mentor["favourites"].index(mentee["id"])]
    return points


def ticket(seed, mentee, mentor):
    def digest(role, identifier):
        text = json.dumps([seed, role, identifier], separators=(",", ":"))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")

    mixed = digest("mentee", mentee["id"]) ^ digest("mentor", mentor["id"])
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
    return (mixed ^ (mixed >> 31)) >> 44


def is_quiet(problem, mentee):
    """Asked for nothing that could be met: a wish without a value is none."""
    return not any(mentee["match_on"].get(name) and mentee["identity"].get(name) for name in ("ethnicity", "gender"))


class Reference:
    """All there is to know about a problem's pairs, and the best of all its assignments."""

    def __init__(self, problem):
        self.problem = problem
        self.mentees = {mentee["id"]: mentee for mentee in problem["mentees"]}
        self.mentors = {mentor["id"]: mentor for mentor in problem["mentors"]}
        self.pins = {pin[0]: pin[1] for pin in problem["pins"]}
        pairs = [(e, m) for e in self.mentees for m in self.mentors]
        self.broken = {(e, m): broken_rules(problem, self.mentees[e], self.mentors[m]) for e, m in pairs}
        self.fit = {(e, m): goal_fit(self.mentees[e], self.mentors[m]) for e, m in pairs}
        self.bonus = {(e, m): identity_points(problem, self.mentees[e], self.mentors[m]) for e, m in pairs}
        self.liked = {(e, m): preference(self.mentees[e], self.mentors[m]) for e, m in pairs}
        seed = problem["settings"]["seed"]
        self.ticket = {(e, m): ticket(seed, self.mentees[e], self.mentors[m]) for e, m in pairs}

    def vector(self, pairs, blind=False):
        """What the tiers compare, in their order; larger is better."""
        below = [-sum(self.fit[pair] < cut for pair in pairs) for cut in self.problem["settings"]["cuts"]]
        return (
            len(pairs),
            sum(bool(self.mentees[mentee]["priority"]) for mentee, _ in pairs),
            *below,
            sum(list(pair) in self.problem["keep"] for pair in pairs),
            sum(6 * self.fit[p] + self.liked[p] + (0 if blind else self.bonus[p]) for p in pairs),
            sum(self.ticket[pair] for pair in pairs),
        )

    def assignments(self, floor):
        """Every set of pairs within rules, pins and capacities in which nobody falls below their floor."""
        choices = []
        for mentee in self.mentees:
            if mentee in self.pins:
                choices.append([self.pins[mentee]])
                continue
            least = floor.get(mentee)
            open_to = [m for m in self.mentors if not self.broken[mentee, m]]
            if least is None:
                choices.append([None, *open_to])
            else:
                choices.append([m for m in open_to if self.fit[mentee, m] >= least])
        for mentors in product(*choices):
            if all(mentors.count(m) <= self.mentors[m]["capacity"] for m in set(mentors) if m is not None):
                yield [(e, m) for e, m in zip(self.mentees, mentors, strict=True) if m is not None]

    def best(self, blind=False, floor=None):
        """The best assignment there is."""
        return max(self.assignments(floor or {}), key=lambda pairs: self.vector(pairs, blind))

    def solve(self):
        """The best assignment under the quiet guard, and the blind one it measured against (or None)."""
        settings = self.problem["settings"]
        if not (settings["identity"] and settings["quiet_guard"]):
            return self.best(), None
        blind = self.best(blind=True)
        floor = {e: self.fit[e, m] for e, m in blind if is_quiet(self.problem, self.mentees[e])}
        return self.best(floor=floor), blind
