"""The clock: trains inside the kernel's own loop, so that sliders act while the network learns."""

import asyncio
import threading

BREATH = 0.004  # seconds that the kernel has for everything else, at least


def running_loop():
    """The event loop that runs on this thread, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Clock:
    """Calls `tick` again and again until stopped, leaving the kernel free in between.

    Messages from the page may arrive on another thread. Everything that changes a lab goes through `at_home`, which
    calls it on the thread the clock lives on, so that nothing needs a lock.

    Parameters
    ----------
    tick : callable
        One short piece of work, a few milliseconds; returns the seconds until there is more to do.
    failed : callable
        Given the exception that stopped the clock.
    """

    def __init__(self, tick, failed):
        self._tick, self._failed = tick, failed
        self._home = threading.get_ident()
        self._task = None
        self._loop = running_loop()

    def at_home(self, call, *arguments):
        """Call on the clock's own thread: now, if this is it."""
        if self._loop is None or threading.get_ident() == self._home:
            call(*arguments)
        else:
            self._loop.call_soon_threadsafe(call, *arguments)

    def soon(self, call):
        """Call on the clock's own thread, after everything that is queued there already."""
        if self._loop is None:
            call()
        else:
            self._loop.call_soon(call)

    @property
    def running(self):
        """Whether the clock runs."""
        return self._task is not None

    def start(self):
        """Start the clock. RuntimeError if no event loop runs, as in a plain script."""
        if self._loop is None:
            raise RuntimeError("play() needs the running loop of a notebook; in a script use step(sweeps)")
        if not self.running:
            self._task = self._loop.create_task(self._beat())

    def stop(self):
        """Stop the clock."""
        self._task = None  # it ends by itself: the loop of a browser's Python reports a task that was cancelled

    async def _beat(self):
        this = asyncio.current_task()
        try:
            while self._task is this:
                await asyncio.sleep(max(BREATH, self._tick()))
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the user must see it
            if self._task is this:
                self._task = None
            self._failed(wrong)
