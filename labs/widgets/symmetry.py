"""The symmetry lab: Fig. 1, learnt in front of you."""

from dataclasses import replace
from functools import cache, partial

import numpy as np

import bpcore as bp
from bpcore import measures, tasks
from figures.symmetry_run import run_plate

from .controls import Control, choice, note
from .lab import LiveLab
from .stage import scene_of, weight_names

PAPER = {"epsilon": 0.1, "alpha": 0.9, "hidden": 2, "half_range": 0.3}
"""Fig. 1: "epsilon = 0.1 and alpha = 0.9 ... uniformly distributed between -0.3 and 0.3", two hidden units."""


def _setting(name, doc):
    return property(lambda lab: lab.settings[name], lambda lab, value: lab.set(**{name: value}), doc=doc)


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
        super().__init__(seed)
        self.settings = {"epsilon": epsilon, "alpha": alpha, "hidden": hidden, "half_range": half_range}
        self.settings["biases"] = biases
        self._speed = bp.checks.number(_one_number(speed, "speed"), "the sweeps a second", 0)
        self.reset()
        self._build(self._make_controls())

    epsilon = _setting("epsilon", "Step size, equation (8). Acts from the next sweep on.")
    alpha = _setting("alpha", "Decay factor of the velocity, equation (9). Acts from the next sweep on.")
    hidden = _setting("hidden", "Number of hidden units. Begins a new run.")
    half_range = _setting("half_range", "Half range of the starting weights. Begins a new run.")
    biases = _setting("biases", "Where biases start, 'uniform' or 'zero'. Begins a new run.")

    @property
    def speed(self):
        """Sweeps a second that are aimed at."""
        return self._speed

    @speed.setter
    def speed(self, sweeps):
        self._speed = bp.checks.number(_one_number(sweeps, "speed"), "the sweeps a second", 0)
        self._show_settings()

    def set(self, **settings):
        """Change settings: epsilon and alpha act from the next sweep on, the others begin a new run."""
        unknown = set(settings) - set(self.settings)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(self.settings)} is expected")
        candidate = self.settings | settings
        self._task_of(candidate)  # says what is wrong before anything is changed
        self.settings = candidate
        afresh = self.instant or set(settings) - {"epsilon", "alpha"}
        for name in ("epsilon", "alpha"):
            if name in settings and not afresh:
                self._steered(name, {"epsilon": "ε", "alpha": "α"}[name], settings[name])
        self._show_settings()
        if afresh and settings:
            self.reset()

    def set_seed(self, seed):
        """Start from the weights of another seed."""
        super().set_seed(seed)
        self._show_settings()

    def as_in_the_paper(self):
        """Set every value as Fig. 1's caption has it, and begin again."""
        self.set(**PAPER, biases="uniform")
        self.reset()

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"6–{self.settings['hidden']}–1 · 64 cases · Fig. 1"

    def make_task(self):
        """Make the task with the present settings."""
        return self._task_of(self.settings)

    def _task_of(self, settings):
        for name in ("epsilon", "alpha", "half_range"):
            _one_number(settings[name], name)
        task = _symmetry(bp.checks.whole(settings["hidden"], "the number of hidden units", 1, 8))
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

    # ---- the controls

    def _make_controls(self):
        values = self.settings
        home = self._clock.at_home
        control = partial(Control, at_home=home)
        self._controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.001, 3, paper=0.1, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "hidden": control("hidden units", values["hidden"], 1, 8, paper=2, whole=True),
            "half_range": control("start range ±", values["half_range"], 0.01, 3, paper=0.3, logarithmic=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._bias_choice = choice("biases start", [("drawn", "uniform"), ("at 0", "zero")], values["biases"])
        controls = self._controls
        self._instant_choice = choice(
            "dragging",
            [("live", False), ("instant", True)],
            self.instant,
            ["A moved slider acts on the run that goes on", "Every tick makes a whole run of 5,000 sweeps anew"],
        )
        for name in ("epsilon", "alpha", "hidden", "half_range", "seed"):
            controls[name].on_change(lambda name=name: home(self._moved, name, controls[name].value))
        controls["speed"].on_change(lambda: home(setattr, self, "speed", controls["speed"].value))
        self._bias_choice.observe(lambda _: home(self._moved, "biases", self._bias_choice.value), "value")
        self._instant_choice.observe(lambda _: home(self._instant_chosen), "value")
        steering, starting = ("epsilon", "alpha", "speed"), ("hidden", "half_range", "seed")
        return [
            *(controls[name].widget for name in steering),
            self._instant_choice,
            note("▲ is the paper's value. What stands below begins a new run:"),
            *(controls[name].widget for name in starting),
            self._bias_choice,
        ]

    def apply(self, moves):
        """Take what the sliders say, {name: value}."""
        if "seed" in moves:
            self.seed = moves.pop("seed")
            moves = self.settings | moves  # all of them: a new run
        if moves:
            self.set(**moves)

    def _instant_chosen(self):
        if self._instant_choice.value != self.instant:
            self.instant = self._instant_choice.value

    def _show_settings(self):
        for name, control in self._controls.items():
            control.set({**self.settings, "seed": self.seed, "speed": self.speed}[name])
        self._bias_choice.value = self.settings["biases"]
        self._instant_choice.value = self.instant


@cache
def _symmetry(hidden):
    return tasks.symmetry(6, hidden)


def _one_number(value, name):
    if np.ndim(value):
        raise ValueError(f"{name} is {value!r}; one number is expected, because a lab shows one run")
    return value


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
