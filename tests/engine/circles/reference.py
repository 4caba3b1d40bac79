"""Circles by trying everything: every way to put people into circles, judged by the rules as they are written."""

from functools import cache
from itertools import combinations, product


class Reference:
    """The best value of a season, found without any of the engine's code."""

    def __init__(self, problem):
        self.problem = problem
        self.peers = {person["id"]: person for person in problem["peers"]}
        self.guides = {person["id"]: person for person in problem["facilitators"]}
        everybody = [*problem["peers"], *problem["facilitators"]]
        self.axes = [
            sorted({text for person in everybody for text in person.get(name, [])}) or [""]
            for name in ("slots", "modes", "languages")
        ]
        self.themes = sorted({theme for person in problem["peers"] for theme in person.get("themes", {})})
        self.kinds = list(product(self.themes, *self.axes))
        self.before = {member: circle for circle in problem["keep"] for member in circle["members"]}
        self.pins = {pin["peer"]: pin for pin in problem["pins"]}
        self.worths = cache(self._worths)

    def apart(self, one, other):
        """Whether these two may not share a circle."""
        if [one, other] in self.problem["apart"] or [other, one] in self.problem["apart"]:
            return True
        for mine, theirs in ((one, other), (other, one)):
            for side in (self.peers, self.guides):
                record = side.get(mine, {})
                if theirs in record.get("managers", []) or theirs in record.get("avoid", []):
                    return True
        return False

    def suits(self, person, kind, *, guide=False):
        """Whether somebody may be in a circle of this kind."""
        theme, *rest = kind
        record = (self.guides if guide else self.peers)[person]
        themes = record.get("themes", {})
        if theme not in themes and not (guide and not themes):
            return False
        pin = None if guide else self.pins.get(person)
        if pin and (theme != pin["theme"] or pin.get("slot", "") not in ("", kind[1])):
            return False
        if not guide and any(
            f["peer"] == person and f["theme"] == theme and f.get("slot", "") in ("", kind[1])
            for f in self.problem["forbid"]
        ):
            return False
        return all(
            not record.get(name) or text in record[name]
            for name, text in zip(("slots", "modes", "languages"), rest, strict=True)
        )

    def possible(self, members):
        """Whether these may share a circle, whatever it is on."""
        units = [self.peers[member].get("unit") for member in members if self.peers[member].get("unit")]
        return all(units.count(unit) <= 2 for unit in units) and not any(
            self.apart(one, other) for one, other in combinations(members, 2)
        )

    def worth(self, members, kind):
        """What these are worth in a circle of this kind, without a facilitator."""
        total = 0
        for member in members:
            themes = self.peers[member]["themes"]
            total += 1000 + 100 * themes[kind[0]] // max(themes.values())
            circle = self.before.get(member)
            total += 100 * bool(circle and (circle["theme"], circle["slot"]) == kind[:2])
        return total

    def _worths(self, members):
        """For each set of facilitators who could guide these: the most they are worth in such a kind."""
        best = {}
        if self.possible(members):
            for kind in self.kinds:
                if all(self.suits(member, kind) for member in members):
                    guides = frozenset(
                        guide
                        for guide in self.guides
                        if guide not in members
                        and self.suits(guide, kind, guide=True)
                        and not any(self.apart(guide, member) for member in members)
                    )
                    best[guides] = max(best.get(guides, 0), self.worth(members, kind))
        return best

    def best(self):
        """The largest value of any circles; None where none keep the pins."""
        return max(self._values(tuple(sorted(self.peers)), ()), default=None)

    def _values(self, left, made):
        if len(left) < 4:
            if not any(one in self.pins for one in left):
                yield self._with_guides(made)
            return
        first, rest = left[0], left[1:]
        if first not in self.pins:
            yield from self._values(rest, made)
        for size in range(3, min(7, len(rest)) + 1):
            for others in combinations(rest, size):
                worths = self.worths((first, *others))
                if worths:
                    remaining = tuple(one for one in rest if one not in others)
                    yield from self._values(remaining, (*made, worths))

    def _with_guides(self, made):
        best = 0
        for choice in product(*(worths.items() for worths in made)):
            total = sum(worth for _, worth in choice)
            best = max(best, total + 100 * self._guided([guides for guides, _ in choice]))
        return best

    def _guided(self, circles):
        best = 0
        for seats in product(*[[None, *sorted(guides)] for guides in circles]):
            if all(seats.count(g) <= self.guides[g].get("capacity", 1) for g in seats if g):
                best = max(best, sum(seat is not None for seat in seats))
        return best
