"""A session: a task, its settings and a run that learns. It knows no widgets; views listen to what changes in it."""

import time
from dataclasses import replace

import numpy as np

import bpcore as bp
from bpcore.engines import machine_code
from bpcore.measures import right_cases
from bpcore.names import unit_names, weight_names

from .exercises import veils
from .player import Player
from .scene import scene_of
from .settings import Derived, Setting, declared, described
from .weight_edits import WeightEdits

WHOLE_RUN = 5_000
"""Sweeps of the run that every tick of a slider makes anew in instant mode."""
KEPT = 4096
"""Kept weights of a run that the time slider can go to, at most."""


def solved(at, sweep, still):
    """What is said of a run that was solved by this sweep: (mark, sentence) pairs, one or none."""
    if not 0 <= at <= sweep:
        return []
    return [["✓", f"solved at sweep {at:,}"]] if still else [["·", f"was solved at sweep {at:,}, and is not any more"]]


class Session(Player, WeightEdits):
    """A network that learns. Everything that can be done by hand can be done from Python, without a page.

    A lab declares its settings and gives `make_task`; the rest (`scene`, `words`, `shape`) has defaults that work for
    any network.

    Views are notified of changes through these methods: ``on_settings()``, ``on_new_run()``, ``on_sweeps()``,
    ``on_status()``, ``on_playing()``, ``on_message(sentence)``, ``on_content(dict)``.

    Attributes
    ----------
    run : History
        What was learnt so far, every slider move included.
    settings : dict
        Everything that can be set but the seed and the speed; `set` changes them.
    marks : list of [sweep, text]
        Where sliders were moved.
    kept_curves : list of dict
        Error curves kept to compare with; at most four.
    """

    title, kind, level = "", "net", None
    asks_for_E = ()  # exercises: for E at the start, and later in a run
    button_back, what_it_sets = "As in the paper", "All values as the paper has them"
    keep_every = 1
    """Sweeps from one kept weights to the next."""
    stays = ("clock", "views", "slow_start", "kept_curves", "first_settings", "_view")
    """Attributes that following a ticket leaves as they are."""
    symbols = {"epsilon": "ε", "alpha": "α", "weight_decay": "decay"}  # noqa: RUF012

    seed_control = Setting("start number (seed)", 0, 0, 499, whole=True, to="seed")
    speed_control = Setting("sweeps a second", 300, 1, 20_000, logarithmic=True, to="now")

    def __init_subclass__(cls, **how):
        super().__init_subclass__(**how)
        cls.offered = {n: s for n, s in declared(cls).items() if not n.endswith("_control")}
        cls.declared = {n: s for n, s in cls.offered.items() if not isinstance(s, Derived)}
        cls.derived = {n: s for n, s in cls.offered.items() if isinstance(s, Derived)}
        cls.__doc__ = "\n\n".join(filter(None, [(cls.__doc__ or "").rstrip(), described(cls)]))

    def __init__(self, seed=0, *, speed=None, **settings):
        self.seed = bp.validate.whole(seed, "the seed")
        Player.__init__(self, type(self).speed_control.default if speed is None else speed)
        values = self.defaults(**settings)
        self._refuse_unknown(settings, values)
        self.settings = self.first_settings = values | settings
        self.views, self.message = [], ""
        self._instant = False
        self.kept_curves, self._made, self._named = [], None, None
        machine_code.prepare()
        self.reset()

    def tell(self, what, *arguments):
        """Notify every view: calls its ``on_<what>(*arguments)``."""
        for view in self.views:
            getattr(view, f"on_{what}")(*arguments)

    # ---- what a lab may override

    def defaults(self, **_settings):
        """Default settings. A lab with several tasks gives those of the task that is asked for."""
        return {name: one.default for name, one in self.declared.items()}

    def completed(self, settings):
        """The settings given to `set`, with those that follow from them."""
        return settings

    def make_task(self, **settings):
        """Make the Task from the settings that are declared to go to the task."""
        raise NotImplementedError

    def task_of(self, settings):
        """Make the task with these settings.

        Raises
        ------
        ValueError
            If a value is invalid, in one sentence.
        """
        goes = {"phase": {}, "start": {}, "recipe": {}, "task": {}, "now": {}}
        for name, one in self.declared.items():
            one.check(settings[name])
            goes[one.to][name] = settings[name]
        key = (self.seed, *goes["task"].values())
        if self._made is None or self._made[0] != key:
            self._made = key, self.make_task(**goes["task"])
        task = self._made[1]
        phases, start = self.phases(goes["phase"]), replace(task.recipe.start, **goes["start"])
        return replace(task, recipe=replace(task.recipe, phases=phases, start=start, **goes["recipe"]))

    def phases(self, settings):
        """Phases of the recipe."""
        return (bp.Phase(**settings),)

    def begin(self, task, **how):
        """Begin the History of a new run."""
        return bp.History(task, self.seed, **how)

    @property
    def shape(self):
        """The network and its cases, in a line."""
        return f"{'–'.join(str(g.size) for g in self.run.task.network.groups)} · {len(self.run.task.cases)} cases"

    def scene(self):
        """Describe the task to the page."""
        network, names = self.run.task.network, {"weight_names": self.weight_names}
        names |= {"unit_names": unit_names(network), "level": self.level, "asks_for_E": list(self.asks_for_E)}
        return scene_of(self.run.task, self.kind, self.title, shape=self.shape, **names)

    @property
    def weight_names(self):
        """A name for every weight, a list."""
        network = self.run.task.network
        if self._named is None or self._named[0] is not network:
            self._named = network, self.name_weights(network)
        return self._named[1]

    def name_weights(self, network):
        """A name for every weight of a network."""
        return weight_names(network)

    def words(self, sweeps, w):
        """How many cases are right at each of these sweeps: (mark, sentence) pairs."""
        task, solved_at = self.run.task, int(self.run.solved_at[0])
        right, n = right_cases(task, np.asarray(w)).sum(1), len(task.cases)
        return [
            [["✓" if r == n else "·", f"{r} of {n} cases right"], *solved(solved_at, sweep, r == n)]
            for sweep, r in zip(sweeps, right, strict=True)
        ]

    def status(self):
        """Plain values sent to the page with every piece of a run."""
        phase = self.run.recipe.phase(self.run.sweeps)
        held = [int(k) for k in self.run.recipe.held]
        return {"epsilon": phase.epsilon, "alpha": phase.alpha, "playing": self.playing, "held": held}

    def contents(self):
        """Messages for a page that has just opened, besides the run itself: a list of dict."""
        return [self.compared()] if self.kept_curves else []

    def on_message(self, content):
        """Handle a message from the canvas. Does nothing unless a lab overrides it."""

    # ---- runs

    def reset(self):
        """Go back to the same start, sweep 0; what the sliders say holds from there."""
        task = self.task_of(self.settings)
        every = WHOLE_RUN // 250 if self.instant else self.keep_every
        self.replace_run(self.begin(task, keep_every=every, keep_bytes=self.memory(task)), [], [])
        if self.instant:
            self.step(WHOLE_RUN)

    def replace_run(self, run, marks, past):
        """Show another run from its beginning."""
        self.run, self.marks, self.past, self._said_until = run, marks, past, None
        self.tell("new_run")
        self.say("")
        self.tell("sweeps")

    @staticmethod
    def memory(task):
        """Bytes for the kept weights of a run."""
        return KEPT * 2 * 8 * task.network.n_weights

    def become(self, other):
        """Take over all of another session of the same kind: its settings, its run, its task."""
        self.pause()
        vars(self).update({name: value for name, value in vars(other).items() if name not in self.stays})
        self.past = []
        self.tell("settings")
        self.tell("new_run")
        for content in self.contents():
            self.tell("content", content)
        self.say(other.message)
        self.tell("sweeps")

    def take_ticket_run(self, run, marks, instant):
        """Go on from a run that a ticket asked for."""
        self._instant = instant
        self.replace_run(run, marks, [])
        self.tell("settings")

    # ---- settings

    def set(self, **settings):
        """Change settings: those that steer act from the next sweep on, the others begin a new run."""
        self._refuse_unknown(settings, self.settings)
        settings = self.completed(settings)
        candidate = self.settings | settings
        self.task_of(candidate)  # says what is wrong before anything is changed
        self.settings = candidate
        anew = self.instant or any(not self.declared[name].steers for name in settings)
        for name in () if anew else settings:
            self.steer(name, settings[name])
        self.tell("settings")
        if anew and settings:
            self.reset()

    def steer(self, name, value):
        """Act on the run that goes on, from the next sweep on; a mark on the curve says when."""
        self.run.steer(**{name: value})
        self.mark(self.symbols[name], value)
        self.tell("status")

    def mark(self, symbol, value):
        """Leave a mark on the curve; of several moves of one slider at one sweep, the last counts."""
        if not self.run.sweeps:
            return
        sweep = self.run.sweeps
        if self.marks and self.marks[-1][0] == sweep and self.marks[-1][1].startswith(symbol):
            self.marks.pop()
        self.marks.append([sweep, f"{symbol} {value:g}"])

    def apply(self, moves):
        """Take what the controls say, {name: value}."""
        for name in [name for name in moves if name in ("speed", "instant", "slow_start") or name in self.derived]:
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

    def as_in_the_paper(self):
        """Set every value as the paper has it, and begin again."""
        self.settings = self.settings | self.completed(self.defaults(**self.settings))
        self.tell("settings")
        self.reset()

    def _refuse_unknown(self, settings, known):
        unknown = set(settings) - set(known)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(known)} is expected")

    def new_start(self):
        """Draw other starting weights: the next seed."""
        self.set_seed(self.seed + 1)

    def set_seed(self, seed):
        """Start from the weights of another seed."""
        self.seed = bp.validate.whole(seed, "the seed")
        self.reset()
        self.tell("settings")

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
        self.tell("settings")

    # ---- what is said

    def say(self, message):
        """Show one sentence to the person in front of the lab; "" takes it away."""
        self.message = message
        self.tell("message", message)

    def find_words(self, wait=0.0):
        """Bring `words_so_far`, [sweep, sentences] pairs, up to now; at least `wait` seconds after the last time."""
        if self._said_until is None:  # another run
            self.words_so_far, self._said_until = [], -1
        elif self._said_at == self.run.sweeps or time.perf_counter() < self._said_then + wait:
            return
        self._said_at, self._said_then = self.run.sweeps, time.perf_counter()
        sweeps, w, _ = self.run.kept
        new, self._said_until = sweeps > self._said_until, sweeps[-1]
        fresh = list(zip(sweeps[new].tolist(), w[new], strict=True))
        if not fresh or fresh[-1][0] < self.run.sweeps:
            fresh.append((self.run.sweeps, self.run.state.w))
        words = self.words([sweep for sweep, _ in fresh], [w[0] for _, w in fresh])
        for (sweep, _), said in zip(fresh, words, strict=True):
            if not self.words_so_far or self.words_so_far[-1][1] != said:
                self.words_so_far.append((sweep, said))

    def digest(self):
        """What the lab shows, in words."""
        self.find_words()
        first = f"{self.title} {self.shape}: sweep {self.run.sweeps:,}, E = {self.run.E[-1, 0]:.3f}"
        return "\n".join([first, *(f"{mark} {sentence}" for mark, sentence, *_ in self.words_so_far[-1][1])])

    def veiled_digest(self):
        """What the lab shows, in words, without what an open exercise asks for."""
        return veils.without_answers(self)

    __repr__ = veiled_digest
