"""What a lab gives away: its ticket, its files, and what a page is told that opens now."""

from contextlib import contextmanager
from threading import get_ident

import comm

import bpcore as bp

from .canvas import Stage
from .controls import close
from .export import export
from .ticket import LABS, lab_of, ticket_of

_TAKEN_OVER = ("settings", "seed", "run", "_marks", "_speed", "_instant")


class Sharing:
    """A part of every live lab; see `LiveLab`. A lab says itself what is its own: `chosen`, `script_task` and `own`."""

    own = ()
    """Attributes, beside settings and run, that `follow` takes over from the lab of a ticket."""

    def __init_subclass__(cls, **how):
        super().__init_subclass__(**how)
        if cls.title:
            LABS[cls.__name__] = cls

    def chosen(self):
        """What was chosen that is no setting, a dict of plain values: a ticket holds it, `with_chosen` takes it."""
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

        Raises
        ------
        ValueError
            For what is no ticket, or one of another lab, in one sentence; nothing is changed then.
        """
        with _unseen():
            other = lab_of(ticket)
        close(other.widget)
        if type(other) is not type(self):
            raise ValueError(f"the ticket is one of the lab '{other.title}'; one of '{self.title}' is expected")
        self.pause()
        for name in (*_TAKEN_OVER, *self.own):
            setattr(self, name, getattr(other, name))
        self._past = []
        self._show_settings()
        self._show_anew()
        self.show_taken_over()
        self.say(other.said)

    def show_taken_over(self):
        """Show what beside settings and run was taken over from the lab of a ticket; a lab that has such does it."""

    def export(self, path, what="errors"):
        """Write this lab to a file, in the form its ending asks for; see `labs.kit.export.export`.

        Parameters
        ----------
        path : str or path
            .svg, .pdf, .png; .csv; .npz; .py; .html.
        what : {"errors", "weights"}
            Of a .csv.
        """
        return export(self, path, what)

    def told(self):
        """What is set, and every move of a slider as [sweep, text]: a dict."""
        names = ("seed", "speed", "instant", "settings")
        return {name: getattr(self, name) for name in names} | {"marks": self._marks}

    def relearn(self, recipe, sweeps, *, start=None, waits=(), keep_every=1, engine=None, marks=(), instant=False):
        """Learn anew by a recipe that knows every slider move already, and go on from there.

        Parameters
        ----------
        recipe : Recipe
        sweeps : int
        start : pair of (runs, weights) array, optional
            w and delta_w, where they are not those of the seed.
        waits : iterable of (int, int)
            First sweep, and sweep after the last, of stretches in which solved runs wait for the others.
        keep_every : int
        engine : {"compiled", "numpy"}, optional
        marks : iterable of (sweep, text)
        instant : bool
        """
        task = self.run.task
        how = {"recipe": recipe, "keep_every": keep_every, "keep_bytes": self._memory(task), "engine": engine}
        run = bp.History(task, w=start[0], delta_w=start[1], **how) if start else self.begin(task, **how)
        for first, end in waits:
            run.extend(max(0, min(first, sweeps) - run.sweeps))
            run.extend(max(0, min(end, sweeps) - run.sweeps), until_solved=True)
        run.extend(max(0, sweeps - run.sweeps))
        self._instant = instant
        self.run, self._marks, self._past = run, [[*mark] for mark in marks], []
        self._show_anew()
        self._show_settings()

    def say(self, message):
        """Show one sentence to the person in front of the lab."""
        self._stage.say(message)

    @property
    def said(self):
        """The sentence that is shown to the person in front of the lab; "" for none."""
        return self._stage.said

    def record(self):
        """What a page is told that opens now, (content, list of buffers) pairs; no page notices."""
        before, dirty = self._stage, self._dirty
        self._stage = tape = _Tape()
        try:
            self._wanted()
        finally:
            self._stage, self._dirty = before, dirty
        return tape.messages


class _Tape:
    """In the place of a Stage: keeps what would be sent to a page."""

    watched = fresh = True
    busy, views = False, frozenset()
    show = Stage.show

    def __init__(self):
        self.messages, self._in_flight, self._message, self._keep_every = [], set(), "", None
        self._number = self._run = self._edition = self._sent_E = self._sent_w = self._sent_words = 0

    def send(self, content, buffers=()):
        """Keep a message."""
        self.messages.append((content, list(buffers)))


@contextmanager
def _unseen():
    """Tell no page of the widgets that are made meanwhile."""
    told, here = comm.create_comm, get_ident()

    def create(*arguments, **how):  # a page that opens meanwhile may be heard on another thread
        return (comm.DummyComm if get_ident() == here else told)(*arguments, **how)

    comm.create_comm = create
    try:
        yield
    finally:
        comm.create_comm = told
