"""The lab of local minima: runs that get stuck, and a finding that says where they stand and why."""

from dataclasses import replace
from functools import cache, partial

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.diagnosis import where
from bpcore.measures import right_cases
from bpcore.units import BUILT_IN
from bpcore.variants import with_skips, with_units
from figures.snapshot_net import run_plate

from ..kit.canvas import scene_of, unit_names, weight_names
from ..kit.controls import BIASES, Control, choice, note
from ..kit.lab import LiveLab, one_number, setting, solved

TASKS = {
    "symmetry": {"epsilon": 0.1, "alpha": 0.9, "hidden": 2, "half_range": 0.3},
    "xor": {"epsilon": 0.5, "alpha": 0.9, "hidden": 2, "half_range": 1.0},
    "encoder": {"epsilon": 0.5, "alpha": 0.9, "hidden": 3, "half_range": 0.3},
}
"""The tasks, and where the settings of each begin."""


class LocalMinimaLab(LiveLab):
    """Runs that get stuck, or do not: how many connections, which units, which start; and where a run stands, and why.

    Parameters
    ----------
    task : {"symmetry", "xor", "encoder"}
    seed : int
        Of the starting weights.
    speed : float
        Sweeps a second.
    settings
        In place of the task's: epsilon, alpha, hidden, half_range; biases, "uniform" or "zero"; skips, whether input
        units are linked to output units too; units, the function of hidden units: "logistic", "tanh", "softplus".

    Raises
    ------
    ValueError
        For a value out of its range, in one sentence.

    Examples
    --------
    ``lab = LocalMinimaLab("symmetry", seed=3)``, then ``lab.step(3000)``, ``lab.where().why``, ``lab.skips = True``.
    """

    title = "Local minima"

    def __init__(self, task="symmetry", seed=0, *, speed=300, **settings):
        values = {"task": task} | _defaults(task)
        unknown = set(settings) - set(values)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(values)} is expected")
        super().__init__(seed, speed, values | settings)

    epsilon = setting("epsilon", "Step size, equation (8). Acts from the next sweep on.")
    alpha = setting("alpha", "Decay factor of the velocity, equation (9). Acts from the next sweep on.")
    task = setting("task", "The task: 'symmetry', 'xor' or 'encoder'. Its own settings come with it.")
    hidden = setting("hidden", "Number of hidden units. Begins a new run.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    biases = setting("biases", "Where biases start, 'uniform' or 'zero'. Begins a new run.")
    skips = setting("skips", "Whether input units are linked to output units too. Begins a new run.")
    units = setting("units", "Function of the hidden units: 'logistic', 'tanh' or 'softplus'. Begins a new run.")

    def set(self, **settings):
        """Change settings; another task brings its own."""
        if settings.get("task", self.settings["task"]) != self.settings["task"]:
            settings = _defaults(settings["task"]) | settings
        super().set(**settings)

    def as_in_the_paper(self):
        """Set every value that the task begins with, and begin again."""
        self.set(**_defaults(self.task))
        self.reset()

    def where(self, sweep=None):
        """Where the run stands at a sweep, now by default: see `bpcore.analysis.diagnosis.Finding`."""
        state = self.run.state if sweep is None else self.run.at(sweep)
        return where(self.run.task, state.w)[0]

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        task = self.run.task
        skips = " with skips" if self.settings["skips"] else ""
        return f"{'–'.join(str(g.size) for g in task.network.groups)}{skips} · {len(task.cases)} cases"

    def task_of(self, settings):
        """Make the task with these settings."""
        for name in ("epsilon", "alpha", "half_range"):
            one_number(settings[name], name)
        if settings["units"] not in BUILT_IN:
            raise ValueError(f"units is {settings['units']!r}; one of {', '.join(map(repr, BUILT_IN))} is expected")
        task = _task(settings["task"], bp.validate.whole(settings["hidden"], "the number of hidden units", 1, 16))
        task = with_units(with_skips(task) if settings["skips"] else task, BUILT_IN[settings["units"]])
        phase = bp.Phase(epsilon=settings["epsilon"], alpha=settings["alpha"])
        start = bp.Start(settings["half_range"], settings["biases"])
        return replace(task, recipe=replace(task.recipe, phases=(phase,), start=start))

    def scene(self):
        """Describe the task to the page."""
        task = self.run.task
        level = {"E": 4, "text": "E = 4: always “no”"} if self.settings["task"] == "symmetry" else None
        names = {"weight_names": weight_names(task.network), "unit_names": unit_names(task.network)}
        return scene_of(task, "net", self.title, **names, level=level, standings=True)

    def words(self, sweeps, w):
        """How many cases are right at each of these sweeps: (mark, sentence) pairs."""
        right = right_cases(self.run.task, np.asarray(w)).sum(1)
        cases, solved_at = len(self.run.task.cases), int(self.run.solved_at[0])
        return [
            [
                ["✓" if right[k] == cases else "·", f"{right[k]} of {cases} cases right"],
                *solved(solved_at, sweep, right[k] == cases),
            ]
            for k, sweep in enumerate(sweeps)
        ]

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.digest().splitlines(), self._marks)

    def digest(self):
        """What the lab shows, in words."""
        return f"{super().digest()}\n{self.where().why}"

    __repr__ = digest

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        name, size = {"symmetry": ("symmetry", 6), "encoder": ("encoder", 8), "xor": ("parity", 2)}[self.task]
        task = f"tasks.{name}({size}, {self.hidden})"
        if self.skips:
            task = f"bp.variants.with_skips({task})"
        return f"task = {task if self.units == 'logistic' else f'bp.variants.with_units({task}, bp.{self.units})'}"

    def heard(self, content):
        """Take what is asked on the canvas."""
        if content.get("type") == "where":
            sweep = min(int(content["sweep"]), self.run.sweeps)
            found = self.where(sweep)
            self._stage.send({"type": "standing", "sweep": sweep, "name": found.name, "why": found.why})

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control = self.settings, partial(Control, at_home=self._clock.at_home)
        self._controls = controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.001, 3, paper=0.1, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "hidden": control("hidden units", values["hidden"], 1, 16, whole=True),
            "half_range": control("start range ±", values["half_range"], 0.01, 3, paper=0.3, logarithmic=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._choices = {
            "task": choice("", [(name, name) for name in TASKS], values["task"]),
            "skips": choice("skip links", [("none", False), ("all", True)], values["skips"],
                            ["Input units lead to hidden units alone", "Input units lead to output units too"]),
            "units": choice("hidden", [("logistic", "logistic"), ("tanh", "tanh")], values["units"],
                            ["Equation (2)", "Another function with a bounded derivative"]),
            "biases": choice("biases start", [("drawn", "uniform"), ("at 0", "zero")], values["biases"], BIASES),
        }  # fmt: skip
        return [
            self._choices["task"],
            *(controls[name].widget for name in ("epsilon", "alpha", "speed")),
            note("What stands below begins a new run:"),
            *(controls[name].widget for name in ("hidden", "half_range", "seed")),
            *(self._choices[name] for name in ("skips", "units", "biases")),
        ]


def _defaults(task):
    if task not in TASKS:
        raise ValueError(f"the task is {task!r}; one of {', '.join(map(repr, TASKS))} is expected")
    return TASKS[task] | {"biases": "uniform", "skips": False, "units": "logistic"}


@cache
def _task(name, hidden):
    if name == "symmetry":
        return tasks.symmetry(6, hidden)
    if name == "encoder":
        return tasks.encoder(8, hidden)
    return tasks.parity(2, hidden)
