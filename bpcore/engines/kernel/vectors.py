"""Vectors for the kernel: the states of a unit in neighbouring cases, in one register or a few."""

import operator

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


def _zeros(context, _builder, signature, _arguments):
    return ir.Constant(context.get_value_type(signature.return_type), None)


@intrinsic(prefer_literal=True)
def zeros(_context, cases):
    """A vector of zeros for so many cases."""
    return _Vector(cases.literal_value)(cases), _zeros


def _in_every_case(builder, number, vector):
    """A number as a vector that has it in every case; a vector as it is."""
    if isinstance(number.type, ir.VectorType):
        return number
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None))


def _chosen(builder, v, w, places):
    """The cases at these places of v and w in a row."""
    return builder.shuffle_vector(v, w, ir.Constant(ir.VectorType(ir.IntType(32), len(places)), [*places]))


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
        both = (_in_every_case(builder, one, vector) for one in args)
        return getattr(builder, instruction)(*both, flags=["contract"])

    for kinds in ((_Vector, _Vector), (_Vector, types.Float), (types.Float, _Vector)):
        lower_builtin(symbol, *kinds)(code)


for _symbol, _instruction in zip(("add", "sub", "mul", "truediv"), ("fadd", "fsub", "fmul", "fdiv"), strict=True):
    _knows(getattr(operator, _symbol), _instruction)


@intrinsic
def within(_context, v, _most):
    """v, but at least -most and at most most; NaN stays."""

    def code(_context, builder, _signature, args):
        v, most = args[0], _in_every_case(builder, args[1], args[0].type)
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
        low, high = (_chosen(builder, *args, *args, range(k, k + half)) for k in (0, half))
        one = builder.fdiv(ir.Constant(low.type, [1.0] * half), builder.fmul(low, high))
        return _chosen(builder, builder.fmul(one, high), builder.fmul(one, low), range(2 * half))

    return v(v), code


def _number_at(context, builder, signature, arguments):
    """Pointer to number `k` of an array of one dimension."""
    return builder.gep(context.make_array(signature.args[0])(context, builder, arguments[0]).data, [arguments[1]])


def _pointers(context, builder, signature, arguments, vectors):
    """Pointers to the cases from `c` on in row `i` of an array and in the rows after it."""
    rows = context.make_array(signature.args[0])(context, builder, arguments[0])
    columns = builder.extract_value(rows.shape, 1)
    at = builder.gep(rows.data, [builder.add(builder.mul(arguments[1], columns), arguments[2])])
    for _ in range(vectors.count):
        yield builder.bitcast(at, context.get_value_type(vectors.dtype).as_pointer())
        at = builder.gep(at, [columns])


@intrinsic
def load(_context, rows, i, c, like):
    """The cases from `c` on in row `i`, as many as in the vector `like`."""

    def code(context, builder, signature, arguments):
        (place,) = _pointers(context, builder, signature, arguments, types.UniTuple(like, 1))
        return builder.load(place, align=8)

    return like(rows, i, c, like), code


@intrinsic
def store(_context, rows, i, c, v):
    """Write v to the cases from `c` on in row `i`."""

    def code(context, builder, signature, arguments):
        (place,) = _pointers(context, builder, signature, arguments, types.UniTuple(v, 1))
        builder.store(arguments[3], place, align=8)
        return context.get_dummy_value()

    return types.void(rows, i, c, v), code


@intrinsic
def total(_context, v):
    """Sum over the cases."""

    def code(_context, builder, _signature, arguments):
        return builder.extract_element(_totals(builder, arguments), ir.Constant(ir.IntType(32), 0))

    return types.float64(v), code


def _totals(builder, vectors):
    """The sum over the cases of each vector, as one vector; their number is 1, 2, 4 ...

    Half of the cases are added to the other half, until one is left; two vectors become one on the way.
    """
    cases = vectors[0].type.count
    while cases > 1:
        alone = len(vectors) == 1
        pairs = [(vectors[0], vectors[0])] if alone else list(zip(vectors[::2], vectors[1::2], strict=True))
        parts = range(0, vectors[0].type.count * (1 if alone else 2), cases)
        halves = [[part + half + c for part in parts for c in range(cases // 2)] for half in (0, cases // 2)]
        vectors = [builder.fadd(*(_chosen(builder, *pair, places) for places in halves)) for pair in pairs]
        cases //= 2
    while len(vectors) > 1:  # more of them than cases
        places = range(2 * vectors[0].type.count)
        vectors = [_chosen(builder, *pair, places) for pair in zip(vectors[::2], vectors[1::2], strict=True)]
    return vectors[0]


# --- several vectors, one for each of neighbouring units


def _each(builder, vectors):
    return [builder.extract_value(vectors, k) for k in range(vectors.type.count)]


@intrinsic(prefer_literal=True)
def several(_context, n, like):
    """n vectors of zeros."""
    return types.UniTuple(like, n.literal_value)(n, like), _zeros


@intrinsic
def several_pairs(_context, of_rows, of_columns):
    """As many vectors of zeros as there are pairs of these."""
    return types.UniTuple(of_rows.dtype, of_rows.count * of_columns.count)(of_rows, of_columns), _zeros


@intrinsic
def cases_of(_context, vectors):
    """Cases in each vector."""
    n = vectors.dtype.cases
    return types.int64(vectors), lambda _c, _b, _s, _a: ir.Constant(ir.IntType(64), n)


@intrinsic
def same_each(_context, w, k, vectors):
    """w[k], w[k + 1] ..., each for all cases; as many as `vectors`."""

    def code(context, builder, signature, arguments):
        first, vector = _number_at(context, builder, signature, arguments), arguments[2].type.element
        numbers = [builder.load(builder.gep(first, [ir.Constant(ir.IntType(64), u)])) for u in range(vectors.count)]
        made = [_in_every_case(builder, number, vector) for number in numbers]
        return context.make_tuple(builder, vectors, made)

    return vectors(w, k, vectors), code


@intrinsic
def load_each(_context, rows, i, c, vectors):
    """The cases from `c` on in row `i` and those after it; as many as `vectors`."""

    def code(context, builder, signature, arguments):
        places = _pointers(context, builder, signature, arguments, vectors)
        return context.make_tuple(builder, vectors, [builder.load(place, align=8) for place in places])

    return vectors(rows, i, c, vectors), code


@intrinsic
def store_each(_context, rows, i, c, vectors):
    """Write the vectors to the cases from `c` on in row `i` and those after it."""

    def code(context, builder, signature, arguments):
        places = _pointers(context, builder, signature, arguments, vectors)
        for place, v in zip(places, _each(builder, arguments[3]), strict=True):
            builder.store(v, place, align=8)
        return context.get_dummy_value()

    return types.void(rows, i, c, vectors), code


@intrinsic
def add_each(_context, vectors, w, k, step, v):
    """vectors + w[k] v, w[k + step] v ...; for each, that is."""

    def code(context, builder, signature, arguments):
        sums, w, k, step, v = arguments
        place = _number_at(context, builder, signature.return_type(*signature.args[1:3]), (w, k))
        made = []
        for total_so_far in _each(builder, sums):
            product = builder.fmul(_in_every_case(builder, builder.load(place), v.type), v, flags=["contract"])
            made.append(builder.fadd(total_so_far, product, flags=["contract"]))
            place = builder.gep(place, [step])
        return context.make_tuple(builder, vectors, made)

    return vectors(vectors, w, k, step, v), code


@intrinsic
def add_pairs(_context, vectors, of_rows, of_columns):
    """vectors + the product of each vector of `of_rows` with each of `of_columns`."""

    def code(context, builder, _signature, arguments):
        sums, rows, columns = (_each(builder, one) for one in arguments)
        pairs = [(row, column) for row in rows for column in columns]
        made = [
            builder.fadd(one, builder.fmul(*pair, flags=["contract"]), flags=["contract"])
            for one, pair in zip(sums, pairs, strict=True)
        ]
        return context.make_tuple(builder, vectors, made)

    return vectors(vectors, of_rows, of_columns), code


@intrinsic
def fetch_each(_context, to, k, step, vectors):
    """Begin to bring to[k], to[k + step] ... into the cache, as many as `vectors`."""

    def code(context, builder, signature, arguments):
        place, step = _number_at(context, builder, signature, arguments), arguments[2]
        kind = ir.FunctionType(ir.VoidType(), [place.type, *[ir.IntType(32)] * 3])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", (place.type,), kind)
        for _ in range(vectors.count):
            builder.call(fetch, [place, *(ir.Constant(ir.IntType(32), how) for how in (1, 3, 1))])
            place = builder.gep(place, [step])
        return context.get_dummy_value()

    return types.void(to, k, step, vectors), code


@intrinsic
def add_totals(_context, to, k, step, vectors, of_columns):
    """Add the sums over the cases to `to`: as many as `of_columns` from `k` on, the next from k + step on ..."""

    def code(context, builder, signature, arguments):
        place, step = _number_at(context, builder, signature, arguments), arguments[2]
        sums, n = _each(builder, arguments[3]), signature.args[4].count
        for row in range(0, len(sums), n):
            made = _totals(builder, sums[row : row + n])
            there = builder.bitcast(place, made.type.as_pointer())
            builder.store(builder.fadd(builder.load(there, align=8), made), there, align=8)
            place = builder.gep(place, [step])
        return context.get_dummy_value()

    return types.void(to, k, step, vectors, of_columns), code
