"""An iterative net and the layered net that it is equivalent to (Fig. 5) do the same."""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcore as bp

from . import iterative_oracle as oracle
from .each_engine import compiled_or_skip
from .networks import by_key, same


@dataclass
class Drawn:
    """An iterative net with cases and weights, told twice."""

    net: oracle.Net
    network: bp.Network
    steps: int
    cases: list  # of ({(group, step): given states}, {(group, step): desired states})
    before: dict
    w: np.ndarray  # (1, weights)

    @property
    def tables(self):
        named = [[{f"{name} at {t}": s for (name, t), s in side.items()} for side in case] for case in self.cases]
        kinds = [{name: [case[k][name] for case in named] for name in named[0][k]} for k in (0, 1)]
        return bp.Cases(self.network.complete({name: np.array(rows) for name, rows in kinds[0].items()}), kinds[1])

    @property
    def weights(self):
        return by_key(self.network, self.w[0])

    @property
    def asked(self):
        return self.net, self.weights, self.steps, self.cases, self.before


@st.composite
def drawn(draw):
    size, steps = st.integers(1, 3), draw(st.integers(1, 4))
    sizes = {name: draw(size) for name in ("in0", "in1", "up0", "up1", "up2")[: draw(st.integers(3, 5))]}
    units = {name: draw(st.sampled_from(sorted(oracle.UNITS))) for name in sizes if name.startswith("up")}
    anywhere = st.tuples(st.sampled_from(sorted(sizes)), st.sampled_from(sorted(units)))
    pairs = {("in0", "up0"), *((name, name) for name in units), *draw(st.sets(anywhere, max_size=5))}
    shapes, links = {}, []
    for source, target in sorted(pairs):
        first = shapes.setdefault((sizes[source], sizes[target]), (source, target))
        links.append((source, target, first if draw(st.booleans()) else (source, target)))
    biased = draw(st.sets(st.sampled_from(sorted(units))))
    links += [("one", name, ("one", name)) for name in sorted(biased)]
    net = oracle.Net(sizes, units, links)

    some = st.sets(st.integers(0, steps - 1))
    at = {"in0": {0} | draw(some), "in1": draw(some) | {draw(st.integers(0, steps - 1))}}
    at |= {name: {0} for name in draw(st.sets(st.sampled_from(sorted(units))))}
    reached = sorted(place for place in net.reached(at, steps) if place[0] in units and place[1] > 0)
    answers = draw(st.lists(st.sampled_from(reached), min_size=1, unique=True))

    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    states = lambda places: {(name, t): numbers.uniform(0, 1, sizes[name]).tolist() for name, t in places}  # noqa: E731
    told = [(name, t) for name, times in at.items() for t in sorted(times)]
    cases = [(states(told), states(answers)) for _ in range(draw(st.integers(1, 3)))]
    before = {name: numbers.uniform(0, 1, n).tolist() if name in units else [0.0] * n for name, n in sizes.items()}
    network = bp.iterative(
        [bp.Group(name, n, getattr(bp, units.get(name, "logistic")), name in biased) for name, n in sizes.items()],
        [bp.Link(*link) for link in links],
        steps,
        given={name: sorted(times) for name, times in at.items()},
        desired={name: [t for other, t in answers if other == name] for name, _ in answers},
        before=before,
    )
    return Drawn(net, network, steps, cases, before, numbers.uniform(-1, 1, (1, network.n_weights)))


@settings(max_examples=100, deadline=None)
@given(drawn())
def test_the_unrolled_net_has_the_states_of_the_net_run_step_by_step(one):
    states = one.network.states(one.w, one.tables)
    for c, (told, _) in enumerate(one.cases):
        _, y = oracle.run(one.net, one.weights, one.steps, told, one.before)
        for name, size in one.net.sizes.items():
            assert states[name].shape == (one.steps + 1, 1, size, len(one.cases))
            expected = [[y[t, name, j] for j in range(size)] for t in range(one.steps + 1)]
            np.testing.assert_allclose(states[name][:, 0, :, c], expected, rtol=0, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(drawn())
def test_the_gradient_at_every_place_is_that_of_the_net_run_step_by_step(one):
    expected = oracle.gradients(*one.asked)
    for block, found in one.network.gradient_of_places(one.w, one.tables).items():
        for (t, link), dE_dw in zip(one.network.places(block), found, strict=True):
            ends = t, link.source.rpartition(" at ")[0] or "one", link.target.rpartition(" at ")[0]
            apart = [[expected[block, j, i][ends] for i in range(dE_dw.shape[2])] for j in range(dE_dw.shape[1])]
            np.testing.assert_allclose(dE_dw[0], apart, rtol=0, atol=1e-10)


@settings(max_examples=100, deadline=None)
@given(drawn())
def test_corresponding_weights_move_by_the_average_of_their_gradients_or_by_the_sum(one):
    places = {key: list(found.values()) for key, found in oracle.gradients(*one.asked).items()}
    for tied, of in (("average", np.mean), ("sum", np.sum)):
        dE_dw = by_key(one.network, bp.gradient(one.network, one.w, one.tables, bp.Recipe(tied=tied))[0])
        np.testing.assert_allclose([dE_dw[key] for key in places], [of(p) for p in places.values()], rtol=0, atol=1e-10)
        assert dE_dw.keys() == places.keys()


@settings(max_examples=25, deadline=None)
@given(drawn())
def test_the_sum_over_its_places_is_what_E_changes_by_when_a_tied_weight_is_moved(one):
    net, w, *rest = one.asked
    places, step = one.network.gradient_of_places(one.w, one.tables), 1e-3
    for block, j, i in w:
        E = [oracle.error(net, w | {(block, j, i): w[block, j, i] + k * step}, *rest) for k in (-2, -1, 1, 2)]
        slope = (8 * (E[2] - E[1]) - (E[3] - E[0])) / (12 * step)
        assert places[block][:, 0, j, i].sum() == pytest.approx(slope, rel=1e-6, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(drawn())
def test_both_engines_learn_with_corresponding_weights(one):
    compiled_or_skip()
    recipe = bp.Recipe((bp.Phase(epsilon=0.02),))
    task = bp.Task("drawn", one.network, one.tables, recipe)
    slow, fast = (bp.train(task, w=one.w, sweeps=5, engine=engine) for engine in ("numpy", "compiled"))
    np.testing.assert_allclose(fast.E, slow.E, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(fast.state.w, slow.state.w, rtol=1e-10, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(drawn(), st.integers(1, 9))
def test_a_net_may_be_run_for_any_number_of_steps_with_the_same_weights(one, steps):
    other = one.network.unrolled(steps)
    both = min(steps, one.steps) + 1
    told = {(name, t): s for (name, t), s in one.cases[0][0].items() if t < steps}
    states = other.states(one.w, one.tables)
    for name, y in one.network.states(one.w, one.tables).items():
        # Only what was given after the last step of the shorter net differs, and has no successor in it.
        last = both if name in one.net.units else both - 1
        np.testing.assert_array_equal(states[name][:last], y[:last])
    _, y = oracle.run(one.net, one.weights, steps, told, one.before)
    for name in one.net.units:
        expected = [[y[t, name, j] for j in range(one.net.sizes[name])] for t in range(steps + 1)]
        np.testing.assert_allclose(states[name][:, 0, :, 0], expected, rtol=0, atol=1e-12)


def test_a_saved_run_of_a_tied_net_goes_on_to_the_same_bits(tmp_path):
    task = bp.tasks.shift_register()
    run = bp.train(task, [1, 2], 20, engine="numpy")
    bp.save(run, tmp_path / "run.npz")
    again = bp.load(tmp_path / "run.npz")
    assert again.task.network.links == task.network.links
    assert same(again.extend(5).state.w, run.extend(5).state.w)
    # A file holds the layered net; the task's own network runs the weights for more steps.
    ring = task.network.unrolled(6).states(again.state.w, again.task.cases)["ring"]
    assert ring.shape == (7, 2, 3, 8)
    assert pickle.loads(pickle.dumps(task.network)) == task.network


def rotating(steps=2, **more):
    how = {"given": {"ring": [0]}, "desired": {"ring": [steps]}} | more
    return bp.iterative({"ring": 3}, [("ring", "ring")], steps, **how)


def test_the_groups_of_the_layered_net_are_called_by_their_step():
    net = rotating(3)
    assert [group.name for group in net.groups] == ["ring at 0", "ring at 1", "ring at 2", "ring at 3"]
    assert net.input_names == ("ring at 0",)
    assert list(net.blocks(np.zeros(net.n_weights))) == [("ring", "ring"), ("one", "ring")]
    assert net.n_weights == 9 + 3
    assert [(t, link.source, link.target) for t, link in net.places(("ring", "ring"))] == [
        (1, "ring at 0", "ring at 1"),
        (2, "ring at 1", "ring at 2"),
        (3, "ring at 2", "ring at 3"),
    ]


def test_three_steps_of_a_ring_carry_a_state_round():
    net = rotating(3)
    w = np.zeros((1, net.n_weights))
    blocks = net.blocks(w)
    blocks["ring", "ring"][0] = 20 * np.roll(np.eye(3), 1, axis=0)
    blocks["one", "ring"][...] = -10
    ring = net.states(w, {"ring at 0": np.array([[1, 0, 0.0]])})["ring"]
    np.testing.assert_allclose(ring[:, 0, :, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], atol=1e-3)


def test_cases_are_told_by_group_and_step():
    net = bp.iterative(
        {"in": 1, "hidden": 2, "out": 1}, [("in", "hidden"), ("hidden", "out")], 3,
        given={"in": [1, 0]}, desired={"out": [2, 3]}, before={"hidden": 0.5, "out": [0.25]},
    )  # fmt: skip
    cases = net.cases({"in": [[[1], [0]], [[0], [1]]]}, {"out": [[[1], [0]], [[0], [1]]]}, names=("early", "late"))
    cases.check(net)
    assert {name: rows.tolist() for name, rows in cases.inputs.items()} == {
        "in at 0": [[1], [0]], "in at 1": [[0], [1]], "in at 2": [[0], [0]], "in at 3": [[0], [0]],
        "hidden at 0": [[0.5, 0.5]] * 2, "out at 0": [[0.25]] * 2,
    }  # fmt: skip
    assert {name: rows.tolist() for name, rows in cases.desired.items()} == {
        "out at 2": [[1], [0]],
        "out at 3": [[0], [1]],
    }


CHAIN = ({"in": 1, "middle": 1, "out": 2}, [("in", "middle"), ("middle", "out")])


def chain(steps=4, given=None, desired=None, **more):
    return bp.iterative(*CHAIN, steps, given=given or {"in": [0]}, desired=desired or {"out": [2]}, **more)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: chain(0), "the number of steps is 0; a whole number of at least 1 is expected"),
        (lambda: chain("two"), "the number of steps is 'two'"),
        (lambda: chain(desired={"out": [5]}), "'out' is to answer at step 5, but the net runs for 4; .* from 1 to 4"),
        (lambda: chain(desired={"out": [0]}), "'out' is to answer at step 0, but the net runs for 4"),
        (lambda: chain(desired={"out": [-1]}), "a step at which group 'out' is desired is -1"),
        (lambda: chain(given={"in": [4]}), "'in' is given at step 4, but the net runs for 4; a step from 0 to 3"),
        (
            lambda: chain(desired={"out": [1]}),
            "'out' is to answer at step 1, but what is given reaches it only at 2; each link takes one step",
        ),
        (lambda: chain(desired={"out": [2, 3]}), "to answer at step 3, but what is given reaches it only at 2;"),
        (
            lambda: bp.iterative(
                {"in": 1, "a": 1, "b": 1}, [("in", "a"), ("b", "b")], 2, given={"in": [0]}, desired={"b": [2]}
            ),
            "'b' is to answer at step 2, but what is given reaches it at none",
        ),
        (
            lambda: chain(given={"middle": [1], "in": [0]}),
            "'middle' is given at step 1, but links lead into it; step 0",
        ),
        (
            lambda: chain(given={"middle": [0]}, desired={"out": [1]}),
            "group 'in' has no links into it, and it is given at no step",
        ),
        (lambda: bp.iterative(*CHAIN, 2, given={}), "no group is given at any step"),
        (lambda: chain(given={"in": []}), r"group 'in' is given at \[\]; a list of at least one step"),
        (lambda: chain(given={"in": 0}), "group 'in' is given at 0; a list of at least one step"),
        (lambda: chain(given={"eye": [0]}), "group 'eye' is given, but there is no such group; the groups are 'in'"),
        (lambda: chain(desired={"in": [2]}), "group 'in' has desired states, but no links lead into it"),
        (lambda: chain(desired={"eye": [2]}), "group 'eye' is desired, but there is no such group"),
        (lambda: chain(before={"eye": 1.0}), "states before the first step of 'eye': the groups are 'in', 'middle'"),
        (lambda: chain(before={"out": [1.0]}), "state of 'out' before the first step is .*; a number, or 2 of them"),
        (lambda: chain(before=np.nan), "before the first step is nan; a number, or 1 of them, is expected"),
        (lambda: bp.iterative({"a": 1}, [("a", "b")], 1, given={"a": [0]}), "link a -> b: there is no group 'b'"),
        (lambda: chain().unrolled(0), "the number of steps is 0"),
        (lambda: chain().unrolled(1).states(np.zeros(6), {}), "the states of 'in at 0' are not given; .cases, 1."),
        (lambda: chain().places("w"), r"there is no block 'w'; the blocks are \('in', 'middle'\), "),
        (lambda: chain().cases({}, {"out": [[[1, 1]]]}), "states that are given for group 'in': there are none"),
        (
            lambda: chain().cases({"in": [[[1]]]}, {"out": [[[1, 1]]], "middle": [[[1]]]}),
            "states that are desired for group 'middle': the net has no step for them",
        ),
        (
            lambda: chain().cases({"in": [[1]]}, {"out": [[[1, 1]]]}),
            r"for group 'in' have the shape \(1, 1\); \(cases, 1, 1\) is expected: cases, steps, units",
        ),
    ],
)
def test_what_cannot_be_is_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
