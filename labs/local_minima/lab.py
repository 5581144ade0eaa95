"""The lab of local minima: runs that get stuck, and a finding that says where they stand and why."""

from functools import cache

from bpcore import tasks
from bpcore.analysis.diagnosis import where
from bpcore.units import BUILT_IN
from bpcore.variants import with_skips, with_units

from ..kit.lab import LiveLab
from ..kit.settings import UNITS, Setting, alpha, biases, epsilon, half_range, hidden

TASKS = {
    "symmetry": {"epsilon": 0.1, "alpha": 0.9, "hidden": 2, "half_range": 0.3},
    "xor": {"epsilon": 0.5, "alpha": 0.9, "hidden": 2, "half_range": 1.0},
    "encoder": {"epsilon": 0.5, "alpha": 0.9, "hidden": 3, "half_range": 0.3},
}
"""The tasks, and where the settings of each begin."""
COUNTS = 8, 56
"""Cases of symmetry that are right if all answers are “yes”, or all are “no”: exercise 06.2 asks for them."""
SKIPS = {
    False: ("none", "Input units lead to hidden units alone"),
    True: ("all", "Input units lead to output units too"),
}


class LocalMinimaLab(LiveLab):
    """Runs that get stuck, or do not: how many connections, which units, which start; and where a run stands, and why.

    Parameters
    ----------
    task : {"symmetry", "xor", "encoder"}
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
    ``lab = LocalMinimaLab("symmetry", seed=3)``, then ``lab.step(3000)``, ``lab.where().why``, ``lab.skips = True``.
    """

    title, learns_in_page = "Local minima", True
    task = Setting("", "symmetry", choices={name: (name, "") for name in TASKS}, first=True,
                   doc="The task; its own settings come with it.")  # fmt: skip
    epsilon, alpha = epsilon(), alpha()
    hidden, half_range = hidden(most=16), half_range()
    biases = biases()
    skips = Setting("skip links", False, choices=SKIPS, open_choices=True,
                    doc="Whether input units are linked to output units too.")  # fmt: skip
    units = Setting("hidden", "logistic", choices=UNITS, open_choices=True, doc="Function of the hidden units.")

    def __init__(self, task="symmetry", seed=0, **how):
        super().__init__(seed, task=task, **how)

    def defaults(self, task, **_settings):
        """Settings that a task begins with."""
        self.declared["task"].check(task)
        return super().defaults() | {"task": task} | TASKS[task]

    def completed(self, settings):
        """Another task brings its own settings."""
        if settings.get("task", self.task) != self.task:
            return self.defaults(settings["task"]) | settings
        return settings

    def where(self, sweep=None):
        """Where the run stands at a sweep, now by default: see `bpcore.analysis.diagnosis.Finding`."""
        state = self.run.state if sweep is None else self.run.at(sweep)
        return where(self.run.task, state.w)[0]

    @property
    def shape(self):
        """The network and its cases, in a line."""
        layers, _, cases = super().shape.partition(" · ")
        return f"{layers}{' with skips' if self.skips else ''} · {cases}"

    def make_task(self, task, hidden, skips, units):
        """Make the task, with more links or other units."""
        if units not in BUILT_IN:
            raise ValueError(f"units is {units!r}; one of {', '.join(map(repr, BUILT_IN))} is expected")
        made = _task(task, hidden)
        return with_units(with_skips(made) if skips else made, BUILT_IN[units])

    @property
    def level(self):
        """The error of always “no”."""
        return {"E": 4, "text": "E = 4: always “no”"} if self.task == "symmetry" else None

    def scene(self):
        """Describe the task to the page."""
        counts = {"exercise": "06.2", "counts": COUNTS} if self.task == "symmetry" else None
        return super().scene() | {"standings": True, "asks_for_standing": ["06.1", "06.2"], "asks_for_count": counts}

    def words(self, sweeps, w):
        """How many cases are right at each of these sweeps: (mark, sentence) pairs."""
        words = super().words(sweeps, w)
        if self.task == "symmetry":
            for said, *_ in words:
                said.extend(["06.2"] * said[1].startswith(tuple(f"{n} of " for n in COUNTS)))
        return words

    def spoilers(self):
        """What of `digest` exercises ask for: where the run stands."""
        why = self.where().why
        return [] if why.startswith("solved") else [["", why, "06.1", "06.2"]]

    def digest(self):
        """What the lab shows, in words."""
        return f"{super().digest()}\n{self.where().why}"

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        name, size = {"symmetry": ("symmetry", 6), "encoder": ("encoder", 8), "xor": ("parity", 2)}[self.task]
        task = f"tasks.{name}({size}, {self.hidden})"
        if self.skips:
            task = f"bp.variants.with_skips({task})"
        return f"task = {task if self.units == 'logistic' else f'bp.variants.with_units({task}, bp.{self.units})'}"

    def on_message(self, content):
        """Take what is asked on the canvas."""
        if content.get("type") == "where":
            sweep = min(int(content["sweep"]), self.run.sweeps)
            found = self.where(sweep)
            self.tell("content", {"type": "standing", "sweep": sweep, "name": found.name, "why": found.why})


@cache
def _task(name, hidden):
    if name == "symmetry":
        return tasks.symmetry(6, hidden)
    if name == "encoder":
        return tasks.encoder(8, hidden)
    return tasks.parity(2, hidden)
