"""The map of lab 03: how many starts are solved, for every epsilon and alpha."""

import asyncio
import threading
import time
from collections import deque

import numpy as np

import bpcore as bp
from bpcore.capabilities import in_browser, threads_start

from ..kit.clock import BREATH, running_loop

EPSILONS = tuple(float(f"{e:.3g}") for e in np.geomspace(0.003, 3, 20))
ALPHAS = tuple(round(float(a), 2) for a in (*np.linspace(0, 0.9, 14), 0.92, 0.94, 0.96, 0.97, 0.98, 0.99))
"""Columns and rows of the map."""
MAP_SWEEPS = 1425
_LOOK = 0.2  # seconds between two pictures of a map that fills
_SLICE = 10  # runs between which others are served, if no thread can start; in a browser a study sees to that itself


class Filling:
    """A map that is being filled: on a thread of its own or, if no thread can start, on the event loop, block by block.

    Parameters
    ----------
    task : Task
    seeds : int
        Starts of every cell.
    grew, failed : callable
        ``grew(solved_at, going_on)`` is given an (alphas, epsilons, seeds) array from time to time, -2 where nothing is
        known yet; ``failed(exception)``. Both are called on the map's thread, if it has one.
    """

    def __init__(self, task, seeds, grew, failed):
        self.goes_on, self._stopped, self._thread = True, False, None
        self._slices = self._fill(task, seeds, grew, failed)
        if threads_start():
            self._thread = threading.Thread(target=self._finish, daemon=True)
            self._thread.start()
        elif loop := running_loop():
            self._task = loop.create_task(self._fill_between())
        else:
            self._finish()

    def join(self):
        """Wait until it is done."""
        if self._thread is None:
            self._finish()
        elif self._thread is not threading.current_thread():
            self._thread.join()

    def cancel(self):
        """Stop after the present block."""
        self._stopped = True
        self.join()

    def _finish(self):
        if not self._slices.gi_running:  # a listener may cancel the map from within `grew`
            deque(self._slices, maxlen=0)

    async def _fill_between(self):
        for _ in self._slices:
            await asyncio.sleep(BREATH)

    def _fill(self, task, seeds, grew, failed):
        """Fill the map; yields after each block."""
        try:
            grid = {"alpha": ALPHAS, "epsilon": EPSILONS}
            block = None if threads_start() or in_browser() else _SLICE
            study = bp.Study(task, range(seeds), grid, MAP_SWEEPS, stop_when_solved=True, block=block)
            solved_at = np.full(study.shape, -2)
            flat, show_at = solved_at.reshape(-1, seeds), 0.0
            for rows in study:
                flat[rows["setting"], rows["seed"]] = rows["solved_at"]
                if time.monotonic() >= show_at:
                    grew(solved_at.copy(), True)
                    show_at = time.monotonic() + _LOOK
                yield
                if self._stopped:
                    study.cancel()
            self.goes_on = False
            grew(solved_at, False)
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the user must see it
            self.goes_on = False
            failed(wrong)


def on_page(solved_at, of, going_on):
    """The map as sent to the page.

    Parameters
    ----------
    solved_at : (alphas, epsilons, seeds) array
    of : str
        With what settings it is made.
    going_on : bool
    """
    made, solved = (solved_at > -2).sum(-1), (solved_at >= 0).sum(-1)
    share = np.divide(solved, made, out=np.full(made.shape, -1.0), where=made > 0)
    return {
        "type": "map", "share": share.round(4).tolist(), "median": _median(solved_at).tolist(), "made": int(made.sum()),
        "of": solved_at.size, "net": of, "seeds": solved_at.shape[-1], "going": going_on,
    }  # fmt: skip


def _median(solved_at):
    """Median sweep of the solved starts of each cell; -1 where none is."""
    found = np.where(solved_at >= 0, solved_at, np.nan)
    some = (solved_at >= 0).any(-1)
    median = np.full(some.shape, -1)
    median[some] = np.nanmedian(found[some], axis=-1)
    return median
