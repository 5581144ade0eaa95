"""What a study tries: every combination of the values in its grid, as tasks for the engine."""

import inspect
import json
from dataclasses import replace
from hashlib import sha256
from itertools import product

import numpy as np

from ..network import hashable
from ..task import Task
from ..validate import number
from .rows import FOUND

PHASE, START, RECIPE = (
    ("epsilon", "alpha", "weight_decay"),
    ("half_range", "biases"),
    ("decay_biases", "update", "tied"),
)
"""Names of recipe values that any task takes: of every phase, of the start, of the recipe as a whole."""
EACH_RUN = ("epsilon", "alpha")
"""Recipe values that may differ from run to run within a block."""
NUMBERS = (*PHASE, "half_range")


class Grid:
    """Every combination of values, numbered as the places of an array of `shape`, the last name running fastest.

    Parameters
    ----------
    task : Task or callable
        A callable is given the values of those names that are its parameters, and the seed if it has a parameter of
        that name, and returns a Task; all other names are recipe values.
    values : dict of str to sequence
        Numbers, texts, True, False or None.

    Raises
    ------
    ValueError
        For a name that is neither a parameter of the task nor a recipe value, a value that is no plain value, or one
        that is given twice.
    """

    def __init__(self, task, values):
        self.task = task
        self.takes = () if isinstance(task, Task) else _parameters(task)
        self.values = {name: _plain_values(name, some) for name, some in values.items()}
        for name in self.values:
            self._check_name(name)
        self.names = tuple(self.values)
        self.shape = tuple(len(some) for some in self.values.values())
        self.each_run = tuple(name for name in EACH_RUN if name in self.values and name not in self.takes)
        for name in self.each_run:
            number(self.values[name], name, 0, 1 if name == "alpha" else np.inf)

    def _check_name(self, name):
        recipe_values = (*PHASE, *START, *RECIPE)
        if name not in self.takes and name not in recipe_values:
            also = f", or {', '.join(self.takes)} of the task," if self.takes else ""
            raise ValueError(f"the grid has '{name}'; a recipe value ({', '.join(recipe_values)}){also} is expected")
        if name.lower() in {"id", "key", "seed", *(found.lower() for found in FOUND)}:
            raise ValueError(f"the grid has '{name}', which every row has already; another name is expected")

    def setting(self, place):
        """The combination at a place, a dict."""
        k = np.unravel_index(place, self.shape) if self.names else ()
        return {name: self.values[name][i] for name, i in zip(self.names, k, strict=True)}

    def column(self, name, places):
        """The value of one name at some places, (places,) array."""
        return np.array(self.values[name])[np.unravel_index(places, self.shape)[self.names.index(name)]]

    @property
    def settings(self):
        """Every combination, a list of dict, by place."""
        return [dict(zip(self.names, some, strict=True)) for some in product(*self.values.values())]

    @property
    def takes_seed(self):
        """Whether every seed has a task of its own."""
        return "seed" in self.takes

    def of_task(self, setting):
        """The part of a setting that is given to the callable task."""
        return {name: value for name, value in setting.items() if name in self.takes}

    def of_block(self, setting):
        """The part of a setting that is the same for all runs of a block."""
        return {name: value for name, value in setting.items() if name not in self.each_run}

    def plain_task(self, setting, seed):
        """The Task of a setting, before its recipe is changed."""
        if isinstance(self.task, Task):
            return self.task
        task = self.task(**self.of_task(setting), **({"seed": seed} if self.takes_seed else {}))
        if not isinstance(task, Task):
            raise ValueError(f"the task of {setting} is {task!r}; a Task is expected")  # noqa: TRY004 (as everywhere)
        return task

    def make_task(self, setting, seed):
        """The Task of a setting. Its epsilon and alpha may be (runs,) arrays."""
        task, left = self.plain_task(setting, seed), {k: v for k, v in setting.items() if k not in self.takes}
        phase, start, recipe = ({k: left[k] for k in names if k in left} for names in (PHASE, START, RECIPE))
        changed = replace(task.recipe.throughout(**phase), start=replace(task.recipe.start, **start), **recipe)
        return replace(task, recipe=changed)


def describe(task):
    """What makes a task the one it is, as a dict of name to text, so that two can be compared."""
    plain = task.to_dict()
    groups = list(map(tuple, plain["network"]["groups"]))
    links = [[source, target, repr(hashable(block))] for source, target, block in plain["network"]["links"]]
    return {
        "name": task.name,
        "network": repr((groups, links)),
        "cases": _digest(plain["cases"]),
        "held-out cases": _digest(plain["held_out"]),
        "recipe": repr(task.recipe),
        "right_within": repr(task.right_within),
    }


def key(setting):
    """A setting as text that is the same for the same setting, in whatever order it was given."""
    return json.dumps(setting, sort_keys=True)


def _digest(cases):
    """Text that differs if the tables of the cases, as plain values, do; their names do not matter."""
    return sha256(json.dumps(cases and [cases["inputs"], cases["desired"]]).encode()).hexdigest()


def _parameters(task):
    if callable(task):
        return tuple(inspect.signature(task).parameters)
    raise ValueError(f"the task is {task!r}; a Task, or a callable that returns one, is expected")


def _plain_values(name, values):
    """The values of one name as a tuple of plain Python values."""
    if isinstance(values, str) or np.ndim(values) != 1 or not len(values):
        raise ValueError(f"the grid has {values!r} for '{name}'; a list of at least one value is expected")
    plain = tuple(value.item() if isinstance(value, np.generic) else value for value in values)
    odd = [value for value in plain if not isinstance(value, str | bool | int | float | None)]
    if odd:
        raise ValueError(f"the grid has {odd[0]!r} for '{name}'; a number, a text, True, False or None is expected")
    if name in NUMBERS:
        plain = tuple(float(value) if type(value) is int else value for value in plain)  # 1 and 1.0 are one setting
    twice = [value for place, value in enumerate(plain) if value in plain[:place]]
    if twice:
        raise ValueError(f"the grid has {twice[0]!r} twice for '{name}'; different values are expected")
    return plain
