"""Sums of products for the kernel, with neighbouring cases in one register, and e^x without a branch.

Two sums are all that the passes need: `add_products` for the states of units from those of others, upward (1) or back
(7), and `add_gradient` for dE/dw (6).
"""

import numba as nb
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

# Sums may be taken in any order, which vector instructions need. Infinity and NaN keep their meaning, so that a run
# that diverges is noticed. Rounding must be left alone in `exp`. Functions that allocate nothing turn reference
# counting off (`_nrt`): at every call, it would take half the time of a small network.
ALLOCATES = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy", "nogil": True}
SUMS = ALLOCATES | {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
ROUNDS = SUMS | {"fastmath": {"contract"}}


@intrinsic
def bits_of(_context, _x):
    """The bits of a float, as an int."""
    return types.int64(types.float64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.IntType(64))


@intrinsic
def float_of(_context, _bits):
    """The float that has these bits."""
    return types.float64(types.int64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.DoubleType())


_NEAREST = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the low bits


@nb.njit(inline="always", **ROUNDS)
def exp(x):
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
    return float_of(bits_of(p) + (bits_of(shifted) << 52))


# --- vectors: the states of one unit in neighbouring cases

_REGISTER = 8 if get_host_cpu_features().get("avx512f") else 4  # cases in one register; tables have a multiple of 8
_TWO, _FOUR = 2 * _REGISTER, 4 * _REGISTER


class _Vector(types.Type):
    """The states of one unit in neighbouring cases, enough to fill one register or a few."""

    def __init__(self, cases):
        self.cases = cases
        super().__init__(f"{cases} cases")


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, vector):
        super().__init__(manager, vector, ir.VectorType(ir.DoubleType(), vector.cases))


@intrinsic(prefer_literal=True)
def _zeros(_context, cases):
    """A vector of zeros for so many cases."""
    vector = _Vector(cases.literal_value)
    return vector(cases), lambda context, _b, _s, _a: ir.Constant(context.get_value_type(vector), None)


def _pointer(context, builder, signature, arguments):
    """Pointer to the cases from `c` on in row `i` of an array."""
    rows = context.make_array(signature.args[0])(context, builder, arguments[0])
    columns = builder.extract_value(rows.shape, 1)
    at = builder.gep(rows.data, [builder.add(builder.mul(arguments[1], columns), arguments[2])])
    return builder.bitcast(at, context.get_value_type(signature.args[3]).as_pointer())


@intrinsic
def _load(_context, rows, i, c, like):
    """The cases from `c` on in row `i`, as many as in the vector `like`."""

    def code(context, builder, signature, arguments):
        return builder.load(_pointer(context, builder, signature, arguments), align=8)

    return like(rows, i, c, like), code


@intrinsic
def _store(_context, rows, i, c, v):
    """Write v to the cases from `c` on in row `i`."""

    def code(context, builder, signature, arguments):
        builder.store(arguments[3], _pointer(context, builder, signature, arguments), align=8)
        return context.get_dummy_value()

    return types.void(rows, i, c, v), code


@intrinsic
def _fma(_context, v, a, b):
    """v + a b, case by case; a may be one number for all cases."""

    def code(_context, builder, _signature, arguments):
        v, a, b = arguments
        if a.type != b.type:
            one = builder.insert_element(ir.Constant(b.type, ir.Undefined), a, ir.Constant(ir.IntType(32), 0))
            a = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), b.type.count), None))
        return builder.fadd(v, builder.fmul(a, b, flags=["contract"]), flags=["contract"])

    return v(v, a, b), code


@intrinsic
def _total(_context, v):
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


# --- from units to units


@nb.njit(**SUMS)
def add_products(rows, to, n, source, m, w, k, down, along, cases):
    """Add to the n rows from `to` on the weighted sums of the m rows from `source` on.

    The weight between the first two of these rows is w[k]; that to the next row which receives is `down` further, that
    from the next row which sends `along` further. Upward (1) that is a weight matrix by rows, back (7) by columns.
    """
    j = 0
    while j + 4 <= n:
        k_j, c = k + j * down, 0
        while c + _TWO <= cases:
            _add_to_four(rows, to + j, source, m, w, k_j, down, along, c, _zeros(_TWO))
            c += _TWO
        if c < cases:
            _add_to_four(rows, to + j, source, m, w, k_j, down, along, c, _zeros(_REGISTER))
        j += 4
    while j < n:
        two, k_j, c = min(2, n - j), k + j * down, 0
        while c + _FOUR <= cases:
            _add_to_two(rows, to + j, two, source, m, w, k_j, down, along, c, _zeros(_FOUR))
            c += _FOUR
        while c < cases:
            _add_to_two(rows, to + j, two, source, m, w, k_j, down, along, c, _zeros(_REGISTER))
            c += _REGISTER
        j += 2


@nb.njit(**SUMS)
def _add_to_two(rows, to, n, source, m, w, k, down, along, c, like):
    """To two rows; if n is 1, to one row, computed twice."""
    to1, k1 = to + n - 1, k + (n - 1) * down
    a0, a1 = _load(rows, to, c, like), _load(rows, to1, c, like)
    for i in range(m):
        v = _load(rows, source + i, c, like)
        a0 = _fma(a0, w[k + i * along], v)
        a1 = _fma(a1, w[k1 + i * along], v)
    _store(rows, to, c, a0)
    _store(rows, to1, c, a1)


@nb.njit(**SUMS)
def _add_to_four(rows, to, source, m, w, k, down, along, c, like):
    a0, a1 = _load(rows, to, c, like), _load(rows, to + 1, c, like)
    a2, a3 = _load(rows, to + 2, c, like), _load(rows, to + 3, c, like)
    k1, k2, k3 = k + down, k + 2 * down, k + 3 * down
    for i in range(m):
        v = _load(rows, source + i, c, like)
        a0 = _fma(a0, w[k + i * along], v)
        a1 = _fma(a1, w[k1 + i * along], v)
        a2 = _fma(a2, w[k2 + i * along], v)
        a3 = _fma(a3, w[k3 + i * along], v)
    _store(rows, to, c, a0)
    _store(rows, to + 1, c, a1)
    _store(rows, to + 2, c, a2)
    _store(rows, to + 3, c, a3)


@nb.njit(**SUMS)
def add_gradient(y, dE, first, size, s, m, dE_dw, k, cases):
    """Add dE/dw (6) of the weights from units s to s + m to units `first` and on; w[k] is the first of them."""
    for j in range(0, size, 2):
        two = min(2, size - j)
        i = 0
        while i + 4 <= m:
            _add_from_four(y, dE, first + j, two, s + i, dE_dw, k + j * m + i, m, cases)
            i += 4
        while i < m:
            _add_from_two(y, dE, first + j, two, s + i, min(2, m - i), dE_dw, k + j * m + i, m, cases)
            i += 2


@nb.njit(inline="always", **SUMS)
def _add_from_four(y, dE, j, two, i, dE_dw, k, m, cases):
    """From four units to two, or to one (computed twice; the duplicate is discarded)."""
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = _zeros(_REGISTER)
    for c in range(0, cases, _REGISTER):
        a, b = _load(dE, j, c, a0), _load(dE, j + two - 1, c, a0)
        y0, y1, y2, y3 = _load(y, i, c, a0), _load(y, i + 1, c, a0), _load(y, i + 2, c, a0), _load(y, i + 3, c, a0)
        a0, a1, a2, a3 = _fma(a0, a, y0), _fma(a1, a, y1), _fma(a2, a, y2), _fma(a3, a, y3)
        b0, b1, b2, b3 = _fma(b0, b, y0), _fma(b1, b, y1), _fma(b2, b, y2), _fma(b3, b, y3)
    dE_dw[k] += _total(a0)
    dE_dw[k + 1] += _total(a1)
    dE_dw[k + 2] += _total(a2)
    dE_dw[k + 3] += _total(a3)
    if two == 2:
        dE_dw[k + m] += _total(b0)
        dE_dw[k + m + 1] += _total(b1)
        dE_dw[k + m + 2] += _total(b2)
        dE_dw[k + m + 3] += _total(b3)


@nb.njit(inline="always", **SUMS)
def _add_from_two(y, dE, j, two, i, from_two, dE_dw, k, m, cases):
    """From two units or one to two or one."""
    a0 = a1 = b0 = b1 = _zeros(_REGISTER)
    for c in range(0, cases, _REGISTER):
        a, b = _load(dE, j, c, a0), _load(dE, j + two - 1, c, a0)
        y0, y1 = _load(y, i, c, a0), _load(y, i + from_two - 1, c, a0)
        a0, a1, b0, b1 = _fma(a0, a, y0), _fma(a1, a, y1), _fma(b0, b, y0), _fma(b1, b, y1)
    dE_dw[k] += _total(a0)
    if from_two == 2:
        dE_dw[k + 1] += _total(a1)
    if two == 2:
        dE_dw[k + m] += _total(b0)
    if two == 2 and from_two == 2:
        dE_dw[k + m + 1] += _total(b1)
