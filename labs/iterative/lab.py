"""The iterative-nets lab: Fig. 5, an iterative net run forward and backward through time."""

from functools import cache

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.names import weight_names
from bpcore.tasks.search import ROWS, pictures
from bpcore.tasks.sequences import PAIRS
from figures.snapshot_iterative import run_plate

from ..kit.lab import LiveLab
from ..kit.settings import Setting, alpha, epsilon, weight_decay
from .presenting import first_presented, outcome_of, presented_as_numbers
from .words import what_was_learnt

TASKS = {
    "sequences": {
        "epsilon": 0.1, "alpha": 0.9, "weight_decay": 0.0, "half_range": 0.3, "tied": "average",
        "steps": 6, "hidden": 30, "hold": 1, "recurrent": "everything",
    },
    "shift register": {
        "epsilon": 0.25, "alpha": 0.9, "weight_decay": 0.0, "half_range": 0.3, "tied": "average",
        "steps": 2, "hidden": 3, "hold": 1, "recurrent": "everything",
    },
    "search": {
        "epsilon": 0.001, "alpha": 0.9, "weight_decay": 0.0003, "half_range": 0.3, "tied": "average",
        "steps": 8, "hidden": 25, "hold": 1, "recurrent": "everything",
    },
}  # fmt: skip
"""The tasks, and where the settings of each begin."""

_MOST = {"hidden": 200, "steps": 50, "hold": 10}  # of a ticket
_SPEEDS = {"sequences": 100, "shift register": 100, "search": 150}


def _is(*names):
    return lambda lab: lab.task in names


class IterativeLab(LiveLab):
    """An iterative net, unrolled (Fig. 5): every step of it, the error on its way back, one weight in all its places.

    Parameters
    ----------
    task : {"sequences", "shift register", "search"}
        Go on with the digits two letters stand for; move a pattern on by one place a step; settle from a spoilt letter.
    seed : int
        Of the starting weights, and of what is held out.
    speed : float, optional
        Sweeps a second.

    Raises
    ------
    ValueError
        For a value out of its range, in one sentence.

    Examples
    --------
    ``lab = IterativeLab()``, then ``lab.play()``, ``lab.present("BE")``, ``lab.task = "search"``, ``lab.tied = "sum"``.
    """

    title = "Iterative nets"
    speed_control = Setting("sweeps a second", 100, 1, 5_000, logarithmic=True, to="now")
    task = Setting("", "sequences", first=True, open_choices=True, choices={
        "sequences": ("sequences", "Two letters, and the digits they stand for"),
        "shift register": ("shift", "A pattern moves on by one place a step"),
        "search": ("search", "A spoilt letter becomes the letter it was made from"),
    }, doc="The task; its own settings come with it.")  # fmt: skip
    epsilon, alpha, weight_decay = epsilon(least=0.0001, paper=None), alpha(), weight_decay()
    half_range = Setting("start range ±", 0.3, to="start", doc="Half range of the starting weights.")
    tied = Setting("places", "average", to="recipe", open_choices=True, choices={
        "average": ("average", "Corresponding weights change by the average of their derivatives, as the paper says"),
        "sum": ("sum", "By their sum, as the program of 1988 did"),
    }, doc="Corresponding weights change by the 'average' of their derivatives, or the 'sum'.")  # fmt: skip
    steps = Setting("steps", 6, 1, 12, whole=True, fits=_is("shift register", "search"),
                    doc="Steps the net is trained for; sequences have six, each item held `hold` steps.")  # fmt: skip
    hidden = Setting(lambda lab: "units in the ring" if lab.task == "shift register" else "hidden units", 30, 1, 40,
                     whole=True, fits=_is("sequences", "shift register"),
                     doc="Hidden units of the sequences, units in the ring of the shift register.")  # fmt: skip
    hold = Setting("pace", 1, fits=_is("sequences"), open_choices=True, choices={
        1: ("full", "Each letter and digit takes one step"),
        2: ("half", "Each takes two steps, as in reference 4"),
    }, doc="Steps that each item of a sequence is held; 2 is half speed.")  # fmt: skip
    recurrent = Setting("leading back", "everything", fits=_is("sequences"), open_choices=True, choices={
        "everything": ("all", "Hidden units and digits"),
        "hidden": ("hidden", "Hidden units alone"),
    }, doc="Of the sequences: 'everything' leads back, or the 'hidden' units alone.")  # fmt: skip

    def __init__(self, task="sequences", seed=0, *, speed=None, **settings):
        self.presented = first_presented(self.defaults(task) | settings)
        super().__init__(seed, speed=_SPEEDS[task] if speed is None else speed, task=task, **settings)

    def defaults(self, task, **_settings):
        """Settings that a task begins with."""
        if task not in TASKS:
            raise ValueError(f"the task is {task!r}; one of {', '.join(map(repr, TASKS))} is expected")
        return super().defaults() | {"task": task} | TASKS[task]

    def completed(self, settings):
        """Another task brings its own settings."""
        if settings.get("task", self.task) != self.task:
            return self.defaults(settings["task"]) | settings
        return settings

    def set(self, **settings):
        """Change settings; another task, or other units, present something else."""
        self._refuse_unknown(settings, self.settings)
        candidate = self.settings | self.completed(settings)
        self.task_of(candidate)  # says what is wrong before anything is changed
        if any(candidate[name] != self.settings[name] for name in ("task", "hidden")):
            self.presented = first_presented(candidate)
        super().set(**settings)

    def present(self, what):
        """Present an input, here and on the page, and see what the net makes of it.

        Parameters
        ----------
        what : str or sequence of 0 and 1
            Two letters, as "AC"; a pattern of the ring, as "110"; a letter of the search, as "T", or its 25 squares.

        Returns
        -------
        outcome : str
            The digits; the patterns, step by step; or what becomes of the picture.
        """
        self.presented = presented_as_numbers(self.settings, what)
        self.tell("content", {"type": "present", "presented": self.presented})
        return self.outcome()

    def outcome(self):
        """What the net makes of what is presented, in words."""
        return outcome_of(self.run.task, self.settings, self.run.state.w, self.presented)

    def contents(self):
        """What is presented, for a page that opens now."""
        return [{"type": "present", "presented": self.presented}, *super().contents()]

    # ---- what a session asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        task = self.run.task
        sizes = "–".join(str(group.size) for group in task.network.step_groups)
        return f"{sizes}, {task.network.steps} steps · {len(task.cases):,} cases · Fig. 5"

    def make_task(self, task, steps, hidden, hold, recurrent):
        """Make the task; what of the sequences is held out depends on the seed."""
        return _task(task, self.seed, steps, hidden, hold, recurrent)

    @property
    def keep_every(self):
        """Sweeps from one kept weights to the next: what a search has learnt is seen by running it."""
        return 5 if self.task == "search" else 1

    def scene(self):
        """Describe the net and the task to the page."""
        task = self.run.task
        net, which = task.network, self.settings["task"]
        place = net.blocks(np.arange(net.n_weights))
        size = {group.name: group.size for group in net.step_groups} | {bp.ONE: 1}
        return {
            "kind": "iterative",
            "title": self.title,
            "task": which,
            "stepGroups": [{"name": g.name, "size": g.size, "unit": g.unit.name} for g in net.step_groups],
            "stepLinks": [
                {
                    "source": link.source,
                    "target": link.target,
                    "first": int(place[link.block][0, 0]),
                    "to": size[link.target],
                    "from": size[link.source],
                }
                for link in net.step_links
            ],
            "before": {name: states.tolist() for name, states in net.before.items()},
            "desired": {name: list(steps) for name, steps in net.desired.items()},
            "steps": net.steps,
            "watch": net.steps if which == "sequences" else 2 * net.steps,
            "asks_for_watch": "05.4" if which == "shift register" else None,
            "tied": self.settings["tied"],
            "tolerance": task.recipe.tolerance and vars(task.recipe.tolerance),
            "weight_names": self.weight_names,
            "panels": _panels(which, size),
            "size": size[net.step_groups[0].name],
            "hold": self.settings["hold"],
            "letters": list(PAIRS) if which == "sequences" else None,
            "pairs": list(PAIRS.values()),
            "pictures": [
                {"letter": letter, "pixels": pixels.astype(int).tolist()} for letter, pixels in pictures().items()
            ],
            "held": list(task.held_out.names) if which == "sequences" and task.held_out else [],
            "presented": self.presented,
        }

    def name_weights(self, net):
        """Names of the weights, each of which stands for itself in every step."""
        units = {g.name: [_unit(g.name, k) for k in range(g.size)] for g in net.step_groups}
        return weight_names(net, units, net.step_links)

    def words(self, _sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run.task, self.task, np.asarray(w))

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.digest().splitlines(), self.marks)

    def chosen(self):
        """What is presented."""
        _check_size(self.settings)
        return {"presented": self.presented}

    @classmethod
    def with_chosen(cls, chosen, **how):
        """Make a lab in which the same is presented."""
        _check_size(how)
        lab, presented = cls(**how), chosen["presented"]
        letters = list(PAIRS)
        lab.present("".join(letters[k] for k in presented) if lab.task == "sequences" else presented)
        return lab

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        if self.task == "sequences":
            how = ", ".join(f"{name}={self.settings[name]!r}" for name in ("hidden", "recurrent", "hold"))
            return f"task = tasks.sequences(held_out_seed={self.seed}, {how})"
        if self.task == "shift register":
            return f"task = tasks.shift_register({self.hidden}, {self.steps})"
        return f"task = tasks.search(steps={self.steps})"

    def on_message(self, content):
        """Take what was chosen on the canvas."""
        if content.get("type") == "presented":
            self.presented = content["presented"]


def _check_size(settings):
    """Refuse a net that is too large for a ticket."""
    for name, most in _MOST.items():
        bp.validate.whole(settings.get(name, 0), name, 0, most)


@cache
def _task(name, seed, steps, hidden, hold, recurrent):
    if name == "sequences":
        return tasks.sequences(held_out_seed=seed, hidden=hidden, recurrent=recurrent, hold=hold)
    if name == "shift register":
        bp.validate.whole(hidden, "the number of units in the ring", 2, 8)
        return tasks.shift_register(hidden, steps)
    return tasks.search(steps=steps)


def _unit(group, k):
    if group == "letters":
        return f"letter {list(PAIRS)[k]}"
    return {"digits": f"digit {k + 1}", "ring": f"unit {k + 1}"}.get(group, f"{group}, unit {k + 1}")


def _panels(which, size):
    """What of the net stands in a step, from the top down, and in how many columns."""
    if which == "search":
        return [{"label": "picture", "groups": list(ROWS), "columns": 5, "units": 25, "fed": True}]
    if which == "shift register":
        return [{"label": "ring", "groups": ["ring"], "columns": 1, "units": size["ring"], "fed": True}]
    groups = {"digits": 3, "hidden": max(5, -(-size["hidden"] // 8)), "letters": 5}
    names = {"digits": ["digit 1", "digit 2", "digit 3"], "letters": [f"letter {name}" for name in PAIRS]}
    return [
        {"label": name, "groups": [name], "columns": columns, "units": size[name], "fed": name != "letters"}
        | ({"names": names[name]} if name in names else {})
        for name, columns in groups.items()
    ]
