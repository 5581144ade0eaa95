"""The symmetry lab: Fig. 1, learnt in front of you."""

from types import SimpleNamespace

import numpy as np

import bpcore as bp
from bpcore import measures, tasks
from bpcore.analysis.solution_families import families_of, family_of, named
from figures.snapshot_symmetry import run_plate

from ..kit.lab import LiveLab
from ..kit.settings import Setting, alpha, biases, epsilon, half_range, hidden


class SymmetryLab(LiveLab):
    """Detect mirror symmetry, Fig. 1: a 6-2-1 network that learns while you drag epsilon and alpha.

    Parameters
    ----------
    seed : int
        Of the starting weights.
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

    title, kind = "Symmetry", "symmetry"
    has_instant = learns_in_page = True
    asks_for_E = "02.1", "02.2"
    note = "▲ is the paper's value. Changing these starts a new run."
    epsilon, alpha = epsilon(), alpha()
    hidden = hidden(paper=2)
    width = Setting(
        "inputs", 6, 4, 10, whole=True, strict=True, step=2, paper=6, doc="Number of input units: 4, 6, 8 or 10."
    )
    half_range, biases = half_range(), biases()

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"{self.width}–{self.hidden}–1 · {2**self.width} cases{' · Fig. 1' if self.width == 6 else ''}"

    @property
    def level(self):
        """The plateau of a network that says “no” to everything: half an error for every symmetric pattern."""
        E = plateau(self.width)
        return {"E": E, "text": f"E = {E}: always “no”", "exercise": "02.2"}

    def to_dict(self):
        """The lab as plain data. The paper's width is not written, so that tickets are what they were before others."""
        told = super().to_dict()
        return told | {"settings": {name: v for name, v in told["settings"].items() if (name, v) != ("width", 6)}}

    def make_task(self, width, hidden):
        """Make the task with so many input and hidden units."""
        return tasks.symmetry(width, hidden)

    def scene(self):
        """Describe the task to the page."""
        half = "10110"[: self.width // 2]
        return super().scene() | {"selected": self.run.task.cases.names.index(half + half[::-1])}

    def words(self, sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run, sweeps, w)

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.digest().splitlines(), self.marks)

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        return f"task = tasks.symmetry({self.width}, {self.hidden})"


def what_was_learnt(run, sweeps, w):
    """Sentences about a symmetry network, with a mark each: ✓ it holds, · not yet, and why.

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
    # Plain numbers from here on: those of numpy take several times as long to compare and to write.
    structure = SimpleNamespace(
        **{name: each.tolist() for name, each in vars(measures.mirror_structure(task.network, w)).items()}
    )
    y = bp.forward(task.network, w, task.cases.inputs)["output"][:, 0]
    d = task.cases.desired["output"][:, 0]
    right = (np.abs(y - d) < task.right_within).sum(1).tolist()
    slope_on = (y * (1 - y))[:, d == 1].mean(1)
    waits = ((y < 0.5).all(1) & (slope_on < 0.02)).tolist()
    slope_on = slope_on.tolist()
    solved_at, hidden = int(run.solved_at[0]), task.network.size("hidden")
    return [
        [
            _mirror(structure.mirror_error[k]),
            _sizes(structure, k, right[k] == len(d)),
            _twins(structure.twin_error[k], hidden),
            _right(right[k], len(d), sweep, solved_at),
            *([_waits(slope_on[k], plateau(task.network.size("input")))] if waits[k] else []),
        ]
        for k, sweep in enumerate(sweeps)
    ]


def _mirror(error):
    if error < 0.05:
        return ["✓", "mirror weights equal and opposite"]
    return ["·", f"mirror weights are {'far from' if error > 1 else 'not yet'} opposite{_percent(error)}"]


def plateau(width):
    """E of a network that says “no” to everything."""
    return 2 ** (width // 2) // 2


def _sizes(structure, k, solved):
    ratios = structure.ratios[k]
    if structure.other_ratio_error[k] < 0.05:
        return ["✓", "sizes 2 : 3 : 4, the other way to tell all patterns apart", "02.4"]
    first = " : ".join(f"{r:.1f}" if r < 99 else "∞" for r in ratios[0])
    sizes = first.replace("1.0 :", "1 :", 1)
    pairs = len(ratios[0])
    if pairs == 3 and structure.ratio_error[k] < 0.05:
        return ["✓", f"sizes {sizes}"]
    families = set(map(family_of, ratios)) if solved and structure.mirror_error[k] < 0.05 else set()
    if len(families) == 1 and None not in families:
        family = named(families.pop())
        said = f"sizes {sizes}, of the family {family}, {_one_of(len(families_of(pairs)))}"
        return ["✓", said, *["02.4"] * (family == "2 : 3 : 4"), *["02.8"] * (pairs == 4)]
    return ["·", f"sizes {sizes}, not yet {'1 : 2 : 4' if pairs == 3 else 'of one family'}"]


def _one_of(families):
    return "the only one" if families == 1 else f"one of {families}"


def _twins(error, hidden):
    if hidden != 2:
        return ["·", f"{hidden} hidden unit{'s' if hidden > 1 else ''}: twins take two"]
    if error < 0.05:
        return ["✓", "the hidden units are twins of opposite sign"]
    return ["·", f"the hidden units are not twins yet{_percent(error)}"]


def _right(right, cases, sweep, solved_at):
    if right == cases:
        return ["✓", f"{cases} of {cases} right, first at sweep {solved_at if 0 <= solved_at <= sweep else sweep:,}"]
    return ["·", f"{right} of {cases} right"]


def _waits(slope, E):
    share = f"{slope:.4f}".lstrip("0") if slope >= 0.0001 else "less than .0001"
    why = f"y(1 − y) is {share} where it should say “yes”, and by (5) only that share of the error comes back"
    return ["·", f"waiting on the plateau E = {E}, always “no”: {why}", "02.2", "02.3"]


def _percent(error):
    return f", {100 * error:.0f} % off" if error <= 1 else ""
