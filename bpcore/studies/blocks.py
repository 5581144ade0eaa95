"""The work of a study, cut into blocks of runs that the engine trains at once, on this machine or another."""

import os
import socket
import threading
import time
from dataclasses import dataclass

import numpy as np

from ..capabilities import in_browser
from ..engines import available, machine_code, make_engine
from ..learning import make_sweeps, starting_point
from ..measures import score
from .grid import Grid
from .rows import COUNTS, ROWS

_SECONDS = {"compiled": 2.5e-10, "numpy": 2.5e-9}  # a sweep, for each case and weight: about
_SLOWER, _BLOCK_SECONDS = (4, 0.06) if in_browser() else (1, 0.25)  # there, the page stands still meanwhile
_STILL = 0.15  # seconds that a block may take in a browser, however slow it is
_MOST_BLOCKS = 20_000
_NUMBERS_AT_ONCE = 1 << 19  # of a table of errors, or of states: 4 MB
_COMPILING = threading.Lock()


@dataclass(frozen=True)
class Block:
    """Runs that are trained together. It can be sent to another process wherever its task can.

    Parameters
    ----------
    grid : Grid
    setting, seed : (runs,) array     of each run: its place in the grid and its seed
    sweeps : int
    stop_when_solved : bool
    engine : {"compiled", "numpy"}
    home : tuple                      the process that the study runs in
    """

    grid: Grid
    setting: np.ndarray
    seed: np.ndarray
    sweeps: int
    stop_when_solved: bool
    engine: str
    home: tuple


def this_process():
    """What tells this process from all others."""
    return socket.gethostname(), os.getpid()


def work(task, sweeps, engine):
    """Seconds that one run may take, roughly."""
    return max(1e-6, sweeps * len(task.cases) * task.network.n_weights * _SECONDS[engine] * _SLOWER)


def runs_at_once(seconds, total):
    """Runs in a block, of which one takes about `seconds` and all of the study `total` seconds.

    A quarter of a second, in a browser less, so that a map fills visibly; more if there would be over 20,000 blocks.
    """
    return max(1, int(max(_BLOCK_SECONDS, total / _MOST_BLOCKS) / seconds))


def learn_block(block):
    """Train the runs of a block; whatever the blocks, a run is the same.

    Returns
    -------
    rows : (runs,) array of ROWS
    """
    if block.home != this_process():
        machine_code.threads = 1  # an executor of processes has one for each core
    with _COMPILING:
        available(block.engine)
    rows = np.empty(len(block.seed), ROWS)
    rows["setting"], rows["seed"] = block.setting, block.seed
    for seed in np.unique(block.seed) if block.grid.takes_seed else [block.seed[0]]:
        mine = np.flatnonzero(block.seed == seed) if block.grid.takes_seed else np.arange(len(rows))
        task = block.grid.make_task(block.grid.of_block(block.grid.setting(block.setting[0])), int(seed))
        at_once = max(1, _NUMBERS_AT_ONCE // (len(task.cases) * sum(group.size for group in task.network.groups)))
        for first in range(0, len(mine), at_once):
            some = mine[first : first + at_once]
            rows[some] = _learn_together(block, task, rows[some])
    return rows


def learn_in_time(block, pace):
    """The rows of a block, and the pace of the next one: in a browser nothing may stand still for long."""
    began = time.perf_counter()
    rows = learn_block(block)
    slower = _STILL / max(1e-6, time.perf_counter() - began)
    return rows, min(1.0, max(0.05, pace * min(2.0, max(0.5, slower)))) if in_browser() else pace


def _learn_together(block, task, rows):
    """Train one run for each of `rows` and fill them in."""
    each = {name: block.grid.column(name, rows["setting"]) for name in block.grid.each_run}
    recipe = task.recipe.throughout(**each)
    seeds, place = np.unique(rows["seed"], return_inverse=True)
    w, delta_w = (array[place] for array in starting_point(task, recipe, seeds))
    within = task.right_within if block.stop_when_solved else 0.0
    running = make_engine(task, recipe, w, delta_w, block.engine, stop_within=within)
    rows["solved_at"] = np.where(running.worst < task.right_within, 0, -1)
    rows["diverged_at"] = np.where(running.diverged, 0, -1)
    at_once = max(16, _NUMBERS_AT_ONCE // len(rows))
    for sweep, E, worst in make_sweeps(running, recipe, 0, block.sweeps, at_once):
        _note_first(rows["solved_at"], worst < task.right_within, sweep - len(E))
        _note_first(rows["diverged_at"], np.isnan(E), sweep - len(E))
    rows["E"], right = running.E, score(task, running.w)
    for name in COUNTS:
        rows[name] = getattr(right, name)
    return rows


def _note_first(at, true, sweep):
    """Set those of `at` that are still -1 to the sweep at which `true`, (sweeps, runs) from `sweep` on, first is."""
    fresh = (at == -1) & true.any(0)
    at[fresh] = sweep + 1 + true[:, fresh].argmax(0)
