"""The workbench: a task of your own, from a CSV file, a truth table or Python, with a network built for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

import bpcore as bp
from bpcore.names import unit_names, weight_names
from bpcore.tables.coding import truth_table
from bpcore.tables.reading import Table, read_csv
from bpcore.units import BUILT_IN
from figures.plane import is_flat

from ..kit.lab import LiveLab
from ..kit.scene import scene_of
from ..kit.session import solved
from ..kit.settings import UNITS, Derived, Setting, alpha, epsilon, half_range
from . import building
from .building import MOST_GROUPS, SKIPS, TIED, counted, first_settings, held_out_scene, right_within, with_hidden
from .cases_panel import DATA, CasesPanel
from .source import XOR, Source, check_units, python_cases, python_network, source_told, told

__all__ = ["DATA", "XOR", "Workbench"]

DRAWN = 256
"""Cases that are drawn at most; E and what is counted are always of all."""


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

    Raises
    ------
    ValueError
        For whatever cannot be, in one sentence; of a table with line and column.

    Examples
    --------
    ``lab = Workbench.from_csv("data/iris.csv", outputs=["species"], held_out=0.2)``, then ``lab.hidden = (4, 4)``,
    ``lab.skips = True``, ``lab.load("data/circle.csv")``.
    """

    title, learns_in_page = "Workbench", True
    stays = (*LiveLab.stays, "_panel")
    button_back, what_it_sets = "As at first", "All values that these cases begin with"
    epsilon, alpha = epsilon(least=0.0001), alpha()
    hidden_units = Derived("hidden units", lambda lab: next(iter(lab.sizes), 0), lambda lab, n: lab.build(units=n),
                           1, 40, whole=True)  # fmt: skip
    hidden_groups = Derived("hidden groups", lambda lab: len(lab.sizes), lambda lab, n: lab.build(groups=n), 0,
                            MOST_GROUPS, whole=True)  # fmt: skip
    hidden = Setting("hidden", (4,), doc="Units of each hidden group, a tuple; None: the task's own network.")
    half_range = half_range()
    held_out = Setting("share held out", 0.0, 0, 0.9, step=0.05, doc="Share of the cases that is not trained.")
    units = Setting("hidden", "logistic", choices=UNITS, open_choices=True,
                    doc="Function of the hidden units: 'logistic', 'tanh' or 'softplus'.")  # fmt: skip
    skips = Setting("skip links", False, choices=SKIPS, open_choices=True,
                    doc="Whether every group is linked to all groups above it.")  # fmt: skip
    tied = Setting("weights", False, choices=TIED, open_choices=True,
                   doc="Whether weights from each hidden group to the next are the same.")  # fmt: skip

    def __init__(self, what=None, seed=0, **how):
        self._source, self._panel = Source.of(what), None
        self._waiting = None  # a table whose columns need other roles before it makes cases
        self._last_sizes = (4,)  # of hidden groups, while there were any
        super().__init__(seed, **with_hidden(first_settings(self._source), how))

    def defaults(self, **_settings):
        """Settings that these cases begin with."""
        return first_settings(self._source)

    @classmethod
    def from_csv(cls, source, outputs=None, inputs=None, *, words=(), decimal=None, **how):
        """A workbench for a CSV file; the last column is the output unless told, see `bpcore.tables.coding.code`."""
        return cls(Source.of_table(source, outputs, inputs, words=words, decimal=decimal), **how)

    @classmethod
    def from_table(cls, text, **how):
        """A workbench for a truth table: lines such as ``0 1 | 1``."""
        return cls(truth_table(text), **how)

    @property
    def cases(self):
        """All cases, those that are held out included."""
        return self._source.cases

    @property
    def coded(self):
        """How columns became units, a Coded; None for cases that were made in Python."""
        return self._source.coded

    # ---- other cases

    def load(self, what, outputs=None, inputs=None, *, words=(), decimal=None, name=None):
        """Take other cases: a CSV file, a Cases, a Task; the network is built anew for them, and a new run begins.

        Parameters
        ----------
        what : str, Path, bytes, file, Table, Cases, Coded or Task
        outputs, inputs, words, decimal
            Of a CSV file; see `bpcore.tables.coding.code`.
        name : str, optional
            What the file is called.
        """
        if isinstance(what, str | Path | bytes | Table) or hasattr(what, "read"):
            table = what if isinstance(what, Table) else read_csv(what, name)
            self._assign(table, outputs, inputs, words=words, decimal=decimal)
        else:
            self._take(Source.of(what))

    def type(self, text):
        """Take a truth table: lines such as ``0 1 | 1``."""
        self._take(Source.of(truth_table(text)))

    def assign(self, outputs=None, inputs=None, *, words=(), decimal=None, names=None):
        """Give the columns of the table that is loaded other roles; say whether its first line holds their names."""
        table = self._waiting or self._source.table
        if table is None:
            raise ValueError("these cases did not come from a CSV file; there are no columns to give roles to")
        table = table if names is None else table.with_names(names)
        self._assign(table, outputs, inputs, words=words, decimal=decimal)

    def _assign(self, table, outputs, inputs, **how):
        try:
            source = Source.of_table(table, outputs, inputs, **how)
        except ValueError:
            if table is not self._source.table and outputs is None:  # its columns can still be given roles
                self._waiting = table
                self._show_cases()
            raise
        self._take(source)

    def _take(self, source):
        kept = {} if source.task else {name: self.settings[name] for name in ("units", "skips", "alpha")}
        if source.table:  # of a truth table every line counts
            kept["held_out"] = self.held_out
        settings = first_settings(source) | kept
        if not source.task and self.hidden is not None:
            settings |= {name: self.settings[name] for name in ("hidden", "tied")}
        before, made, self._source, self._made, self._waiting = self._source, self._made, source, None, None
        try:
            self.task_of(settings)
        except ValueError:
            self._source, self._made = before, made
            raise
        self.settings = settings
        self.reset()
        self.tell("settings")
        self._show_cases()

    # ---- the network

    @property
    def sizes(self):
        """Sizes of the hidden groups, of the task's own network too."""
        if self.hidden is not None:
            return self.hidden
        return tuple(g.size for g in self._source.task.network.upward if g.name not in self.cases.desired)

    def build(self, units=None, groups=None):
        """Build a network with so many hidden units in each of so many groups."""
        sizes = self.sizes or self._last_sizes
        groups = len(self.sizes) or 1 if groups is None else groups
        sizes = (units or sizes[0], *(units or size for size in sizes[1:]))
        self.hidden = (*sizes, *[sizes[-1]] * groups)[:groups]

    def completed(self, settings):
        """A setting that builds a network leaves the task's own."""
        return with_hidden(self.settings | {"hidden": self.sizes}, settings)

    def set(self, **settings):
        """Change settings."""
        before = self.sizes
        super().set(**settings)
        self._last_sizes = self.sizes or before or self._last_sizes

    # ---- what a session asks for

    @property
    def page_values(self):
        """Hidden groups that a page can build: one or two, or none; a network of the task's own stays."""
        if self.hidden is None:
            return {}
        sizes = [(), *((n,) for n in range(1, 13)), *((n, n) for n in range(1, 9))]
        hidden = sizes if self.hidden in sizes else [self.hidden, *sizes]
        return {"hidden": hidden, "hidden_units": range(1, 13), "hidden_groups": range(3)}

    @property
    def asks_for_E(self):
        """Exercise 07.5 asks for E of a truth table of four lines that contradicts itself."""
        return ("07.5",) if self.coded and self.coded.notes and len(self.cases) == 4 else ()

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

    def make_task(self, hidden, held_out, units, skips, tied):
        """Make the task for the cases of the workbench."""
        source = self._source
        trained, left_out = source.cases.split(held_out)
        if hidden is None:
            return replace(source.task, cases=trained, held_out=left_out or source.task.held_out)
        if units not in BUILT_IN:
            raise ValueError(f"units is {units!r}; one of {', '.join(map(repr, BUILT_IN))} is expected")
        network = source.cases.network(hidden, unit=BUILT_IN[units], skips=skips, tied=tied)
        return bp.Task(source.name, network, trained, right_within=right_within(source.cases), held_out=left_out)

    def scene(self):
        """Describe the task to the page, with as many cases as it can draw at every frame."""
        task = self.run.task
        places = np.unique(np.linspace(0, len(task.cases) - 1, min(DRAWN, len(task.cases))).astype(int))
        names = {"weight_names": self.weight_names, "unit_names": self.unit_names(task.network)}
        more = {"all_cases": len(task.cases), "named_inputs": self.coded is not None}
        more |= {"held_out": is_flat(task) and held_out_scene(task, DRAWN), "asks_for_E": list(self.asks_for_E)}
        return scene_of(replace(task, cases=task.cases.some(places)), "net", self.title, **names, **more)

    def name_weights(self, network):
        """Names of the weights, with the columns' names for the units that have them."""
        return weight_names(network, self.coded and self.coded.units)

    def unit_names(self, network):
        """Names of the units of every group, those of the columns where there are any."""
        return unit_names(network, self.coded and self.coded.units)

    def words(self, sweeps, w):
        """How many cases are right at each of these sweeps: (mark, sentence) pairs."""
        task, solved_at = self.run.task, int(self.run.solved_at[0])
        trained, held_out = (building.count_right(task, w, cases) for cases in (task.cases, task.held_out))
        within = f", within {task.right_within:g}" if task.right_within < 0.5 else ""
        return [
            [
                counted(trained[k], len(task.cases), f"cases right{within}"),
                *([counted(held_out[k], len(task.held_out), "held out cases right")] if task.held_out else []),
                *solved(solved_at, sweep, trained[k] == len(task.cases)),
                *([["·", f"{DRAWN} of them are drawn, evenly spread; E and counts are for all"]] * self._is_thinned),
            ]
            for k, sweep in enumerate(sweeps)
        ]

    @property
    def _is_thinned(self):
        return len(self.run.task.cases) > DRAWN

    # ---- to be shared

    def curve_name(self):
        """What a kept curve is called: the table too."""
        return f"{self._source.name}, {super().curve_name()}"

    def chosen(self):
        """The cases, and the network that came with them."""
        check_units(self._source, self.sizes)
        return told(self._source)

    @classmethod
    def with_chosen(cls, chosen, **how):
        """Make a workbench for the same cases."""
        source = source_told(chosen)
        check_units(source, how["hidden"] or ())
        return cls(source, **how)

    def become(self, other):
        """Take over another workbench, its cases too."""
        super().become(other)
        self._show_cases()

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

    # ---- the table below the canvas

    @property
    def panel(self):
        """Where a file is opened and columns get their roles."""
        if self._panel is None:
            acts = {"load": self.load, "type": self.type, "assign": self.assign}
            self._panel = CasesPanel(self.clock.at_home, {name: self._trying(act) for name, act in acts.items()})
            self._show_cases()
        return self._panel

    def _show_cases(self):
        if self._panel and self._waiting:
            self._panel.offer(self._waiting)
        elif self._panel:
            self._panel.show(self._source)

    def _trying(self, action):
        """Do what the person asked for; say what is wrong with it."""

        def act(*arguments, **how):
            try:
                action(*arguments, **how)
            except ValueError as wrong:
                self.say(f"{wrong}.")
                self.panel.say(f"{wrong}.")

        return act
