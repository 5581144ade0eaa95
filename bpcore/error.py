"""The total error, equation (3), and its derivative by an output, equation (4), with the tolerance of Fig. 4."""

from dataclasses import dataclass

import numpy as np

from .validate import choice, number


@dataclass(frozen=True)
class Tolerance:
    """Outputs near enough to their desired state count as free of error.

    "The error was considered to be zero if output units that should be on had activities above 0.8 and output units
    that should be off had activities below 0.2": a margin of 0.2. What the error is beyond it can be read two ways.

    Parameters
    ----------
    margin : float
        How near is near enough.
    reading : {"printed", "edge"}
        ``"printed"``: beyond the margin the error is y - d, as in equation (4); it jumps at the margin.
        ``"edge"``: it is measured from the edge of the margin (from .8 or .2) and rises from 0.
    """

    margin: float = 0.2
    reading: str = "printed"

    def __post_init__(self):
        object.__setattr__(self, "margin", number(self.margin, "the tolerance", 0))
        choice(self.reading, "the tolerance is read", ("printed", "edge"))


def apply_tolerance(difference, tolerance):
    """Bring y - d to what counts as error, in place."""
    if tolerance is None:
        return difference
    margin = tolerance.margin
    if tolerance.reading == "edge":
        difference -= np.clip(difference, -margin, margin)
    else:
        difference *= np.abs(difference) >= margin
    return difference


def output_derivative(y, d, tolerance=None):
    """dE/dy of output units, equation (4): how far each is from its desired state.

    Parameters
    ----------
    y : (runs, units, cases) array      actual states of the output units
    d : (cases, units) array            desired states
    tolerance : Tolerance, optional     differences that count as none

    Returns
    -------
    dE_dy : (runs, units, cases) array
    """
    return apply_tolerance(y - np.asarray(d, float).T, tolerance)


def total_error(y, d, tolerance=None):
    """Total error of each run, equation (3).

    Parameters
    ----------
    y : (runs, units, cases) array      actual states of the output units
    d : (cases, units) array            desired states
    tolerance : Tolerance, optional     differences that count as none

    Returns
    -------
    E : (runs,) array
    """
    return half_sum_of_squares(output_derivative(y, d, tolerance))


def half_sum_of_squares(dE_dy):
    """E = 1/2 sum_c sum_j of squares, equation (3), for each run of a (runs, units, cases) array."""
    return 0.5 * np.square(dE_dy).reshape(len(dE_dy), -1).sum(-1)  # (3)
