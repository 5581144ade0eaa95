"""Validate numbers and choices, with readable errors."""

import math

import numpy as np


def number(value, what, least=-math.inf, most=math.inf):
    """`value` as a float, or as an array with one number a run; ValueError with a sentence if it cannot be."""
    if type(value) in (float, int) and abs(value) < 1e300 and least <= value <= most:  # nearly always, and quick
        return float(value)
    values = np.asarray(value) if np.ndim(value) <= 1 else np.empty(0)
    values = values.astype(float) if values.size and values.dtype.kind in "iuf" else None
    expected = "a number" if least == -math.inf else f"a number of at least {least:g}"
    if most < math.inf:
        expected = f"a number from {least:g} to {most:g}"
    if values is None:
        raise ValueError(f"{what} is {value!r}; {expected} is expected")
    wrong = ~(np.isfinite(values) & (values >= least) & (values <= most))
    if wrong.any():
        raise ValueError(f"{what} is {values[wrong].flat[0]:g}; {expected} is expected")
    return float(values) if values.ndim == 0 else values


def choice(value, what, choices):
    """`value` if it is one of these; ValueError with a sentence if it is not."""
    if value not in choices:
        raise ValueError(f"{what} {value!r}; {' or '.join(map(repr, choices))} is expected")
    return value


def whole(value, what, least=0, most=None):
    """`value` as an int from `least` to `most`; ValueError with a sentence if it is not."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least or (most and value > most):
        expected = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{what} is {value!r}; a whole number {expected} is expected")
    return int(value)


def same_length(tables):
    """ValueError with a sentence if these tables, pairs of a group and its cases, differ in their number of cases."""
    counts = {name: len(rows) for name, rows in tables}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{count} for '{name}'" for name, count in counts.items())
        raise ValueError(f"every group needs the same number of cases, but there are {found}")
