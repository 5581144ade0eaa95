"""The workbench: a task of your own, from a CSV file, a truth table or Python, with a network built for it."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

import bpcore as bp
from bpcore.measures import right_cases
from bpcore.tables.coding import truth_table
from bpcore.tables.reading import Table
from bpcore.units import BUILT_IN
from figures.plane import is_flat
from figures.snapshot_net import run_plate

from ..kit.canvas import scene_of, unit_names, weight_names
from ..kit.controls import Control, choice, note
from ..kit.lab import LiveLab, one_number, setting, solved
from .cases_panel import DATA, CasesPanel
from .source import XOR, Source, check_units, python_cases, python_network, source_told, told

__all__ = ["DATA", "XOR", "Workbench"]

DRAWN = 256
"""Cases that are drawn at most; E and what is counted are always of all."""
MOST_GROUPS, MOST_UNITS = 6, 200
_BUILDING = ("hidden", "units", "skips", "tied")
_AT_ONCE = 2_000_000  # states of units that are computed at once


class Workbench(LiveLab):
    """A network for a task of your own: cases from a file, from a truth table or from Python.

    Parameters
    ----------
    what : Cases, Coded, Task, optional
        A Task brings its own network, which is used until another is asked for. By default exclusive or.
    seed : int
        Of the starting weights.
    speed : float
        Sweeps a second.
    settings
        epsilon, alpha; hidden, a tuple with the units of each hidden group; units, the function of hidden units;
        skips, whether groups are linked to all groups above them; tied, whether corresponding weights between hidden
        groups are kept equal; half_range of the starting weights; held_out, the share of the cases that is not trained.

    Raises
    ------
    ValueError
        For whatever cannot be, in one sentence; of a table with line and column.

    Examples
    --------
    ``lab = Workbench.from_csv("data/iris.csv", outputs=["species"], held_out=0.2)``, then ``lab.hidden = (4, 4)``,
    ``lab.skips = True``, ``lab.load("data/circle.csv")``.
    """

    title = "Workbench"
    button_back, what_it_sets = "As at first", "All values that these cases begin with"
    own = ("_source",)

    def __init__(self, what=None, seed=0, *, speed=300, **settings):
        self._source, self._made, self._panel = Source.of(what), None, None
        self._last_sizes = (4,)  # of hidden groups, while there were any
        values = _defaults(self._source)
        unknown = set(settings) - set(values)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(values)} is expected")
        super().__init__(seed, speed, values | _building(values, settings))

    @classmethod
    def from_csv(cls, source, outputs=None, inputs=None, *, words=(), **how):
        """A workbench for a CSV file; the last column is the output unless told, see `bpcore.tables.coding.code`."""
        return cls(Source.of_table(source, outputs, inputs, words=words), **how)

    @classmethod
    def from_table(cls, text, **how):
        """A workbench for a truth table: lines such as ``0 1 | 1``."""
        return cls(truth_table(text), **how)

    epsilon = setting("epsilon", "Step size, equation (8). Acts from the next sweep on.")
    alpha = setting("alpha", "Decay factor of the velocity, equation (9). Acts from the next sweep on.")
    hidden = setting("hidden", "Units of each hidden group, a tuple; None: the task's own network. Begins a new run.")
    units = setting("units", "Function of the hidden units: 'logistic', 'tanh' or 'softplus'. Begins a new run.")
    skips = setting("skips", "Whether every group is linked to all groups above it. Begins a new run.")
    tied = setting("tied", "Whether weights from each hidden group to the next are the same. Begins a new run.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    held_out = setting("held_out", "Share of the cases that is not trained. Begins a new run.")

    @property
    def cases(self):
        """All cases, those that are held out included."""
        return self._source.cases

    @property
    def coded(self):
        """How columns became units, a Coded; None for cases that were made in Python."""
        return self._source.coded

    # ---- other cases

    def load(self, what, outputs=None, inputs=None, *, words=(), name=None):
        """Take other cases: a CSV file, a Cases, a Task; the network is built anew for them, and a new run begins.

        Parameters
        ----------
        what : str, Path, bytes, Table, Cases, Coded or Task
        outputs, inputs, words : sequence of str
            Of a CSV file; see `bpcore.tables.coding.code`.
        name : str, optional
            What the file is called.
        """
        if isinstance(what, str | Path | bytes | Table):
            what = Source.of_table(what, outputs, inputs, words=words, name=name)
        self._take(Source.of(what))

    def type(self, text):
        """Take a truth table: lines such as ``0 1 | 1``."""
        self._take(Source.of(truth_table(text)))

    def assign(self, outputs=None, inputs=None, *, words=()):
        """Give the columns of the table that is loaded other roles."""
        if self._source.table is None:
            raise ValueError("these cases did not come from a CSV file; there are no columns to give roles to")
        self._take(Source.of_table(self._source.table, outputs, inputs, words=words))

    def _take(self, source):
        kept = {} if source.task else {name: self.settings[name] for name in ("units", "skips", "alpha")}
        if source.table:  # of a truth table every line counts
            kept["held_out"] = self.settings["held_out"]
        settings = _defaults(source) | kept
        if not source.task and self.settings["hidden"] is not None:
            settings |= {name: self.settings[name] for name in ("hidden", "tied")}
        before, self._source = self._source, source
        try:
            self.task_of(settings)
        except ValueError:
            self._source = before
            raise
        self.settings = settings
        self.reset()
        self._show_settings()
        self._panel.show(source)

    # ---- the network

    @property
    def hidden_units(self):
        """Units of the first hidden group; 0 where there is none."""
        return next(iter(self._sizes()), 0)

    @property
    def hidden_groups(self):
        """Number of hidden groups."""
        return len(self._sizes())

    def _sizes(self):
        """Sizes of the hidden groups, of the task's own network too."""
        if self.settings["hidden"] is not None:
            return self.settings["hidden"]
        return tuple(g.size for g in self._source.task.network.upward if g.name not in self.cases.desired)

    def set(self, **settings):
        """Change settings; one that builds a network leaves the task's own."""
        before = self._sizes()
        super().set(**_building(self.settings | {"hidden": before}, settings))
        self._last_sizes = self._sizes() or before or self._last_sizes

    def apply(self, moves):
        """Take what the controls say; what cannot be is said on the screen."""
        units, groups = (moves.pop(name, None) for name in ("hidden_units", "hidden_groups"))
        if units is not None or groups is not None:
            sizes = self._sizes() or self._last_sizes
            groups = self.hidden_groups or 1 if groups is None else groups
            sizes = (units or sizes[0], *(units or size for size in sizes[1:]))
            moves["hidden"] = (*sizes, *[sizes[-1]] * groups)[:groups]
        super().apply(moves)

    def as_in_the_paper(self):
        """Set every value that these cases begin with, and begin again."""
        self.set(**_defaults(self._source))
        self.reset()

    # ---- what LiveLab asks for

    @property
    def keep_every(self):
        """Sweeps from one kept weights to the next: more for large tables, whose words take time."""
        return 1 + len(self.cases) // 500

    @property
    def shape(self):
        """The network and its cases, in a line."""
        task, settings = self.run.task, self.settings
        skips = " with skips" if settings["skips"] else ""
        tied = ", tied" if settings["tied"] else ""
        sizes = "–".join(str(group.size) for group in task.network.groups)
        trained, known = len(task.cases), len(self.cases)
        cases = f"{trained:,} of {known:,} cases" if trained < known else f"{known:,} case{'s' * (known != 1)}"
        return f"{self._source.name} · {sizes}{skips}{tied} · {cases}"

    def task_of(self, settings):
        """Make the task with these settings."""
        for name in ("epsilon", "alpha", "half_range", "held_out"):
            one_number(settings[name], name)
        built = tuple(settings[name] for name in (*_BUILDING, "held_out"))
        if self._made is None or self._made[0] is not self._source or self._made[1] != built:
            self._made = self._source, built, self._build_task(settings)
        task = self._made[2]
        phase = bp.Phase(epsilon=settings["epsilon"], alpha=settings["alpha"])
        start = bp.Start(settings["half_range"])
        return replace(task, recipe=replace(task.recipe, phases=(phase,), start=start))

    def _build_task(self, settings):
        source = self._source
        trained, held_out = source.cases.split(settings["held_out"])
        if settings["hidden"] is None:
            return replace(source.task, cases=trained, held_out=held_out or source.task.held_out)
        if settings["units"] not in BUILT_IN:
            raise ValueError(f"units is {settings['units']!r}; one of {', '.join(map(repr, BUILT_IN))} is expected")
        network = source.cases.network(
            settings["hidden"], unit=BUILT_IN[settings["units"]], skips=settings["skips"], tied=settings["tied"]
        )
        return bp.Task(source.name, network, trained, right_within=_right_within(source.cases), held_out=held_out)

    def scene(self):
        """Describe the task to the page, with as many cases as it can draw at every frame."""
        task = self.run.task
        places = np.unique(np.linspace(0, len(task.cases) - 1, min(DRAWN, len(task.cases))).astype(int))
        names = _weight_names(task.network, self.coded)
        return scene_of(
            replace(task, cases=task.cases.some(places)),
            "net",
            self.title,
            weight_names=names,
            unit_names=self._unit_names(task.network),
            all_cases=len(task.cases),
            held_out=_held_out(task) if is_flat(task) else None,
        )

    def _unit_names(self, network):
        """Names of the units of every group, those of the columns where there are any."""
        return unit_names(network) | {g: list(of) for g, of in (self.coded.units if self.coded else {}).items()}

    def words(self, sweeps, w):
        """How many cases are right at each of these sweeps: (mark, sentence) pairs."""
        task, solved_at = self.run.task, int(self.run.solved_at[0])
        trained, held_out = (self._right(w, cases) for cases in (task.cases, task.held_out))
        within = f", within {task.right_within:g}" if task.right_within < 0.5 else ""
        return [
            [
                _counted(trained[k], len(task.cases), f"cases right{within}"),
                *([_counted(held_out[k], len(task.held_out), "held out cases right")] if task.held_out else []),
                *solved(solved_at, sweep, trained[k] == len(task.cases)),
                *([["·", f"drawn are {DRAWN} of them, evenly spread; E and counts are of all"]] * self._is_thinned),
            ]
            for k, sweep in enumerate(sweeps)
        ]

    @property
    def _is_thinned(self):
        return len(self.run.task.cases) > DRAWN

    def _right(self, w, cases):
        """How many of these cases are right with each of these weights."""
        if cases is None:
            return None
        n = 1 + _AT_ONCE // (len(cases) * sum(group.size for group in self.run.task.network.groups))
        parts = (w[k : k + n] for k in range(0, len(w), n))
        return np.concatenate([right_cases(self.run.task, np.asarray(part), cases).sum(1) for part in parts])

    def picture(self):
        """What the lab shows now, as a Plate."""
        names = self._unit_names(self.run.task.network)
        return run_plate(self.run, self.digest().splitlines(), self._marks, names)

    # ---- to be shared

    def _kept_name(self):
        return f"{self._source.name}, {super()._kept_name()}"

    def chosen(self):
        """The cases, and the network that came with them."""
        check_units(self._source, self._sizes())
        return told(self._source)

    @classmethod
    def with_chosen(cls, chosen, **how):
        """Make a workbench for the same cases."""
        source = source_told(chosen)
        check_units(source, how["hidden"] or ())
        return cls(source, **how)

    def show_taken_over(self):
        """Show the cases of a ticket."""
        self._panel.show(self._source)

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        source, values, run = self._source, self.settings, self.run.task
        lines = [python_cases(source)]
        trained, how = "cases", f"right_within={run.right_within!r}"
        if values["held_out"]:
            lines.append(f"trained, held_out = cases.split({values['held_out']!r})")
            trained, how = "trained", f"{how}, held_out=held_out"
        if values["hidden"] is None:
            lines.append(python_network(run.network))
        else:
            built = f"unit=bp.{values['units']}, skips={values['skips']!r}, tied={values['tied']!r}"
            lines.append(f"network = cases.network({values['hidden']!r}, {built})")
        return "\n".join([*lines, f"task = bp.Task({source.name!r}, network, {trained}, {how})"])

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control = self._shown(), partial(Control, at_home=self._clock.at_home)
        self._controls = controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.0001, 3, paper=0.1, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "hidden_units": control("hidden units", values["hidden_units"], 1, 40, whole=True),
            "hidden_groups": control("hidden groups", values["hidden_groups"], 0, MOST_GROUPS, whole=True),
            "half_range": control("start range ±", values["half_range"], 0.01, 3, paper=0.3, logarithmic=True),
            "held_out": control("share held out", values["held_out"], 0, 0.9, step=0.05),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._choices = {
            "units": choice("hidden", [("logistic", "logistic"), ("tanh", "tanh")], values["units"],
                            ["Equation (2)", "Another function with a bounded derivative"]),
            "skips": choice("skip links", [("none", False), ("all", True)], values["skips"],
                            ["Groups are linked to the next group alone", "Groups are linked to all groups above"]),
            "tied": choice("weights", [("free", False), ("tied", True)], values["tied"],
                           ["Every weight is its own", "From each hidden group to the next the same weights"]),
        }  # fmt: skip
        return [
            *(controls[name].widget for name in ("epsilon", "alpha", "speed")),
            note("What stands below begins a new run:"),
            *(controls[name].widget for name in ("hidden_units", "hidden_groups", "half_range", "held_out", "seed")),
            *self._choices.values(),
        ]

    def _shown(self):
        shown = super()._shown() | {"hidden_groups": self.hidden_groups}
        if self.settings["hidden"] is None:  # the task's own network
            above = [g.unit.name for g in self._source.task.network.upward if g.name not in self.cases.desired]
            shown["units"] = above[0] if len(set(above)) == 1 else None
        return shown | {"hidden_units": self.hidden_units or self._last_sizes[0]}

    def _build(self, controls):
        super()._build(controls)
        actions = {"load": self.load, "type": self.type, "assign": self.assign}
        self._panel = CasesPanel(self._clock.at_home, {name: partial(self._try, act) for name, act in actions.items()})
        self._panel.show(self._source)
        self.widget.children = (*self.widget.children, self._panel.widget)

    def _try(self, action, *arguments, **how):
        """Do what the person asked for; say what is wrong with it."""
        try:
            action(*arguments, **how)
        except ValueError as wrong:
            self._stage.say(f"{wrong}.")
            self._panel.say(f"{wrong}.")


# ---- settings


def _defaults(source):
    """Where the settings begin. E is a sum over all cases, so epsilon is the smaller the more there are."""
    settings = {"alpha": 0.9, "units": "logistic", "skips": False, "tied": False, "half_range": 0.3, "held_out": 0.0}
    if source.task:
        recipe = source.task.recipe
        phase = recipe.phases[0]
        return settings | {
            "epsilon": phase.epsilon, "alpha": phase.alpha, "hidden": None, "half_range": recipe.start.half_range,
        }  # fmt: skip
    return settings | {"epsilon": float(f"{min(0.5, 6.4 / len(source.cases)):.2g}"), "hidden": (4,)}


def _building(before, settings):
    """These settings, where any that builds a network also says how many hidden units it has."""
    if settings.get("hidden") is not None:
        sizes = settings["hidden"]
        sizes = (sizes,) if np.ndim(sizes) == 0 else tuple(sizes)
        if len(sizes) > MOST_GROUPS:
            raise ValueError(f"there are {len(sizes)} hidden groups; {MOST_GROUPS} at most are expected")
        what = "the number of units of a hidden group"
        return settings | {"hidden": tuple(bp.validate.whole(size, what, 1, MOST_UNITS) for size in sizes)}
    if "hidden" not in settings and {*_BUILDING} & {*settings}:
        return settings | {"hidden": before["hidden"]}
    return settings


def _right_within(cases):
    """How near an answer has to be: on its side of .5, or for outputs between 0 and 1 within a tenth."""
    return 0.5 if all(np.isin(rows, (0, 1)).all() for rows in cases.desired.values()) else 0.1


def _held_out(task):
    """Cases that are held out, as the page draws them in the plane: not more than are drawn of the others."""
    if not task.held_out:
        return None
    inputs, desired = ({name: rows[:DRAWN].tolist() for name, rows in kind.items()}
                       for kind in (task.held_out.inputs, task.held_out.desired))  # fmt: skip
    return {"inputs": inputs, "desired": desired}


def _counted(right, n, what):
    return ["✓" if right == n else "·", f"{right:,} of {n:,} {what}"]


def _weight_names(network, coded):
    """A name for every weight, with the columns' names for the units that have them."""
    names = weight_names(network)
    for link in network.links:
        if network.block_uses[link.block] > 1:
            at, below = network.place(link.block), network.size(link.source)
            for k in range(network.size(link.target) * below):
                end = f"unit {k // below + 1}"
                names[at + k] = (
                    f"tied bias of {end}" if link.source == bp.ONE else f"tied {end} ← {k % below + 1} below"
                )
    if coded is None:
        return names
    units = {f"{g} {k + 1}" if len(of) > 1 else g: name for g, of in coded.units.items() for k, name in enumerate(of)}
    ends = (name.removeprefix("bias of ").split(" ← ") for name in names)
    told = [" ← ".join(units.get(end, end) for end in both) for both in ends]
    return [f"bias of {new}" if old.startswith("bias of ") else new for old, new in zip(names, told, strict=True)]
