"""A run can be looked at, carried on, steered and replayed, always to the same bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import bpcore as bp
from bpcore import tasks

from .each_engine import each_engine  # noqa: F401 - every test here runs with either engine
from .networks import drawn, same


def same_state(one, other):
    return one.sweep == other.sweep and all(same(getattr(one, n), getattr(other, n)) for n in ("w", "delta_w", "E"))


def same_run(one, other):
    """Equal in everything but how it came to be."""
    rows = [(one.E, other.E), (one.worst, other.worst), *zip(one.kept, other.kept, strict=True)]
    return (
        all(same(a, b) for a, b in rows) and same_state(one.state, other.state) and one.keep_every == other.keep_every
    )


def thinning(task, seeds, keep, **more):
    """A History that keeps the weights of at most `keep` sweeps."""
    width = np.size(seeds) * task.network.n_weights * 8
    return bp.History(task, seeds, keep_bytes=2 * width * keep, **more)


@pytest.mark.parametrize("update", ["sweep", "case"])
def test_what_was_let_go_is_computed_again_to_the_same_bits(update):
    task = tasks.parity(3)
    recipe = bp.Recipe([bp.Phase(0, 0.5, 0.9, 0.001), bp.Phase(23, 0.1, 0.5)], update=update)
    thin, whole = thinning(task, [3, 1], 10, recipe=recipe), bp.History(task, [3, 1], recipe=recipe)
    for run in (thin, whole):
        run.extend(30).steer(epsilon=0.7)
        run.extend(41).steer(alpha=0.2, weight_decay=0.01)
        run.extend(26)
    assert thin.keep_every == 16
    assert len(thin.kept[0]) <= 10
    assert same(thin.E, whole.E)
    for t in range(98):
        assert same_state(thin.at(t), whole.at(t))


def test_a_run_that_diverged_is_computed_again_to_the_same_bits():
    net = bp.layered({"in": 1, "out": 1}, unit=bp.linear)
    task = bp.Task("line", net, bp.Cases({"in": [[1.0], [2.0]]}, {"out": [[1.0], [3.0]]}))
    recipe = bp.Recipe([bp.Phase(0, epsilon=[0.1, 50.0, 1e60], alpha=0.5)])
    thin, whole = thinning(task, range(3), 5, recipe=recipe).extend(150), bp.History(task, range(3), recipe=recipe)
    whole.extend(150)
    assert (whole.diverged_at[1:] > 0).all()
    for t in range(151):
        assert same_state(thin.at(t), whole.at(t))


@settings(max_examples=40, deadline=None)
@given(drawn(runs=2), st.lists(st.integers(0, 20), max_size=5), st.integers(2, 6), st.integers(1, 3))
def test_in_pieces_and_at_once_are_the_same(one, pieces, keep, keep_every):
    how = {"w": one.w, "keep_every": keep_every, "keep_bytes": keep * 2 * one.w.nbytes}
    at_once = bp.History(one.task, **how).extend(sum(pieces))
    in_pieces = bp.History(one.task, **how)
    for sweeps in pieces:
        in_pieces.extend(sweeps)
    assert same_run(at_once, in_pieces)
    assert len(at_once.kept[0]) <= keep
    for t in range(0, at_once.sweeps + 1, 7):
        assert same_state(at_once.at(t), in_pieces.at(t))


def test_a_steered_run_keeps_its_changes_as_phases_and_can_be_replayed():
    task = tasks.symmetry()
    run = bp.History(task, [5, 6])
    run.steer(epsilon=0.2)
    run.extend(20).steer(epsilon=0.05)
    run.steer(alpha=0.3)  # twice before the next sweep: one phase
    run.extend(30).steer(weight_decay=0.001, alpha=0.95)
    run.extend(1).steer(epsilon=0.0)
    run.extend(9)
    assert run.recipe.phases == (
        bp.Phase(0, 0.2, 0.9),
        bp.Phase(20, 0.05, 0.3),
        bp.Phase(50, 0.05, 0.95, 0.001),
        bp.Phase(51, 0.0, 0.95, 0.001),
    )
    assert same_run(bp.train(task, [5, 6], 60, recipe=run.recipe), run)


def test_steering_acts_from_the_next_sweep_on():
    run = bp.History(tasks.symmetry(), [5]).extend(10)
    run.steer(epsilon=0.0, alpha=0.0)
    run.extend(5)
    assert np.unique(run.E[10:]).size == 1
    assert np.unique(run.E[:11]).size == 11


@pytest.mark.parametrize("changes", [{"epsilon": float("nan")}, {"alpha": 2}, {"epsilon": "0.1"}])
def test_a_run_is_not_steered_to_where_it_cannot_go(changes):
    run = bp.History(tasks.symmetry(), [5]).extend(10)
    with pytest.raises(ValueError, match="is expected"):
        run.steer(**changes)
    assert same_run(run.extend(10), bp.train(run.task, [5], 20))


def test_views_that_were_handed_out_never_change():
    run = thinning(tasks.xor(), [0, 1], 8).extend(5)
    views = [run.E, run.worst, *run.kept, run.state.w, run.at(3).w]
    before = [view.copy() for view in views]
    run.extend(500)
    run.steer(epsilon=2.0)
    run.extend(500)
    for view, was in zip(views, before, strict=True):
        assert same(view, was)
        with pytest.raises(ValueError, match="read-only"):
            view[...] = 0


def test_the_error_of_a_sweep_is_that_of_the_weights_after_it():
    task = tasks.xor()
    run = bp.train(task, [0, 1], 50)
    for t in (0, 1, 25, 50):
        y = bp.forward(task.network, run.at(t).w, task.cases.inputs)["output"]
        assert_allclose(bp.total_error(y, task.cases.desired["output"]), run.E[t], rtol=1e-10)
        assert_allclose(np.abs(y - task.cases.desired["output"].T).max((1, 2)), run.worst[t], rtol=1e-10)
    assert same(run.at(0).w, bp.start(task.network, [0, 1]))


def test_a_run_is_solved_when_every_answer_is_on_its_side_of_one_half():
    task = tasks.xor()
    run = bp.train(task, range(10), 1000)
    for k, t in enumerate(run.solved_at):
        right = [bp.measures.right_cases(task, run.at(sweep).w[k]).all() for sweep in range(0, 1000, 50)]
        assert right == [t != -1 and sweep >= t for sweep in range(0, 1000, 50)]
        if t > 0:
            assert not bp.measures.right_cases(task, run.at(int(t) - 1).w[k]).all()
            assert bp.measures.right_cases(task, run.at(int(t)).w[k]).all()
    assert ((run.first_within(0.2) >= run.solved_at) | (run.first_within(0.2) == -1)).all()
    assert (run.solved_at == -1).any() or (run.solved_at > 0).all()


@pytest.mark.parametrize("t", [11, -1, 2.5, "last", True])
def test_sweeps_that_were_not_made_are_refused(t):
    run = bp.train(tasks.xor(), 0, 10)
    with pytest.raises(ValueError, match=r"sweep 11 was asked for, but the run has made 10|the sweep is .*; a whole"):
        run.at(t)


def test_memory_for_weights_stays_within_what_was_asked_for():
    run = bp.History(tasks.xor(), range(4), keep_bytes=100_000)
    for _ in range(30):
        run.extend(300)
        assert sum(rows.nbytes for rows in run.kept[1:]) <= 100_000
    assert run.sweeps == 9000
    assert (np.diff(run.kept[0]) == run.keep_every).all()


def test_what_was_thinned_is_computed_again_also_where_the_solved_have_waited():
    xor = tasks.xor()
    how = {"epsilon": 0.5, "alpha": 0.9}
    recipe = replace(xor.recipe, phases=[bp.Phase(**how)], start=bp.Start(1.0))
    thin, whole = (bp.History(xor, range(4), recipe=recipe, keep_every=every) for every in (64, 1))
    for run in (thin, whole):
        run.extend(30)
        run.extend(500, until_solved=True)
        run.extend(20)
    solved = thin.solved_at
    assert (solved >= 0).any()
    assert len(thin.waits) == 1
    for t in (5, 31, *range(60, thin.sweeps, 23), thin.sweeps - 1):
        np.testing.assert_array_equal(thin.at(t).w, whole.at(t).w, err_msg=f"sweep {t}")
        np.testing.assert_array_equal(thin.at(t).delta_w, whole.at(t).delta_w)
