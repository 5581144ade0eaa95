"""The symmetry lab: Fig. 1, learnt in front of you."""

from dataclasses import replace
from functools import cache, partial

import numpy as np

import bpcore as bp
from bpcore import measures, tasks
from figures.snapshot_symmetry import run_plate

from ..kit.canvas import scene_of, weight_names
from ..kit.controls import BIASES, Control, choice, note
from ..kit.lab import LiveLab, one_number, setting

PAPER = {"epsilon": 0.1, "alpha": 0.9, "hidden": 2, "half_range": 0.3}
"""Fig. 1: "epsilon = 0.1 and alpha = 0.9 ... uniformly distributed between -0.3 and 0.3", two hidden units."""


class SymmetryLab(LiveLab):
    """Detect mirror symmetry, Fig. 1: a 6-2-1 network that learns while you drag epsilon and alpha.

    Parameters
    ----------
    seed : int
        Of the starting weights.
    epsilon, alpha : float
        Equation (9); the paper's 0.1 and 0.9.
    hidden : int
        Hidden units, 1 to 8.
    half_range : float
        Starting weights are uniform between -half_range and half_range.
    biases : {"uniform", "zero"}
        Biases drawn like the weights, or 0.
    speed : float
        Sweeps a second.

    Raises
    ------
    ValueError
        For a value out of its range, in one sentence.

    Examples
    --------
    ``lab = SymmetryLab(seed=3)``, then ``lab.play()``, ``lab.pause()``, ``lab.step(10)``, ``lab.reset()``, ``lab.run``.
    """

    title = "Symmetry"

    def __init__(self, seed=0, *, epsilon=0.1, alpha=0.9, hidden=2, half_range=0.3, biases="uniform", speed=300):
        settings = {"epsilon": epsilon, "alpha": alpha, "hidden": hidden, "half_range": half_range, "biases": biases}
        super().__init__(seed, speed, settings)

    epsilon = setting("epsilon", "Step size, equation (8). Acts from the next sweep on.")
    alpha = setting("alpha", "Decay factor of the velocity, equation (9). Acts from the next sweep on.")
    hidden = setting("hidden", "Number of hidden units. Begins a new run.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    biases = setting("biases", "Where biases start, 'uniform' or 'zero'. Begins a new run.")

    def as_in_the_paper(self):
        """Set every value as Fig. 1's caption has it, and begin again."""
        self.set(**PAPER, biases="uniform")
        self.reset()

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"6–{self.settings['hidden']}–1 · 64 cases · Fig. 1"

    def task_of(self, settings):
        """Make the task with these settings."""
        for name in ("epsilon", "alpha", "half_range"):
            one_number(settings[name], name)
        task = _symmetry(bp.validate.whole(settings["hidden"], "the number of hidden units", 1, 8))
        recipe = bp.Recipe(
            (bp.Phase(epsilon=settings["epsilon"], alpha=settings["alpha"]),),
            start=bp.Start(settings["half_range"], settings["biases"]),
        )
        return replace(task, recipe=recipe)

    def scene(self):
        """Describe the task to the page."""
        network = self.run.task.network
        return scene_of(
            self.run.task,
            "symmetry",
            self.title,
            shape=self.shape,
            weight_names=weight_names(network),
            selected=self.run.task.cases.names.index("101101"),
            level={"E": 4, "text": "E = 4: always “no”"},
        )

    def words(self, sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run, sweeps, w)

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.digest().splitlines(), self._marks)

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        return f"task = tasks.symmetry(6, {self.hidden})"

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control = self.settings, partial(Control, at_home=self._clock.at_home)
        self._controls = controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.001, 3, paper=0.1, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "hidden": control("hidden units", values["hidden"], 1, 8, paper=2, whole=True),
            "half_range": control("start range ±", values["half_range"], 0.01, 3, paper=0.3, logarithmic=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._choices = {
            "instant": choice(
                "dragging",
                [("live", False), ("instant", True)],
                self.instant,
                ["A moved slider acts on the run that goes on", "Every tick makes a whole run of 5,000 sweeps anew"],
            ),
            "biases": choice("biases start", [("drawn", "uniform"), ("at 0", "zero")], values["biases"], BIASES),
        }
        return [
            *(controls[name].widget for name in ("epsilon", "alpha", "speed")),
            self._choices["instant"],
            note("▲ is the paper's value. What stands below begins a new run:"),
            *(controls[name].widget for name in ("hidden", "half_range", "seed")),
            self._choices["biases"],
        ]


@cache
def _symmetry(hidden):
    return tasks.symmetry(6, hidden)


def what_was_learnt(run, sweeps, w):
    """Sentences about a symmetry network, with a mark each: ✓ it holds, · not yet, ✗ stuck, and why.

    Parameters
    ----------
    run : History       of one run: when it was solved
    sweeps : (k,) list of int
    w : (k, weights) list of arrays

    Returns
    -------
    words : list of k lists of [mark, sentence]
    """
    task, w = run.task, np.asarray(w)
    structure = measures.mirror_structure(task.network, w)
    y = bp.forward(task.network, w, task.cases.inputs)["output"][:, 0]
    d = task.cases.desired["output"][:, 0]
    right = (np.abs(y - d) < task.right_within).sum(1)
    slope_on = (y * (1 - y))[:, d == 1].mean(1)
    stuck = (y < 0.5).all(1) & (slope_on < 0.02)
    solved_at, hidden = int(run.solved_at[0]), task.network.size("hidden")
    return [
        [
            _mirror(structure.mirror_error[k]),
            _sizes(structure.ratios[k], structure.ratio_error[k], structure.other_ratio_error[k]),
            _twins(structure.twin_error[k], hidden),
            _right(right[k], len(d), sweep, solved_at),
            *([_stuck(slope_on[k])] if stuck[k] else []),
        ]
        for k, sweep in enumerate(sweeps)
    ]


def _mirror(error):
    if error < 0.05:
        return ["✓", "mirror weights equal and opposite"]
    return ["·", f"mirror weights are not opposite: {_percent(error)} off"]


def _sizes(ratios, error, other_error):
    if other_error < 0.05:
        return ["✓", "sizes 2 : 3 : 4, the other way to tell all patterns apart"]
    first = " : ".join(f"{r:.1f}" if r < 99 else "∞" for r in ratios[0])
    sizes = first.replace("1.0 :", "1 :", 1)
    if error < 0.05:
        return ["✓", f"sizes {sizes}"]
    return ["·", f"sizes {sizes}, not yet 1 : 2 : 4"]


def _twins(error, hidden):
    if hidden != 2:
        return ["·", f"{hidden} hidden unit{'s' if hidden > 1 else ''}: twins take two"]
    if error < 0.05:
        return ["✓", "the hidden units are twins of opposite sign"]
    return ["·", f"the hidden units are not twins: {_percent(error)} off"]


def _right(right, cases, sweep, solved_at):
    if right == cases:
        return ["✓", f"{cases} of {cases} right, first at sweep {solved_at if 0 <= solved_at <= sweep else sweep:,}"]
    return ["·", f"{right} of {cases} right"]


def _stuck(slope):
    why = f"y(1 − y) is {slope:.1g} where it should say “yes”, and by (5) only that share of the error comes back"
    return ["✗", f"stuck on the plateau E = 4, always “no”: {why}"]


def _percent(error):
    return f"{100 * error:.0f} %"
