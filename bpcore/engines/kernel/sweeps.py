"""The passes of passes.py and the learning, compiled: `learn_all` makes whole sweeps of a network told by `plan`."""

import numba as nb
import numpy as np

from .plan import LOGISTIC, SOFTPLUS, TANH
from .products import ADD, ONE, ZERO, add_gradient, add_products
from .vectors import (
    ALLOCATES,
    INLINE,
    LINE,
    SUMS,
    bits_of,
    float_of,
    inverse,
    load,
    power_of_two,
    store,
    total,
    within,
    zeros,
)

_NEAREST = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the low bits


@nb.njit(**INLINE)
def _logistic(x):
    """1 / (1 + e^-x), to 1e-15 of the value.

    e^x is 2^n e^r with r at most half of log 2, and e^r is (even + odd) / (even - odd), Padé's fraction of the fifth
    degree. So there is one division in all.
    """
    x = within(x, 350.0)  # the product of two denominators has to stay finite
    shifted = x * 1.4426950408889634 + _NEAREST  # x / log 2
    n = shifted - _NEAREST
    r = (x - n * 6.93145751953125e-1) - n * 1.42860682030941723212e-6
    r2 = r * r
    even = (r2 * (1.0 / 1008.0) + 1.0 / 9.0) * r2 + 1.0
    odd = ((r2 * (1.0 / 30240.0) + 1.0 / 72.0) * r2 + 0.5) * r
    up = power_of_two(even + odd, shifted)
    return up * inverse(up + (even - odd))


@nb.njit(**INLINE)
def _output(y, first, size, cases, unit):
    """Outputs (2) of units `first` and on, in place of their total inputs."""
    like = zeros(LINE)
    for j in range(first, first + size):
        if unit == LOGISTIC:
            for c in range(0, cases, LINE):
                store(y, j, c, _logistic(load(y, j, c, like)))  # (2)
        elif unit == TANH:
            for c in range(0, cases, LINE):
                store(y, j, c, 2.0 * _logistic(2.0 * load(y, j, c, like)) - 1.0)
        elif unit == SOFTPLUS:
            for c in range(cases):
                y[j, c] = max(y[j, c], 0.0) + np.log1p(np.exp(-abs(y[j, c])))


@nb.njit(**INLINE)
def _through(y, dE, j, cases, unit):
    """dE/dx (5) of unit j, in place of dE/dy. Returns its sum over the cases, the derivative by the bias."""
    like = by_bias = zeros(LINE)
    for c in range(0, cases, LINE):
        v, d = load(y, j, c, like), load(dE, j, c, like)
        if unit == LOGISTIC:
            d = d * v * (1.0 - v)  # (5)
        elif unit == TANH:
            d = d * (1.0 - v * v)
        elif unit == SOFTPLUS:
            for k in range(c, c + LINE):
                dE[j, k] *= 1.0 - np.exp(-y[j, k])
            d = load(dE, j, c, like)
        store(dE, j, c, d)
        by_bias = by_bias + d
    return total(by_bias)


@nb.njit(**INLINE)
def _forward(links, w, y, panel, cases):
    for at in range(len(links)):
        first, size, unit, biases = links[at, 0], links[at, 1], links[at, 2], links[at, 3]
        s, m, k = links[at, 4], links[at, 5], links[at, 6]
        start = biases
        if not links[at, 8]:  # not the first link into its group
            start = ADD
        elif biases < 0:
            start = ZERO
        add_products(y, first, size, s, m, w, k, m, ONE, cases, start, panel)  # (1)
        if links[at, 9]:  # the last
            _output(y, first, size, cases, unit)


@nb.njit(**INLINE)
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
                worst = max(worst, bits_of(abs(q)))
        else:
            for c in range(cases):
                q = y[j, c] - d[c]
                worst = max(worst, bits_of(abs(q)))
                if edge:
                    q -= min(max(q, -margin), margin)
                elif abs(q) < margin:
                    q = 0.0
                dE[j, c] = q
                total += q * q
    return 0.5 * total, float_of(worst)  # (3)


@nb.njit(**INLINE)
def _backward(links, w, y, dE, dE_dw, panel, cases):
    for at in range(len(links) - 1, -1, -1):
        first, size, unit, biases = links[at, 0], links[at, 1], links[at, 2], links[at, 3]
        s, m, k, hidden = links[at, 4], links[at, 5], links[at, 6], links[at, 7]
        if links[at, 9]:
            for j in range(size):
                by_bias = _through(y, dE, first + j, cases, unit)
                if biases >= 0:
                    dE_dw[biases + j] += by_bias
        add_gradient(y, dE, first, size, s, m, dE_dw, k, cases)  # (6)
        if hidden:
            add_products(dE, s, m, first, size, w, k, ONE, m, cases, ADD, panel)  # (7)


@nb.njit(**INLINE)
def _change(w, delta_w, dE_dw, epsilon, alpha, keep, share):
    for p in range(len(w)):
        delta_w[p] = alpha * delta_w[p] - epsilon * (share[p] * dE_dw[p])  # (9)
        w[p] = (w[p] + delta_w[p]) * keep[p]


@nb.njit(**SUMS)
def _present(inputs, y, at, cases, width):
    """Copy the inputs of a block of cases to their rows; the block's first case fills the rest of each row."""
    for i in range(len(inputs)):
        of_block = inputs[i, at : at + cases]
        for c in range(cases):
            y[i, c] = of_block[c]
        for c in range(cases, width):
            y[i, c] = of_block[0]


@nb.njit(**SUMS)
def _pass(net, w, y, dE, dE_dw, panel, inputs, desired, start, end, block, margin, edge, learning):
    """Both passes over the cases from `start` to `end`, or the forward pass alone; returns E and the worst distance."""
    links, outputs, _, _ = net
    E = worst = 0.0
    lowest = len(inputs)
    for p in range(len(dE_dw)):
        dE_dw[p] = 0.0
    for at in range(start, end, block):
        cases = min(block, end - at)
        width = -(-cases // 8) * 8
        if block < inputs.shape[1]:
            _present(inputs, y, at, cases, width)
        _forward(links, w, y, panel, width)
        for j in range(lowest, len(dE)):
            for c in range(0, width, LINE):
                store(dE, j, c, zeros(LINE))
        e, farthest = _compare(outputs, y, dE, desired, at, cases, margin, edge)
        E += e
        worst = max(worst, farthest)
        if learning:
            _backward(links, w, y, dE, dE_dw, panel, width)
    return E, worst


@nb.njit(**ALLOCATES)
def _aligned(rows, columns, value):
    """An array that begins at a line of the processor's cache, (rows, columns)."""
    room = np.empty(rows * columns + 8)
    for k in range(len(room)):
        room[k] = value
    at = (-room.ctypes.data // 8) % 8
    return room[at : at + rows * columns].reshape(rows, columns)


@nb.njit(**SUMS)
def _copy(of, to):
    """Numbers in a loop: numba compiles `to[:] = of` with the sentences about wrong shapes, 9 s of them."""
    for p in range(len(to)):
        to[p] = of[p]


@nb.njit(**ALLOCATES)
def _learn(net, inputs, desired, how, epsilon, alpha, w, delta_w, first, every, kept_w, kept_delta_w, E, worst):
    """One run, as many sweeps as E has room for. Returns sweeps made, whether it diverged, E and worst at the end."""
    keep, share, margin, edge, by_case, stop_within = how
    _, _, units, block = net
    cases, n = inputs.shape[1], len(E)
    row = block + 8 * (1 - block // 8 % 2)  # an odd number of lines, so that units do not share places of the cache
    y, dE = _aligned(units, row, 1.0), _aligned(units, row, 0.0)
    zero, one, two, line = np.int64(0), np.int64(1), np.int64(2), np.int64(8)  # numba compiles anew for a literal
    y_one, dE_one = _aligned(units, line, 1.0), _aligned(units, line, 0.0)
    dE_dw, last_w = _aligned(two, len(w), 0.0)
    panel = _aligned(one, 8 * units, 0.0)[0]
    if block >= cases:  # all cases at once: their inputs stay in place
        _present(inputs, y, zero, cases, block)
    if cases == 1:
        _present(inputs, y_one, zero, one, line)
    made = k = 0
    while True:
        learning = made < n and not by_case
        e, q = _pass(net, w, y, dE, dE_dw, panel, inputs, desired, zero, cases, block, margin, edge, learning)
        diverged = not e < np.inf
        if diverged:
            e = q = np.nan
            for p in range(len(w)):
                w[p], delta_w[p] = last_w[p], 0.0
        if made > 0:
            E[made - 1], worst[made - 1] = e, q
            if (first + made) % every == 0 and k < len(kept_w):
                _copy(w, kept_w[k])
                _copy(delta_w, kept_delta_w[k])
                k += 1
        if diverged or q < stop_within or made == n:
            break
        _copy(w, last_w)
        for case in range(cases if by_case else 1):
            if by_case:  # "change the weights after every input-output case"
                _pass(net, w, y_one, dE_one, dE_dw, panel, inputs, desired, case, case + 1, one, margin, edge, by_case)
            _change(w, delta_w, dE_dw, epsilon, alpha, keep, share)
        made += 1
    for later in range(made, n):  # an ended run stays as it is
        E[later], worst[later] = e, q
    for later in range(k, len(kept_w)):
        _copy(w, kept_w[later])
        _copy(delta_w, kept_delta_w[later])
    return made, diverged, e, q


@nb.njit(**ALLOCATES)
def learn_all(net, inputs, desired, how, epsilon, alpha, w, delta_w, now, first, every, kept, E, worst, runs):
    """Make sweeps for the runs from runs[0] to runs[1], one run after the other.

    As many sweeps as E (sweeps, runs) has room for. now (4, runs) is what `_learn` returns; kept are w and delta_w
    after every sweep whose number is a multiple of `every`, (k, runs, weights) each.
    """
    kept_w, kept_delta_w = kept
    for r in range(runs[0], runs[1]):
        if now[1, r] > 0:  # it has diverged before
            for k in range(len(E)):
                E[k, r] = worst[k, r] = np.nan
            for k in range(len(kept_w)):
                _copy(w[r], kept_w[k, r])
                _copy(delta_w[r], kept_delta_w[k, r])
            now[0, r], now[2, r], now[3, r] = 0, np.nan, np.nan
        else:
            now[0, r], now[1, r], now[2, r], now[3, r] = _learn(
                net, inputs, desired, how, epsilon[r], alpha[r], w[r], delta_w[r], first, every,
                kept_w[:, r], kept_delta_w[:, r], E[:, r], worst[:, r],
            )  # fmt: skip
