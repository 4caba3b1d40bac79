"""Identity counts only where both asked, never costs those who didn't, and shows nowhere."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import blocked, parse, solve, verify
from matching.engine.grid import Grid
from tests.engine.seasons import mentee, mentor, random_problem, season

DIMENSIONS = ("ethnicity", "gender")


def anything(random):
    """What an opted-out person might have given, or a broken form might have sent."""
    return random.choice([None, 7, "woman", [], ["woman"], ["man", 3], {"deep": ["woman"]}, [[]], True])


def scrambled(random, problem):
    """The same problem with everything changed that nobody opted into."""

    def person(record):
        wishes = record.get("match_on", {})
        if not problem["settings"]["identity"]:
            return record | {"identity": anything(random), "match_on": anything(random)}
        opted_out = [name for name in (*DIMENSIONS, "religion") if not wishes.get(name)]
        identity = record["identity"] | {name: anything(random) for name in opted_out}
        if not any(wishes.values()) and random.random() < 0.5:
            return record | {"identity": anything(random), "match_on": random.choice([None, {}, {"gender": 0}])}
        return record | {"identity": identity}

    return problem | {side: [person(record) for record in problem[side]] for side in ("mentors", "mentees")}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_scrambling_what_nobody_opted_into_changes_no_byte(seed):
    random = Random(seed)
    problem = random_problem(random, 6, 6, least=2)
    other = scrambled(random, problem)
    assert parse(other).to_json() == parse(problem).to_json()
    assert solve(parse(other)).to_json() == solve(parse(problem)).to_json()


def test_what_somebody_did_opt_into_does_count():
    woman = {"identity": {"gender": ["woman"]}, "match_on": {"gender": 1}}
    problem = season([mentee("E1", **woman)], [mentor("M1", **woman), mentor("M2")], identity=True)
    (pair,) = solve(parse(problem)).pairs
    assert (pair.mentor, pair.score) == ("M1", 6 * 50 + 30 + 20)
    problem["mentors"][0]["identity"] = {"gender": ["man"]}
    (pair,) = solve(parse(problem)).pairs
    assert pair.score == 6 * 50


def points(mentee_wish, mentor_wish, ours=("a",), theirs=("a",)):
    problem = season(
        [mentee("E1", identity={"ethnicity": list(ours)}, match_on={"ethnicity": mentee_wish})],
        [mentor("M1", identity={"ethnicity": list(theirs)}, match_on={"ethnicity": mentor_wish})],
        identity=True,
    )
    return int(Grid(parse(problem)).identity[0, 0])


def test_points_need_both_wishes_and_a_shared_value():
    assert {(one, two): points(one, two) for one in range(3) for two in range(3)} == {
        (0, 0): 0, (0, 1): 0, (0, 2): 0, (1, 0): 0, (2, 0): 0,
        (1, 1): 50, (1, 2): 70, (2, 1): 80, (2, 2): 100,
    }  # fmt: skip
    assert points(2, 2, ours=("a", "b"), theirs=("b", "c")) == 100
    assert points(2, 2, ours=("a", "b"), theirs=("a", "b")) == 100
    assert points(2, 2, ours=("a",), theirs=("b",)) == 0
    assert points(2, 2, ours=(), theirs=("b",)) == 0


def test_without_identity_in_the_season_nothing_of_it_is_read():
    woman = {"identity": {"gender": ["woman"]}, "match_on": {"gender": 2}}
    with_it = season([mentee("E1", **woman)], [mentor("M1", **woman)])
    without = season([mentee("E1")], [mentor("M1")])
    assert parse(with_it) == parse(without)


def without_wishes(problem):
    return problem | {
        side: [record | {"match_on": {}} for record in problem[side]] for side in ("mentors", "mentees")
    }


def with_settings(problem, **changes):
    return problem | {"settings": problem["settings"] | changes}


def test_with_no_wishes_the_result_is_the_blind_run():
    for number in range(40):
        problem = without_wishes(random_problem(Random(number), 8, 8, least=2))
        asked = solve(parse(with_settings(problem, identity=True)))
        blind = solve(parse(with_settings(problem, identity=False)))
        assert asked.blind is None
        assert (asked.pairs, asked.unmatched, asked.stages) == (blind.pairs, blind.unmatched, blind.stages)


def fit_or_less(problem, pairs):
    fit = Grid(problem).fit
    grid = Grid(problem)
    made = {one: int(fit[grid.row[one], grid.column[other]]) for one, other in pairs}
    return {mentee.id: made.get(mentee.id, -1) for mentee in problem.mentees}


def test_no_mentee_without_a_wish_is_lower_than_in_the_blind_run_and_without_the_guard_some_are():
    lower, lower_unguarded, wishes, wishes_blind = 0, 0, 0, 0
    for number in range(60):
        raw = with_settings(random_problem(Random(number), 20, 16, least=12), identity=True, quiet_guard=True)
        problem = parse(raw)
        blind = solve(parse(with_settings(raw, identity=False)))
        real, unguarded = solve(problem), solve(parse(with_settings(raw, quiet_guard=False)))
        if real.blind:
            assert list(real.blind.pairs) == [(pair.mentee, pair.mentor) for pair in blind.pairs]
            wishes += real.figures.wishes.met
            wishes_blind += real.figures.blind.wishes_met
            assert real.figures.blind.quiet_lower == 0
        before = fit_or_less(problem, ((pair.mentee, pair.mentor) for pair in blind.pairs))
        after = fit_or_less(problem, ((pair.mentee, pair.mentor) for pair in real.pairs))
        free = fit_or_less(problem, ((pair.mentee, pair.mentor) for pair in unguarded.pairs))
        quiet = [mentee.id for mentee in problem.mentees if mentee.quiet]
        lower += sum(after[identifier] < before[identifier] for identifier in quiet)
        lower_unguarded += sum(free[identifier] < before[identifier] for identifier in quiet)
    assert lower == 0
    assert lower_unguarded > 0
    assert wishes > wishes_blind


def test_a_quiet_mentee_does_not_lose_their_mentor_to_somebody_elses_wish():
    wish = {"identity": {"gender": ["woman"]}, "match_on": {"gender": 2}}
    mentees = [
        mentee("quiet", goals={"resume": 20, "leading": 10}),
        mentee("wishing", goals={"resume": 19, "leading": 11}, **wish),
    ]
    raw = season(mentees, [mentor("only", offers={"resume": 2, "leading": 1}, **wish)], identity=True)
    assert [pair.mentee for pair in solve(parse(raw)).pairs] == ["quiet"]
    assert [pair.mentee for pair in solve(parse(with_settings(raw, quiet_guard=False))).pairs] == ["wishing"]


def test_a_wish_without_a_value_leaves_its_owner_guarded():
    problem = parse(season([mentee("E1", match_on={"gender": 2})], [mentor("M1")], identity=True))
    assert problem.mentees[0].quiet


def test_an_unmet_wish_never_costs_coverage_and_identity_is_never_a_rule():
    for number in range(40):
        raw = random_problem(Random(number), 8, 6, least=2)
        asked, off = solve(parse(with_settings(raw, identity=True))), solve(parse(with_settings(raw, identity=False)))
        assert asked.stages[:2] == off.stages[:2]
        assert asked.figures.allowed == off.figures.allowed


def test_no_identity_value_is_in_a_trace_or_a_complaint():
    canaries = ["Canary-Value-One", "Canary-Value-Two"]
    wish = {"identity": {"gender": canaries, "ethnicity": canaries}, "match_on": {"gender": 2, "ethnicity": 1}}
    problem = parse(season([mentee("E1", **wish), mentee("E2", **wish)], [mentor("M1", **wish)], identity=True))
    trace = solve(problem)
    verify(problem, trace)
    assert [reason.key for reason in trace.pairs[0].reasons if reason.code == "identity"] == ["ethnicity", "gender"]
    assert "canary" not in trace.to_json().lower()
    assert "canary" in problem.to_json().lower()
    assert blocked(problem, "E1", "M1") == ()
