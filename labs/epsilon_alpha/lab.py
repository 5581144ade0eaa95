"""The lab of epsilon and alpha: a race on shared axes, a map of both, and the error surface under the moving point."""

from dataclasses import replace

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.landscape import around, path_of, surface
from figures.snapshot_race import race_plate

from ..kit.lab import LiveLab
from ..kit.settings import UPDATES, Derived, Setting, biases, hidden, one_number
from .solved_map import ALPHAS, EPSILONS, Filling, on_page

LANES = ((0.1, 0.9), (0.1, 0.0), (0.3, 0.9), (0.03, 0.9))
"""The paper's epsilon and alpha, and three others."""
MOST_LANES = 6
_GRID = 41  # points along a side of the surface


class EpsilonAlphaLab(LiveLab):
    """A race of several (epsilon, alpha) from one start, the map of both, and the error surface: equations (8), (9).

    Parameters
    ----------
    seed : int
        Of the starting weights, which all lanes share.
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

    title, learns_in_page = "Epsilon and alpha", True
    level = {"E": 4, "text": "E = 4: always “no”"}  # noqa: RUF012
    named_by_front = ("lanes",)
    stays = (*LiveLab.stays, "map", "_filling")

    epsilon = Derived("ε of the lane", lambda lab: lab.lanes[lab.front][0], lambda lab, e: lab.steer_lane(e, lab.alpha),
                      0.001, 5, to="now", paper=0.1, logarithmic=True)  # fmt: skip
    alpha = Derived("α of the lane", lambda lab: lab.lanes[lab.front][1], lambda lab, a: lab.steer_lane(lab.epsilon, a),
                    0, 0.99, to="now", paper=0.9, step=0.01)  # fmt: skip
    lanes = Setting("lanes", LANES, doc="Every lane's (epsilon, alpha), one to six.")
    hidden = hidden(paper=2)
    half_range = Setting("start range ±", 0.3, to="start",
                         doc="Starting weights are uniform between -half_range and half_range.")  # fmt: skip
    biases = biases()
    update = Setting("update after", "sweep", to="recipe", choices=UPDATES, open_choices=True,
                     doc="When the weights change: after each 'sweep' or after each 'case'.")  # fmt: skip

    def __init__(self, seed=10, **how):
        self.front, self.map, self._filling, self._surface = 0, None, None, None
        if "lanes" in how:
            how["lanes"] = _lanes(how["lanes"])
        super().__init__(seed, **how)

    # ---- lanes

    @property
    def lane(self):
        """Number of the lane that the sliders move, from 1."""
        return self.front + 1

    @lane.setter
    def lane(self, number):
        self.front = bp.validate.whole(number, "the lane", 1, len(self.lanes)) - 1
        self.tell("settings")
        self.tell("status")

    def steer_lane(self, epsilon, alpha):
        """Give the chosen lane another epsilon and alpha, from the next sweep on."""
        before, lanes = self.lanes[self.front], list(self.lanes)
        lanes[self.front] = (epsilon, alpha)
        lanes = _lanes(lanes)
        self.settings = self.settings | {"lanes": lanes}
        self.run.steer(**_by_lane(lanes))
        for symbol, old, new in zip("εα", before, lanes[self.front], strict=True):
            if new != old and self.run.sweeps:
                self.marks.append([self.run.sweeps, f"{symbol} {new:g}"])
        self._said_at = -1  # what is said names epsilon and alpha
        self.tell("settings")
        self.tell("status")

    def set(self, **settings):
        """Change settings; each begins a new run."""
        before = self.front
        if "lanes" in settings:
            settings["lanes"] = _lanes(settings["lanes"])
            self.front = min(self.front, len(settings["lanes"]) - 1)
        try:
            super().set(**settings)
        except ValueError:
            self.front = before
            raise

    def add_lane(self, epsilon=0.1, alpha=0.9):
        """Begin again with one more lane, which is chosen."""
        self.lanes = (*self.lanes, (epsilon, alpha))
        self.lane = len(self.lanes)

    def remove_lane(self):
        """Begin again without the chosen lane."""
        self.lanes = [lane for k, lane in enumerate(self.lanes) if k != self.front]

    def as_in_the_paper(self):
        """Set what Fig. 1's caption has, in the first lane, and begin again."""
        self.front = 0
        super().as_in_the_paper()

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
        home, of = self.clock.at_home, _said_of(self.settings)
        self._filling = Filling(
            self.task_of(self.settings | {"lanes": LANES[:1]}), seeds,
            lambda solved_at, going_on: home(self.take_map, solved_at, of, going_on),
            lambda wrong: home(self._failed, wrong),
        )  # fmt: skip
        if wait:
            self._filling.join()

    def cancel_map(self):
        """Stop filling the map after its present block; what it shows stays."""
        if self._filling:
            self._filling.cancel()
        self._filling = None

    @property
    def filling(self):
        """Whether the map fills now."""
        return self._filling is not None and self._filling.goes_on

    def take_map(self, solved_at, of, going_on):
        """Show what of a map is known."""
        self.map = {"solved_at": solved_at, "made": int((solved_at > -2).sum()), "of": of}
        self.tell("content", on_page(solved_at, of, going_on))

    # ---- the surface

    def draw_surface(self):
        """Draw E around the path of the chosen lane, over its two main directions; the path goes on moving over it.

        Raises
        ------
        ValueError
            Before there is a path of three points.
        """
        path = path_of(self.run, number=self.front)
        x, y = around(path.points, n=_GRID)
        E = surface(self.run.task, path.plane, x, y)
        self._surface = {
            "type": "surface", "lane": self.front, "centre": path.plane.origin.tolist(),
            "directions": path.plane.directions.tolist(), "x": [x[0], x[-1]], "y": [y[0], y[-1]],
            "E": np.round(E, 4).tolist(), "share": path.share,
        }  # fmt: skip
        self.tell("content", self._surface)

    # ---- what a session asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"6–{self.hidden}–1 · 64 cases · equations (8), (9)"

    def make_task(self, lanes, hidden):
        """Make the task; each lane is a run with its own epsilon and alpha."""
        task = tasks.symmetry(6, hidden)
        phase = bp.Phase(**_by_lane(_lanes(lanes)))
        return replace(task, recipe=replace(task.recipe, phases=(phase,)))

    def phases(self, _settings):
        """Epsilon and alpha of every lane."""
        return self._made[1].recipe.phases

    def begin(self, task, **how):
        """Begin the History of a new run: all lanes from the same weights."""
        self._surface = None  # that of another run
        self.tell("content", {"type": "surface", "E": None})
        start = task.recipe.start
        w = bp.start(task.network, seeds=[self.seed], half_range=start.half_range, biases=start.biases)
        return bp.History(task, w=np.repeat(w, len(self.lanes), 0), **how)

    def scene(self):
        """Describe the task to the page."""
        return {
            "kind": "race",
            "title": self.title,
            "weights": self.run.task.network.n_weights,
            "weight_names": self.weight_names,
            "epsilons": EPSILONS,
            "alphas": ALPHAS,
            "level": self.level,
        }

    def words(self, sweeps, _w):
        """What became of each lane by these sweeps: (mark, sentence) pairs."""
        lanes = list(zip(self.lanes, self.run.solved_at, strict=True))
        return [[_said(k, *lane, at, sweep) for k, (lane, at) in enumerate(lanes, 1)] for sweep in sweeps]

    def picture(self):
        """What the lab shows now, as a Plate."""
        return race_plate(self.run, self.lanes, self.digest().splitlines())

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

    def on_message(self, content):
        """Take what was chosen on the canvas."""
        kind = content.get("type")
        if kind == "lane":
            self.lane = content["lane"] + 1
        elif kind == "cell":  # a click on the map plays that cell, in the chosen lane
            lanes = list(self.lanes)
            lanes[self.front] = (EPSILONS[content["column"]], ALPHAS[content["row"]])
            self.lanes = lanes
            self.play()

    def contents(self):
        """The map and the surface, for a page that opens now."""
        found = [on_page(self.map["solved_at"], self.map["of"], self.filling)] if self.map else []
        return [*found, self._surface or {"type": "surface", "E": None}, *super().contents()]

    def status(self):
        """What a page is told with every piece of a run."""
        lanes = [list(lane) for lane in self.lanes]
        return super().status() | {"epsilon": self.epsilon, "alpha": self.alpha, "lanes": lanes, "lane": self.front}

    def actions(self):
        """Buttons: of lanes, of the map, of the surface."""
        return [
            [("Add a lane", "One more lane, from the same start", self._add_lane),
             ("Remove it", "Begin again without the chosen lane", lambda: len(self.lanes) > 1 and self.remove_lane())],
            [("Fill the map", "How many of 100 starts are solved, at each place", self.fill_map),
             ("Cancel", "Stop filling the map", self.cancel_map)],
            [("Draw the surface", "E around the path of the chosen lane", self.draw_surface)],
        ]  # fmt: skip

    def _add_lane(self):
        if len(self.lanes) >= MOST_LANES:
            raise ValueError(f"There are {MOST_LANES} lanes, and no more colours to tell them apart")
        self.add_lane(self.epsilon, self.alpha)


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


def _said_of(settings):
    """With what settings a map is made, where they are not the paper's; in words."""
    return ", ".join([
        f"{settings['hidden']} hidden unit{'s' * (settings['hidden'] > 1)}",
        *(["biases at 0"] * (settings["biases"] == "zero")),
        *([f"start ±{settings['half_range']:g}"] * (settings["half_range"] != 0.3)),
        *(["changed after each case"] * (settings["update"] == "case")),
    ])  # fmt: skip


def _said(number, epsilon, alpha, solved_at, sweep):
    name = f"{number}: ε {epsilon:g}, α {alpha:g}"
    return ["✓", f"{name}, solved at {solved_at:,}"] if 0 <= solved_at <= sweep else ["·", name]
