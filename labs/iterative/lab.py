"""The iterative-nets lab: Fig. 5, an iterative net run forward and backward through time."""

from dataclasses import replace
from functools import cache, partial

import numpy as np

import bpcore as bp
from bpcore import measures, tasks
from bpcore.tasks.search import PICTURES, ROWS, pictures, settled
from bpcore.tasks.sequences import PAIRS
from bpcore.tasks.shift_register import copies_in_words
from figures.snapshot_iterative import run_plate

from ..kit.controls import Control, choice, note
from ..kit.lab import LiveLab, one_number, setting

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
    settings
        In place of the task's: epsilon, alpha, weight_decay, half_range; tied, "average" or "sum"; steps (shift
        register and search); hidden, the hidden units (sequences) or the units in the ring (shift register); hold, the
        steps of an item, and recurrent, "everything" or "hidden" (sequences).

    Raises
    ------
    ValueError
        For a value out of its range, in one sentence.

    Examples
    --------
    ``lab = IterativeLab()``, then ``lab.play()``, ``lab.present("BE")``, ``lab.task = "search"``, ``lab.tied = "sum"``.
    """

    title = "Iterative nets"
    steering = ("epsilon", "alpha", "weight_decay")
    own = ("presented",)

    def __init__(self, task="sequences", seed=0, *, speed=None, **settings):
        values = {"task": task} | _defaults(task)
        unknown = set(settings) - set(values)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(values)} is expected")
        self.presented = _shown(values | settings)
        super().__init__(seed, _SPEEDS[task] if speed is None else speed, values | settings)

    epsilon = setting("epsilon", "Step size, equation (8). Acts from the next sweep on.")
    alpha = setting("alpha", "Decay factor of the velocity, equation (9). Acts from the next sweep on.")
    weight_decay = setting("weight_decay", "Share by which every weight shrinks after each change. Acts at once.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    tied = setting("tied", "Corresponding weights change by the 'average' of their derivatives, or the 'sum'.")
    task = setting("task", "The task: 'sequences', 'shift register' or 'search'. Its own settings come with it.")
    steps = setting("steps", "Steps the net is trained for; sequences have six, each item held `hold` steps.")
    hidden = setting("hidden", "Hidden units of the sequences, units in the ring of the shift register.")
    hold = setting("hold", "Steps that each item of a sequence is held; 2 is half speed.")
    recurrent = setting("recurrent", "Of the sequences: 'everything' leads back, or the 'hidden' units alone.")

    def set(self, **settings):
        """Change settings; another task brings its own."""
        if settings.get("task", self.settings["task"]) != self.settings["task"]:
            settings = _defaults(settings["task"]) | settings
        candidate = self.settings | settings
        other = any(candidate[name] != self.settings[name] for name in ("task", "hidden"))
        self.task_of(candidate)  # says what is wrong before anything is changed
        if other:
            self.presented = _shown(candidate)
        super().set(**settings)

    def as_in_the_paper(self):
        """Set every value as Fig. 5 and reference 4 have it, and begin again."""
        self.set(**_defaults(self.task))
        self.reset()

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
        self.presented = _presented(self.settings, what)
        self.show_taken_over()
        return self.outcome()

    def show_taken_over(self):
        """Show what is presented."""
        if self._stage is not None:
            self._stage.send({"type": "present", "presented": self.presented})

    def outcome(self):
        """What the net makes of what is presented, in words."""
        return _outcome(self.run.task, self.settings, self.run.state.w, self.presented)

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        task = self.run.task
        sizes = "–".join(str(group.size) for group in task.network.step_groups)
        return f"{sizes}, {task.network.steps} steps · {len(task.cases):,} cases · Fig. 5"

    def task_of(self, settings):
        """Make the task with these settings."""
        for name in ("epsilon", "alpha", "weight_decay", "half_range"):
            one_number(settings[name], name)
        task = _task(
            settings["task"], self.seed, *(settings[name] for name in ("steps", "hidden", "hold", "recurrent"))
        )
        phase = bp.Phase(0, settings["epsilon"], settings["alpha"], settings["weight_decay"])
        start = bp.Start(settings["half_range"])
        return replace(task, recipe=replace(task.recipe, phases=(phase,), tied=settings["tied"], start=start))

    @property
    def keep_every(self):
        """Sweeps from one kept weights to the next: what a search has learnt is seen by running it."""
        return 5 if self.settings["task"] == "search" else 1

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
            "tied": self.settings["tied"],
            "tolerance": task.recipe.tolerance and vars(task.recipe.tolerance),
            "weight_names": _weight_names(net),
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

    def words(self, _sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run.task, self.settings["task"], np.asarray(w))

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.digest().splitlines(), self._marks)

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

    def heard(self, content):
        """Take what was chosen on the canvas."""
        if content.get("type") == "presented":
            self.presented = content["presented"]

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control = self.settings, partial(Control, at_home=self._clock.at_home)
        self._controls = controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.0001, 3, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "weight_decay": control("weight decay", values["weight_decay"], 0, 0.01, step=0.0001),
            "speed": control("sweeps a second", self.speed, 1, 5_000, logarithmic=True),
            "steps": control("steps", values["steps"], 1, 12, whole=True),
            "hidden": control("hidden units", values["hidden"], 1, 40, whole=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._choices = {
            "task": choice(
                "", [("sequences", "sequences"), ("shift", "shift register"), ("search", "search")], values["task"],
                ["Two letters, and the digits they stand for", "A pattern moves on by one place a step",
                 "A spoilt letter becomes the letter it was made from"],
            ),
            "tied": choice(
                "places", [("average", "average"), ("sum", "sum")], values["tied"],
                ["Corresponding weights change by the average of their derivatives, as the paper says",
                 "By their sum, as the program of 1988 did"],
            ),
            "hold": choice("pace", [("full", 1), ("half", 2)], values["hold"],
                           ["Each letter and digit takes one step", "Each takes two steps, as in reference 4"]),
            "recurrent": choice("leading back", [("all", "everything"), ("hidden", "hidden")], values["recurrent"],
                                ["Hidden units and digits", "Hidden units alone"]),
        }  # fmt: skip
        return [
            self._choices["task"],
            *(controls[name].widget for name in ("epsilon", "alpha", "weight_decay", "speed")),
            note("What stands below begins a new run:"),
            self._choices["tied"],
            *(controls[name].widget for name in ("steps", "hidden")),
            *(self._choices[name] for name in ("hold", "recurrent")),
            controls["seed"].widget,
        ]

    def _show_settings(self):
        super()._show_settings()
        which = self.settings["task"]
        for name, fits in {"steps": ("shift register", "search"), "hidden": ("sequences", "shift register")}.items():
            self._controls[name].widget.layout.display = None if which in fits else "none"
        for name in ("hold", "recurrent"):
            self._choices[name].layout.display = None if which == "sequences" else "none"
        self._controls["hidden"].field.description = (
            "units in the ring" if which == "shift register" else "hidden units"
        )


def _check_size(settings):
    """Refuse a net that is too large for a ticket."""
    for name, most in _MOST.items():
        bp.validate.whole(settings.get(name, 0), name, 0, most)


def _defaults(task):
    if task not in TASKS:
        expected = ", ".join(map(repr, TASKS))
        raise ValueError(f"the task is {task!r}; one of {expected} is expected")
    return TASKS[task]


@cache
def _task(name, seed, steps, hidden, hold, recurrent):
    if name == "sequences":
        return tasks.sequences(held_out_seed=seed, hidden=hidden, recurrent=recurrent, hold=hold)
    if name == "shift register":
        bp.validate.whole(hidden, "the number of units in the ring", 2, 8)
        return tasks.shift_register(hidden, steps)
    return tasks.search(steps=steps)


def _weight_names(net):
    places = net.blocks(np.arange(net.n_weights))
    names = [""] * net.n_weights
    for link in net.step_links:
        for (j, i), k in np.ndenumerate(places[link.block]):
            upper = _unit(link.target, j)
            names[k] = f"bias of {upper}" if link.source == bp.ONE else f"{upper} ← {_unit(link.source, i)}"
    return names


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


# ---- what is presented, and what becomes of it


def _shown(settings):
    """What a task begins with: AC; 110; a spoilt T."""
    if settings["task"] == "sequences":
        return _letters("AC")
    if settings["task"] == "shift register":
        return [1, 1, *[0] * max(0, int(settings["hidden"]) - 2)]
    spoilt = pictures()["T"].astype(int)
    spoilt[[1, 7, 11, 18, 22]] ^= 1
    return spoilt.tolist()


def _presented(settings, what):
    """What is presented, as numbers: two letters, or 0 and 1."""
    which = settings["task"]
    if which == "sequences":
        return _letters(what)
    if which == "search" and isinstance(what, str) and what in PICTURES:
        return pictures()[what].astype(int).tolist()
    count = 25 if which == "search" else settings["hidden"]
    one = f"one letter of {''.join(PICTURES)}, or " if which == "search" else ""
    if isinstance(what, str) and what.strip("01") == "":
        what = [int(c) for c in what]
    bits = np.asarray(what, object).ravel().tolist() if not isinstance(what, str) else []
    if len(bits) != count or not all(bit in (0, 1) for bit in bits):
        raise ValueError(f"{what!r} is presented; {one}{count} times 0 or 1 is expected")
    return [int(bit) for bit in bits]


def _letters(what):
    names = list(PAIRS)
    if not isinstance(what, str) or len(what) != 2 or not set(what.upper()) <= set(names):
        raise ValueError(f"{what!r} is presented; two letters of {''.join(names)}, as 'AC', are expected")
    return [names.index(letter) for letter in what.upper()]


def _outcome(task, settings, w, presented):
    net, which = task.network, settings["task"]
    if which == "sequences":
        hold, one = settings["hold"], np.eye(len(PAIRS))[presented]
        given = {f"letters at {t}": one[[t // hold]] for t in range(2 * hold)}
        digits = net.states(w, given)["digits"][:, 0, :, 0] > 0.5
        return "".join(_digit(digits[t]) for t in range(3 * hold, 6 * hold + 1, hold))
    if which == "shift register":
        states = net.states(w, {"ring at 0": np.array([presented], float)})["ring"][:, 0, :, 0] > 0.5
        return " → ".join("".join(map(str, state.astype(int))) for state in states)
    rows = np.reshape(np.array(presented, float), (5, 1, 5))
    given = {f"{row} at 0": states for row, states in zip(ROWS, rows, strict=True)}
    states = net.unrolled(2 * net.steps).states(w, given)
    for t, picture in enumerate(np.concatenate([states[row] for row in ROWS], 2)[:, 0, :, 0] > 0.5):
        for letter, pixels in pictures().items():
            if (picture == (pixels > 0.5)).all():
                return f"{letter} at step {t}"
    return "no letter"


def _digit(on):
    return str(np.flatnonzero(on)[0] + 1) if on.sum() == 1 else "?"


# ---- what is said


def what_was_learnt(task, which, w):
    """Sentences about an iterative net, with a mark each: ✓ it holds, · not yet.

    Parameters
    ----------
    task : Task
        Sequences, shift register or search.
    which : str
        Which of them.
    w : (k, weights) array

    Returns
    -------
    words : list of k lists of [mark, sentence]
    """
    if which == "search":
        return _said_of_search(task, w)
    score = measures.score(task, w)
    trained, count = score.trained, len(task.cases)
    what = "sequences" if which == "sequences" else "patterns"
    held = task.held_out
    return [
        [
            ["✓" if trained[k] == count else "·", f"{trained[k]} of {count} {what} right"],
            *([_held(score.held_out[k], len(held))] if held else []),
            *([_way(task, w[k])] if which == "shift register" and trained[k] == count else []),
        ]
        for k in range(len(w))
    ]


def _held(right, of):
    return ["✓" if right == of else "·", f"{right} of {of} it never saw"]


def _way(task, w):
    words = copies_in_words(task.network, w)
    _, together, rest = words.partition(": a pattern ")
    return ["✓", f"a pattern {rest}" if together else words]


def _said_of_search(task, w):
    right = settled(task, w)  # (steps + 1, runs, cases)
    steps, count = task.network.steps, right.shape[-1]
    there = right[steps].sum(-1)
    stay = right[steps:].all(0).sum(-1)
    half = [_median_step(right[:, k]) for k in range(len(w))]
    return [
        [
            [
                "✓" if there[k] >= 0.9 * count else "·",
                f"{there[k]} of {count} spoilt letters right after {steps} steps",
            ],
            ["✓" if stay[k] >= 0.9 * count else "·", f"{stay[k]} stay right for {steps} more"],
            *([["✓", f"half of them are right by step {half[k]}"]] if half[k] is not None else []),
        ]
        for k in range(len(w))
    ]


def _median_step(right):
    half = right.sum(-1) * 2 >= right.shape[-1]
    return int(half.argmax()) if half.any() else None
