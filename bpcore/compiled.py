"""Whole sweeps as machine code: the passes of passes.py for any network, over the list of its links.

What makes it fast. States lie as (units, cases), so that every inner loop runs over neighbouring cases and becomes
vector instructions. Two units and four links at a time, so that a state that was fetched serves eight times. `_exp`
has no branch and no call. Long tables of cases go through in blocks that stay in the cache. Runs share nothing, so
they go to all cores, and run k of an ensemble does exactly what run k alone does.

This is the only file that knows numba. Without it, the numpy engine does everything.
"""

import numba as nb
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .network import ONE
from .units import linear, logistic, softplus, tanh

UNITS = (logistic, tanh, linear, softplus)
"""Unit functions the machine code knows, by their place here; a function of your own is left to the numpy engine."""
_LOGISTIC, _TANH, _LINEAR, _SOFTPLUS = range(4)

# Sums may be taken in any order, which vector instructions need. Infinity and NaN keep their meaning: a run that
# diverges must be noticed. Rounding must be left alone in _exp. The largest of many numbers is found by vector
# instructions only where NaN need not be passed on; their sum still tells.
_SUMS = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy", "nogil": True, "cache": True}
_ROUNDS = {"fastmath": {"contract"}, "error_model": "numpy", "nogil": True, "cache": True}
_LARGEST = {"fastmath": {"reassoc", "contract", "nsz", "arcp", "nnan"}} | {
    k: _SUMS[k] for k in ("error_model", "nogil", "cache")
}


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
def _output(y, j, cases, unit):
    """Outputs (2) of unit j, in place of its total inputs."""
    if unit == _LOGISTIC:
        for c in range(cases):
            y[j, c] = 1.0 / (1.0 + _exp(-y[j, c]))  # (2)
    elif unit == _TANH:
        for c in range(cases):
            y[j, c] = 1.0 - 2.0 / (1.0 + _exp(2.0 * y[j, c]))
    elif unit == _SOFTPLUS:
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


@nb.njit(**_SUMS)
def _feed(y, j, both, s, m, w, k, cases):
    """Add to the total inputs (1) of unit j, and j + 1 if `both`, what units s to s + m send by weights w[k] and on."""
    i = 0
    while both and i + 4 <= m:
        a0, a1, a2, a3 = w[k + i], w[k + i + 1], w[k + i + 2], w[k + i + 3]
        b0, b1, b2, b3 = w[k + m + i], w[k + m + i + 1], w[k + m + i + 2], w[k + m + i + 3]
        for c in range(cases):
            y0, y1, y2, y3 = y[s + i, c], y[s + i + 1, c], y[s + i + 2, c], y[s + i + 3, c]
            y[j, c] += a0 * y0 + a1 * y1 + a2 * y2 + a3 * y3  # (1)
            y[j + 1, c] += b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3
        i += 4
    while i + 2 <= m:
        a0, a1 = w[k + i], w[k + i + 1]
        if both:
            b0, b1 = w[k + m + i], w[k + m + i + 1]
            for c in range(cases):
                y[j, c] += a0 * y[s + i, c] + a1 * y[s + i + 1, c]
                y[j + 1, c] += b0 * y[s + i, c] + b1 * y[s + i + 1, c]
        else:
            for c in range(cases):
                y[j, c] += a0 * y[s + i, c] + a1 * y[s + i + 1, c]
        i += 2
    if i < m:
        for c in range(cases):
            y[j, c] += w[k + i] * y[s + i, c]
        if both:
            for c in range(cases):
                y[j + 1, c] += w[k + m + i] * y[s + i, c]


@nb.njit(**_SUMS)
def _weigh(y, dE, j, both, s, m, dE_dw, k, cases):
    """Add dE/dw (6) of the weights from units s to s + m to unit j, and to j + 1 if `both`. k is the first of them."""
    i = 0
    while both and i + 4 <= m:
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = 0.0
        for c in range(cases):
            y0, y1, y2, y3 = y[s + i, c], y[s + i + 1, c], y[s + i + 2, c], y[s + i + 3, c]
            a, b = dE[j, c], dE[j + 1, c]
            a0 += a * y0  # (6)
            a1 += a * y1
            a2 += a * y2
            a3 += a * y3
            b0 += b * y0
            b1 += b * y1
            b2 += b * y2
            b3 += b * y3
        for place, four in ((k + i, (a0, a1, a2, a3)), (k + m + i, (b0, b1, b2, b3))):
            dE_dw[place] += four[0]
            dE_dw[place + 1] += four[1]
            dE_dw[place + 2] += four[2]
            dE_dw[place + 3] += four[3]
        i += 4
    while i + 2 <= m:
        a0 = a1 = b0 = b1 = 0.0
        if both:
            for c in range(cases):
                y0, y1, a, b = y[s + i, c], y[s + i + 1, c], dE[j, c], dE[j + 1, c]
                a0 += a * y0
                a1 += a * y1
                b0 += b * y0
                b1 += b * y1
            dE_dw[k + m + i] += b0
            dE_dw[k + m + i + 1] += b1
        else:
            for c in range(cases):
                a0 += dE[j, c] * y[s + i, c]
                a1 += dE[j, c] * y[s + i + 1, c]
        dE_dw[k + i] += a0
        dE_dw[k + i + 1] += a1
        i += 2
    if i < m:
        a0 = b0 = 0.0
        for c in range(cases):
            a0 += dE[j, c] * y[s + i, c]
        dE_dw[k + i] += a0
        if both:
            for c in range(cases):
                b0 += dE[j + 1, c] * y[s + i, c]
            dE_dw[k + m + i] += b0


@nb.njit(**_SUMS)
def _send_back(dE, i, first, size, w, k, m, cases):
    """Add to dE/dy (7) of unit i what units `first` and on send back. Its weight to the first is w[k]."""
    j = 0
    while j + 4 <= size:
        w0, w1, w2, w3 = w[k + j * m], w[k + (j + 1) * m], w[k + (j + 2) * m], w[k + (j + 3) * m]
        f = first + j
        for c in range(cases):
            dE[i, c] += w0 * dE[f, c] + w1 * dE[f + 1, c] + w2 * dE[f + 2, c] + w3 * dE[f + 3, c]  # (7)
        j += 4
    if j + 2 <= size:
        w0, w1, f = w[k + j * m], w[k + (j + 1) * m], first + j
        for c in range(cases):
            dE[i, c] += w0 * dE[f, c] + w1 * dE[f + 1, c]
        j += 2
    if j < size:
        w0, f = w[k + j * m], first + j
        for c in range(cases):
            dE[i, c] += w0 * dE[f, c]


@nb.njit(**_SUMS)
def _forward(net, w, y, cases):
    groups, links, first_link, _ = net
    for g in range(len(groups)):
        first, size, unit, biases = groups[g, 0], groups[g, 1], groups[g, 2], groups[g, 3]
        for j in range(size):
            bias = w[biases + j] if biases >= 0 else 0.0
            for c in range(cases):
                y[first + j, c] = bias
        for into in range(first_link[g], first_link[g + 1]):
            s, m, k = links[into, 0], links[into, 1], links[into, 2]
            for j in range(0, size, 2):
                _feed(y, first + j, j + 1 < size, s, m, w, k + j * m, cases)
        for j in range(size):
            _output(y, first + j, cases, unit)


@nb.njit(**_LARGEST)
def _compare(net, y, dE, desired, at, cases, margin, edge):
    """dE/dy (4) of the output units, with the tolerance. Returns E (3) and the largest distance from a desired one."""
    total = worst = 0.0
    for k in range(len(desired)):
        j = net[3][k]
        if margin == 0.0:
            for c in range(cases):
                q = y[j, c] - desired[k, at + c]  # (4)
                dE[j, c] = q
                total += q * q
                worst = max(worst, abs(q))
        else:
            for c in range(cases):
                q = y[j, c] - desired[k, at + c]
                worst = max(worst, abs(q))
                if edge:
                    q -= min(max(q, -margin), margin)
                elif abs(q) < margin:
                    q = 0.0
                dE[j, c] = q
                total += q * q
    return 0.5 * total, worst  # (3)


@nb.njit(**_SUMS)
def _backward(net, w, y, dE, dE_dw, cases):
    groups, links, first_link, _ = net
    for g in range(len(groups) - 1, -1, -1):
        first, size, unit, biases = groups[g, 0], groups[g, 1], groups[g, 2], groups[g, 3]
        for j in range(size):
            by_bias = _through(y, dE, first + j, cases, unit)
            if biases >= 0:
                dE_dw[biases + j] += by_bias
        for into in range(first_link[g], first_link[g + 1]):
            s, m, k, hidden = links[into, 0], links[into, 1], links[into, 2], links[into, 3]
            for j in range(0, size, 2):
                _weigh(y, dE, first + j, j + 1 < size, s, m, dE_dw, k + j * m, cases)
            if hidden:
                for i in range(m):
                    _send_back(dE, s + i, first, size, w, k + i, m, cases)


@nb.njit(**_SUMS)
def _change(w, delta_w, dE_dw, epsilon, alpha, keep):
    for p in range(len(w)):
        delta_w[p] = alpha * delta_w[p] - epsilon * dE_dw[p]  # (9)
        w[p] = (w[p] + delta_w[p]) * keep[p]


@nb.njit(**_SUMS)
def _pass(net, w, y, dE, dE_dw, inputs, desired, start, end, margin, edge, learning):
    """Both passes over the cases from `start` to `end`, or the forward pass alone; returns E and the worst distance."""
    E = worst = 0.0
    lowest, block = 1 + len(inputs), y.shape[1]
    if learning:
        dE_dw[:] = 0.0
    for at in range(start, end, block):
        cases = min(block, end - at)
        if block < inputs.shape[1]:
            y[1:lowest, :cases] = inputs[:, at : at + cases]
        _forward(net, w, y, cases)
        dE[lowest:] = 0.0
        of_block, farthest = _compare(net, y, dE, desired, at, cases, margin, edge)
        E += of_block
        worst = max(worst, farthest)
        if learning:
            _backward(net, w, y, dE, dE_dw, cases)
    return E, worst


@nb.njit(**_SUMS)
def _learn(net, w, delta_w, inputs, desired, how, block, first, every, kept_w, kept_delta_w, E, worst):
    """One run, as many sweeps as E has room for. Returns sweeps made, whether it diverged, E and worst at the end."""
    epsilon, alpha, keep, share, margin, edge, by_case, stop_within = how
    units, cases, n = 1 + net[0][-1, 0] + net[0][-1, 1], inputs.shape[1], len(E)
    y, dE, dE_dw, last_w = np.ones((units, block)), np.zeros((units, block)), np.zeros(len(w)), w.copy()
    y_one, dE_one = np.ones((units, 1)), np.zeros((units, 1))
    if block >= cases:  # all cases at once: their inputs stay where they are
        y[1 : 1 + len(inputs), :cases] = inputs
    if cases == 1:
        y_one[1 : 1 + len(inputs)] = inputs
    e = q = 0.0
    made, k, ended, diverged = 0, 0, False, False
    while True:
        learning = made < n and not by_case
        e, q = _pass(net, w, y, dE, dE_dw, inputs, desired, 0, cases, margin, edge, learning)
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
        last_w[:] = w
        for case in range(cases if by_case else 1):
            if by_case:  # "change the weights after every input-output case"
                _pass(net, w, y_one, dE_one, dE_dw, inputs, desired, case, case + 1, margin, edge, True)
            if len(share):
                dE_dw *= share
            _change(w, delta_w, dE_dw, epsilon, alpha, keep)
        made += 1
    E[made:], worst[made:] = e, q  # what has ended stays as it is
    for later in range(k, len(kept_w)):
        kept_w[later], kept_delta_w[later] = w, delta_w
    return made, diverged, e, q


@nb.njit(**_SUMS)
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
    net : tuple of arrays
        groups (n, 4): first row of states, units, unit function, place of the biases in the weight vector or -1.
        links (n, 4): first row of the source, its units, place in the weight vector, whether links lead into the
        source itself. first_link (n + 1,): links first_link[g] to first_link[g + 1] lead into group g.
        outputs: rows that have a desired state.
    block : int
    """
    rows, size = {ONE: 0}, 1
    for name in (*network.input_names, *(group.name for group in network.upward)):
        rows[name] = size
        size += network.size(name)
    biases = {link.target: network.place(link.block) for link in network.links if link.source == ONE}
    groups = [(rows[g.name], g.size, UNITS.index(g.unit), biases.get(g.name, -1)) for g in network.upward]
    into = [[link for link in network.into(g.name) if link.source != ONE] for g in network.upward]
    links = [
        (rows[link.source], network.size(link.source), network.place(link.block), bool(network.into(link.source)))
        for links_into in into
        for link in links_into
    ]
    first_link = np.cumsum([0, *map(len, into)])
    outputs = [rows[name] + j for name in cases.desired for j in range(network.size(name))]
    net = (np.array(groups), np.array(links, np.int64).reshape(-1, 4), first_link, np.array(outputs))
    block = len(cases) if 16 * size * len(cases) <= _CACHE else max(64, _CACHE // (16 * size) // 8 * 8)
    return net, min(block, len(cases))


def warm_up():
    """Compile everything, or fetch it from the cache of an earlier process."""
    f8 = types.float64
    whole = types.Array(types.int64, 2, "C"), types.Array(types.int64, 1, "C")
    net = types.Tuple((whole[0], whole[0], whole[1], whole[1]))
    w, each = types.Array(f8, 2, "C"), types.Array(f8, 1, "C")
    read = types.Array(f8, 2, "C")
    how = types.Tuple((each, each, f8, types.boolean, types.boolean, f8))
    kept, E = types.Array(f8, 3, "C"), types.Array(f8, 2, "C")
    learn_all.compile(
        (net, w, w, read, read, each, each, how, types.int64, types.int64, types.int64, kept, kept, E, E, w, whole[1])
    )
