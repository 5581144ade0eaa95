"""Unit functions: equation (2), and others with a bounded derivative."""

import math

import numpy as np
import pytest

import bpcore as bp
from bpcore import units

X = np.linspace(-6, 6, 25)
KNOWN = {  # the function, and its derivative as a textbook has it
    "logistic": (lambda x: 1 / (1 + math.exp(-x)), lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2),
    "tanh": (lambda x: math.sinh(x) / math.cosh(x), lambda x: 1 / math.cosh(x) ** 2),
    "linear": (lambda x: x, lambda x: 1.0),
    "softplus": (lambda x: math.log(1 + math.exp(x)), lambda x: 1 / (1 + math.exp(-x))),
}


@pytest.mark.parametrize("name", units.BUILT_IN)
def test_outputs_and_slopes_are_those_of_the_textbook(name):
    unit, (f, slope) = units.BUILT_IN[name], KNOWN[name]
    y = unit.output(X)
    np.testing.assert_allclose(y, [f(x) for x in X], rtol=1e-12)
    np.testing.assert_allclose(unit.slope(y, X), [slope(x) for x in X], rtol=1e-9)


@pytest.mark.parametrize("name", units.BUILT_IN)
def test_a_unit_function_leaves_its_total_input_as_it_was(name):
    unit, x = units.BUILT_IN[name], X.copy()
    y, dy_dx = np.empty_like(x), np.empty_like(x)
    unit.put_output(x, y)
    unit.put_slope(y, x, dy_dx)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, unit.output(X))
    np.testing.assert_array_equal(dy_dx, unit.slope(unit.output(X), X))


@pytest.mark.parametrize("unit", units.BUILT_IN.values(), ids=lambda unit: unit.name)
def test_outputs_and_slopes_far_out_are_numbers(unit):
    far = np.array([-1000.0, 1000.0])
    y = unit.output(far)
    assert np.isfinite(y).all()
    assert np.isfinite(unit.slope(y, far)).all()


def test_a_function_of_the_users_own_learns():
    sine = bp.UnitFunction("sine", np.sin, lambda _y, x: np.cos(x))
    task = bp.Task(
        "half",
        bp.layered({"in": 1, "out": 1}, unit=sine),
        bp.Cases({"in": [[0.0], [1.0]]}, {"out": [[0.2], [0.7]]}),
    )
    run = bp.train(task, sweeps=500, epsilon=0.3, alpha=0.5)
    bias, weight = math.asin(0.2), math.asin(0.7) - math.asin(0.2)
    np.testing.assert_allclose(run.state.w, [[weight, bias]], atol=1e-6)


@pytest.mark.parametrize(
    ("slope", "sentence"),
    [
        (lambda y, x: np.sin(x), r"slope\(y, x\) is -?0\.\d+ at x = -3.1, but output\(x\) changes there by"),
        (lambda y, x: np.full_like(x, np.nan), r"slope\(y, x\) is nan at x = -3.1"),
        (lambda y, x: -np.cos(x), r"slope\(y, x\) is 0.999135 at x = -3.1, but .* by -0.999135 per unit of x"),
        (lambda y, x: 1.0, r"slope\(y, x\) is 1 at x = -3.1"),
    ],
)
def test_a_slope_that_is_not_the_derivative_is_refused(slope, sentence):
    with pytest.raises(ValueError, match=r"unit function 'sine': " + sentence):
        bp.UnitFunction("sine", np.sin, slope)
