"""Runs a session in the background: the clock, the speed, and the conditions that stop learning."""

import time

import bpcore as bp
from bpcore.capabilities import cpu_clock

from .clock import Clock
from .settings import one_number

LONGEST = 100_000
"""Sweeps that a lab makes, and a ticket asks for, at most."""
_SLOWLY, _SLOW_UNTIL = 10, 50  # sweeps a second of a slow start; its last sweep
FRAME = 1 / 60
"""Seconds from one frame to the next; a page shows no more."""
_BEHIND = 0.05  # seconds to wait longer when a page has not painted the last frames

# CPU time of this thread: if many labs share a core, wall-clock time makes every sweep look slow, and a lab that
# therefore makes few sweeps at a time really is slow. On Windows this clock is too coarse.
_worked = cpu_clock()


class Player:
    """A part of every session; see `Session`.

    Attributes
    ----------
    slow_start : bool
        Whether the first 50 sweeps are played slowly, so that they can be watched.
    """

    slow_start = False

    def __init__(self, speed):
        self._speed = _rate(speed)
        self.clock = Clock(self._tick, self._failed)
        self._due, self._ticked, self._sweeps_a_millisecond = 0.0, 0.0, 1.0
        self._show_at = 0.0
        self._until_solved = self.resting = False

    def play(self):
        """Learn on, at the speed that is set, until `pause`."""
        self._ticked, self._due = time.perf_counter(), 0.0
        self.clock.start()
        self.tell("playing")

    def pause(self):
        """Stop learning; nothing is lost."""
        self.clock.stop()
        self.resting = self._until_solved = False
        self.tell("playing")

    @property
    def playing(self):
        """Whether it learns now."""
        return self.clock.running

    def rest(self):
        """Stop learning while no page shows this."""
        if self.playing:
            self.clock.stop()
            self.resting = True

    def wake(self):
        """Learn on, if it only rested."""
        if self.resting:
            self.resting = False
            self.play()

    def step(self, sweeps=1):
        """Make some sweeps at once."""
        self.advance(bp.validate.whole(sweeps, "the number of sweeps"))
        self.tell("sweeps")

    def play_until_solved(self):
        """Learn on until every case is right."""
        self._until_solved = True
        self.play()

    @property
    def speed(self):
        """Sweeps a second that are aimed at."""
        return self._speed

    @speed.setter
    def speed(self, sweeps):
        self._speed = _rate(sweeps)
        self.tell("settings")

    # ---- the clock

    def _tick(self):
        now, began = time.perf_counter(), _worked()
        is_slow = self.slow_start and self.run.sweeps < _SLOW_UNTIL
        speed = min(self.speed, _SLOWLY) if is_slow else self.speed
        self._due = min(self._due + speed * (now - self._ticked), 0.25 * speed + 1)
        self._ticked = now
        while self._due >= 1 and _worked() < began + 0.008 and time.perf_counter() < now + 0.04 and self.playing:
            few = min(int(self._due), max(1, int(self._sweeps_a_millisecond)))
            self._due -= few
            self.advance(few)
        if now >= self._show_at:
            self._show_at = max(now, self._show_at + max((view.pace for view in self.views), default=FRAME))
            self.tell("sweeps")
        if self._due >= 1:
            return 0  # more is owed than this time was enough for
        # What comes to be owed can wait for the next frame; or, where page or machine are behind, for some frames.
        return self._show_at - time.perf_counter() + _BEHIND * any(view.behind for view in self.views)

    def advance(self, sweeps):
        """Make some sweeps, without telling anyone."""
        before, began = self.run.sweeps, _worked()
        self.run.extend(min(sweeps, max(0, LONGEST - before)), until_solved=self._until_solved)
        made = self.run.sweeps - before
        if made:
            rate = made / (1e3 * (_worked() - began) + 1e-6)
            self._sweeps_a_millisecond = 0.5 * self._sweeps_a_millisecond + 0.5 * rate
        if (self.run.diverged_at >= 0).all():
            self.halt(
                f"Diverged: at sweep {self.run.diverged_at.max():,} the error was no longer a finite number. "
                "The last finite weights are shown. Try a smaller ε, then Restart."
            )
        elif self.run.sweeps >= LONGEST:
            self.halt(f"{LONGEST:,} sweeps are done, the most that a lab makes. Press Restart, or New start.")
        elif self._until_solved and self.run.worst[-1].max() < self.run.task.right_within:
            self.pause()

    def halt(self, message):
        """Stop learning, and say why."""
        self.pause()
        self.say(message)

    def _failed(self, wrong):
        self._until_solved = False
        self.say(f"Learning stopped: {str(wrong) or type(wrong).__name__}")
        self.tell("playing")


def _rate(sweeps):
    return bp.validate.number(one_number(sweeps, "speed"), "the sweeps a second", 0)
