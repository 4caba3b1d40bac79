"""The goal fit that orders mentors on a page is the one that the engine matches on."""

from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Mentee, Mentor, Problem, Settings
from matching.engine.grid import Grid
from matching.engine.scoring import goal_fit as goal_fit_of_the_engine
from mentorship.applications.fit import goal_fit

GOALS = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@given(
    wanted=st.dictionaries(GOALS, st.integers(1, 3)),
    offered=st.dictionaries(GOALS, st.integers(1, 3)),
)
def test_goal_fit_equals_the_engines(wanted: dict[str, int], offered: dict[str, int]) -> None:
    problem = Problem(
        settings=Settings(), mentees=(Mentee(id="e", goals=wanted),), mentors=(Mentor(id="o", offers=offered),)
    )
    assert goal_fit(wanted, offered) == int(goal_fit_of_the_engine(Grid(problem))[0, 0])


def test_goal_fit_is_half_where_nothing_is_wanted_and_whole_where_all_is_strongly_offered() -> None:
    assert goal_fit({}, {"a": 2}) == 50
    assert goal_fit({"a": 3, "b": 1}, {"a": 2, "b": 2}) == 100
    assert goal_fit({"a": 3, "b": 1}, {"a": 1}) == 37
    assert goal_fit({"a": 3}, {"b": 2}) == 0
