"""The kernel as machine code of this processor, which LLVM makes of the committed intermediate code once.

That takes two to three seconds of a core. numba, which the intermediate code comes from, is not needed. The machine
code is kept in a file named after the intermediate code, the processor and LLVM: an upgrade of anything else keeps it.
"""

import ctypes
import hashlib
import lzma
import os
from contextlib import suppress
from pathlib import Path

import llvmlite
import llvmlite.binding as ll

from .interface import KINDS, on_arrays

CODE = Path(__file__).with_name("kernel.ll.xz")
REGISTERS = 4, 8
"""Numbers in a register; the two texts in `CODE` are for these."""
_OF_C = ("malloc", "free", "exp", "log1p", "memcpy", "memmove", "memset")


def processor():
    """Name and features of the processor: BP_PROCESSOR, as LLVM names it ("haswell", "generic"), or this one's."""
    name = os.environ.get("BP_PROCESSOR")
    return (name, "") if name else (ll.get_host_cpu_name(), ll.get_host_cpu_features().flatten())


def file():
    """Where the machine code is kept. The folder is made if it can be."""
    kinds = [*processor(), llvmlite.__version__, ll.get_process_triple()]
    name = hashlib.sha256(CODE.read_bytes() + "\0".join(kinds).encode()).hexdigest()[:16]
    folder = Path(os.environ.get("BP_KERNEL_CACHE") or CODE.with_name("__pycache__"))
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if not os.access(folder, os.W_OK):  # installed by another: each person has one
        folder = Path("~/.cache/bpcore").expanduser()
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
    return folder / f"kernel-{name}.o"


def compiled():
    """The machine code, an object file as bytes."""
    _use_llvm()
    name, features = processor()
    machine = ll.Target.from_triple(ll.get_process_triple()).create_target_machine(
        name, features, opt=3, reloc="pic", codemodel="jitdefault", jit=True
    )
    text = lzma.decompress(CODE.read_bytes()).decode().split("\0")[REGISTERS.index(8 if "+avx512f" in features else 4)]
    return machine.emit_object(optimized(text, machine, ll.get_process_triple()))


def optimized(text, machine, triple):
    """A module of this intermediate code, for a machine."""
    module = parsed(text, machine, triple)
    options = ll.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    passes = ll.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return module


def parsed(text, machine, triple):
    """A module of this intermediate code as it is."""
    module = ll.parse_assembly(f'target datalayout = "{machine.target_data}"\ntarget triple = "{triple}"\n{text}')
    for there in (*module.functions, *module.global_variables):
        if not there.is_declaration and there.name != "learn_all":
            there.linkage = "internal"
    return module


class Library:
    """The functions of an object file, in the memory of this process."""

    def __init__(self, code):
        _use_llvm()
        of_c = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
        for name in _OF_C:
            ll.add_symbol(name, ctypes.cast(of_c[name], ctypes.c_void_p).value)
        machine = ll.Target.from_triple(ll.get_process_triple()).create_target_machine(jit=True)
        self._engine = ll.create_mcjit_compiler(ll.parse_assembly(""), machine)
        self._engine.add_object_file(ll.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address("learn_all")
        self.for_net = on_arrays(ctypes.CFUNCTYPE(ctypes.c_int, *KINDS)(address))


def _use_llvm():
    ll.initialize_native_target()
    ll.initialize_native_asmprinter()
