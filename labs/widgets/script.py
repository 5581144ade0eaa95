"""A lab as a short Python script: the engine alone, task and recipe spelt out, the same run."""

from dataclasses import MISSING, fields, is_dataclass

import numpy as np

from bpcore.tasks.families import Family
from bpcore.tasks.family_trees import PAPER

from .epsilon_alpha import EpsilonAlphaLab
from .family_trees import FamilyTreesLab
from .iterative import IterativeLab
from .local_minima import LocalMinimaLab
from .symmetry import SymmetryLab
from .ticket import start_of, waits_of

_ALWAYS = ("start", "epsilon", "alpha", "half_range")


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
        For a lab whose task has no short name.
    """
    lines = [
        f"task = {_task(lab)}",
        f"recipe = {_recipe(lab.run.recipe)}",
        *_run(lab),
        "",
        'print(f"sweep {run.sweeps:,}: E = {run.E[-1].tolist()}")',
        f'print("in the lab:  E = {lab.run.E[-1].tolist()}")',
    ]
    imports = ["import bpcore as bp", "from bpcore import tasks"]
    if _own_families(lab):
        imports.append("from bpcore.tasks.families import Family")
    if any("np." in line for line in lines):
        imports = ["import numpy as np", "", *imports]
    about = f'"""{lab.title}, start number {lab.seed}, {lab.run.sweeps:,} sweeps."""'
    return "\n".join([about, "", *imports, "", *lines, ""])


# ---- the task


def _task(lab):
    """The expression that makes a lab's task."""
    for kind, spell in _TASKS.items():
        if isinstance(lab, kind):
            return spell(lab, lab.settings)
    raise ValueError(f"there is no script for a {type(lab).__name__}; save its run as .npz instead")


def _symmetry(_lab, settings):
    return f"tasks.symmetry(6, {settings['hidden']})"


def _family_trees(lab, settings):
    families = f"{_code(list(lab.families))}, " if _own_families(lab) else ""
    held = f"held_out={_code(settings['held_out'])}, held_out_seed={lab.seed}"
    return f"tasks.family_trees({families}{held}, sizes={{'person code': {settings['units']}}})"


def _iterative(lab, settings):
    if settings["task"] == "sequences":
        how = ", ".join(f"{name}={settings[name]!r}" for name in ("hidden", "recurrent", "hold"))
        return f"tasks.sequences(held_out_seed={lab.seed}, {how})"
    if settings["task"] == "shift register":
        return f"tasks.shift_register({settings['hidden']}, {settings['steps']})"
    return f"tasks.search(steps={settings['steps']})"


def _local_minima(_lab, settings):
    name, size = {"symmetry": ("symmetry", 6), "encoder": ("encoder", 8), "xor": ("parity", 2)}[settings["task"]]
    task = f"tasks.{name}({size}, {settings['hidden']})"
    if settings["skips"]:
        task = f"bp.variants.with_skips({task})"
    units = settings["units"]
    return task if units == "logistic" else f"bp.variants.with_units({task}, bp.{units})"


_TASKS = {
    SymmetryLab: _symmetry,
    EpsilonAlphaLab: _symmetry,
    FamilyTreesLab: _family_trees,
    IterativeLab: _iterative,
    LocalMinimaLab: _local_minima,
}


def _own_families(lab):
    return isinstance(lab, FamilyTreesLab) and lab.families != PAPER


# ---- the run


def _recipe(recipe):
    phases = "".join(f"        {_code(phase)},\n" for phase in recipe.phases)
    rest = [f"    {name}={_code(value)},\n" for name, value in _told(recipe) if name != "phases"]
    return f"bp.Recipe(\n    phases=[\n{phases}    ],\n{''.join(rest)})"


def _run(lab):
    """The lines that learn."""
    run, (start, lines) = lab.run, _start(lab)
    how = f"{start}, recipe=recipe, engine={run.engine!r}"
    waits = waits_of(run)
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
        w, delta_w = (f"np.array({_code(array)})" for array in start)
        return "w=w, delta_w=delta_w", ["# where a weight was changed by hand", f"w = {w}", f"delta_w = {delta_w}"]
    if lab.run.runs == 1:
        return f"seeds={lab.seed}", []
    same = f"bp.start(task.network, [{lab.seed}], recipe.start.half_range, recipe.start.biases)"
    return "w=w", [f"w = np.repeat({same}, {lab.run.runs}, 0)  # all from the same start"]


# ---- Python, as one would write it


def _code(value):
    """A value as Python."""
    if is_dataclass(value):
        name = value.__class__.__name__
        what = ", ".join(f"{field}={_code(inner)}" for field, inner in _told(value))
        return f"{name}({what})" if isinstance(value, Family) else f"bp.{name}({what})"
    if isinstance(value, np.ndarray | np.generic):
        return _code(value.tolist())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_code, value))}]"
    return repr(value)


def _told(made):
    """(field, value) of a dataclass: what the reader wants to see, and what is not as it would be anyway."""
    for field in fields(made):
        value = getattr(made, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        other = len(value) > 0 if np.ndim(value) else value != default
        if other or field.name in _ALWAYS:
            yield field.name, value
