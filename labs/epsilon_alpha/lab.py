"""The lab of epsilon and alpha: a race on shared axes, a map of both, and the error surface under the moving point."""

import threading
import time
from dataclasses import replace
from functools import cache, partial

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.landscape import around, path_of, surface
from figures.snapshot_race import race_plate

from ..kit.canvas import weight_names
from ..kit.controls import BIASES, UPDATES, Control, button, choice, note, row
from ..kit.lab import LiveLab, one_number, setting

LANES = ((0.1, 0.9), (0.1, 0.0), (0.3, 0.9), (0.03, 0.9))
"""The paper's epsilon and alpha, and three others."""
MOST_LANES = 6
EPSILONS = tuple(float(f"{e:.3g}") for e in np.geomspace(0.003, 3, 20))
ALPHAS = tuple(round(float(a), 2) for a in (*np.linspace(0, 0.9, 14), 0.92, 0.94, 0.96, 0.97, 0.98, 0.99))
"""Columns and rows of the map."""
MAP_SWEEPS = 1425
_LOOK = 0.2  # seconds between two pictures of a map that fills
_GRID = 41  # points along a side of the surface


class EpsilonAlphaLab(LiveLab):
    """A race of several (epsilon, alpha) from one start, the map of both, and the error surface: equations (8), (9).

    Parameters
    ----------
    seed : int
        Of the starting weights, which all lanes share.
    lanes : sequence of (epsilon, alpha)
        One to six.
    hidden : int
        Hidden units of the symmetry network, 1 to 8.
    half_range, biases
        Of the start.
    update : {"sweep", "case"}
        When the weights change.
    speed : float
        Sweeps a second.

    Attributes
    ----------
    map : dict
        What the study of the map has found so far: solved_at, (alphas, epsilons, seeds) array; made, how many; of, with
        what settings, in words.

    Examples
    --------
    ``lab = EpsilonAlphaLab(lanes=[(0.1, 0.9), (0.1, 0)])``, then ``lab.play()``, ``lab.epsilon = 0.3`` for the lane
    that is chosen, ``lab.lane = 2``, ``lab.add_lane(0.5, 0.5)``, ``lab.fill_map(seeds=20)``, ``lab.draw_surface()``.
    """

    title = "Epsilon and alpha"
    own = ("_lane",)
    told_by_front = ("lanes",)

    def __init__(self, seed=10, *, lanes=LANES, hidden=2, half_range=0.3, biases="uniform", update="sweep", speed=300):
        settings = {"lanes": _lanes(lanes), "hidden": hidden, "half_range": half_range, "biases": biases}
        self._lane, self._filling, self._stopped = 0, None, None
        self.map = self._surface = None
        super().__init__(seed, speed, settings | {"update": update})

    lanes = setting("lanes", "Every lane's (epsilon, alpha). Another number of lanes begins a new run.")
    hidden = setting("hidden", "Number of hidden units. Begins a new run.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    biases = setting("biases", "Where biases start, 'uniform' or 'zero'. Begins a new run.")
    update = setting("update", "Weights change after each 'sweep' or after each 'case'. Begins a new run.")

    # ---- lanes

    @property
    def front(self):
        """Which of the runs side by side stands in front: that of the chosen lane."""
        return self._lane

    @property
    def lane(self):
        """Number of the lane that the sliders move, from 1."""
        return self._lane + 1

    @lane.setter
    def lane(self, number):
        self._lane = bp.validate.whole(number, "the lane", 1, len(self.settings["lanes"])) - 1
        self._dirty = True
        self._show_settings()
        self._show()

    @property
    def epsilon(self):
        """Step size of the chosen lane, equation (8). Acts from the next sweep on."""
        return self.settings["lanes"][self._lane][0]

    @epsilon.setter
    def epsilon(self, value):
        self.steer_lane(value, self.alpha)

    @property
    def alpha(self):
        """Decay factor of the velocity of the chosen lane, equation (9). Acts from the next sweep on."""
        return self.settings["lanes"][self._lane][1]

    @alpha.setter
    def alpha(self, value):
        self.steer_lane(self.epsilon, value)

    def steer_lane(self, epsilon, alpha):
        """Give the chosen lane another epsilon and alpha, from the next sweep on."""
        before, lanes = self.settings["lanes"][self._lane], list(self.settings["lanes"])
        lanes[self._lane] = (epsilon, alpha)
        lanes = _lanes(lanes)
        self.settings = self.settings | {"lanes": lanes}
        self.run.steer(**_by_lane(lanes))
        for symbol, old, new in zip("εα", before, lanes[self._lane], strict=True):
            if new != old and self.run.sweeps:
                self._marks.append([self.run.sweeps, f"{symbol} {new:g}"])
        self._said_at = -1  # what is said names epsilon and alpha
        self._dirty = True
        self._show_settings()
        self._show()

    def set(self, **settings):
        """Change settings; each begins a new run."""
        before = self._lane
        if "lanes" in settings:
            settings["lanes"] = _lanes(settings["lanes"])
            self._lane = min(self._lane, len(settings["lanes"]) - 1)
        try:
            super().set(**settings)
        except ValueError:
            self._lane = before
            raise

    def add_lane(self, epsilon=0.1, alpha=0.9):
        """Begin again with one more lane, which is chosen."""
        self.lanes = (*self.settings["lanes"], (epsilon, alpha))
        self.lane = len(self.settings["lanes"])

    def remove_lane(self):
        """Begin again without the chosen lane."""
        lanes = [lane for k, lane in enumerate(self.settings["lanes"]) if k != self._lane]
        self.lanes = lanes

    def as_in_the_paper(self):
        """Set what Fig. 1's caption has, in the first lane, and begin again."""
        self._lane = 0
        self.set(lanes=LANES, hidden=2, half_range=0.3, biases="uniform", update="sweep")

    # ---- the map

    def fill_map(self, seeds=100, *, wait=False):
        """Count for every epsilon and alpha of the map how many starts are solved within 1,425 sweeps.

        Parameters
        ----------
        seeds : int
            Starts of every cell.
        wait : bool
            Until it is done; else it goes on beside everything else.
        """
        seeds = bp.validate.whole(seeds, "the starts of a cell", 1)
        self.cancel_map()
        self._stopped = threading.Event()
        how = (dict(self.settings), seeds, self._stopped)
        self._filling = threading.Thread(target=self._fill, args=how, daemon=True)
        self._filling.start()
        if wait:
            self._filling.join()

    def cancel_map(self):
        """Stop filling the map after its present block; what it shows stays."""
        thread = self._filling
        if self._stopped is not None:
            self._stopped.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        self._filling = None

    @property
    def filling(self):
        """Whether the map fills now."""
        return self._filling is not None and self._filling.is_alive()

    def _fill(self, settings, seeds, stopped):
        home = self._clock.at_home
        try:
            grid = {"alpha": ALPHAS, "epsilon": EPSILONS}
            task = _task(settings)
            study = bp.Study(task, range(seeds), grid, MAP_SWEEPS, stop_when_solved=True)
            solved_at = np.full(study.shape, -2)
            flat, show_at = solved_at.reshape(-1, seeds), 0.0
            for rows in study:
                flat[rows["setting"], rows["seed"]] = rows["solved_at"]
                if stopped.is_set():
                    study.cancel()
                if time.monotonic() >= show_at:
                    home(self._map_grew, solved_at.copy(), _said_of(settings), True)
                    show_at = time.monotonic() + _LOOK
            home(self._map_grew, solved_at, _said_of(settings), False)
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the person in front of the lab must see it
            home(self._failed, wrong)

    def _map_grew(self, solved_at, of, going_on):
        self.map = {"solved_at": solved_at, "made": int((solved_at > -2).sum()), "of": of}
        self._send_map(going_on)

    def _send_map(self, going_on=False):
        if self._stage is None or self.map is None:
            return
        solved_at = self.map["solved_at"]
        made, solved = (solved_at > -2).sum(-1), (solved_at >= 0).sum(-1)
        share = np.divide(solved, made, out=np.full(made.shape, -1.0), where=made > 0)
        median = _median(solved_at)
        self._stage.send({
            "type": "map", "share": share.round(4).tolist(), "median": median.tolist(), "made": self.map["made"],
            "of": solved_at.size, "net": self.map["of"], "seeds": solved_at.shape[-1], "going": going_on,
        })  # fmt: skip

    # ---- the surface

    def draw_surface(self):
        """Draw E around the path of the chosen lane, over its two main directions; the path goes on moving over it.

        Raises
        ------
        ValueError
            Before there is a path of three points.
        """
        path = path_of(self.run, number=self._lane)
        x, y = around(path.points, n=_GRID)
        E = surface(self.run.task, path.plane, x, y)
        self._surface = {
            "type": "surface", "lane": self._lane, "centre": path.plane.origin.tolist(),
            "directions": path.plane.directions.tolist(), "x": [x[0], x[-1]], "y": [y[0], y[-1]],
            "E": np.round(E, 4).tolist(), "share": path.share,
        }  # fmt: skip
        if self._stage is not None:
            self._stage.send(self._surface)

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"6–{self.settings['hidden']}–1 · 64 cases · equations (8), (9)"

    def task_of(self, settings):
        """Make the task with these settings."""
        one_number(settings["half_range"], "half_range")
        task, phase = _task(settings), bp.Phase(**_by_lane(_lanes(settings["lanes"])))
        return replace(task, recipe=replace(task.recipe, phases=(phase,)))

    def begin(self, task, **how):
        """Begin the History of a new run: all lanes from the same weights."""
        start = task.recipe.start
        self.show_taken_over()
        w = bp.start(task.network, seeds=[self.seed], half_range=start.half_range, biases=start.biases)
        return bp.History(task, w=np.repeat(w, len(self.settings["lanes"]), 0), **how)

    def show_taken_over(self):
        """Take the surface away, which is that of another run."""
        self._surface = None
        if self._stage is not None:
            self._stage.send({"type": "surface", "E": None})

    def scene(self):
        """Describe the task to the page."""
        network = self.run.task.network
        return {
            "kind": "race",
            "title": self.title,
            "weights": network.n_weights,
            "weight_names": weight_names(network),
            "epsilons": EPSILONS,
            "alphas": ALPHAS,
            "level": {"E": 4, "text": "E = 4: always “no”"},
        }

    def words(self, sweeps, _w):
        """What became of each lane by these sweeps: (mark, sentence) pairs."""
        lanes = list(zip(self.settings["lanes"], self.run.solved_at, strict=True))
        return [[_said(k, *lane, at, sweep) for k, (lane, at) in enumerate(lanes, 1)] for sweep in sweeps]

    def picture(self):
        """What the lab shows now, as a Plate."""
        return race_plate(self.run, self.settings["lanes"], self.digest().splitlines())

    def chosen(self):
        """The lane that the sliders move."""
        return {"lane": self.lane}

    @classmethod
    def with_chosen(cls, chosen, **how):
        """Make a race in which the same lane is chosen."""
        lab = cls(**how)
        lab.lane = chosen["lane"]
        return lab

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        return f"task = tasks.symmetry(6, {self.hidden})"

    def heard(self, content):
        """Take what was chosen on the canvas."""
        kind = content.get("type")
        if kind == "lane":
            self.lane = content["lane"] + 1
        elif kind == "cell":  # a click on the map plays that cell, in the chosen lane
            lanes = list(self.settings["lanes"])
            lanes[self._lane] = (EPSILONS[content["column"]], ALPHAS[content["row"]])
            self.lanes = lanes
            self.play()

    def _wanted(self):
        if self._stage.fresh:
            self._send_map(self.filling)
            if self._surface is not None:
                self._stage.send(self._surface)
        super()._wanted()

    def _status(self):
        lanes = [list(lane) for lane in self.settings["lanes"]]
        return super()._status() | {"epsilon": self.epsilon, "alpha": self.alpha, "lanes": lanes, "lane": self._lane}

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control, home = self.settings, partial(Control, at_home=self._clock.at_home), self._clock.at_home
        self._controls = controls = {
            "epsilon": control("ε of the lane", self.epsilon, 0.001, 5, paper=0.1, logarithmic=True),
            "alpha": control("α of the lane", self.alpha, 0, 0.99, paper=0.9, step=0.01),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "hidden": control("hidden units", values["hidden"], 1, 8, paper=2, whole=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        self._choices = {
            "update": choice("update after", [("sweep", "sweep"), ("case", "case")], values["update"], UPDATES),
            "biases": choice("biases start", [("drawn", "uniform"), ("at 0", "zero")], values["biases"], BIASES),
        }
        return [
            *(controls[name].widget for name in ("epsilon", "alpha", "speed")),
            row([
                button("Add a lane", "One more lane, from the same start", lambda: home(self._add_lane)),
                button("Remove it", "Begin again without the chosen lane", lambda: home(self._remove_lane)),
            ]),
            row([
                button("Fill the map", "How many of 100 starts are solved, at each place", lambda: home(self.fill_map)),
                button("Cancel", "Stop filling the map", lambda: home(self.cancel_map)),
            ]),
            row([button("Draw the surface", "E around the path of the chosen lane", lambda: home(self._draw))]),
            note("What stands below begins a new run:"),
            self._choices["update"],
            *(controls[name].widget for name in ("hidden", "seed")),
            self._choices["biases"],
        ]  # fmt: skip

    def apply(self, moves):
        """Take what the sliders say, {name: value}."""
        steered = {name: moves.pop(name) for name in ("epsilon", "alpha") if name in moves}
        if steered:
            self.steer_lane(**{"epsilon": self.epsilon, "alpha": self.alpha} | steered)
        super().apply(moves)

    def _shown(self):
        return super()._shown() | {"epsilon": self.epsilon, "alpha": self.alpha}

    def _add_lane(self):
        if len(self.settings["lanes"]) < MOST_LANES:
            self.add_lane(self.epsilon, self.alpha)
        else:
            self._stage.say(f"There are {MOST_LANES} lanes, and no more colours to tell them apart.")

    def _remove_lane(self):
        if len(self.settings["lanes"]) > 1:
            self.remove_lane()

    def _draw(self):
        try:
            self.draw_surface()
        except ValueError as wrong:
            self._stage.say(f"{wrong}.")


def _lanes(lanes):
    """Lanes as a tuple of (epsilon, alpha), checked."""
    lanes = tuple(tuple(lane) if np.ndim(lane) == 1 else (lane,) for lane in lanes)
    if not 1 <= len(lanes) <= MOST_LANES:
        raise ValueError(f"there are {len(lanes)} lanes; 1 to {MOST_LANES} are expected")
    for lane in lanes:
        if len(lane) != 2:
            raise ValueError(f"a lane is {lane!r}; (epsilon, alpha) is expected")
        bp.Phase(epsilon=one_number(lane[0], "epsilon"), alpha=one_number(lane[1], "alpha"))
    return lanes


def _by_lane(lanes):
    epsilon, alpha = np.array(lanes, float).T
    return {"epsilon": epsilon, "alpha": alpha}


def _task(settings):
    task = _symmetry(bp.validate.whole(settings["hidden"], "the number of hidden units", 1, 8))
    start = bp.Start(settings["half_range"], settings["biases"])
    return replace(task, recipe=replace(task.recipe, start=start, update=settings["update"]))


@cache
def _symmetry(hidden):
    return tasks.symmetry(6, hidden)


def _median(solved_at):
    """Median sweep of the solved starts of each cell; -1 where none is."""
    found = np.where(solved_at >= 0, solved_at, np.nan)
    some = (solved_at >= 0).any(-1)
    median = np.full(some.shape, -1)
    median[some] = np.nanmedian(found[some], axis=-1)
    return median


def _said_of(settings):
    """With what settings a map is made, where they are not the paper's; in words."""
    return ", ".join([
        f"{settings['hidden']} hidden",
        *(["biases at 0"] * (settings["biases"] == "zero")),
        *([f"start ±{settings['half_range']:g}"] * (settings["half_range"] != 0.3)),
        *(["changed after each case"] * (settings["update"] == "case")),
    ])  # fmt: skip


def _said(number, epsilon, alpha, solved_at, sweep):
    name = f"{number}: ε {epsilon:g}, α {alpha:g}"
    return ["✓", f"{name}, solved at {solved_at:,}"] if 0 <= solved_at <= sweep else ["·", name]
