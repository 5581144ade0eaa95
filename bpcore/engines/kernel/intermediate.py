"""Makes kernel.ll.xz, the kernel as LLVM's intermediate code, of the source in Python: the only use of numba.

No C compiler. It holds one function,

    int learn_all(links, outputs, inputs, desired, keep, share, epsilon, alpha, w, delta_w, now, kept_w, kept_delta_w,
                  E, worst, whole, margin, stop_within)

which is `learn_all` of sweeps.py. The last two are doubles, all others places of C-contiguous arrays in the memory:
links, outputs and whole of int64, the rest of float64. inputs is (n_inputs, cases), now (4, runs), w and delta_w
(runs, n_w), kept_w and kept_delta_w (n_kept, runs, n_w), E and worst (n, runs); links and outputs are those of plan.py.
whole has

    n_links, n_outputs, units, block, n_inputs, cases, runs, n_w, first_run, end_run, first, every, n_kept, n, edge,
    by_case

It returns 0, or another number if memory was short.
"""

import hashlib
import lzma
import os
import re
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from .interface import DOUBLES, POINTERS
from .native import CODE, parsed

HERE = Path(__file__).parent
SOURCES = ("build_wasm.py", "intermediate.py", "native.py", "plan.py", "products.py", "sweeps.py", "vectors.py")
"""The files that the bytes depend on, and the versions in the extra `kernel` of pyproject.toml."""
NATIVE, BROWSER = "x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"
"""What the texts are for; the first stands for every processor of 64 bits."""

# What numba's own library does elsewhere. Of an array that the kernel makes, the number of its holders comes first, and
# its place fourth. The only shapes that change are of one row that is looked at as rows.
_RUNTIME = """
declare ptr @malloc(SIZE)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %bytes, i32 %align) {
  %more = add i64 %bytes, 96
  %room = CONVERT i64 %more to SIZE
  %info = call ptr @malloc(SIZE %room)
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %there
there:
  %at = ptrtoint ptr %info to i64
  %after = add i64 %at, 95
  %line = and i64 %after, -64
  %data = inttoptr i64 %line to ptr
  store i64 1, ptr %info
  %place = getelementptr { i64, ptr, ptr, ptr }, ptr %info, i32 0, i32 3
  store ptr %data, ptr %place
  br label %end
end:
  ret ptr %info
}

define void @NRT_MemInfo_call_dtor(ptr %info) {
  call void @free(ptr %info)
  ret void
}

define i32 @numba_attempt_nocopy_reshape(
    i64 %nd, ptr %dims, ptr %strides, i64 %n, ptr %shape, ptr %made, i64 %item, i32 %order) {
  %columns_at = getelementptr i64, ptr %shape, i32 1
  %columns = load i64, ptr %columns_at
  %row = mul i64 %columns, %item
  store i64 %row, ptr %made
  %second = getelementptr i64, ptr %made, i32 1
  store i64 %item, ptr %second
  ret i32 1
}
"""


def fingerprint():
    """SHA-256 of the sources, whatever their line ends."""
    texts = [(HERE / name).read_text(encoding="utf-8") for name in SOURCES]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def code(register, triple):
    """The intermediate code, as text, for so many numbers in a register; for one width in each process.

    It is made small, but not yet optimized: done twice, that makes slower code.
    """
    import llvmlite.binding as ll

    ll.initialize_all_targets()
    ll.initialize_all_asmprinters()
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # The optimization for the processor of this machine is left out, and no other process finds what is made here.
        os.environ.update(NUMBA_OPT="0", NUMBA_CACHE_DIR=scratch)
        warnings.simplefilter("ignore")
        text, name = _by_numba(register)
    text = _without_target(text)
    # A status other than 0 tells of an error. What numba would say of it, to Python, is left out.
    text = re.sub(r"(?<=ptr )@\.const\.picklebuf\.[0-9a-f.]+", "null", text)
    module = ll.parse_assembly(_entrance(name) + _runtime(triple))
    module.link_in(ll.parse_assembly(text))
    machine = ll.Target.from_triple(triple).create_target_machine("generic")
    module = parsed(str(module), machine, triple)
    small = ll.create_new_module_pass_manager()
    small.add_global_dead_code_eliminate_pass()
    small.add_sroa_pass()
    small.add_instruction_combine_pass()
    small.add_simplify_cfg_pass()
    small.run(module, ll.create_pass_builder(machine, ll.create_pipeline_tuning_options(speed_level=0)))
    text = _without_target(str(module))
    return re.sub(r"(_ZN|numba)[\w.]+", _Numbers(), re.sub("(?m)^(; ModuleID|source_filename) .*$", "", text))


def _without_target(text):
    return re.sub("(?m)^target (datalayout|triple) = .*$", "", text)


class _Numbers(dict):
    """Names that numba makes, which are long, by number."""

    def __call__(self, match):
        return f"n{self.setdefault(match[0], len(self))}"


def _runtime(triple):
    size, convert = ("i32", "trunc") if triple == BROWSER else ("i64", "bitcast")
    return _RUNTIME.replace("SIZE", size).replace("CONVERT", convert)


def by_width(pairs):
    """The texts for these pairs of register and triple: numba compiles for one width in a process."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        return list(pool.map(code, *zip(*pairs, strict=True)))


def write(texts):
    """Write those of native.py's `REGISTERS` to kernel.ll.xz. Returns its bytes."""
    made = lzma.compress("\0".join(texts).encode(), preset=9 | lzma.PRESET_EXTREME)
    CODE.write_bytes(made)
    return made


def _by_numba(register):
    """LLVM's intermediate code of `learn_all` with plain arguments, and the name of the function there."""
    import numba as nb
    from numba import carray, types

    from . import products, sweeps

    products.use(register)

    def learn(links, outputs, inputs, desired, keep, share, epsilon, alpha, w, delta_w, now, kept_w, kept_delta_w, E,
              worst, whole, margin, stop_within):  # fmt: skip
        whole = carray(whole, 16)
        n_links, n_outputs, units, block, n_inputs, cases, runs, n_w = whole[:8]
        first, every, n_kept, n, edge, by_case = whole[10:]
        net = carray(links, (n_links, 10)), carray(outputs, n_outputs), units, block
        how = carray(keep, n_w), carray(share, n_w), margin, edge != 0, by_case != 0, stop_within
        sweeps.learn_all(
            net, carray(inputs, (n_inputs, cases)), carray(desired, (n_outputs, cases)), how, carray(epsilon, runs),
            carray(alpha, runs), carray(w, (runs, n_w)), carray(delta_w, (runs, n_w)), carray(now, (4, runs)), first,
            every, (carray(kept_w, (n_kept, runs, n_w)), carray(kept_delta_w, (n_kept, runs, n_w))),
            carray(E, (n, runs)), carray(worst, (n, runs)), whole[8:10],
        )  # fmt: skip

    whole, real = types.CPointer(types.int64), types.CPointer(types.float64)
    kinds = [*[whole] * 2, *[real] * 13, whole, *[types.float64] * 2]
    made = nb.njit(types.void(*kinds), error_model="numpy")(learn)
    (result,) = made.overloads.values()
    return result.library.get_llvm_str(), result.fndesc.llvm_func_name


def _entrance(name):
    """`learn_all` without numba's places for a returned value and for an exception."""
    kinds = ["ptr"] * POINTERS + ["double"] * DOUBLES
    given = ", ".join(f"{kind} %{k}" for k, kind in enumerate(kinds))
    return f"""
declare i32 @"{name}"(ptr, ptr, {", ".join(kinds)})
define i32 @learn_all({given}) {{
  %value = alloca i64
  %wrong = alloca i64
  %status = call i32 @"{name}"(ptr %value, ptr %wrong, {given})
  ret i32 %status
}}
"""
