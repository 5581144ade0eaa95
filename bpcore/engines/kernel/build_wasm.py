"""Makes kernel.wasm, the kernel for a browser: numba gives the intermediate code, llvmlite the WebAssembly.

No C compiler and no linker: LLVM's one object file needs little to be a library. It holds one function,

    int learn_all(links, outputs, inputs, desired, keep, share, epsilon, alpha, w, delta_w, now, kept_w, kept_delta_w,
                  E, worst, whole, margin, stop_within)

which is `learn_all` of sweeps.py. The last two are doubles, all others places of C-contiguous arrays in the memory:
links, outputs and whole of int64, the rest of float64. inputs is (n_inputs, cases), now (4, runs), w and delta_w
(runs, n_w), kept_w and kept_delta_w (n_kept, runs, n_w), E and worst (n, runs); links and outputs are those of plan.py.
whole has

    n_links, n_outputs, units, block, n_inputs, cases, runs, n_w, first_run, end_run, first, every, n_kept, n, edge,
    by_case

It returns 0, or another number if memory was short.

It imports from "env": memory and __stack_pointer, and malloc, free, exp, log1p of C. Pyodide has them all, and `ctypes`
loads the file there as it is (browser.py); a page without Python gives them itself. It puts nothing into the memory
before it is called, and needs 128-bit SIMD.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
WASM, RECORD = HERE / "kernel.wasm", HERE / "kernel.wasm.json"
SOURCES = ("build_wasm.py", "plan.py", "sweeps.py", "vectors.py")
"""The files that the bytes depend on, and the versions in the extra `kernel` of pyproject.toml."""
_POINTERS, _DOUBLES = 16, 2
_FEATURES, _REGISTER = "+simd128,+bulk-memory", 2
_TARGET = "wasm32-unknown-unknown"

# What numba's own library does elsewhere. Of an array that the kernel makes, the number of its holders comes first, and
# its place 16 bytes on. The only shapes that change are of one row that is looked at as rows.
_RUNTIME = """
declare ptr @malloc(i32)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %bytes, i32 %align) {
  %size = trunc i64 %bytes to i32
  %room = add i32 %size, 96
  %info = call ptr @malloc(i32 %room)
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %there
there:
  %at = ptrtoint ptr %info to i32
  %after = add i32 %at, 95
  %line = and i32 %after, -64
  %data = inttoptr i32 %line to ptr
  store i64 1, ptr %info
  %place = getelementptr i8, ptr %info, i32 16
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


def build():
    """The bytes of kernel.wasm, the same on every machine.

    Returns
    -------
    bytes
    """
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # The optimization for the processor of this machine is left out, and no other process finds what is made here.
        os.environ.update(NUMBA_OPT="0", NUMBA_CACHE_DIR=scratch)
        warnings.simplefilter("ignore")
        return _library(_web_assembly(*_intermediate_code()))


def _intermediate_code():
    """LLVM's intermediate code of `learn_all` with plain arguments, and the name of the function there."""
    import numba as nb
    from numba import carray, types

    from . import sweeps, vectors

    vectors._REGISTER, vectors._TWO, vectors._FOUR = _REGISTER, 2 * _REGISTER, 4 * _REGISTER  # noqa: SLF001

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
    kinds = ["ptr"] * _POINTERS + ["double"] * _DOUBLES
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


def _web_assembly(text, name):
    """An object file in WebAssembly."""
    import llvmlite.binding as ll

    ll.initialize_all_targets()
    ll.initialize_all_asmprinters()
    machine = ll.Target.from_triple(_TARGET).create_target_machine("generic", _FEATURES, opt=3)
    target = f'target datalayout = "{machine.target_data}"\ntarget triple = "{_TARGET}"\n'
    text = re.sub("(?m)^target (datalayout|triple) = .*$", "", text)
    # A status other than 0 tells of an error. What numba would say of it, to Python, is left out.
    text = re.sub(r"(?<=ptr )@\.const\.picklebuf\.[0-9a-f.]+", "null", text)
    module = ll.parse_assembly(target + _entrance(name) + _RUNTIME)
    module.link_in(ll.parse_assembly(target + text))
    for there in (*module.functions, *module.global_variables):
        if not there.is_declaration and there.name != "learn_all":
            there.linkage = "internal"
    options = ll.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    passes = ll.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return machine.emit_object(module)


# --- from an object file to a library: section by section -----------------------------------------------------------

_IMPORTS, _EXPORTS, _TABLE_PART, _DATA_COUNT, _DATA = 2, 7, 9, 12, 11


def _library(module):
    """The object file as a library: its first function has a name outside, and the memory is another's.

    A linker would do no more as long as nothing has to be put into the memory, or into a table, before it runs.
    """
    sections = dict(_sections(module))
    if lacking := {_TABLE_PART, _DATA} & set(sections):
        raise RuntimeError(f"the kernel has sections {lacking}, which only a linker could place")
    imports = sections[_IMPORTS].replace(_text("__linear_memory"), _text("memory"))
    functions = sum(kind == 0 for kind in _kinds_of_imports(imports))
    sections[_IMPORTS], sections[_EXPORTS] = imports, b"\x01" + _text("learn_all") + b"\x00" + _number(functions)
    dynamic = _section(0, _text("dylink.0") + b"\x01\x04" + bytes(4))  # of its own: no memory, no table
    return module[:8] + dynamic + b"".join(_section(k, sections[k]) for k in sorted(sections) if k != _DATA_COUNT)


def _sections(module):
    """(number, content) of every section that has a number of its own."""
    at = 8
    while at < len(module):
        which, (size, start) = module[at], _read(module, at + 1)
        if which:
            yield which, module[start : start + size]
        at = start + size


def _kinds_of_imports(imports):
    n, at = _read(imports, 0)
    for _ in range(n):
        for _ in range(2):
            size, at = _read(imports, at)
            at += size
        kind = imports[at]
        yield kind
        if kind == 0:  # a function: its type
            _, at = _read(imports, at + 1)
        elif kind == 3:  # a global: its type, and whether it changes
            at += 3
        else:  # a table or a memory: its limits
            at += 2 if kind == 1 else 1
            limited, at = imports[at], at + 1
            for _ in range(1 + (limited & 1)):
                _, at = _read(imports, at)


def _read(module, at):
    value = shift = 0
    while True:
        value |= (module[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if module[at - 1] < 128:
            return value, at


def _number(value):
    return bytes([value & 127 | 128]) + _number(value >> 7) if value > 127 else bytes([value])


def _text(text):
    return _number(len(text)) + text.encode()


def _section(which, content):
    return bytes([which]) + _number(len(content)) + content


def main():
    """Write kernel.wasm, and beside it what it was made from."""
    made = build()
    record = {
        "source": fingerprint(), "wasm": hashlib.sha256(made).hexdigest(),
        "numba": version("numba"), "llvmlite": version("llvmlite"),
    }  # fmt: skip
    WASM.write_bytes(made)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8", newline="\n")
    sys.stdout.write(f"{WASM.name}: {len(made):,} bytes\n")


if __name__ == "__main__":
    main()
