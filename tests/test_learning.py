"""Learning goes the paper's way, sweep after sweep, alone and in company."""

import dataclasses
from itertools import islice

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bpcore as bp
from bpcore import tasks

from . import oracles
from .each_engine import each_engine  # noqa: F401 - every test here runs with either engine
from .networks import drawn, same, vector


@settings(max_examples=60, deadline=None)
@given(drawn())
def test_weights_go_the_way_of_the_paper_written_out(one):
    expected = oracles.learn(one.net, one.weights(), one.cases, one.settings, sweeps=6)
    assume(all(E < 1e6 for _, _, E in expected))
    states = bp.learn(one.task, w=one.w)
    for sweep, (state, (w, delta_w, E)) in enumerate(zip(states, expected, strict=False)):
        assert state.sweep == sweep
        np.testing.assert_allclose(state.w[0], vector(one.network, w), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(state.delta_w[0], vector(one.network, delta_w), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(state.E, [E], rtol=1e-9, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(drawn(runs=4))
def test_a_run_is_the_same_to_the_last_bit_in_any_company(one):
    together = bp.train(one.task, sweeps=5, w=one.w)
    for k in range(4):
        alone = bp.train(one.task, sweeps=5, w=one.w[k])
        assert same(alone.E, together.E[: alone.sweeps + 1, k : k + 1])
        assert same(alone.worst, together.worst[: alone.sweeps + 1, k : k + 1])
        assert same(alone.state.w, together.state.w[k : k + 1])
        assert same(alone.state.delta_w, together.state.delta_w[k : k + 1])


@pytest.mark.parametrize("update", ["sweep", "case"])
@pytest.mark.parametrize("task", [tasks.symmetry(), tasks.encoder(16), tasks.parity(5, 9)], ids=lambda task: task.name)
def test_a_seed_is_the_same_to_the_last_bit_in_any_company(task, update):
    recipe = dataclasses.replace(task.recipe, update=update)
    seeds, sweeps = range(7), {"sweep": 200, "case": 10}[update]
    together = bp.train(task, seeds, sweeps, recipe=recipe)
    for k in seeds:
        alone = bp.train(task, k, sweeps, recipe=recipe)
        assert same(alone.E[:, 0], together.E[:, k])
        assert same(alone.state.w[0], together.state.w[k])


@settings(max_examples=20, deadline=None)
@given(drawn(runs=3, margin=None, units=("logistic", "tanh", "linear")), st.integers(0, 2))
def test_a_run_is_the_same_to_the_last_bit_beside_one_that_diverges(one, k):
    wild = one.w.copy()
    wild[k] = 1e200
    together = bp.train(one.task, sweeps=5, w=wild)
    for other in {0, 1, 2} - {k}:
        alone = bp.train(one.task, sweeps=5, w=wild[other])
        assert same(alone.E, together.E[: alone.sweeps + 1, other : other + 1])
        assert same(alone.state.w, together.state.w[other : other + 1])


@settings(max_examples=40, deadline=None)
@given(drawn(runs=2, n_cases=1))
def test_with_a_single_case_per_case_and_per_sweep_are_the_same(one):
    runs = [
        bp.train(one.task, sweeps=6, w=one.w, recipe=dataclasses.replace(one.task.recipe, update=update))
        for update in ("sweep", "case")
    ]
    assert same(runs[0].E, runs[1].E)
    assert same(runs[0].state.w, runs[1].state.w)


def test_epsilon_and_alpha_can_differ_from_run_to_run():
    task = tasks.xor()
    w = bp.start(task.network, [3])
    pairs = [(0.1, 0.9), (0.5, 0.0), (1.0, 0.5)]
    epsilon, alpha = map(list, zip(*pairs, strict=True))
    together = bp.train(task, sweeps=100, w=np.repeat(w, 3, axis=0), epsilon=epsilon, alpha=alpha)
    for k, (one_epsilon, one_alpha) in enumerate(pairs):
        alone = bp.train(task, sweeps=100, w=w, epsilon=one_epsilon, alpha=one_alpha)
        assert same(alone.E[:, 0], together.E[:, k])


@pytest.mark.parametrize("changes", [{"epsilon": [0.1, 0.2]}, {"alpha": [0.1, 0.2]}])
def test_settings_for_another_number_of_runs_are_refused(changes):
    name = next(iter(changes))
    for runs in (1, 3):
        with pytest.raises(ValueError, match=rf"{name}.* is given for 2 runs, but there are {runs}"):
            bp.train(tasks.xor(), range(runs), 5, **changes)


def test_learn_is_endless_and_starts_with_the_start():
    task = tasks.xor()
    states = list(islice(bp.learn(task, seeds=[7]), 4))
    assert [state.sweep for state in states] == [0, 1, 2, 3]
    assert same(states[0].w, bp.start(task.network, [7]))
    assert same(states[0].delta_w, np.zeros_like(states[0].w))


def test_a_state_never_changes():
    states = list(islice(bp.learn(tasks.xor(), seeds=[7], epsilon=1.0), 50))
    assert len({state.w.tobytes() for state in states}) == 50
    with pytest.raises(ValueError, match="read-only"):
        states[0].w[0, 0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        states[0].sweep = 1


def test_learn_and_train_go_the_same_way():
    task = tasks.symmetry()
    run = bp.train(task, [1, 2], 30, epsilon=0.2, alpha=0.5)
    for state in islice(bp.learn(task, [1, 2], epsilon=0.2, alpha=0.5), 31):
        assert same(state.w, run.at(state.sweep).w)
        assert same(state.E, run.E[state.sweep])


def test_the_arrays_a_run_is_started_from_are_left_alone():
    task = tasks.xor()
    w, delta_w = bp.start(task.network, [1, 2]), np.full((2, 9), 0.01)
    before = w.copy(), delta_w.copy()
    bp.train(task, sweeps=10, w=w, delta_w=delta_w)
    assert same(w, before[0])
    assert same(delta_w, before[1])


def test_a_run_can_start_in_full_flight():
    task = tasks.symmetry()
    whole = bp.train(task, [3], 40)
    half = whole.at(20)
    rest = bp.train(task, sweeps=20, w=half.w, delta_w=half.delta_w)
    assert same(rest.state.w, whole.state.w)


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ({"w": np.zeros((1, 8))}, r"w has shape \(1, 8\); \(runs, 9\) is expected"),
        ({"w": np.zeros((1, 1, 9))}, r"w has shape \(1, 1, 9\); \(runs, 9\) is expected"),
        ({"w": np.zeros((0, 9))}, r"w has shape \(0, 9\); \(runs, 9\) is expected, with at least one run"),
        ({"w": "random"}, "w holds something that is no number; an array of numbers is expected"),
        ({"w": np.full(9, np.nan)}, "w holds nan; finite numbers are expected"),
        ({"w": np.zeros((2, 9)), "delta_w": np.zeros((1, 9))}, r"delta_w has shape \(1, 9\)"),
        ({"delta_w": np.full(9, np.inf)}, "delta_w holds inf; finite numbers are expected"),
        ({"epsilon": float("nan")}, "epsilon is nan"),
        ({"alpha": "much"}, "alpha is 'much'"),
        ({"sweeps": -1}, "the number of sweeps is -1; a whole number of at least 0 is expected"),
        ({"sweeps": 10.5}, "the number of sweeps is 10.5"),
        ({"seeds": [1.5]}, "seed 1.5: a whole number of at least 0 is expected"),
        ({"seeds": -3}, "seed -3: a whole number of at least 0 is expected"),
        ({"keep_every": 0}, "keep_every is 0; a whole number of at least 1 is expected"),
        ({"engine": "quantum"}, "engine 'quantum'; .*'numpy'.* is expected"),
    ],
)
def test_starts_that_cannot_be_are_refused(start, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.train(tasks.xor(), **start)


# --- divergence


def diverging():
    """Four runs of a linear net: the step is too large for the last three, the more the sooner."""
    net = bp.layered({"in": 1, "out": 1}, unit=bp.linear)
    task = bp.Task("line", net, bp.Cases({"in": [[1.0], [2.0]]}, {"out": [[1.0], [3.0]]}))
    w = np.full((4, 2), 0.5)
    return bp.train(task, sweeps=400, w=w, epsilon=[0.25, 2.0, 50.0, 1e100], alpha=0.0)


def test_a_run_that_diverges_keeps_its_last_finite_weights_and_the_others_go_on():
    run = diverging()
    assert run.sweeps == 400
    assert run.diverged_at[0] == -1
    assert run.diverged_at[1] > run.diverged_at[2] > run.diverged_at[3] > 0
    np.testing.assert_allclose(run.state.w[0], [2, -1], atol=1e-4)
    for k in (1, 2, 3):
        t = run.diverged_at[k]
        assert np.isnan(run.E[t:, k]).all()
        assert np.isfinite(run.E[:t, k]).all()
        assert same(run.state.w[k], run.at(int(t) - 1).w[k])
        assert np.isfinite(run.state.w[k]).all()


def test_a_run_stops_at_the_sweep_at_which_all_have_diverged():
    whole = diverging()
    alone = bp.train(whole.task, sweeps=400, w=whole.at(0).w[1:], epsilon=[2.0, 50.0, 1e100], alpha=0.0)
    assert alone.sweeps == whole.diverged_at[1]
    assert alone.extend(10).sweeps == whole.diverged_at[1]


def test_logistic_units_saturate_and_do_not_diverge():
    run = bp.train(tasks.symmetry(), range(5), 200, epsilon=1e6)
    assert (run.diverged_at == -1).all()
    assert np.isfinite(run.state.w).all()
