"""Runs on disk: an npz of plain arrays and one JSON text, without pickle."""

import io
import json
import os
import uuid
from pathlib import Path

import numpy as np

from .cases import Cases
from .descent import Recipe
from .engines import available
from .history import History
from .network import Network
from .task import Task
from .units import BUILT_IN

VERSION = 1
_KIND = "bpcore run"
_ZIP = b"PK\x03\x04"


def save(run, path):
    """Write a History so that `load` gives it back: same errors, same kept weights, same next sweep.

    The file is written under another name and renamed when it is complete: a crash leaves the old one as it was.

    Parameters
    ----------
    run : History
    path : str or path
    """
    path = Path(path)
    task = run.task
    about = {
        "kind": _KIND,
        "version": VERSION,
        "task": {"name": task.name, "right_within": task.right_within, "names": list(task.cases.names)},
        **task.network.to_dict(),
        "recipe": run.recipe.to_dict(),
        "seeds": list(run.seeds),
        "keep_every": run.keep_every,
        "engine": run.engine,
        "stop_when_solved": run.stop_when_solved,
    }
    sweeps, w, delta_w = run.kept
    arrays = _tables(task.cases)
    if task.held_out is not None:
        about["task"]["held_out_names"] = list(task.held_out.names)
        arrays |= _tables(task.held_out, "held-out ")
    arrays |= {"E": run.E, "worst": run.worst, "kept_sweeps": sweeps, "kept_w": w, "kept_delta_w": delta_w}
    arrays |= {"last_w": run.state.w, "last_delta_w": run.state.delta_w, "about": np.array(json.dumps(about))}
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with beside.open("xb") as file:
            np.savez_compressed(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def load(path, units=(), engine=None):
    """Read a History that `save` wrote; it can be carried on.

    Parameters
    ----------
    path : str or path
    units : iterable of UnitFunction
        Functions of your own that the run used: a file cannot hold them.
    engine : {"compiled", "numpy"}, optional
        By default the one that made the run, so that it goes on to the same bits.

    Raises
    ------
    ValueError
        If the file is cut short, is not a saved run, comes from a newer version, or needs a unit function that is not
        given.
    FileNotFoundError
        If there is no such file.
    """
    path = Path(path)
    content = path.read_bytes()
    if not content.startswith(_ZIP):
        raise ValueError(f"{path.name} is not a saved run; a file that save() wrote is expected")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            data = {name: file[name] for name in file.files}
    except Exception:  # noqa: BLE001  (a damaged file brings out anything: wrong sizes, methods, passwords)
        raise ValueError(f"{path.name} is cut short or damaged; a whole file is expected") from None
    about = _about(path, data)
    try:
        return _history(about, data, tuple(units), engine)
    except KeyError as missing:
        raise ValueError(f"{path.name} is a saved run, but without {missing}; a whole file is expected") from None
    except ValueError as wrong:
        raise ValueError(f"{path.name}: {wrong}") from None
    except (TypeError, AttributeError, IndexError) as wrong:
        raise ValueError(f"{path.name} is a saved run, but damaged ({wrong}); a whole file is expected") from None


def _about(path, data):
    try:
        about = json.loads(str(data["about"]))
        kind, version = about["kind"], about["version"]
    except (KeyError, TypeError, ValueError):
        kind = None
    if kind != _KIND:
        raise ValueError(f"{path.name} is not a saved run; a file that save() wrote is expected")
    if not isinstance(version, int) or version > VERSION:
        raise ValueError(f"{path.name} is of a newer version (format {version}); this program reads up to {VERSION}")
    return about


def _history(about, data, units, engine):
    known = {unit.name for unit in units} | BUILT_IN.keys()
    for _, _, unit, _ in about["groups"]:
        if unit not in known:
            raise ValueError(f"the run uses the unit function '{unit}'; give it as load(path, units=[...])")
    network, recipe = Network.from_dict(about, units), Recipe.from_dict(about["recipe"])
    task = about["task"]
    cases = _cases(data, task["names"])
    held_out = _cases(data, task["held_out_names"], "held-out ") if "held_out_names" in task else None
    return History.resumed(
        Task(task["name"], network, cases, recipe, task["right_within"], held_out),
        about["seeds"],
        E=data["E"],
        worst=data["worst"],
        kept=(data["kept_sweeps"], data["kept_w"], data["kept_delta_w"]),
        last=(data["last_w"], data["last_delta_w"]),
        keep_every=about["keep_every"],
        engine=engine or (about["engine"] if available(about["engine"]) else None),
        stop_when_solved=about["stop_when_solved"],
    )


def _tables(cases, which=""):
    """The tables of `cases` as arrays of the file."""
    kinds = {"inputs": cases.inputs, "desired": cases.desired}
    return {f"{which}{kind} {name}": rows for kind, tables in kinds.items() for name, rows in tables.items()}


def _cases(data, names, which=""):
    """The inverse of `_tables`."""
    inputs, desired = (
        {name.removeprefix(kind): rows for name, rows in data.items() if name.startswith(kind)}
        for kind in (f"{which}inputs ", f"{which}desired ")
    )
    return Cases(inputs, desired, tuple(names))
