"""A lab: a session with a view, a ticket, and files to give away."""

import base64
import html

from bpcore.names import unit_names
from figures.snapshot_net import run_plate

from .environment import without_code
from .export import export
from .session import Session
from .ticket import LABS, lab_from, read, ticket_of
from .view import View, stop_earlier


class LiveLab(Session):
    """A network that learns in front of you.

    A lab declares its settings and gives `make_task`; see `SymmetryLab`. The rest, ticket, files, sliders and canvas,
    follows from that.
    """

    note = "Changing these starts a new run."
    has_instant = learns_in_page = False
    switched = ()
    """Settings that have a switch, in the order of the switches."""
    page_values = {}  # noqa: RUF012
    """Values that settings can have in a page that learns, by their names, where their controls do not say it."""
    panel = None
    """A panel below the canvas, if a lab has one."""
    _view = None

    def __init_subclass__(cls, **how):
        super().__init_subclass__(**how)
        if cls.title:
            LABS[cls.__name__] = cls

    def __init__(self, seed=0, **how):
        super().__init__(seed, **how)
        stop_earlier(self)

    def page_data(self):
        """What a page that learns needs besides the settings, as plain values."""
        return {}

    def actions(self):
        """Buttons of its own: rows of (name, what it does, callable)."""
        return []

    # ---- on the screen

    @property
    def view(self):
        """The view of this lab, created on first use."""
        if self._view is None:
            self._view = View(self)
        return self._view

    @property
    def widget(self):
        """The whole lab as one widget."""
        return self.view.widget

    def _repr_mimebundle_(self, **kwargs):
        shown = {**self.widget._repr_mimebundle_(**kwargs), "text/plain": self.digest()}
        if self.veiled_digest() != self.digest():  # a picture would give away what an exercise asks for
            shown["text/html"] = f"<pre>{html.escape(self.veiled_digest())}</pre>"
        elif not without_code():  # what a notebook that is saved shows where no kernel runs
            shown["image/png"] = base64.b64encode(self.picture().png()).decode()
        return shown

    def picture(self):
        """What the lab shows now, as a Plate."""
        names = self.unit_names(self.run.task.network)
        return run_plate(self.run, self.digest().splitlines(), self.marks, names)

    def unit_names(self, network):
        """Names of the units of every group."""
        return unit_names(network)

    # ---- to be shared

    def chosen(self):
        """Choices that are not settings, as plain values: stored in a ticket, restored by `with_chosen`."""
        return {}

    @classmethod
    def with_chosen(cls, _chosen, **how):
        """Make a lab in which the same was chosen; `how` are the seed, the speed and the settings."""
        return cls(**how)

    def script_task(self):
        """Lines of Python that make the task, for a script: ``task = ...``."""
        raise ValueError(f"there is no script for a {type(self).__name__}; save its run as .npz instead")

    def ticket(self):
        """Write this lab as a short text; pasted into `lab_of` it makes the same run, see `ticket_of`."""
        return ticket_of(self)

    def follow(self, ticket):
        """Become the lab of a ticket of the same kind: its settings, its run, every slider move.

        Parameters
        ----------
        ticket : str or dict
            A text, or what `ticket.read` has found in it.

        Raises
        ------
        ValueError
            For what is no ticket, or one of another lab, in one sentence; nothing is changed then.
        """
        contents = read(ticket) if isinstance(ticket, str) else ticket
        kind = LABS[contents["lab"]]
        if kind is not type(self):
            raise ValueError(f"the ticket is one of the lab '{kind.title}'; one of '{self.title}' is expected")
        self.become(lab_from(contents))

    def to_dict(self):
        """Seed, speed, mode, settings, and every slider move as [sweep, text]."""
        names = ("seed", "speed", "instant", "settings", "marks")
        return {name: getattr(self, name) for name in names}

    def export(self, path, what="errors"):
        """Write this lab to a file, in the form its ending asks for; see `labs.kit.export.export`.

        Parameters
        ----------
        path : str or path
            .svg, .pdf, .png; .csv; .npz; .py; .html.
        what : {"errors", "weights", "recording"}
            Of a .csv, the first two; a .html only replays the run if it is a recording.
        """
        return export(self, path, what)
