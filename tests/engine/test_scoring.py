"""Scores by the numbers: whole, small and the same on every machine."""

from matching.engine import parse
from matching.engine.grid import Grid
from matching.engine.scoring import lottery
from tests.engine.reference import ticket
from tests.engine.seasons import mentee, mentor, season


def fit(wanted, offered):
    return int(Grid(parse(season([mentee("E1", goals=wanted)], [mentor("M1", offers=offered)]))).fit[0, 0])


def test_goal_fit_is_the_share_of_what_is_wanted_that_is_offered():
    assert fit({"a": 3}, {"a": 2}) == 100
    assert fit({"a": 3}, {"a": 1}) == 50
    assert fit({"a": 3}, {"b": 2}) == 0
    assert fit({"a": 1, "b": 2, "c": 3}, {"a": 2, "c": 1}) == (100 * (1 * 2 + 3 * 1)) // (2 * 6)


def test_a_stronger_offer_than_strong_counts_as_strong():
    assert fit({"a": 1, "b": 1}, {"a": 9}) == fit({"a": 1, "b": 1}, {"a": 2}) == 50


def test_a_long_list_of_goals_counts_no_more_than_a_short_one():
    assert fit({"a": 1}, {"a": 1, "b": 1, "c": 1}) == fit({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}) == 50


def test_who_wants_nothing_in_particular_fits_everybody_by_half():
    assert fit({}, {"a": 2}) == fit({"a": 0}, {}) == 50


def test_goal_fit_is_rounded_down():
    assert fit({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2}) == 66


def test_favourites_count_from_first_to_fifth_on_either_side():
    mentors = [mentor(f"M{n}", favourites=["E1"] if n == 6 else []) for n in range(1, 7)]
    problem = parse(season([mentee("E1", favourites=["gone", "M3", "M1", "M2", "M4", "M5", "M6"])], mentors))
    assert Grid(problem).preference.tolist() == [[80, 60, 100, 40, 20, 100]]


def test_the_score_is_six_times_fit_and_both_bonuses_and_reaches_a_thousand():
    both = {
        "identity": {"gender": ["woman"], "ethnicity": ["asian"]},
        "match_on": {"gender": 2, "ethnicity": 2},
    }
    people = (
        [mentee("E1", goals={"a": 1}, favourites=["M1"], **both)],
        [mentor("M1", offers={"a": 2}, favourites=["E1"], **both)],
    )
    grid = Grid(parse(season(*people, identity=True)))
    assert (grid.score.tolist(), grid.blind_score.tolist()) == ([[1000]], [[800]])


def test_lottery_tickets_are_those_that_the_published_rule_gives():
    mentees = [mentee("E1"), mentee("Ünal"), mentee("P1")]
    mentors = [mentor("M1"), mentor("P1")]
    grid = Grid(parse(season(mentees, mentors, seed="2027")))
    tickets = lottery(grid).tolist()
    assert tickets == [
        [ticket("2027", {"id": one.id}, {"id": other.id}) for other in grid.mentors] for one in grid.mentees
    ]
    assert all(0 <= number < 2**20 for row in tickets for number in row)
    assert len({number for row in tickets for number in row}) == 6
