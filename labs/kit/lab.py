"""What every lab with a learning network shares: a run, a clock, a stage and the five buttons."""

import base64
import time
from html import escape

import ipywidgets as widgets
import numpy as np
from IPython import get_ipython

import bpcore as bp
from bpcore.capabilities import cpu_clock
from bpcore.engines import machine_code

from .canvas import Stage
from .clock import Clock
from .controls import button, told
from .environment import without_code
from .share_row import ShareRow
from .sharing import Sharing
from .ticket import KEPT, LONGEST
from .weight_edits import Surgery

WHOLE_RUN = 5_000
"""Sweeps of the run that every tick of a slider makes anew in instant mode."""
_FRAMES = 60  # a second; the page shows no more
_BEHIND = 0.05  # seconds that a lab waits longer where its page has not painted the last frames

# What this thread has worked: where many labs share a core, the wall clock says that every sweep is slow, and a lab
# that makes few at a time for that reason is slow indeed. Windows counts too coarsely.
_worked = cpu_clock()

_SYMBOLS = {"epsilon": "ε", "alpha": "α", "weight_decay": "decay"}
_labs_of_cell = {}  # cell -> (execution, labs it made): rerunning a cell stops the clocks it started before


def setting(name, doc):
    """A setting of a lab as an attribute."""
    return property(lambda lab: lab.settings[name], lambda lab, value: lab.set(**{name: value}), doc=doc)


def one_number(value, name):
    """`value`, where it is one and not one a run."""
    if np.ndim(value):
        raise ValueError(f"{name} is {value!r}; one number is expected, because a lab shows one run")
    return value


def solved(at, sweep, still):
    """What is said of a run that was solved by this sweep: (mark, sentence) pairs, one or none."""
    if not 0 <= at <= sweep:
        return []
    return [["✓", f"solved at sweep {at:,}"]] if still else [["·", f"was solved at sweep {at:,}, and is not any more"]]


class LiveLab(Surgery, Sharing):
    """A network that learns in front of you. Everything that can be done by hand can be done from Python.

    A lab gives `task_of`, `scene`, `words`, `picture` and its controls; see `SymmetryLab`. So that it can be shared, it
    says what was chosen in it and how a script makes its task; see `Sharing`.

    Attributes
    ----------
    run : History
        What was learnt so far, every slider move included.
    settings : dict
        Everything that can be set but the seed and the speed; `set` changes them.
    """

    title, shape = "", ""
    button_back, what_it_sets = "As in the paper", "All values as the paper has them"
    steering = ("epsilon", "alpha")
    """Settings that act on the run that goes on; the others begin a new one."""
    keep_every = 1
    """Sweeps from one kept weights to the next."""

    def __init__(self, seed, speed, settings):
        self.seed = bp.validate.whole(seed, "the seed")
        self.settings = self._first_settings = settings
        self._speed = bp.validate.number(one_number(speed, "speed"), "the sweeps a second", 0)
        self._controls, self._choices = {}, {}  # setting -> what it is moved by
        self._clock = Clock(self._tick, self._failed)
        self._due, self._ticked, self._rate = 0.0, 0.0, 1.0  # sweeps owed, when last ticked, sweeps a millisecond
        self._show_at = 0.0
        self._until_solved = self._dirty = self._instant = False
        self._moves = {}  # sliders that were moved since the last look
        self._unseen, self._resting = set(), False  # pages in a hidden tab; whether it stopped for that
        self._past, self._compared = [], []  # runs before a weight was changed by hand; curves that are kept
        self._stage = None
        machine_code.prepare()
        self._settle()
        self.reset()
        self._build(self.make_controls())
        self._show_settings()
        self._listen()

    # ---- from Python, as by hand

    def play(self):
        """Learn on, at the speed that is set, until `pause`."""
        self._ticked = time.perf_counter()
        self._due = 0.0
        self._clock.start()
        self._playing_changed()

    def pause(self):
        """Stop learning; nothing is lost."""
        self._clock.stop()
        self._resting = False
        self._until_solved = False
        self._playing_changed()

    @property
    def playing(self):
        """Whether it learns now."""
        return self._clock.running

    def step(self, sweeps=1):
        """Make some sweeps at once."""
        self._advance(bp.validate.whole(sweeps, "the number of sweeps"))
        self._show()

    def reset(self):
        """Go back to the same start, sweep 0; what the sliders say holds from there."""
        task = self.task_of(self.settings)
        every = WHOLE_RUN // 250 if self.instant else self.keep_every
        self.run = self.begin(task, keep_every=every, keep_bytes=self._memory(task))
        self._marks, self._past = [], []
        self._show_anew(WHOLE_RUN if self.instant else 0)

    def _show_anew(self, sweeps=0):
        """Show another run from its beginning, after so many sweeps of it."""
        self._said, self._frames_said, self._said_at = [], 0, -1
        if self._stage is not None:
            self._name.value = self._heading()
            self._stage.scene = self.scene()
            self._stage.new_run()
            self._stage.say("")
        if sweeps:
            self._advance(sweeps)
        self._show()

    @staticmethod
    def _memory(task):
        return KEPT * 2 * 8 * task.network.n_weights

    def begin(self, task, **how):
        """Begin the History of a new run."""
        return bp.History(task, self.seed, **how)

    @property
    def instant(self):
        """Instant mode: every move of a slider makes a whole run anew, instead of acting on the one that goes on."""
        return self._instant

    @instant.setter
    def instant(self, on):
        self._instant = bool(on)
        if self._instant:
            self.pause()
        self.reset()
        self._show_settings()

    def new_start(self):
        """Draw other starting weights: the next seed."""
        self.set_seed(self.seed + 1)

    def set_seed(self, seed):
        """Start from the weights of another seed."""
        self.seed = bp.validate.whole(seed, "the seed")
        self.reset()
        self._show_settings()

    @property
    def speed(self):
        """Sweeps a second that are aimed at."""
        return self._speed

    @speed.setter
    def speed(self, sweeps):
        self._speed = bp.validate.number(one_number(sweeps, "speed"), "the sweeps a second", 0)
        self._show_settings()

    def set(self, **settings):
        """Change settings: those of `steering` act from the next sweep on, the others begin a new run."""
        unknown = set(settings) - set(self.settings)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(self.settings)} is expected")
        candidate = self.settings | settings
        self.task_of(candidate)  # says what is wrong before anything is changed
        self.settings = candidate
        afresh = self.instant or set(settings) - set(self.steering)
        for name in self.steering:
            if name in settings and not afresh:
                self._steered(name, settings[name])
        self._show_settings()
        if afresh and settings:
            self.reset()

    def play_until_solved(self):
        """Learn on until every case is right."""
        self._until_solved = True
        self.play()

    # ---- the clock

    def _tick(self):
        now, began = time.perf_counter(), _worked()
        self._due = min(self._due + self.speed * (now - self._ticked), 0.25 * self.speed + 1)
        self._ticked = now
        while self._due >= 1 and _worked() < began + 0.008 and time.perf_counter() < now + 0.04 and self.playing:
            few = min(int(self._due), max(1, int(self._rate)))
            self._due -= few
            self._advance(few)
        if now >= self._show_at:
            self._show_at = max(now, self._show_at + 1 / _FRAMES)
            self._show()
        if self._due >= 1:
            return 0  # more is owed than this time was enough for
        # What comes to be owed can wait for the next frame; or, where page or machine are behind, for some frames.
        return self._show_at - time.perf_counter() + (_BEHIND if self._dirty else 0)

    def _advance(self, sweeps):
        before, began = self.run.sweeps, _worked()
        self.run.extend(min(sweeps, max(0, LONGEST - before)), until_solved=self._until_solved)
        made = self.run.sweeps - before
        if made:
            self._rate = 0.5 * self._rate + 0.5 * made / (1e3 * (_worked() - began) + 1e-6)
        if (self.run.diverged_at >= 0).all():
            self._halt(
                f"Diverged: at sweep {self.run.diverged_at.max():,} the error was no longer a finite number. "
                "The last finite weights are shown. Try a smaller ε, then Restart."
            )
        elif self.run.sweeps >= LONGEST:
            self._halt(f"{LONGEST:,} sweeps are made, and learning has paused. Restart, or New start.")
        elif self._until_solved and self.run.worst[-1].max() < self.run.task.right_within:
            self.pause()

    def _halt(self, message):
        self.pause()
        if self._stage is not None:
            self._stage.say(message)

    def _failed(self, wrong):
        self._until_solved = False
        if self._stage is not None:
            self._stage.say(f"Learning stopped: {str(wrong) or type(wrong).__name__}")
        self._playing_changed()

    # ---- what is said and shown

    def _say_new(self):
        if self._said_at == self.run.sweeps:
            return
        self._said_at = self.run.sweeps
        sweeps, w, _ = self.run.kept
        if self._frames_said > len(sweeps):  # the history was thinned: say it all again
            self._said, self._frames_said = [], 0
        fresh = [(int(t), w[k]) for k, t in enumerate(sweeps[self._frames_said :], self._frames_said)]
        self._frames_said = len(sweeps)
        if not fresh or fresh[-1][0] < self.run.sweeps:
            fresh.append((self.run.sweeps, self.run.state.w))
        words = self.words([sweep for sweep, _ in fresh], [w[0] for _, w in fresh])
        for (sweep, _), sentences in zip(fresh, words, strict=True):
            if not self._said or self._said[-1][1] != sentences:
                self._said.append((sweep, sentences))
        self._dirty = True

    def _show(self):
        if self._stage is not None and self._stage.busy:
            self._dirty = True  # what is to be said is said once, when the page asks for more
            return
        self._say_new()
        if self._stage is not None and self._dirty:
            self._dirty = not self._stage.show(self.run, self._said, self._marks, **self._status())

    def _status(self):
        phase = self.run.recipe.phase(self.run.sweeps)
        held = [int(k) for k in self.run.recipe.held]
        return {"epsilon": phase.epsilon, "alpha": phase.alpha, "playing": self.playing, "held": held}

    def _heard(self, content):
        if content.get("type") in ("hidden", "shown"):
            self._seen(content["view"], content["type"] == "shown")
        elif not self._heard_of_weights(content):
            self.heard(content)

    def _seen(self, view, seen):
        """Rest while no page shows this lab; go on when one does."""
        self._unseen = self._unseen - {view} if seen else self._unseen | {view}
        if self.playing and self._stage.views <= self._unseen:
            self._clock.stop()
            self._resting = True
        self._go_on()

    def _go_on(self):
        """Play again where it rested only because no page showed it, and one does now: the same or another."""
        if self._resting and not self._stage.views <= self._unseen:
            self._resting = False
            self.play()

    def heard(self, content):
        """Take what was chosen on the canvas; nothing, unless a lab says otherwise."""

    def _wanted(self):
        if self._stage.fresh:
            self._dirty = True
            self._go_on()
            if self._compared:
                self._send_compared()
        self._show()

    def _listen(self):
        home = self._clock.at_home
        for name, control in self._controls.items():
            control.on_change(lambda name=name, control=control: home(self._moved, name, control.value))
        for name, choice in self._choices.items():
            choice.observe(
                lambda _, name=name, choice=choice: choice.value is None or home(self._moved, name, choice.value),
                "value",
            )

    def _moved(self, name, value):
        """Take note of a slider that was moved; of many moves that wait, the last of each slider counts."""
        waiting, self._moves[name] = bool(self._moves), value
        if not waiting:
            self._clock.soon(self._apply_moves)

    def _apply_moves(self):
        moves, self._moves = self._moves, {}
        try:
            self.apply({name: value for name, value in moves.items() if value != getattr(self, name)})
        except ValueError as wrong:  # the slider goes further than this task can
            self._show_settings()
            self.say(f"{wrong}.")

    def apply(self, moves):
        """Take what the sliders say, {name: value}."""
        for name in ("speed", "instant"):
            if name in moves:
                setattr(self, name, moves.pop(name))
        run, seed = self.run, self.seed
        anew = "seed" in moves
        self.seed = moves.pop("seed", seed)
        try:
            if moves:
                self.set(**moves)
        except ValueError:
            self.seed = seed
            raise
        if anew and self.run is run:
            self.set_seed(self.seed)

    def _show_settings(self):
        shown = self._shown()
        for name, control in self._controls.items():
            control.set(shown[name])
        for name, choice in self._choices.items():
            choice.value = told(choice.options, shown[name])

    def _shown(self):
        return self.settings | {"seed": self.seed, "speed": self.speed, "instant": self.instant}

    def _steered(self, name, value):
        """Note a slider of the recipe that was moved: it acts from the next sweep on and leaves a mark on the curve."""
        self.run.steer(**{name: value})
        symbol = _SYMBOLS[name]
        if self.run.sweeps:
            mark = [self.run.sweeps, f"{symbol} {value:g}"]
            if self._marks and self._marks[-1][0] == mark[0] and self._marks[-1][1].startswith(symbol):
                self._marks.pop()
            self._marks.append(mark)
        self._dirty = True
        self._show()

    # ---- on the screen

    def _repr_mimebundle_(self, **kwargs):
        shown = {**self.widget._repr_mimebundle_(**kwargs), "text/plain": self.digest()}
        if not without_code():  # what a notebook that is saved shows where no kernel runs
            shown["image/png"] = base64.b64encode(self.picture().png()).decode()
        return shown

    def digest(self):
        """What the lab shows, in words."""
        self._say_new()
        state = self.run.state
        first = f"{self.title} {self.shape}: sweep {state.sweep:,}, E = {state.E[0]:.3f}"
        return "\n".join([first, *(f"{mark} {sentence}" for mark, sentence in self._said[-1][1])])

    __repr__ = digest

    def _build(self, controls):
        home = self._clock.at_home
        self._play_button = button("▶ Play", "Learn, or stop learning", lambda: home(self._toggle), main=True)
        self._name = widgets.HTML(self._heading()).add_class("bp-name")
        head = [
            self._name,
            self._play_button,
            button("One sweep", "One pass through all cases, one change of the weights", lambda: home(self.step)),
            button("Until solved", "Learn until every case is right", lambda: home(self.play_until_solved)),
            button("Restart", "Back to the same starting weights", lambda: home(self.reset)),
            button("New start", "Other starting weights", lambda: home(self.new_start)),
            button("Keep", "Keep this error curve, to compare others with it; four stay", lambda: home(self.keep)),
            button(self.button_back, self.what_it_sets, lambda: home(self.as_in_the_paper)),
        ]
        self._stage = Stage(self.scene(), home, self._wanted, self._heard)
        parts = [widgets.Box(head).add_class("bp-head"), widgets.VBox(controls).add_class("bp-controls"), self._stage]
        self._share = ShareRow(self, home)
        self.widget = widgets.Box([*parts, self._share.widget]).add_class("bp-lab")

    def _heading(self):
        shape = escape(self.shape)  # a file may be called anything, and what is too long is cut
        return f'<b>{escape(self.title)}</b><span title="{shape}">{shape}</span>'

    def _toggle(self):
        if self.playing:
            self.pause()
        else:
            self.play()

    def _playing_changed(self):
        if self._stage is not None:
            self._play_button.description = "❚❚ Pause" if self.playing else "▶ Play"
            self._dirty = True
            self._show()

    def _settle(self):
        """Stop the clocks of labs that this cell made when it was run before."""
        shell = get_ipython()
        parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
        cell, execution = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
        if cell is None:
            return
        before, labs = _labs_of_cell.get(cell, (execution, []))
        if before != execution:
            for lab in labs:
                lab.pause()
            labs = []
        _labs_of_cell[cell] = (execution, [*labs, self])
