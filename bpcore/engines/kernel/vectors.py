"""Sums of products for the kernel, with neighbouring cases in one register, and what its logistic function needs.

Two sums are all that the passes need: `add_products` for the states of units from those of others, upward (1) or back
(7), and `add_gradient` for dE/dw (6).
"""

import operator

import numba as nb
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, register_model

# Sums may be taken in any order, which vector instructions need. Infinity and NaN keep their meaning, so that a run
# that diverges is noticed. Vectors are rounded as it is written, but for products that are added at once. Functions
# that allocate nothing turn reference counting off (`_nrt`): at every call, it would take half the time of a small net.
ALLOCATES = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}, "error_model": "numpy", "nogil": True}
SUMS = ALLOCATES | {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
INLINE = SUMS | {"forceinline": True}


@intrinsic
def bits_of(_context, _x):
    """The bits of a float, as an int."""
    return types.int64(types.float64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.IntType(64))


@intrinsic
def float_of(_context, _bits):
    """The float that has these bits."""
    return types.float64(types.int64), lambda _c, builder, _s, a: builder.bitcast(a[0], ir.DoubleType())


# --- vectors: the states of one unit in neighbouring cases

_REGISTER = 4  # cases in one register, which intermediate.py sets; tables have a multiple of 8
_TWO, _FOUR = 2 * _REGISTER, 4 * _REGISTER
LINE = 8  # cases in a line of the processor's cache


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
def zeros(_context, cases):
    """A vector of zeros for so many cases."""
    vector = _Vector(cases.literal_value)
    return vector(cases), lambda context, _b, _s, _a: ir.Constant(context.get_value_type(vector), None)


def _same(builder, number, vector):
    """A number as a vector that has it in every case; a vector as it is."""
    if isinstance(number.type, ir.VectorType):
        return number
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None))


def _part(builder, v, w, first, cases):
    """So many cases from the first one on, of v and w in a row."""
    places = ir.Constant(ir.VectorType(ir.IntType(32), cases), [*range(first, first + cases)])
    return builder.shuffle_vector(v, w, places)


def _knows(symbol, instruction):
    """Teach numba an operator between vectors, and between a vector and a number."""

    @infer_global(symbol)
    class _Typed(AbstractTemplate):
        def generic(self, args, kws):
            vectors = [one for one in args if isinstance(one, _Vector)]
            if len(args) == 2 and vectors and not kws:
                return signature(vectors[0], *(one if one in vectors else types.float64 for one in args))
            return None

    def code(context, builder, sig, args):
        vector = context.get_value_type(sig.return_type)
        return getattr(builder, instruction)(*(_same(builder, one, vector) for one in args), flags=["contract"])

    for kinds in ((_Vector, _Vector), (_Vector, types.Float), (types.Float, _Vector)):
        lower_builtin(symbol, *kinds)(code)


for _symbol, _instruction in zip(("add", "sub", "mul", "truediv"), ("fadd", "fsub", "fmul", "fdiv"), strict=True):
    _knows(getattr(operator, _symbol), _instruction)


@intrinsic
def within(_context, v, _most):
    """v, but at least -most and at most most; NaN stays."""

    def code(_context, builder, _signature, args):
        v, most = args[0], _same(builder, args[1], args[0].type)
        least = builder.fneg(most)
        v = builder.select(builder.fcmp_ordered("<", v, least), least, v)
        return builder.select(builder.fcmp_ordered(">", v, most), most, v)

    return v(v, types.float64), code


@intrinsic
def power_of_two(_context, v, _shifted):
    """v times 2^n, where n is in the low bits of `_shifted`."""

    def code(_context, builder, _signature, args):
        whole = ir.VectorType(ir.IntType(64), args[0].type.count)
        v, n = (builder.bitcast(one, whole) for one in args)
        n = builder.shl(n, ir.Constant(whole, [52] * whole.count))
        return builder.bitcast(builder.add(v, n), args[0].type)

    return v(v, v), code


@intrinsic
def inverse(_context, v):
    """1 / v. Two numbers share a division, which takes longer than three multiplications; their product is finite."""

    def code(_context, builder, _signature, args):
        half = args[0].type.count // 2
        low, high = (_part(builder, *args, *args, k, half) for k in (0, half))
        one = builder.fdiv(ir.Constant(low.type, [1.0] * half), builder.fmul(low, high))
        return _part(builder, builder.fmul(one, high), builder.fmul(one, low), 0, 2 * half)

    return v(v), code


def _pointer(context, builder, signature, arguments):
    """Pointer to the cases from `c` on in row `i` of an array."""
    rows = context.make_array(signature.args[0])(context, builder, arguments[0])
    columns = builder.extract_value(rows.shape, 1)
    at = builder.gep(rows.data, [builder.add(builder.mul(arguments[1], columns), arguments[2])])
    return builder.bitcast(at, context.get_value_type(signature.args[3]).as_pointer())


@intrinsic
def load(_context, rows, i, c, like):
    """The cases from `c` on in row `i`, as many as in the vector `like`."""

    def code(context, builder, signature, arguments):
        return builder.load(_pointer(context, builder, signature, arguments), align=8)

    return like(rows, i, c, like), code


@intrinsic
def same(_context, w, k, like):
    """w[k] for all cases; k is not negative."""

    def code(context, builder, signature, arguments):
        at = builder.gep(context.make_array(signature.args[0])(context, builder, arguments[0]).data, [arguments[1]])
        return _same(builder, builder.load(at), arguments[2].type)

    return like(w, k, like), code


@intrinsic
def store(_context, rows, i, c, v):
    """Write v to the cases from `c` on in row `i`."""

    def code(context, builder, signature, arguments):
        builder.store(arguments[3], _pointer(context, builder, signature, arguments), align=8)
        return context.get_dummy_value()

    return types.void(rows, i, c, v), code


@intrinsic
def total(_context, v):
    """Sum over the cases."""

    def code(_context, builder, _signature, arguments):
        v = arguments[0]
        half = v.type.count // 2
        while half:
            low, high = (_part(builder, v, v, k, half) for k in (0, half))
            v, half = builder.fadd(low, high), half // 2
        return builder.extract_element(v, ir.Constant(ir.IntType(32), 0))

    return types.float64(v), code


# --- from units to units

ADD, ZERO, ONE = np.int64(-1), np.int64(-2), np.int64(1)  # numba compiles anew for a literal


@nb.njit(**SUMS)
def add_products(rows, to, n, source, m, w, k, down, along, cases, start):
    """Add to the n rows from `to` on the weighted sums of the m rows from `source` on.

    The weight between the first two of these rows is w[k]; that to the next row which receives is `down` further, that
    from the next row which sends `along` further. Upward (1) that is a weight matrix by rows, back (7) by columns. The
    sums begin with the biases, the first of which is w[start]; or with ZERO; or ADD to what is there.
    """
    j = 0
    while j + 4 <= n:
        k_j, c = k + j * down, 0
        while c + _TWO <= cases:
            _add_to_four(rows, to + j, source, m, w, k_j, down, along, c, start, j, zeros(_TWO))
            c += _TWO
        if c < cases:
            _add_to_four(rows, to + j, source, m, w, k_j, down, along, c, start, j, zeros(_REGISTER))
        j += 4
    while j < n:
        two, k_j, c = min(2, n - j), k + j * down, 0
        while c + _FOUR <= cases:
            _add_to_two(rows, to + j, two, source, m, w, k_j, down, along, c, start, j, zeros(_FOUR))
            c += _FOUR
        while c < cases:
            _add_to_two(rows, to + j, two, source, m, w, k_j, down, along, c, start, j, zeros(_REGISTER))
            c += _REGISTER
        j += 2


@nb.njit(**SUMS)
def _add_to_two(rows, to, n, source, m, w, k, down, along, c, start, j, like):
    """To two rows; if n is 1, to one row, computed twice."""
    to1, k1 = to + n - 1, k + (n - 1) * down
    a0 = a1 = like
    if start >= 0:
        a0, a1 = same(w, start + j, like), same(w, start + j + n - 1, like)
    elif start == ADD:
        a0, a1 = load(rows, to, c, like), load(rows, to1, c, like)
    for i in range(m):
        v = load(rows, source + i, c, like)
        a0 = a0 + same(w, k + i * along, v) * v
        a1 = a1 + same(w, k1 + i * along, v) * v
    store(rows, to, c, a0)
    store(rows, to1, c, a1)


@nb.njit(**SUMS)
def _add_to_four(rows, to, source, m, w, k, down, along, c, start, j, like):
    a0 = a1 = a2 = a3 = like
    if start >= 0:
        a0, a1 = same(w, start + j, like), same(w, start + j + 1, like)
        a2, a3 = same(w, start + j + 2, like), same(w, start + j + 3, like)
    elif start == ADD:
        a0, a1 = load(rows, to, c, like), load(rows, to + 1, c, like)
        a2, a3 = load(rows, to + 2, c, like), load(rows, to + 3, c, like)
    k1, k2, k3 = k + down, k + 2 * down, k + 3 * down
    for i in range(m):
        v = load(rows, source + i, c, like)
        a0 = a0 + same(w, k + i * along, v) * v
        a1 = a1 + same(w, k1 + i * along, v) * v
        a2 = a2 + same(w, k2 + i * along, v) * v
        a3 = a3 + same(w, k3 + i * along, v) * v
    store(rows, to, c, a0)
    store(rows, to + 1, c, a1)
    store(rows, to + 2, c, a2)
    store(rows, to + 3, c, a3)


@nb.njit(**INLINE)
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


@nb.njit(**INLINE)
def _add_from_four(y, dE, j, two, i, dE_dw, k, m, cases):
    """From four units to two, or to one (computed twice; the duplicate is discarded)."""
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = zeros(_REGISTER)
    for c in range(0, cases, _REGISTER):
        a, b = load(dE, j, c, a0), load(dE, j + two - 1, c, a0)
        y0, y1, y2, y3 = load(y, i, c, a0), load(y, i + 1, c, a0), load(y, i + 2, c, a0), load(y, i + 3, c, a0)
        a0, a1, a2, a3 = a0 + a * y0, a1 + a * y1, a2 + a * y2, a3 + a * y3
        b0, b1, b2, b3 = b0 + b * y0, b1 + b * y1, b2 + b * y2, b3 + b * y3
    dE_dw[k] += total(a0)
    dE_dw[k + 1] += total(a1)
    dE_dw[k + 2] += total(a2)
    dE_dw[k + 3] += total(a3)
    if two == 2:
        dE_dw[k + m] += total(b0)
        dE_dw[k + m + 1] += total(b1)
        dE_dw[k + m + 2] += total(b2)
        dE_dw[k + m + 3] += total(b3)


@nb.njit(**INLINE)
def _add_from_two(y, dE, j, two, i, from_two, dE_dw, k, m, cases):
    """From two units or one to two or one."""
    a0 = a1 = b0 = b1 = zeros(_REGISTER)
    for c in range(0, cases, _REGISTER):
        a, b = load(dE, j, c, a0), load(dE, j + two - 1, c, a0)
        y0, y1 = load(y, i, c, a0), load(y, i + from_two - 1, c, a0)
        a0, a1, b0, b1 = a0 + a * y0, a1 + a * y1, b0 + b * y0, b1 + b * y1
    dE_dw[k] += total(a0)
    if from_two == 2:
        dE_dw[k + 1] += total(a1)
    if two == 2:
        dE_dw[k + m] += total(b0)
    if two == 2 and from_two == 2:
        dE_dw[k + m + 1] += total(b1)
