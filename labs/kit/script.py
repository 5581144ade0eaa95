"""A lab as a short Python script: the engine alone, task and recipe spelt out, the same run."""

from dataclasses import MISSING, fields, is_dataclass

import numpy as np

import bpcore as bp

from .ticket import start_of

_ALWAYS = ("start", "epsilon", "alpha", "half_range")
_IMPORTS = {
    "Family(": "from bpcore.tasks.families import Family",
    "np.": "import numpy as np",
    "Path(": "from pathlib import Path",
}
"""The import that a script needs if it contains the key."""


def script_of(lab):
    """Write a Python script that makes the run of a lab again, with bpcore alone; its E agrees to 1e-10.

    It names the engine: runs that a last digit can turn, as those of the family trees, differ from engine to engine.
    Every move of a slider is a phase of the recipe. At its end `run` is the History; the script prints the last E
    beside that of the lab.

    Parameters
    ----------
    lab : LiveLab

    Returns
    -------
    script : str

    Raises
    ------
    ValueError
        If the task of the lab has no short name.
    """
    lines = [
        *lab.script_task().splitlines(),
        f"recipe = {_recipe(lab.run.recipe)}",
        *_run(lab),
        "",
        'print(f"sweep {run.sweeps:,}: E = {run.E[-1].tolist()}")',
        f'print("in the lab:  E = {lab.run.E[-1].tolist()}")',
    ]
    imports = ["import bpcore as bp", "from bpcore import tasks"]
    for words, line in _IMPORTS.items():
        if any(words in line for line in lines):
            imports = [*imports, line] if "bpcore" in line else [line, "", *imports]
    about = f'"""{lab.title}, start number {lab.seed}, {lab.run.sweeps:,} sweeps."""'
    return "\n".join([about, "", *imports, "", *lines, ""])


# ---- the run


def _recipe(recipe):
    phases = "".join(f"        {code(phase)},\n" for phase in recipe.phases)
    rest = [f"    {name}={code(value)},\n" for name, value in _fields_shown(recipe) if name != "phases"]
    return f"bp.Recipe(\n    phases=[\n{phases}    ],\n{''.join(rest)})"


def _run(lab):
    """The lines that learn."""
    run, (start, lines) = lab.run, _start(lab)
    how = f"{start}, recipe=recipe, engine={run.engine!r}"
    waits = run.waits
    if not len(waits):
        return [*lines, f"run = bp.train(task, {how}, sweeps={run.sweeps}, keep_every={run.keep_every})"]
    lines = [*lines, f"run = bp.History(task, {how}, keep_every={run.keep_every})"]
    made = 0
    for first, end in waits.tolist():
        lines += [
            f"run.extend({first - made})",
            f"run.extend({end - first}, until_solved=True)  # the solved ones wait",
        ]
        made = end
    return [*lines, f"run.extend({run.sweeps - made})"]


def _start(lab):
    """Where the run begins: an argument, and the lines it needs."""
    start = start_of(lab)
    if start is not None:
        w, delta_w = (f"np.array({code(array)})" for array in start)
        return "w=w, delta_w=delta_w", ["# where a weight was changed by hand", f"w = {w}", f"delta_w = {delta_w}"]
    if lab.run.runs == 1:
        return f"seeds={lab.seed}", []
    same = f"bp.start(task.network, [{lab.seed}], recipe.start.half_range, recipe.start.biases)"
    return "w=w", [f"w = np.repeat({same}, {lab.run.runs}, 0)  # all from the same start"]


# ---- Python, as one would write it


def code(value):
    """A value as Python."""
    if is_dataclass(value):
        name = value.__class__.__name__
        what = ", ".join(f"{field}={code(inner)}" for field, inner in _fields_shown(value))
        return f"bp.{name}({what})" if hasattr(bp, name) else f"{name}({what})"
    if isinstance(value, np.ndarray | np.generic):
        return code(value.tolist())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(code, value))}]"
    return repr(value)


def _fields_shown(made):
    """(field, value) pairs of a dataclass: those always shown, and those that differ from their default."""
    for field in fields(made):
        value = getattr(made, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        other = len(value) > 0 if np.ndim(value) else value != default
        if other or field.name in _ALWAYS:
            yield field.name, value
