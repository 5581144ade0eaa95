"""The live view: one canvas in the page, fed with pieces of a run."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

import bpcore as bp

_LABS = Path(__file__).parents[1]
_MODULES = (
    "kit/stage/passes",
    "kit/stage/record",
    "kit/stage/late_module_fix",
    "kit/stage/pen",
    "kit/stage/curve",
    "kit/stage/hinton",
    "symmetry/cases",
    "symmetry/arcs",
    "symmetry/scene",
    "family_trees/scene",
    "iterative/scene",
    "epsilon_alpha/scene",
    "kit/stage/plane",
    "kit/stage/net",
    "kit/stage/announce",
    "kit/stage/interaction",
    "kit/stage/edit",
    "kit/stage/stage",
)
_IN_FLIGHT = 6  # more starve the tab, fewer leave it waiting; the page acknowledges three at a time


def module(names):
    """These files of stage/ as one plain ES module; the page can load no second file."""
    parts = [(_LABS / f"{name}.js").read_text(encoding="utf-8") for name in names]
    return "\n".join(["const SCENES = {}; // how each lab's canvas is laid out", *parts])


def style(*names):
    """These files of stage/ as one style sheet."""
    return "\n".join((_LABS / f"{name}.css").read_text(encoding="utf-8") for name in names)


class Stage(anywidget.AnyWidget):
    """A canvas that holds a whole run and shows any moment of it without asking the kernel.

    Parameters
    ----------
    scene : dict
        What is drawn: kind of lab, network, cases, names (see `scene_of`).
    at_home : callable
        ``at_home(f, ...)`` calls f on the thread that trains: messages from the page may arrive on another.
    wanted : callable
        Called when the page can take a piece it was not given before.
    heard : callable, optional
        Given what else the page says, a dict: something was chosen on the canvas.
    """

    _esm = module(_MODULES)
    _css = style("kit/stage/stage")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, scene, at_home, wanted, heard=None):
        super().__init__(scene=scene)
        self._wanted, self._heard_else = wanted, heard or (lambda _content: None)
        self._views, self._in_flight, self._number = set(), set(), 0
        self._run = self._edition = 0
        self._message = ""
        self.fresh = True  # a page waits for all of the run
        self._restart()
        self.on_msg(lambda _, content, _buffers: at_home(self._heard, content))

    @property
    def watched(self):
        """Whether a page shows this stage."""
        return bool(self._views)

    @property
    def busy(self):
        """Whether pages have not painted the last pieces yet."""
        return self.watched and len(self._in_flight) >= _IN_FLIGHT

    @property
    def views(self):
        """Names of the views that pages have of this stage, a set."""
        return set(self._views)

    def new_run(self):
        """Forget what was sent: the next piece starts a run from its beginning."""
        self._run += 1
        self._restart()

    def _restart(self):
        self._edition += 1
        self._sent_E = self._sent_w = self._sent_words = 0
        self._keep_every = None

    def _heard(self, content):
        kind = content.get("type")
        if kind == "ready":
            self._views.add(content.get("view"))
            self._in_flight.clear()
            self._restart()  # frames sent before a view exists are lost: send all
            self.fresh = True
            self._wanted()
        elif kind == "gone":
            self._views.discard(content.get("view"))
            self._in_flight.clear()
        elif kind == "painted":
            self._in_flight.difference_update(content.get("pieces", ()))
            self._wanted()
        else:
            self._heard_else(content)

    def show(self, run, words, marks, **status):
        """Send what is new of `run`; False where the page is still busy with earlier pieces.

        Parameters
        ----------
        run : History
        words : list of (sweep, [(mark, sentence), ...])
            What was said of the run, where it changed.
        marks : list of (sweep, text)
            Sliders that were moved.
        status
            Passed on to the page: epsilon, alpha, playing.
        """
        if not self.watched or self.busy:
            return False
        sweeps, w, _ = run.kept
        if self._keep_every not in (None, run.keep_every):
            self._restart()  # the history was thinned: places have changed
        self._keep_every = run.keep_every
        self.fresh = False
        self._number += 1
        self._in_flight.add(self._number)
        piece = {
            "type": "piece",
            "number": self._number,
            "run": self._run,
            "edition": self._edition,
            "E_from": self._sent_E,
            "w_from": self._sent_w,
            "every": run.keep_every,
            "solved": run.solved_at.tolist(),
            "words": words[self._sent_words :],
            "marks": marks,
            "message": self._message,
            **status,
        }
        with np.errstate(over="ignore"):
            E, new_w = run.E[self._sent_E :].T, w[self._sent_w :].swapaxes(0, 1)  # one run after the other
            E, new_w, now = (a.astype("<f4") for a in (E, new_w, run.state.w))
        self.send(piece, [a.tobytes() for a in (E, sweeps[self._sent_w :].astype("<u4"), new_w, now)])
        self._sent_E, self._sent_w, self._sent_words = len(run.E), len(sweeps), len(words)
        return True

    @property
    def said(self):
        """The sentence that is shown; "" for none."""
        return self._message

    def say(self, message):
        """Show one sentence to the person in front of the lab; "" takes it away."""
        self._message = message
        self.send({"type": "message", "message": message})


def scene_of(task, kind, title, **more):
    """What the page needs to know of a task to draw and recompute any moment of a run."""
    network = task.network
    places = network.blocks(np.arange(network.n_weights))
    return {
        "kind": kind,
        "title": title,
        "groups": [{"name": g.name, "size": g.size, "unit": g.unit.name} for g in network.groups],
        "links": [
            {
                "source": link.source,
                "target": link.target,
                "first": int(places[link.block][0, 0]),
                "to": network.size(link.target),
                "from": network.size(link.source),
            }
            for link in network.links
        ],
        "inputs": {name: rows.tolist() for name, rows in task.cases.inputs.items()},
        "desired": {name: rows.tolist() for name, rows in task.cases.desired.items()},
        "names": list(task.cases.names),
        "right_within": task.right_within,
        "tolerance": task.recipe.tolerance and vars(task.recipe.tolerance),
        **more,
    }


def weight_names(network):
    """A name for every weight of a network, as "h2 ← input 3" or "bias of h2"."""
    names = [""] * network.n_weights
    places = network.blocks(np.arange(network.n_weights))
    for link in network.links:
        for (j, i), k in np.ndenumerate(places[link.block]):
            upper = unit_name(network, link.target, j)
            lower = link.source != bp.ONE and unit_name(network, link.source, i)
            names[k] = f"{upper} ← {lower}" if lower else f"bias of {upper}"
    return names


def unit_names(network):
    """Names of the units of every group of a network, {group: list of str}."""
    return {g.name: [unit_name(network, g.name, j) for j in range(g.size)] for g in network.groups}


def unit_name(network, group, j):
    """A short name for unit j of a group: "h2", "input 3", "output"."""
    if group == "hidden":
        return f"h{j + 1}"
    return group if network.size(group) == 1 else f"{group} {j + 1}"
