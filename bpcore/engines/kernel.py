"""Whole sweeps as machine code: the passes of passes.py for any network, over the list of its links.

What makes it fast. States lie as (units, cases), and neighbouring cases fill a register. Sums stay in registers until
they are complete, and those of two or four units are made at a time, so that a state that was fetched serves each.
`_exp` has no branch and no call. Rows begin where the lines of the cache do, and are filled to the end of a line.
Long tables of cases go through in blocks that stay in the cache. Runs share nothing, so they go to all cores, and run k
of an ensemble does what run k alone does.

This is the only file that knows numba. Without it, the numpy engine does everything.
"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numba as nb
import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core.datamodel import models
from numba.core.event import Listener, install_listener
from numba.extending import intrinsic, register_model

from ..network import ONE
from ..units import linear, logistic, softplus, tanh

UNITS = (logistic, tanh, linear, softplus)
"""Unit functions the machine code knows, by their place here; a function of your own is left to the numpy engine."""
_LOGISTIC, _TANH, _LINEAR, _SOFTPLUS = range(4)

# Sums may be taken in any order, which vector instructions need. Infinity and NaN keep their meaning: a run that
# diverges must be noticed. Rounding must be left alone in _exp. What allocates nothing is told so (`_nrt`): counting
# who holds an array, at every call, would take half the time of a small network.
_ALLOCATES = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy", "nogil": True, "cache": True}
_SUMS = _ALLOCATES | {"_nrt": False}
_ROUNDS = _SUMS | {"fastmath": {"contract"}}


@intrinsic
def _as_bits(_context, _x):
    return types.int64(types.float64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.IntType(64))


@intrinsic
def _as_float(_context, _x):
    return types.float64(types.int64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.DoubleType())


_NEAREST = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the low bits


@nb.njit(inline="always", **_ROUNDS)
def _exp(x):
    """e^x: 2^n times a polynomial of what is left, which is at most half of log 2. Error below 3e-16 of the value."""
    x = min(max(x, -708.0), 708.0)
    shifted = x * 1.4426950408889634 + _NEAREST  # x / log 2
    n = shifted - _NEAREST
    r = (x - n * 6.93145751953125e-1) - n * 1.42860682030941723212e-6
    r2 = r * r
    r4 = r2 * r2  # 1 + r + r^2/2! + ... + r^12/12!, four terms at a time
    p0 = (r * (1.0 / 6.0) + 0.5) * r2 + (r + 1.0)
    p4 = (r * (1.0 / 5040.0) + 1.0 / 720.0) * r2 + (r * (1.0 / 120.0) + 1.0 / 24.0)
    p8 = (r * (1.0 / 39916800.0) + 1.0 / 3628800.0) * r2 + (r * (1.0 / 362880.0) + 1.0 / 40320.0)
    p = ((r4 * (1.0 / 479001600.0) + p8) * r4 + p4) * r4 + p0
    return _as_float(_as_bits(p) + (_as_bits(shifted) << 52))


@nb.njit(**_ROUNDS)
def _output(y, first, size, cases, unit):
    """Outputs (2) of units `first` and on, in place of their total inputs."""
    if unit == _LOGISTIC:
        for j in range(first, first + size):
            for c in range(cases):
                y[j, c] = 1.0 / (1.0 + _exp(-y[j, c]))  # (2)
    elif unit == _TANH:
        for j in range(first, first + size):
            for c in range(cases):
                y[j, c] = 1.0 - 2.0 / (1.0 + _exp(2.0 * y[j, c]))
    elif unit == _SOFTPLUS:
        for j in range(first, first + size):
            for c in range(cases):
                y[j, c] = max(y[j, c], 0.0) + np.log1p(_exp(-abs(y[j, c])))


@nb.njit(**_SUMS)
def _through(y, dE, j, cases, unit):
    """dE/dx (5) of unit j, in place of dE/dy. Returns its sum over the cases, the derivative by the bias."""
    total = 0.0
    if unit == _LOGISTIC:
        for c in range(cases):
            dE[j, c] *= y[j, c] * (1.0 - y[j, c])  # (5)
            total += dE[j, c]
        return total
    if unit == _TANH:
        for c in range(cases):
            dE[j, c] *= 1.0 - y[j, c] * y[j, c]
    elif unit == _SOFTPLUS:
        for c in range(cases):
            dE[j, c] *= 1.0 - np.exp(-y[j, c])
    for c in range(cases):
        total += dE[j, c]
    return total


_VECTOR = 8 if get_host_cpu_features().get("avx512f") else 4  # cases in one register; tables have a multiple of 8
_TWO, _FOUR = 2 * _VECTOR, 4 * _VECTOR


class _Lanes(types.Type):
    """The states of one unit in neighbouring cases, so many that they fill one register or a few."""

    def __init__(self, lanes):
        self.lanes = lanes
        super().__init__(f"{lanes} cases")


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, lanes):
        super().__init__(manager, lanes, ir.VectorType(ir.DoubleType(), lanes.lanes))


@intrinsic(prefer_literal=True)
def _none(_context, lanes):
    """Zeros, in so many cases."""
    of = _Lanes(lanes.literal_value)
    return of(lanes), lambda context, _b, _s, _a: ir.Constant(context.get_value_type(of), None)


def _place(context, builder, signature, arguments):
    """Pointer to cases `c` and on of row `i` of an array."""
    rows = context.make_array(signature.args[0])(context, builder, arguments[0])
    columns = builder.extract_value(rows.shape, 1)
    at = builder.gep(rows.data, [builder.add(builder.mul(arguments[1], columns), arguments[2])])
    return builder.bitcast(at, context.get_value_type(signature.args[3]).as_pointer())


@intrinsic
def _at(_context, rows, i, c, like):
    """Cases c and on of row i."""

    def code(context, builder, signature, arguments):
        return builder.load(_place(context, builder, signature, arguments), align=8)

    return like(rows, i, c, like), code


@intrinsic
def _put(_context, rows, i, c, v):
    """Write v to cases c and on of row i."""

    def code(context, builder, signature, arguments):
        builder.store(arguments[3], _place(context, builder, signature, arguments), align=8)
        return context.get_dummy_value()

    return types.void(rows, i, c, v), code


@intrinsic
def _plus(_context, v, a, b):
    """v + a b, of as many cases; a may be one number for all of them."""

    def code(_context, builder, _signature, arguments):
        v, a, b = arguments
        if a.type != b.type:
            one = builder.insert_element(ir.Constant(b.type, ir.Undefined), a, ir.Constant(ir.IntType(32), 0))
            a = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), b.type.count), None))
        return builder.fadd(v, builder.fmul(a, b, flags=["contract"]), flags=["contract"])

    return v(v, a, b), code


@intrinsic
def _sum(_context, v):
    """Sum over the cases."""

    def code(_context, builder, _signature, arguments):
        v = arguments[0]
        half = v.type.count // 2
        while half:
            low, high = (
                builder.shuffle_vector(v, v, ir.Constant(ir.VectorType(ir.IntType(32), half), [*range(k, k + half)]))
                for k in (0, half)
            )
            v, half = builder.fadd(low, high), half // 2
        return builder.extract_element(v, ir.Constant(ir.IntType(32), 0))

    return types.float64(v), code


# How units feed each other, upward or back: _spread adds to the n rows from `to` on what the m rows from `at` on send.
# Between row `to` and row `at` the weight is w[k]; to the next row that receives it is `down` further, from the next
# row that sends `along` further. Upward (1) that is a weight matrix by rows, back (7) the same by columns.


@nb.njit(**_SUMS)
def _to_two(rows, to, n, at, m, w, k, down, along, c, none):
    """To two rows, or to one twice."""
    to1, k1 = to + n - 1, k + (n - 1) * down
    a0, a1 = _at(rows, to, c, none), _at(rows, to1, c, none)
    for i in range(m):
        v = _at(rows, at + i, c, none)
        a0 = _plus(a0, w[k + i * along], v)
        a1 = _plus(a1, w[k1 + i * along], v)
    _put(rows, to, c, a0)
    _put(rows, to1, c, a1)


@nb.njit(**_SUMS)
def _to_four(rows, to, at, m, w, k, down, along, c, none):
    a0, a1 = _at(rows, to, c, none), _at(rows, to + 1, c, none)
    a2, a3 = _at(rows, to + 2, c, none), _at(rows, to + 3, c, none)
    k1, k2, k3 = k + down, k + 2 * down, k + 3 * down
    for i in range(m):
        v = _at(rows, at + i, c, none)
        a0 = _plus(a0, w[k + i * along], v)
        a1 = _plus(a1, w[k1 + i * along], v)
        a2 = _plus(a2, w[k2 + i * along], v)
        a3 = _plus(a3, w[k3 + i * along], v)
    _put(rows, to, c, a0)
    _put(rows, to + 1, c, a1)
    _put(rows, to + 2, c, a2)
    _put(rows, to + 3, c, a3)


@nb.njit(**_SUMS)
def _spread(rows, to, n, at, m, w, k, down, along, cases):
    j = 0
    while j + 4 <= n:
        k_j, c = k + j * down, 0
        while c + _TWO <= cases:
            _to_four(rows, to + j, at, m, w, k_j, down, along, c, _none(_TWO))
            c += _TWO
        if c < cases:
            _to_four(rows, to + j, at, m, w, k_j, down, along, c, _none(_VECTOR))
        j += 4
    while j < n:
        two, k_j, c = min(2, n - j), k + j * down, 0
        while c + _FOUR <= cases:
            _to_two(rows, to + j, two, at, m, w, k_j, down, along, c, _none(_FOUR))
            c += _FOUR
        while c < cases:
            _to_two(rows, to + j, two, at, m, w, k_j, down, along, c, _none(_VECTOR))
            c += _VECTOR
        j += 2


@nb.njit(**_SUMS)
def _weigh(y, dE, first, size, s, m, dE_dw, k, cases):
    """Add dE/dw (6) of the weights from units s to s + m to units `first` and on; w[k] is the first of them."""
    for j in range(0, size, 2):
        two = min(2, size - j)
        i = 0
        while i + 4 <= m:
            _weigh_four(y, dE, first + j, two, s + i, dE_dw, k + j * m + i, m, cases)
            i += 4
        while i < m:
            _weigh_two(y, dE, first + j, two, s + i, min(2, m - i), dE_dw, k + j * m + i, m, cases)
            i += 2


@nb.njit(inline="always", **_SUMS)
def _weigh_four(y, dE, j, two, i, dE_dw, k, m, cases):
    """From four units to two, or to one (the same one twice, and once to no end)."""
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = _none(_VECTOR)
    for c in range(0, cases, _VECTOR):
        a, b = _at(dE, j, c, a0), _at(dE, j + two - 1, c, a0)
        y0, y1, y2, y3 = _at(y, i, c, a0), _at(y, i + 1, c, a0), _at(y, i + 2, c, a0), _at(y, i + 3, c, a0)
        a0, a1, a2, a3 = _plus(a0, a, y0), _plus(a1, a, y1), _plus(a2, a, y2), _plus(a3, a, y3)  # (6)
        b0, b1, b2, b3 = _plus(b0, b, y0), _plus(b1, b, y1), _plus(b2, b, y2), _plus(b3, b, y3)
    dE_dw[k] += _sum(a0)
    dE_dw[k + 1] += _sum(a1)
    dE_dw[k + 2] += _sum(a2)
    dE_dw[k + 3] += _sum(a3)
    if two == 2:
        dE_dw[k + m] += _sum(b0)
        dE_dw[k + m + 1] += _sum(b1)
        dE_dw[k + m + 2] += _sum(b2)
        dE_dw[k + m + 3] += _sum(b3)


@nb.njit(inline="always", **_SUMS)
def _weigh_two(y, dE, j, two, i, from_two, dE_dw, k, m, cases):
    """From two units or one to two or one."""
    a0 = a1 = b0 = b1 = _none(_VECTOR)
    for c in range(0, cases, _VECTOR):
        a, b = _at(dE, j, c, a0), _at(dE, j + two - 1, c, a0)
        y0, y1 = _at(y, i, c, a0), _at(y, i + from_two - 1, c, a0)
        a0, a1, b0, b1 = _plus(a0, a, y0), _plus(a1, a, y1), _plus(b0, b, y0), _plus(b1, b, y1)  # (6)
    dE_dw[k] += _sum(a0)
    if from_two == 2:
        dE_dw[k + 1] += _sum(a1)
    if two == 2:
        dE_dw[k + m] += _sum(b0)
    if two == 2 and from_two == 2:
        dE_dw[k + m + 1] += _sum(b1)


@nb.njit(**_SUMS)
def _forward(links, w, y, cases):
    for at in range(len(links)):
        first, size, unit, biases = links[at, 0], links[at, 1], links[at, 2], links[at, 3]
        s, m, k = links[at, 4], links[at, 5], links[at, 6]
        if links[at, 8]:  # the first link into its group
            for j in range(size):
                bias = w[biases + j] if biases >= 0 else 0.0
                for c in range(cases):
                    y[first + j, c] = bias
        _spread(y, first, size, s, m, w, k, m, 1, cases)  # (1)
        if links[at, 9]:  # the last
            _output(y, first, size, cases, unit)


@nb.njit(**_SUMS)
def _compare(outputs, y, dE, desired, at, cases, margin, edge):
    """dE/dy (4) of the output units, with the tolerance. Returns E (3) and the largest distance from a desired one."""
    total, worst = 0.0, 0  # numbers that are not negative are in the order of their bits, and whole numbers have no NaN
    for k in range(len(desired)):
        j, d = outputs[k], desired[k, at : at + cases]
        if margin == 0.0:
            for c in range(cases):
                q = y[j, c] - d[c]  # (4)
                dE[j, c] = q
                total += q * q
                worst = max(worst, _as_bits(abs(q)))
        else:
            for c in range(cases):
                q = y[j, c] - d[c]
                worst = max(worst, _as_bits(abs(q)))
                if edge:
                    q -= min(max(q, -margin), margin)
                elif abs(q) < margin:
                    q = 0.0
                dE[j, c] = q
                total += q * q
    return 0.5 * total, _as_float(worst)  # (3)


@nb.njit(**_SUMS)
def _backward(links, w, y, dE, dE_dw, cases):
    for at in range(len(links) - 1, -1, -1):
        first, size, unit, biases = links[at, 0], links[at, 1], links[at, 2], links[at, 3]
        s, m, k, hidden = links[at, 4], links[at, 5], links[at, 6], links[at, 7]
        if links[at, 9]:
            for j in range(size):
                by_bias = _through(y, dE, first + j, cases, unit)
                if biases >= 0:
                    dE_dw[biases + j] += by_bias
        _weigh(y, dE, first, size, s, m, dE_dw, k, cases)  # (6)
        if hidden:
            _spread(dE, s, m, first, size, w, k, 1, m, cases)  # (7)


@nb.njit(**_SUMS)
def _change(w, delta_w, dE_dw, epsilon, alpha, keep, share):
    for p in range(len(w)):
        delta_w[p] = alpha * delta_w[p] - epsilon * (share[p] * dE_dw[p])  # (9)
        w[p] = (w[p] + delta_w[p]) * keep[p]


@nb.njit(**_SUMS)
def _fill(rows, first, end, cases, value):
    for j in range(first, end):
        for c in range(cases):
            rows[j, c] = value


@nb.njit(**_SUMS)
def _present(inputs, y, at, cases, width):
    """Bring the inputs of a block of cases to their rows; the first of them goes on to the end of the line."""
    for i in range(len(inputs)):
        of_block = inputs[i, at : at + cases]
        for c in range(cases):
            y[i, c] = of_block[c]
        for c in range(cases, width):
            y[i, c] = of_block[0]


@nb.njit(**_SUMS)
def _pass(links, outputs, w, y, dE, dE_dw, inputs, desired, start, end, block, margin, edge, learning):
    """Both passes over the cases from `start` to `end`, or the forward pass alone; returns E and the worst distance."""
    E = worst = 0.0
    lowest = len(inputs)
    for p in range(len(dE_dw)):
        dE_dw[p] = 0.0
    for at in range(start, end, block):
        cases = min(block, end - at)
        width = -(-cases // 8) * 8
        if block < inputs.shape[1]:
            _present(inputs, y, at, cases, width)
        _forward(links, w, y, width)
        _fill(dE, lowest, len(dE), width, 0.0)
        e, farthest = _compare(outputs, y, dE, desired, at, cases, margin, edge)
        E += e
        worst = max(worst, farthest)
        if learning:
            _backward(links, w, y, dE, dE_dw, width)
    return E, worst


@nb.njit(**_ALLOCATES)
def _aligned(rows, columns, value):
    """An array that begins where a line of the cache does, (rows, columns)."""
    room = np.full(rows * columns + 8, value)
    at = (-room.ctypes.data // 8) % 8
    return room[at : at + rows * columns].reshape(rows, columns)


@nb.njit(**_ALLOCATES)
def _learn(net, w, delta_w, inputs, desired, how, block, first, every, kept_w, kept_delta_w, E, worst):
    """One run, as many sweeps as E has room for. Returns sweeps made, whether it diverged, E and worst at the end."""
    links, outputs, units = net
    epsilon, alpha, keep, share, margin, edge, by_case, stop_within = how
    cases, n = inputs.shape[1], len(E)
    y, dE, dE_dw, last_w = _aligned(units, block, 1.0), _aligned(units, block, 0.0), np.zeros(len(w)), w.copy()
    y_one, dE_one = _aligned(units, 8, 1.0), _aligned(units, 8, 0.0)
    if block >= cases:  # all cases at once: their inputs stay where they are
        y[: len(inputs), :cases] = inputs
        y[: len(inputs), cases:] = inputs[:, :1]
    if cases == 1:
        y_one[: len(inputs)] = inputs
    e = q = 0.0
    made, k, ended, diverged = 0, 0, False, False
    while True:
        learning = made < n and not by_case
        e, q = _pass(links, outputs, w, y, dE, dE_dw, inputs, desired, 0, cases, block, margin, edge, learning)
        diverged = not e < np.inf
        if diverged:
            e = q = np.nan
            w[:] = last_w
            delta_w[:] = 0.0
        ended = diverged or q < stop_within
        if made > 0:
            E[made - 1], worst[made - 1] = e, q
            if (first + made) % every == 0 and k < len(kept_w):
                kept_w[k], kept_delta_w[k] = w, delta_w
                k += 1
        if ended or made == n:
            break
        for p in range(len(w)):
            last_w[p] = w[p]
        for case in range(cases if by_case else 1):
            if by_case:  # "change the weights after every input-output case"
                _pass(links, outputs, w, y_one, dE_one, dE_dw, inputs, desired, case, case + 1, 1, margin, edge, True)
            _change(w, delta_w, dE_dw, epsilon, alpha, keep, share)
        made += 1
    E[made:], worst[made:] = e, q  # what has ended stays as it is
    for later in range(k, len(kept_w)):
        kept_w[later], kept_delta_w[later] = w, delta_w
    return made, diverged, e, q


@nb.njit(**_ALLOCATES)
def learn_all(
    net,
    w,
    delta_w,
    inputs,
    desired,
    epsilon,
    alpha,
    how,
    block,
    first,
    every,
    kept_w,
    kept_delta_w,
    E,
    worst,
    now,
    runs,
):
    """Let the runs from runs[0] to runs[1] learn, one after the other. now: (4, runs), what _learn returns."""
    keep, share, margin, edge, by_case, stop_within = how
    for r in range(runs[0], runs[1]):
        if now[1, r] > 0:  # it has diverged before
            E[:, r], worst[:, r] = np.nan, np.nan
            kept_w[:, r], kept_delta_w[:, r] = w[r], delta_w[r]
            now[0, r], now[2, r], now[3, r] = 0, np.nan, np.nan
            continue
        of_run = (epsilon[r], alpha[r], keep, share, margin, edge, by_case, stop_within)
        made, diverged, e, q = _learn(
            net, w[r], delta_w[r], inputs, desired, of_run, block, first, every,
            kept_w[:, r], kept_delta_w[:, r], E[:, r], worst[:, r],
        )  # fmt: skip
        now[0, r], now[1, r], now[2, r], now[3, r] = made, diverged, e, q


_CACHE = 1 << 18  # bytes of states and derivatives that stay near the processor


def plan(network, cases):
    """What the machine code is told of a network, and how many cases go through at a time.

    Returns
    -------
    net : tuple
        links (n, 10) from the bottom up. Of the target: first row of its states, units, unit function, place of its
        biases in the weight vector or -1. Of the link: first row of the source, its units, place in the weight vector,
        whether links lead into the source itself, whether it is the first and the last link into its target.
        A link from a group that is 0 in every case is left out.
        outputs: rows that have a desired state. Then the number of rows.
    block : int
    """
    rows, size = {}, 0
    for name in (*network.input_names, *(group.name for group in network.upward)):
        rows[name] = size
        size += network.size(name)
    links = []
    for group in network.upward:
        into = network.into(group.name)
        biases = next((network.place(link.block) for link in into if link.source == ONE), -1)
        target = (rows[group.name], group.size, UNITS.index(group.unit), biases)
        sources = [
            (rows[link.source], network.size(link.source), network.place(link.block), bool(network.into(link.source)))
            for link in into
            if link.source != ONE and np.any(cases.inputs.get(link.source, 1))
        ] or [(0, 0, 0, False)]
        links += [(*target, *source, k == 0, k == len(sources) - 1) for k, source in enumerate(sources)]
    outputs = [rows[name] + j for name in cases.desired for j in range(network.size(name))]
    net = (np.array(links, np.int64), np.array(outputs), size)
    whole = -(-len(cases) // 8) * 8  # so that every row begins where a line of the cache does
    return net, min(whole, max(128, _CACHE // (16 * size) // 8 * 8))


def _signature():
    f8 = types.float64
    whole = types.Array(types.int64, 2, "C"), types.Array(types.int64, 1, "C")
    net = types.Tuple((whole[0], whole[1], types.int64))
    w, each = types.Array(f8, 2, "C"), types.Array(f8, 1, "C")
    read = types.Array(f8, 2, "C")
    how = types.Tuple((each, each, f8, types.boolean, types.boolean, f8))
    kept, E = types.Array(f8, 3, "C"), types.Array(f8, 2, "C")
    return net, w, w, read, read, each, each, how, types.int64, types.int64, types.int64, kept, kept, E, E, w, whole[1]


def warm_up():
    """Fetch the machine code that an earlier process has left; where there is none, let one make it.

    What a process has compiled itself calls functions that were optimized one by one, and what it leaves to others
    holds copies that were optimized together: they differ in the last bits of a sum. So nobody runs what he compiled.
    """
    try:
        with install_listener("numba:compile", _Refusal()):
            learn_all.compile(_signature())
    except _NotThereError:
        make = "import sys; sys.path.insert(0, sys.argv[1]); from bpcore.engines.kernel import leave; leave()"
        with suppress(OSError):  # not every Python can start another: then it is made here
            subprocess.run(  # noqa: S603 - this Python, and nothing that anybody has typed
                [sys.executable, "-c", make, Path(__file__).parents[2]], check=False, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        learn_all.compile(_signature())


def leave():
    """Compile everything, and leave it to the processes to come."""
    learn_all.compile(_signature())


class _NotThereError(Exception):
    """No earlier process has left the machine code."""


class _Refusal(Listener):
    """Stops numba where it begins to compile what should be there."""

    def on_start(self, event):
        if event.data["dispatcher"] is learn_all:
            raise _NotThereError

    def on_end(self, event):
        pass
