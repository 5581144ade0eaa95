"""Makes kernel.wasm, the kernel for a browser, of the intermediate code, and writes both: `run.py kernel`.

kernel_relaxed.wasm is the same for browsers with "relaxed" vectors, which multiply and add in one instruction.

No C compiler and no linker: LLVM's one object file needs little to be a library. It holds `learn_all`, with the
arguments that intermediate.py describes. It imports from "env": memory and __stack_pointer, and malloc, free, exp,
log1p of C. Pyodide has them all, and `ctypes` loads the file there as it is (browser.py); a page without Python gives
them itself. It puts nothing into the memory before it is called, and needs 128-bit SIMD.
"""

import hashlib
import json
import sys
from importlib.metadata import version

from .intermediate import BROWSER, HERE, NATIVE, by_width, fingerprint, write
from .native import CODE, REGISTERS, optimized

WASM, RELAXED, RECORD = HERE / "kernel.wasm", HERE / "kernel_relaxed.wasm", HERE / "kernel.wasm.json"
MADE = CODE.name, WASM.name, RELAXED.name
_FEATURES, _REGISTER = "+simd128,+bulk-memory", 2


def _object_file(text, features=_FEATURES):
    """An object file in WebAssembly."""
    import llvmlite.binding as ll

    ll.initialize_all_targets()
    ll.initialize_all_asmprinters()
    machine = ll.Target.from_triple(BROWSER).create_target_machine("generic", features, opt=3)
    return machine.emit_object(optimized(text, machine, BROWSER))


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
    """Write kernel.ll.xz, kernel.wasm and kernel_relaxed.wasm, and beside them what they were made from."""
    browser, *native = by_width([(_REGISTER, BROWSER), *((register, NATIVE) for register in REGISTERS)])
    code, made = write(native), _library(_object_file(browser))
    relaxed = _library(_object_file(browser, f"{_FEATURES},+relaxed-simd"))
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in zip(MADE, (code, made, relaxed), strict=True)}
    record = {"source": fingerprint(), **hashes, "numba": version("numba"), "llvmlite": version("llvmlite")}
    WASM.write_bytes(made)
    RELAXED.write_bytes(relaxed)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8", newline="\n")
    sys.stdout.write(
        f"{WASM.name}: {len(made):,} bytes; {RELAXED.name}: {len(relaxed):,}; "
        f"the same for other processors: {len(code):,}\n"
    )


if __name__ == "__main__":
    main()
