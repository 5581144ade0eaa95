"""What a unit does with its total input: equation (2), and other functions with a bounded derivative.

"It is not necessary to use exactly the functions given in equations (1) and (2). Any input-output function which has a
bounded derivative will do."
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class UnitFunction:
    """An input-output function of a unit, with its slope.

    Parameters
    ----------
    name : str
        What it is called in messages and saved runs.
    output : callable
        ``output(x)`` gives the outputs y of units with total inputs x, an array of the same shape.
    slope : callable
        ``slope(y, x)`` gives dy/dx at the same places. It may use whichever of the two is simpler.
    in_place : bool
        Both also take ``out=`` and write their answer there, as numpy's own functions do.

    Raises
    ------
    ValueError
        If the slope is not the derivative of the output, measured at a few points, or is not finite there.
    """

    name: str
    output: Callable
    slope: Callable
    in_place: bool = False

    def __post_init__(self):
        x, step = np.array([-3.1, -1.3, -0.4, 0.2, 0.9, 2.7]), 1e-5
        measured = (np.asarray(self.output(x + step)) - np.asarray(self.output(x - step))) / (2 * step)
        claimed = np.broadcast_to(np.asarray(self.slope(np.asarray(self.output(x)), x), float), x.shape)
        wrong = ~(np.abs(claimed - measured) <= 1e-5 * (1 + np.abs(measured)))
        if wrong.any():
            k = int(wrong.argmax())
            raise ValueError(
                f"unit function '{self.name}': slope(y, x) is {claimed[k]:.6g} at x = {x[k]:g}, "
                f"but output(x) changes there by {measured[k]:.6g} per unit of x"
            )

    def __reduce__(self):
        """Pickle a built-in function by its name, so that it comes back as itself and the kernel knows it."""
        own = UnitFunction, (self.name, self.output, self.slope, self.in_place)
        return self.name if BUILT_IN.get(self.name) is self else own

    def put_output(self, x, y):
        """Write the outputs of units with total inputs `x` into `y`."""
        if self.in_place:
            self.output(x, out=y)
        else:
            y[...] = self.output(x)

    def put_slope(self, y, x, dy_dx):
        """Write the slope at outputs `y`, total inputs `x` into `dy_dx`, and return it."""
        if self.in_place:
            return self.slope(y, x, out=dy_dx)
        dy_dx[...] = self.slope(y, x)
        return dy_dx


def _logistic(x, out=None):
    minus_x = np.minimum(np.negative(x, out=out), 709.0, out=out)  # e^710 is too large a number; 1 / e^709 is next to 0
    e_to_minus_x = np.exp(minus_x, out=out)
    return np.divide(1.0, 1.0 + e_to_minus_x, out=out)  # (2)


def _logistic_slope(y, _x, out=None):
    dy_dx = np.subtract(1.0, y, out=out)
    dy_dx *= y
    return dy_dx


def _tanh_slope(y, _x, out=None):
    dy_dx = np.multiply(y, y, out=out)
    return np.subtract(1.0, dy_dx, out=dy_dx)


def _linear(x, out=None):
    return np.positive(x, out=out)


def _linear_slope(y, _x, out=None):
    dy_dx = np.empty_like(y) if out is None else out
    dy_dx.fill(1.0)
    return dy_dx


def _softplus(x, out=None):
    return np.logaddexp(0.0, x, out=out)


def _softplus_slope(_y, x, out=None):
    return _logistic(x, out=out)


logistic = UnitFunction("logistic", _logistic, _logistic_slope, in_place=True)
"""Equation (2): y = 1 / (1 + e^-x), slope y (1 - y)."""
tanh = UnitFunction("tanh", np.tanh, _tanh_slope, in_place=True)
"""y = tanh x, between -1 and 1, slope 1 - y^2."""
linear = UnitFunction("linear", _linear, _linear_slope, in_place=True)
"""y = x, slope 1."""
softplus = UnitFunction("softplus", _softplus, _softplus_slope, in_place=True)
"""The smooth rectifier, y = log(1 + e^x), slope 1 / (1 + e^-x)."""

BUILT_IN = {unit.name: unit for unit in (logistic, tanh, linear, softplus)}
