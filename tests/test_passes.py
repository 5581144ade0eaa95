"""The two passes do what the paper's equations say, whatever the network."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

import bpcore as bp
from bpcore import tasks

from . import oracles
from .networks import by_key, drawn, same, vector

NEAR = {"rtol": 1e-9, "atol": 1e-9}


@settings(max_examples=60, deadline=None)
@given(drawn())
def test_states_and_total_error_are_those_of_the_paper_written_out(one):
    y = bp.forward(one.network, one.w, one.task.cases.inputs)
    for c, (inputs, _) in enumerate(one.cases):
        _, states = oracles.forward(one.net, one.weights(), inputs)
        for name, size, _ in one.net.groups:
            np.testing.assert_allclose(y[name][0, :, c], [states[name, j] for j in range(size)], **NEAR)
    E = sum(bp.total_error(y[name], d, one.task.recipe.tolerance) for name, d in one.task.cases.desired.items())
    np.testing.assert_allclose(E, [oracles.error(one.net, one.weights(), one.cases, one.settings)], **NEAR)


@settings(max_examples=60, deadline=None)
@given(drawn())
def test_the_gradient_is_that_of_the_paper_written_out(one):
    expected = oracles.gradient(one.net, one.weights(), one.cases, one.settings)
    dE_dw = bp.gradient(one.network, one.w, one.task.cases, one.task.recipe)
    np.testing.assert_allclose(dE_dw[0], vector(one.network, expected), **NEAR)


@settings(max_examples=40, deadline=None)
@given(drawn(tied="sum"))
def test_the_gradient_is_what_E_changes_by_when_a_weight_is_moved(one):
    # A finite difference says nothing across the edge of a tolerance, where E jumps or bends.
    assume(_distance_from_edges(one) > 0.02)
    dE_dw = bp.gradient(one.network, one.w, one.task.cases, one.task.recipe)
    measured = oracles.slopes(one.net, one.weights(), one.cases, one.settings)
    np.testing.assert_allclose(dE_dw[0], vector(one.network, measured), **NEAR)


def _distance_from_edges(one):
    if one.settings.margin is None:
        return np.inf
    y = bp.forward(one.network, one.w, one.task.cases.inputs)
    off = [np.abs(y[name] - d.T).ravel() for name, d in one.task.cases.desired.items()]
    return np.abs(np.concatenate(off) - one.settings.margin).min()


@settings(max_examples=40, deadline=None)
@given(drawn(tied="sum"))
def test_the_gradient_is_what_autograd_of_pytorch_finds(one):
    torch = pytest.importorskip("torch")
    w = torch.tensor(one.w[0], requires_grad=True)
    _torch_error(torch, one, w).backward()
    dE_dw = bp.gradient(one.network, one.w, one.task.cases, one.task.recipe)
    np.testing.assert_allclose(dE_dw[0], w.grad.numpy(), **NEAR)


def test_learning_symmetry_goes_the_way_of_pytorchs_gradient_descent_with_momentum():
    torch = pytest.importorskip("torch")
    task = tasks.symmetry()
    run = bp.train(task, seeds=[1], sweeps=200)
    start = run.at(0).w[0]
    w = {name: torch.tensor(block, requires_grad=True) for name, block in task.network.blocks(start.copy()).items()}
    descent = torch.optim.SGD(w.values(), lr=0.1, momentum=0.9)
    inputs, desired = (torch.tensor(t.copy()) for t in (task.cases.inputs["input"], task.cases.desired["output"]))
    for _ in range(200):
        descent.zero_grad()
        hidden = torch.sigmoid(inputs @ w["input", "hidden"].T + w["one", "hidden"].T)
        output = torch.sigmoid(hidden @ w["hidden", "output"].T + w["one", "output"].T)
        (0.5 * (output - desired).square().sum()).backward()
        descent.step()
    for name, block in task.network.blocks(run.state.w[0]).items():
        np.testing.assert_allclose(block, w[name].detach().numpy(), **NEAR)


def _torch_error(torch, one, w):
    """E of one run as a torch number that knows where it came from; blocks are cut out of w here, not by bpcore."""
    unit = {"logistic": torch.sigmoid, "tanh": torch.tanh, "linear": lambda x: x, "arctan": torch.atan}
    unit["softplus"] = torch.nn.functional.softplus
    position = {key: k for k, key in enumerate(_in_order(one))}
    y = {"one": torch.ones(1, len(one.task.cases), dtype=torch.float64)}
    for name, size, function in one.net.groups:
        if name in one.net.inputs:
            y[name] = torch.tensor(one.task.cases.inputs[name].T.copy())
            continue
        x = 0.0
        for source, _, block in one.net.into(name):
            places = [[position[block, j, i] for i in range(one.net.sizes[source])] for j in range(size)]
            x = x + w[torch.tensor(places)] @ y[source]
        y[name] = unit[function](x)
    E = 0.0
    for name, d in one.task.cases.desired.items():
        off = y[name] - torch.tensor(d.T.copy())
        if one.settings.margin is not None:
            margin = one.settings.margin
            edge = one.settings.reading == "edge"
            beyond = off - torch.sign(off.detach()) * margin if edge else off
            off = torch.where(off.detach().abs() < margin, 0.0, beyond)
        E = E + 0.5 * off.square().sum()
    return E


def _in_order(one):
    """The keys of one.w[0], position by position."""
    ordinals = by_key(one.network, np.arange(one.network.n_weights))
    return sorted(ordinals, key=ordinals.get)


@settings(max_examples=40, deadline=None)
@given(drawn(runs=3))
def test_a_run_has_the_same_gradient_in_any_company(one):
    together = bp.gradient(one.network, one.w, one.task.cases, one.task.recipe)
    for k in range(3):
        alone = bp.gradient(one.network, one.w[k], one.task.cases, one.task.recipe)
        assert same(together[k : k + 1], alone)


def test_the_gradient_of_a_large_network_is_that_of_the_paper_written_out():
    """Sizes that take other ways through numpy than one to three units do."""
    numbers = np.random.default_rng(1)
    task = bp.Task(
        "large",
        bp.layered({"input": 40, "hidden": 33, "output": 17}, skips=[("input", "output")]),
        bp.Cases({"input": numbers.uniform(0, 1, (5, 40))}, {"output": numbers.uniform(0, 1, (5, 17))}),
    )
    net = oracles.Sketch(
        [("input", 40, "logistic"), ("hidden", 33, "logistic"), ("output", 17, "logistic")],
        [(link.source, link.target, link.block) for link in task.network.links],
    )
    w = bp.start(task.network, [0])
    cases = [
        ({"input": row.tolist()}, {"output": d.tolist()})
        for row, d in zip(task.cases.inputs["input"], task.cases.desired["output"], strict=True)
    ]
    expected = oracles.gradient(net, by_key(task.network, w[0]), cases, oracles.Settings())
    dE_dw = bp.gradient(task.network, w, task.cases)
    np.testing.assert_allclose(dE_dw[0], vector(task.network, expected), **NEAR)


@pytest.mark.parametrize(
    ("reading", "error", "derivative"),
    [
        # Outputs .1, .3 and .5 from where they should be: the first is near enough.
        ("printed", (0.3**2 + 0.5**2) / 2, [0.0, 0.3, -0.5]),
        ("edge", (0.1**2 + 0.3**2) / 2, [0.0, 0.1, -0.3]),
    ],
)
def test_the_tolerance_is_read_in_two_ways(reading, error, derivative):
    y, d = np.array([[[0.1, 0.3, 0.5]]]), np.array([[0.0], [0.0], [1.0]])
    assert bp.total_error(y, d, bp.Tolerance(0.2, reading)) == pytest.approx(error)
    linear = bp.Network([bp.Group("in", 1), bp.Group("out", 1, bp.linear, biases=False)], [bp.Link("in", "out")])
    for state, wanted, expected in zip(y[0, 0], d[:, 0], derivative, strict=True):
        case = bp.Cases({"in": [[1.0]]}, {"out": [[wanted]]})
        dE_dw = bp.gradient(linear, [[state]], case, bp.Recipe(tolerance=bp.Tolerance(0.2, reading)))
        assert dE_dw == pytest.approx(expected)


def test_an_output_far_out_is_0_or_1_and_nothing_is_said_about_overflow():
    net = bp.layered({"in": 1, "out": 1})
    y = bp.forward(net, [[1000.0, 0.0], [-1000.0, 0.0]], {"in": [[1.0]]})
    assert y["out"].ravel() == pytest.approx([1.0, 0.0], abs=1e-300)


@pytest.mark.parametrize("w", [np.zeros(8), np.zeros((2, 10)), np.zeros((1, 1, 9))])
def test_weights_of_the_wrong_shape_are_refused(w):
    task = tasks.xor()
    with pytest.raises(ValueError, match=r"weights of shape \(.*\); \(runs, 9\) is expected for this network"):
        bp.gradient(task.network, w, task.cases)


@pytest.mark.parametrize(
    ("inputs", "found"), [({"input": np.zeros((4, 3))}, r"\(4, 3\)"), ({"input": np.zeros(2)}, r"\(2,\)"), ({}, "none")]
)
def test_inputs_of_the_wrong_shape_are_refused(inputs, found):
    net = tasks.xor().network
    sentence = rf"inputs of group 'input': the shape is {found}; \(cases, 2\) is expected"
    with pytest.raises(ValueError, match=sentence):
        bp.forward(net, bp.start(net), inputs)


def test_input_groups_with_different_numbers_of_cases_are_refused():
    net = bp.Network(
        [bp.Group("left", 1), bp.Group("right", 1), bp.Group("out", 1)],
        [bp.Link("left", "out"), bp.Link("right", "out")],
    )
    with pytest.raises(ValueError, match="the same number of cases, but there are 3 for 'left', 2 for 'right'"):
        bp.forward(net, bp.start(net), {"left": np.zeros((3, 1)), "right": np.zeros((2, 1))})


@settings(max_examples=20, deadline=None)
@given(drawn())
def test_the_gradient_is_the_sum_over_the_cases(one):
    """ "This is simply the sum of the partial derivatives for each of the input-output cases." """
    cases = one.task.cases
    parts = [
        bp.gradient(
            one.network,
            one.w,
            bp.Cases(*({n: rows[c : c + 1] for n, rows in table.items()} for table in (cases.inputs, cases.desired))),
            one.task.recipe,
        )
        for c in range(len(cases))
    ]
    dE_dw = bp.gradient(one.network, one.w, cases, one.task.recipe)
    np.testing.assert_allclose(sum(parts), dE_dw, **NEAR)
