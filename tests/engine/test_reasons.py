"""Why these two, why nobody, and the season's figures: as data that can be put into words."""

from matching.engine import NoMentor, Reason, Share, Spread, parse, solve
from tests.engine.seasons import mentee, mentor, season


def reasons(one, other, **rest):
    (pair,) = solve(parse(season([mentee("E1", **one)], [mentor("M1", **other)], **rest))).pairs
    return list(pair.reasons)


def test_shared_goals_lead_by_weight_then_strength():
    wanted, offered = {"a": 1, "b": 3, "c": 3, "d": 2}, {"a": 2, "b": 1, "c": 3, "x": 2}
    assert reasons({"goals": wanted}, {"offers": offered}) == [
        Reason("goal", "c", weight=3, strength=2),
        Reason("goal", "b", weight=3, strength=1),
        Reason("goal", "a", weight=1, strength=2),
    ]


def test_times_modes_and_languages_in_common_are_named_and_any_suits_what_the_other_names():
    one = {"slots": ["mon", "tue"], "modes": ["video"], "languages": []}
    other = {"slots": ["tue", "wed"], "modes": [], "languages": ["es"]}
    assert reasons(one, other) == [Reason("slot", "tue"), Reason("mode", "video"), Reason("language", "es")]
    assert reasons({}, {}) == []


def test_no_common_time_is_a_warning():
    assert reasons({"slots": ["mon"]}, {"slots": ["tue"]}) == [Reason("no_common_slot")]


def test_favourites_of_either_are_told_with_their_rank():
    people = ([mentee("E1", favourites=["M2", "M1"])], [mentor("M1", favourites=["E1"]), mentor("M2", capacity=0)])
    (pair,) = solve(parse(season(*people))).pairs
    assert list(pair.reasons) == [Reason("mentee_favourite", rank=2), Reason("mentor_favourite", rank=1)]


def test_identity_is_told_by_dimension_only():
    wish = {"identity": {"gender": ["woman"], "ethnicity": ["asian"]}, "match_on": {"gender": 1, "ethnicity": 1}}
    other = {"identity": {"gender": ["woman"], "ethnicity": ["black"]}, "match_on": {"gender": 1, "ethnicity": 1}}
    assert reasons(wish, other, identity=True) == [Reason("identity", "gender")]
    assert reasons(wish, other) == []


def left(mentees, mentors, **rest):
    """Why each unmatched mentee is, by id."""
    return {entry.mentee: entry.reason for entry in solve(parse(season(mentees, mentors, **rest))).unmatched}


def test_rules_that_removed_every_mentor_are_counted_once_each_and_private_ones_as_other():
    one = mentee("E1", unit="main", languages=["en"], avoid=["M1", "M4"])
    mentors = [
        mentor("M1", unit="main"), mentor("M2", unit="main"), mentor("M3", languages=["es"]), mentor("M4"),
        mentor("M5", capacity=0), mentor("M6", unit="main", languages=["es"]), mentor("E1"),
    ]  # fmt: skip
    removed = {"same_unit": 3, "no_shared_language": 1, "other": 2, "no_places": 1}
    assert left([one], mentors) == {"E1": NoMentor("rules", 0, removed)}


def test_without_mentors_there_is_nothing_to_count():
    assert left([mentee("E1")], []) == {"E1": NoMentor("no_mentors", 0, {})}


def test_competition_names_the_smallest_group_that_explains_it():
    # Spanish: three for two places. English: enough for everybody, and no part of the story.
    spanish = [mentee(f"E{n}", languages=["es"]) for n in (1, 2, 3)]
    english = [mentee(f"E{n}", languages=["en"]) for n in (4, 5)]
    mentors = [
        mentor("M1", languages=["es"], capacity=2),
        mentor("M2", languages=["en"], capacity=3),
        mentor("M3", languages=["es"], capacity=0),
    ]
    (reason,) = left([*spanish, *english], mentors).values()
    assert reason == NoMentor(
        "competition", 1, {"no_shared_language": 1, "no_places": 1}, mentees=3, mentors=1, places=2
    )


def test_competition_follows_the_chain_of_who_holds_whose_place():
    # E1 could go to M1 only; whoever has M1 could go to M2 only, and so on.
    mentees = [
        mentee("E1", languages=["a"]), mentee("E2", languages=["a", "b"]), mentee("E3", languages=["b"]),
        mentee("E4", languages=["z"]),
    ]  # fmt: skip
    mentors = [
        mentor("M1", languages=["a"]),
        mentor("M2", languages=["b"]),
        mentor("M3", languages=["z"], capacity=2),
    ]
    (reason,) = left(mentees, mentors).values()
    assert (reason.mentees, reason.mentors, reason.places) == (3, 2, 2)


def test_figures_count_the_season():
    mentees = [
        mentee("E1", goals={"a": 1}, favourites=["M1"], priority=True),
        mentee("E2", goals={"a": 1}, unit="main", favourites=["M1"]),
        mentee("E3", goals={"a": 1}, priority=True, avoid=["M3"]),
        mentee("E4", languages=["z"]),
    ]
    mentors = [
        mentor("M1", offers={"a": 2}, favourites=["E3"]),
        mentor("M2", offers={"a": 1}, unit="main"),
        mentor("M3", languages=["en"]),
    ]
    figures = solve(parse(season(mentees, mentors, keep=[["E1", "M1"], ["E2", "M1"]], pins=[["E4", "M2"]]))).figures
    assert (figures.mentees, figures.mentors, figures.places, figures.pairs, figures.pinned) == (4, 3, 3, 3, 1)
    assert (figures.allowed, figures.removed) == (9, {"same_unit": 1, "no_shared_language": 1, "other": 1})
    assert (figures.priority, figures.kept) == (Share(2, 2), Share(2, 0))
    assert (figures.mentee_favourites, figures.mentor_favourites) == (Share(2, 0), Share(1, 1))
    assert figures.below == {"25": 1, "50": 1}
    assert figures.fit == Spread(total=150, least=0, median=50, bands=(1, 0, 0, 0, 0, 1, 0, 0, 0, 1))
    assert (figures.wishes, figures.blind) == (None, None)


def test_the_median_is_a_fit_that_somebody_has():
    mentees = [mentee(f"E{n}", goals={goal: 1}) for n, goal in enumerate("abcd")]
    mentors = [mentor(f"M{n}", offers={g: s}) for n, (g, s) in enumerate(zip("abcd", (2, 2, 1, 1), strict=True))]
    assert solve(parse(season(mentees, mentors, cuts=[]))).figures.fit.median == 50


def test_wishes_and_the_blind_run_are_set_side_by_side():
    wish = {"identity": {"gender": ["woman"]}, "match_on": {"gender": 2}}
    mentees = [mentee("E1", goals={"a": 5, "b": 1}, **wish), mentee("E2", goals={"a": 5, "b": 1}, **wish)]
    mentors = [mentor("M1", offers={"a": 2, "b": 2}), mentor("M2", offers={"a": 2}, **wish)]
    figures = solve(parse(season(mentees, mentors, identity=True, quiet_guard=False))).figures
    assert (figures.wishes, figures.blind) == (Share(2, 1), None)
    guarded = solve(parse(season(mentees, mentors, identity=True))).figures
    assert (guarded.wishes, guarded.blind.quiet, guarded.blind.quiet_lower) == (Share(2, 1), 0, 0)
    assert guarded.blind.fit == guarded.fit
