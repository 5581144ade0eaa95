"""The live view: one canvas in the page, fed with pieces of a run."""

import re
from pathlib import Path

import anywidget
import traitlets

import labs

from .bundle import bundle
from .pieces import Pieces
from .player import FRAME

_LABS = Path(__file__).parents[1]
_STAGE = Path(__file__).parent / "stage"
_SLOWEST = 0.25  # seconds from one piece to the next, for the slowest page
_IN_FLIGHT = 24  # fewer leave a page waiting; it acknowledges twelve at a time


def stage_module(last="stage"):
    """The module of the page: the scenes of all labs, which are found by their being there, and a file of stage/."""
    return bundle(*scenes_of(), _STAGE / f"{last}.js")


def learning_module(kind):
    """The module of a page that learns, with the scene of one kind of lab."""
    return bundle(*scenes_of(kind), _LABS / "page" / "learn.js")


def scenes_of(*kinds):
    """Files with the scenes of these kinds of labs; of all, if none is named."""
    scenes = [file for folder in labs.__path__ for file in sorted(Path(folder).glob("*/scene.js"))]
    kind_of = re.compile(r'^addScene\("(\w+)"', re.MULTILINE)
    return [file for file in scenes if not kinds or {*kind_of.findall(file.read_text(encoding="utf-8"))} & {*kinds}]


def style(*names):
    """These files as one style sheet."""
    return "\n".join((_LABS / f"{name}.css").read_text(encoding="utf-8") for name in names)


class Stage(anywidget.AnyWidget):
    """A canvas that holds a whole run and shows any moment of it without asking the kernel.

    Parameters
    ----------
    scene : dict
        What is drawn: kind of lab, network, cases, names (see `scene_of`).
    at_home : callable
        ``at_home(f, ...)`` calls f on the thread that trains: messages from the page may arrive on another.
    on_ready : callable
        Called when the page can take a piece it was not given before.
    on_message : callable, optional
        Given what else the page says, a dict: something was chosen on the canvas.

    Attributes
    ----------
    pace : float
        Seconds from one piece to the next that the page keeps up with.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = style("kit/stage/stage")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, scene, at_home, on_ready, on_message=None):
        super().__init__(scene=scene, _esm=stage_module())
        self._on_ready, self._on_other = on_ready, on_message or (lambda _content: None)
        self._views, self._in_flight, self._pieces, self.pace = set(), set(), Pieces(), FRAME
        self.message, self.fresh = "", True  # whether a page waits for all of the run
        self.on_msg(lambda _, content, _buffers: at_home(self.receive, content))

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
        self._pieces.new_run()

    def receive(self, content):
        """Take a message of the page."""
        kind = content.get("type")
        if kind == "ready":
            self._views.add(content.get("view"))
            self._in_flight.clear()
            self._pieces.again()  # frames sent before a view exists are lost: send all
            self.fresh = True
            self._on_ready()
        elif kind == "gone":
            self._views.discard(content.get("view"))
            self._in_flight.clear()
        elif kind == "painted":
            pieces = content.get("pieces", ())
            self._in_flight.difference_update(pieces)
            self._keep_pace(len(pieces) / max(1, content.get("frames", len(pieces))))
            self._on_ready()
        else:
            self._on_other(content)

    def _keep_pace(self, pieces_a_frame):
        """A page that gets more pieces than it can paint spends on taking them what painting needs."""
        self.pace = min(_SLOWEST, max(FRAME, self.pace * (1.1 if pieces_a_frame >= 1.5 else 0.9)))

    def show(self, run, words, marks, **status):
        """Send what is new of `run`, see `Pieces.next`; False if the page is still busy with earlier pieces."""
        if not self.watched or self.busy:
            return False
        self.fresh = False
        piece, buffers = self._pieces.next(run, words, marks, self.message, **status)
        self._in_flight.add(piece["number"])
        self.send(piece, buffers)
        return True

    def say(self, message):
        """Show one sentence to the person in front of the lab; "" takes it away."""
        self.message = message
        self.send({"type": "message", "message": message})
