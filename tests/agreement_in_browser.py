"""Runs in Pyodide (in_pyodide.js): how far the browser's kernel is from the numpy engine, as /scratch/found.json."""

import ctypes
import json
import pickle
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np

import bpcore as bp
from bpcore import capabilities
from bpcore.engines import available, make_engine
from bpcore.engines.compilation import MachineCode
from bpcore.studies import blocks

ARRAYS = {
    "E": lambda run: run.E, "worst": lambda run: run.worst, "w": lambda run: run.state.w,
    "delta_w": lambda run: run.state.delta_w, "kept w": lambda run: run.kept[1],
    "kept delta_w": lambda run: run.kept[2],
    "one sweep's w": lambda run: run.at(run.sweeps // 3).w,
}  # fmt: skip


def far(ours, theirs):
    """The largest distance, relative where numbers are above 1; infinite if NaN or shape differ."""
    if ours.shape != theirs.shape or (np.isnan(ours) != np.isnan(theirs)).any():
        return float("inf")
    away = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    return float(np.nanmax(away, initial=0)) if away.size else 0.0


def distances(task, w, sweeps, how):
    """Of the arrays of a run, learnt in three parts; "ends" is 0 if both engines ended the runs at the same sweeps."""
    fast, slow = (bp.train(task, w=w, sweeps=1, engine=engine, **how) for engine in ("compiled", "numpy"))
    for run in (fast, slow):
        run.extend(sweeps // 2 - 1)
        run.extend(sweeps - sweeps // 2)
    found = {name: far(np.asarray(array(fast)), np.asarray(array(slow))) for name, array in ARRAYS.items()}
    same = fast.sweeps == slow.sweeps and all(
        (getattr(fast, name) == getattr(slow, name)).all() for name in ("solved_at", "diverged_at")
    )
    exploded = not np.nanmax(slow.E) < 1e6  # rounding has grown with the weights
    return found | {"ends": 0.0 if same else float("inf"), "exploded": exploded}


def without(kernel):
    """What is said, and the engine of three runs, where kernel.wasm is damaged: `kernel` is its content."""
    from bpcore import engines

    folder = Path("/tmp/broken")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    browser = Path(engines.__file__).parent / "kernel" / "browser.py"
    (folder / "browser.py").write_text(browser.read_text())
    if kernel is not None:
        (folder / "kernel.wasm").write_bytes(kernel)
    broken, patched = MachineCode(), "bpcore.engines.kernel.browser"
    sys.modules.pop(patched, None)
    package = sys.modules["bpcore.engines.kernel"]
    package.__path__.insert(0, str(folder))
    if hasattr(package, "browser"):
        del package.browser
    whole, engines.machine_code = engines.machine_code, broken
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            names = [bp.train(bp.tasks.xor(), [1], 5).engine for _ in range(3)]
    finally:
        package.__path__.remove(str(folder))
        engines.machine_code = whole
    return {"said": [str(warning.message) for warning in said], "engines": names}


def refuse(name):
    """Let no file of this name be loaded, as in a browser that lacks what it needs."""
    load = ctypes.CDLL

    def load_others(path, *more):
        if path.endswith(f"/{name}"):
            raise OSError(f"{name} is refused")
        return load(path, *more)

    ctypes.CDLL = load_others


def main():
    found = {"in browser": capabilities.in_browser(), "cores": capabilities.cores()}
    if Path("/scratch/file").read_text() == "kernel.wasm":
        refuse("kernel_relaxed.wasm")
    available("compiled")
    found["file"] = sys.modules["bpcore.engines.kernel.browser"].FILE
    xor = bp.tasks.xor()
    w = bp.start(xor.network, [1])
    chosen = make_engine(xor, xor.recipe, w, np.zeros_like(w))
    found |= {"available": available("compiled"), "chosen": chosen.name}
    study = bp.Study(xor, range(6), {"epsilon": [0.1, 0.5]}, 50)
    found["study"] = [study.run(None)["solved_at"].shape, study._how["engine"]]
    one = blocks.work(bp.tasks.symmetry(), 1425, "compiled")
    found["runs at once"] = blocks.runs_at_once(one, 16_000 * one)
    tables = pickle.loads(Path("/scratch/tasks.pickle").read_bytes())
    found["distances"] = {name: distances(*one) for name, one in tables.items()}
    wasm = (Path(bp.__file__).parent / "engines" / "kernel" / "kernel.wasm").read_bytes()
    no_simd = wasm.replace(b"\xfd", b"\xfa")  # codes that no browser knows, in place of those that an old one lacks
    found["broken"] = {"missing": without(None), "cut off": without(wasm[:5000]), "no SIMD": without(no_simd)}
    Path("/scratch/found.json").write_text(json.dumps(found))


main()
