"""Seasons too large for one table: solved on few pairs and proved over all, with the same result as in one table."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from matching.engine import VerificationError, grid, parse, solve, verify, wide
from matching.engine import season as seasons
from matching.engine.assembly import assemble
from matching.engine.certificate import Prices
from matching.engine.ground import Ground
from matching.engine.season import Season
from matching.engine.tiers import TIERS
from matching.engine.views import Block, Listed, Strip
from matching.engine.wide import Pricing, WideSolver
from tests.engine.seasons import random_problem


@pytest.fixture
def narrow(monkeypatch):
    """Blocks of a few pairs, one pair of everybody to begin with and one to join at a time."""
    monkeypatch.setattr(seasons, "AT_ONCE", 7)
    monkeypatch.setattr(wide, "FIRST", 1)
    monkeypatch.setattr(wide, "JOIN", 1)
    monkeypatch.setattr(wide, "FEW", 1.5)
    monkeypatch.setattr(grid, "TABLE", -1)


def solved_wide(problem, versions):
    season = Season(problem)
    solver = WideSolver(season)
    return assemble(season, solver.run(), versions), solver


def test_every_view_reads_the_same_of_a_pair(narrow):
    for number in range(60):
        problem = parse(random_problem(Random(number), 8, 8, least=2))
        whole, season = grid.Grid(problem), Season(problem)
        rows, columns = (each.ravel() for each in np.indices(season.size))
        mixed = Random(number).sample(range(season.size[0]), season.size[0])
        views = [
            *((strip, slice(strip.start, strip.stop), slice(None)) for strip in season.strips()),
            *((block, block.rows, slice(None)) for block in season.blocks_of(np.array(mixed))),
        ]
        for name in ("allowed", "fit", "score", "blind_score", "identity", "preference", "ticket", "kept"):
            right = getattr(whole, name)
            assert (getattr(Listed(season, rows, columns), name) == right.ravel()).all()
            for view, some_rows, some_columns in views:
                assert (getattr(view, name) == right[some_rows, some_columns]).all()
        some = Block(season, np.array(mixed), np.arange(season.size[1])[::-1])
        assert (some.score == whole.score[mixed][:, ::-1]).all()
        assert (some.allowed == whole.allowed[mixed][:, ::-1]).all()


def test_a_season_solved_on_few_pairs_is_the_season_solved_in_one_table(narrow):
    joined = guarded = 0
    for number in range(400):
        problem = parse(random_problem(Random(number), 9, 9, least=1))
        table = solved_in_one_table(problem)
        trace, solver = solved_wide(problem, table.versions)
        assert [(stage.name, stage.value) for stage in trace.stages] == [
            (stage.name, stage.value) for stage in table.stages
        ]
        assert (trace.pairs, trace.figures, trace.input_hash) == (table.pairs, table.figures, table.input_hash)
        verify(problem, trace)
        verify(problem, table)
        season = Season(problem)
        joined += len(solver._arcs.rows) > len(wide.first_arcs(Ground(season)).rows)
        guarded += trace.blind is not None
    assert joined > 100
    assert guarded > 50


def solved_in_one_table(problem):
    with pytest.MonkeyPatch.context() as usual:
        usual.setattr(grid, "TABLE", 10**6)
        return solve(problem)


def test_a_season_larger_than_the_table_is_solved_wide(narrow):
    problem = parse(random_problem(Random(4), 9, 9, least=5))
    assert solve(problem).pairs == solved_in_one_table(problem).pairs


def test_every_pair_is_held_against_the_prices_at_least_once_in_every_tier(narrow):
    problem = parse(random_problem(Random(8), 9, 9, least=8))
    season = Season(problem)
    solver = WideSolver(season)
    run = solver.run()
    tiers = len(run.proofs) + len(run.blind_proofs) - (not problem.keep)
    assert solver.looked_at >= tiers * season.size[0] * season.size[1]


def test_pricing_finds_a_pair_again_only_where_it_may_have_become_worth_more(narrow):
    """A price that fell, or a pair that had to wait: anything else was held against these prices before."""
    problem = parse(random_problem(Random(12), 9, 9, least=6))
    season = Season(problem)
    trace = solve(problem)
    solver = WideSolver(season)
    fit = solver.run().proofs[TIERS.index("fit")]
    pricing = Pricing(Ground(season), ())
    high = replace(fit, prices=Prices(np.full(season.size[0], 2_000), np.zeros(season.size[1], dtype=np.int64)))
    assert not len(pricing.missing(high))
    everything = pricing.looked_at
    assert everything == season.size[0] * season.size[1]
    assert not len(pricing.missing(high))
    assert pricing.looked_at == everything
    low = replace(high, prices=Prices(high.prices.mentees.copy(), high.prices.mentors))
    low.prices.mentees[0] = -1
    found = pricing.missing(low)
    allowed = Ground(season).among(Strip(season, 0, 1))
    assert (len(found) > 0) == bool(allowed.any())
    assert pricing.looked_at == everything + season.size[1]
    assert trace.pairs


def test_the_verifier_of_large_seasons_refuses_what_the_table_refuses(narrow):
    refused = 0
    for number in range(40):
        problem = parse(random_problem(Random(number), 6, 6, least=3))
        trace = solve(problem)
        for place, stage in enumerate(trace.stages):
            for side in ("mentees", "mentors"):
                for identifier, price in getattr(stage.duals, side).items():
                    prices = dict(getattr(stage.duals, side)) | {identifier: price - 1 or -1}
                    stages = list(trace.stages)
                    stages[place] = replace(stage, duals=replace(stage.duals, **{side: prices}))
                    with pytest.raises(VerificationError):
                        verify(problem, replace(trace, stages=tuple(stages)))
                    refused += 1
    assert refused > 200


def test_a_season_of_fifty_thousand_may_have_two_cuts():
    """The largest sum of weights still fits 64 bits, and each weight a float with room for a solver's sums."""
    most = 50_001
    assert most**4 < 2**63
    assert 16 * most**3 < 2**53
