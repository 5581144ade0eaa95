"""Sums of products, of many units and cases at a time.

Two sums are all that the passes need: `add_products` for the states of units from those of others, upward (1) or back
(7), and `add_gradient` for dE/dw (6). Their sums stay in registers until they are complete.
"""

import numba as nb
import numpy as np

from .vectors import (
    INLINE,
    SUMS,
    add_each,
    add_pairs,
    add_totals,
    cases_of,
    fetch_each,
    load,
    load_each,
    same_each,
    several,
    several_pairs,
    store_each,
    zeros,
)

ADD, ZERO, NONE, ONE = np.int64(-1), np.int64(-2), np.int64(0), np.int64(1)  # numba compiles anew for a literal

_REGISTER = 4  # cases in one register; tables have a multiple of 8
_TWO, _FOUR = 2 * _REGISTER, 4 * _REGISTER
_MANY, _SOME = 6, 2  # units whose sums are in registers at once: of states, and of derivatives


def use(register):
    """Compile for registers of so many numbers from now on: 2, of which there are 16; 4, likewise; or 8, 32 of them."""
    global _REGISTER, _TWO, _FOUR, _MANY, _SOME
    _REGISTER, _TWO, _FOUR = register, 2 * register, 4 * register
    _MANY, _SOME = {2: (4, 2), 4: (6, 2), 8: (8, 4)}[register]


@nb.njit(**SUMS)
def add_products(rows, to, n, source, m, w, k, down, along, cases, start, panel):
    """Add to the n rows from `to` on the weighted sums of the m rows from `source` on.

    The weight between the first two of these rows is w[k]; that to the next row which receives is `down` further, that
    from the next row which sends `along` further. Upward (1) that is a weight matrix by rows, back (7) by columns. The
    sums begin with the biases, the first of which is w[start]; or with ZERO; or ADD to what is there. `panel` is
    room for the weights of the rows that are made at a time: back, those of one row lie far apart.
    """
    many, four, two, one = (
        (several(_MANY, zeros(_TWO)), several(_MANY, zeros(_REGISTER))),
        (several(4, zeros(_TWO)), several(4, zeros(_REGISTER))),
        (several(2, zeros(_FOUR)), several(2, zeros(_REGISTER))),
        (several(1, zeros(_FOUR)), several(1, zeros(_REGISTER))),
    )
    j = 0
    while j + _MANY <= n:
        if down == ONE and start == ADD:
            for i in range(m):
                for u in range(_MANY):
                    panel[i * _MANY + u] = w[k + j + i * along + u]
            _add_to(rows, to + j, source, m, panel, NONE, ONE, np.int64(_MANY), cases, start, j, many)
        else:
            _add_to(rows, to + j, source, m, w, k + j * down, down, along, cases, start, j, many)
        j += _MANY
    while j + 4 <= n:
        _add_to(rows, to + j, source, m, w, k + j * down, down, along, cases, start, j, four)
        j += 4
    while j + 2 <= n:
        _add_to(rows, to + j, source, m, w, k + j * down, down, along, cases, start, j, two)
        j += 2
    if j < n:
        _add_to(rows, to + j, source, m, w, k + j * down, down, along, cases, start, j, one)


@nb.njit(**INLINE)
def _add_to(rows, to, source, m, w, k, down, along, cases, start, j, sums):
    """To as many rows as the sums have: first those of many cases at a time, then those of one register."""
    wide, narrow = sums
    c = 0
    while c + cases_of(wide) <= cases:
        _add_at(rows, to, source, m, w, k, down, along, c, start, j, wide)
        c += cases_of(wide)
    while c < cases:
        _add_at(rows, to, source, m, w, k, down, along, c, start, j, narrow)
        c += _REGISTER


@nb.njit(**SUMS)
def _add_at(rows, to, source, m, w, k, down, along, c, start, j, sums):
    """To the rows from `to` on, the cases from `c` on: as many of both as in `sums`, which are zeros."""
    if start >= 0:
        sums = same_each(w, start + j, sums)
    elif start == ADD:
        sums = load_each(rows, to, c, sums)
    for i in range(m):
        sums = add_each(sums, w, k + i * along, down, load(rows, source + i, c, sums[0]))
    store_each(rows, to, c, sums)


@nb.njit(**INLINE)
def add_gradient(y, dE, first, size, s, m, dE_dw, k, cases):
    """Add dE/dw (6) of the weights from units s to s + m to units `first` and on; w[k] is the first of them.

    The states of 16 units at a time, which stay in the processor's nearest cache meanwhile.
    """
    some, one = several(_SOME, zeros(_REGISTER)), several(1, zeros(_REGISTER))
    for near in range(0, m, 16):
        end = min(near + 16, m)
        j = 0
        while j + _SOME <= size:
            _add_from(y, dE, first + j, s, near, end, dE_dw, k + j * m, m, cases, some)
            j += _SOME
        while j < size:
            _add_from(y, dE, first + j, s, near, end, dE_dw, k + j * m, m, cases, one)
            j += 1


@nb.njit(**INLINE)
def _add_from(y, dE, j, s, i, end, dE_dw, k, m, cases, to):
    """From units s + i to s + end to as many units as in `to`."""
    while i + 4 <= end:
        _add_products(y, dE, j, s + i, dE_dw, k + i, m, cases, to, several(4, to[0]))
        i += 4
    while i + 2 <= end:
        _add_products(y, dE, j, s + i, dE_dw, k + i, m, cases, to, several(2, to[0]))
        i += 2
    if i < end:
        _add_products(y, dE, j, s + i, dE_dw, k + i, m, cases, to, several(1, to[0]))


@nb.njit(**INLINE)
def _add_products(y, dE, j, i, dE_dw, k, m, cases, to, of):
    """From as many units from `i` on as in `of` to as many from `j` on as in `to`."""
    fetch_each(dE_dw, k, m, to)
    sums = several_pairs(to, of)
    for c in range(0, cases, _REGISTER):
        sums = add_pairs(sums, load_each(dE, j, c, to), load_each(y, i, c, of))
    add_totals(dE_dw, k, m, sums, of)
