"""Studies: many seeds at many settings, on one core or a cluster, row by row into a store that outlives its process."""

import csv
import pickle
import threading
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, wait
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np

from ..capabilities import process_pool, sqlite3
from ..engines import available, is_wide, own_unit
from ..validate import whole
from ..weights import seed_list
from .blocks import Block, learn_block, learn_in_time, runs_at_once, this_process, work
from .grid import Grid, describe, key
from .memory import Memory
from .rows import FOUND
from .store import Store

NOT_YET = -2
"""In arrays of sweeps and counts: the run has not been made yet. (-1 is never.)"""
_IN_FLIGHT = 2_000  # blocks that an executor holds at a time, of up to a megabyte each
_LOOK = 0.2  # seconds between two checks whether to stop


class Study:
    """Many seeds at many settings. Iterate over it to make what is missing, block by block; stop when you like.

    The rows do not depend on how the work is cut, on the executor, or on what was interrupted.

    Parameters
    ----------
    task : Task or callable
        A callable is given those values of the grid that are its parameters, ``task(hidden=3)``, and returns a Task;
        one with a parameter `seed` makes a task for every seed.
    seeds : int or iterable of int
    grid : dict of str to sequence, optional
        Values to try, in every combination: of recipe values (epsilon, alpha, weight_decay, half_range, biases,
        decay_biases, update, tied; in every phase) and of parameters of the callable.
    sweeps : int
        Of each run; fewer if it diverges, or is solved and was to stop then.
    executor : concurrent.futures.Executor, optional
        Where the blocks are trained: a pool of processes, or ``client.get_executor()`` of dask on a cluster. By
        default here, on all cores.
    store : str or path, optional
        An SQLite file that keeps the rows; memory by default. Rows that it has already are not made again. It may hold
        other seeds and values of the same study too.
    engine : {"compiled", "numpy"}, optional
        By default machine code if it is available, else numpy. Rows of both do not go into one store.
    stop_when_solved : bool
        End each run with the sweep after which every answer is right.
    block : int, optional
        Runs in a block. By default about a quarter of a second of work, and more if that were over 20,000 blocks.

    Attributes
    ----------
    shape : tuple
        (number of values of each name in the grid, in its order, ..., number of seeds).
    made : array of bool, of that shape
        Which runs have been made.

    Raises
    ------
    ValueError
        For a grid that is not valid, or a store that holds another study, naming what differs.
    OSError
        If the store cannot be read or written; also while it runs.
    """

    def __init__(
        self,
        task,
        seeds=range(1000),
        grid=None,
        sweeps=5000,
        *,
        executor=None,
        store=None,
        engine=None,
        stop_when_solved=False,
        block=None,
    ):
        self.grid, self.seeds = Grid(task, grid or {}), _seeds(seeds)
        self.sweeps = whole(sweeps, "the number of sweeps")
        self._settings, self._executor = self.grid.settings, executor
        self._block = block and whole(block, "the number of runs in a block", 1)
        self._pace = 1.0  # of a block's runs, the share that is trained at once: less on a slow machine, in a browser
        self._groups = self._of_a_block()
        self._how = {"stop_when_solved": bool(stop_when_solved), "engine": engine or self._fastest()}
        if (pool := process_pool()) and isinstance(executor, pool):
            _check_sendable(task)
        self._order = np.argsort(self.seeds)
        self._sorted_seeds = np.array(self.seeds)[self._order]
        about = self._about()
        kept_here = store is None and sqlite3 is None
        self._store = Memory() if kept_here else Store(store, self.grid.names, self._settings, about)
        self._made, self._stop = np.zeros((len(self._settings), len(self.seeds)), bool), threading.Event()
        for rows in self._store.rows():
            setting, seed = self._places(rows)
            self._made[setting, seed] = True

    def _of_a_block(self):
        """Settings that may be in one block: (task, places of the settings) of each group."""
        groups = {}
        for place, setting in enumerate(self._settings):
            groups.setdefault(key(self.grid.of_block(setting)), []).append(place)
        first_seed = self.seeds[0]
        tasks = [self.grid.make_task(self.grid.of_block(self._settings[p[0]]), first_seed) for p in groups.values()]
        return list(zip(tasks, map(np.array, groups.values()), strict=True))

    def _fastest(self):
        """The engine that can do all the tasks: the same for every row."""
        left = any(own_unit(task) or is_wide(task) for task, _ in self._groups)
        return "compiled" if not left and available("compiled") else "numpy"

    def _about(self):
        """What the rows depend on besides setting and seed, as texts by name."""
        about = {"sweeps": str(self.sweeps)} | {name: str(value) for name, value in self._how.items()}
        for of_task in {key(of_task): of_task for of_task in map(self.grid.of_task, self._settings)}.values():
            values = ", ".join(f"{name} {value}" for name, value in of_task.items())
            for what, text in describe(self.grid.plain_task(of_task, self.seeds[0])).items():
                about[f"the {what} of the task{values and ' with '}{values}"] = text
        return about

    @property
    def shape(self):
        """Values of each name in the grid, in its order, then seeds."""
        return (*self.grid.shape, len(self.seeds))

    @property
    def made(self):
        """Which runs have been made, an array of bool of this shape."""
        return self._made.reshape(self.shape).copy()

    @property
    def done(self):
        """Number of runs that have been made."""
        return int(np.count_nonzero(self._made))

    @property
    def total(self):
        """Number of runs in all."""
        return self._made.size

    def __iter__(self):
        """Make what is missing. Yields the rows of each block, an array of `ROWS`, once they are in the store."""
        try:
            for results in (self._here if self._executor is None else self._elsewhere)(self.blocks()):
                self._keep(results)
                yield from results
        finally:
            self._stop.clear()

    def run(self, progress="bar"):
        """Make what is missing, to the end or until `cancel`.

        Parameters
        ----------
        progress : "bar" or callable or None
            A bar (of tqdm, if it is installed), or ``progress(done, rows)`` after each block.

        Returns
        -------
        Study
            Itself.

        Raises
        ------
        KeyboardInterrupt
            What was made is kept: run again to go on.
        """
        bar = _bar(self) if isinstance(progress, str) else None
        try:
            for rows in self:
                if bar:
                    bar.update(len(rows))
                elif progress and not isinstance(progress, str):
                    progress(self.done, rows)
        finally:
            if bar:
                bar.close()
        return self

    def cancel(self):
        """Let the present iteration end after its next block; from any thread. What was made is kept."""
        self._stop.set()

    def __getitem__(self, name):
        """What was found of every run, an array of `shape`: "solved_at", "E", "trained", "held_out" and so on.

        -1 is never and -2 not made yet; E is NaN if the run diverged or is not made yet.
        """
        if name not in FOUND:
            raise KeyError(f"a study has no '{name}'; {', '.join(FOUND)} are expected")
        found = np.full(self._made.shape, np.nan) if name == "E" else np.full(self._made.shape, NOT_YET)
        for rows in self._store.rows():
            setting, seed = self._places(rows)
            found[setting, seed] = rows[name][self._in_seeds(rows)]
        return found.reshape(self.shape)

    def table(self):
        """One dict a run that was made, by place in the grid and seed: values of the grid, seed, what was found."""
        found = [self[name].reshape(self._made.shape) for name in FOUND]
        return [
            self._settings[k] | {"seed": self.seeds[s]} | {n: f[k, s].item() for n, f in zip(FOUND, found, strict=True)}
            for k, s in np.argwhere(self._made)
        ]

    def save_csv(self, path):
        """Write the table as CSV, complete or not at all."""
        path = Path(path)
        beside = path.with_name(f"{path.name}.part")
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*self.grid.names, "seed", *FOUND], lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.table())
        beside.replace(path)

    # --- the work

    def blocks(self):
        """The missing runs, as Blocks. Seeds run slowest, so that a map fills everywhere at once."""
        seconds = [work(task, self.sweeps, self._how["engine"]) for task, _ in self._groups]
        missing = [self._made.shape[1] * len(places) - self._made[places].sum() for _, places in self._groups]
        total = sum(one * runs for one, runs in zip(seconds, missing, strict=True))
        pieces = []
        for (_, places), one in zip(self._groups, seconds, strict=True):
            size = self._block or runs_at_once(one, total)
            for first in range(0, len(self.seeds), max(1, size // len(places))):
                pieces.append((first, places, size))  # noqa: PERF401 (plainer so)
        for first, places, size in sorted(pieces, key=lambda piece: piece[0]):
            seeds = np.array(self.seeds[first : first + max(1, size // len(places))])
            some = np.argwhere(~self._made[places, first : first + len(seeds)].T)
            while len(some):
                n = self._block or max(1, int(size * self._pace))
                (seed, setting), some = some[:n].T, some[n:]
                yield Block(self.grid, places[setting], seeds[seed], self.sweeps, **self._how, home=this_process())

    def _here(self, blocks):
        for block in blocks:
            if self._stop.is_set():
                return
            rows, self._pace = learn_in_time(block, self._pace)
            yield [rows]

    def _elsewhere(self, blocks):
        waiting, failed = set(), None
        try:
            while not (self._stop.is_set() or failed):
                waiting |= {self._executor.submit(learn_block, b) for b in islice(blocks, _IN_FLIGHT - len(waiting))}
                if not waiting:
                    return
                finished, waiting = wait(waiting, _LOOK, FIRST_COMPLETED)
                failed = next((future for future in finished if future.exception()), None)
                yield [future.result() for future in finished if not future.exception()]
            if failed:
                failed.result()
        except (BrokenExecutor, CancelledError):
            kept = f"{self.done:,} of {self.total:,} runs are kept; start it again to make the others"
            raise RuntimeError(f"the executor ended before its work was done; {kept}") from None
        finally:
            ended = [future for future in waiting if not future.cancel() and future.done() and not future.exception()]
            with suppress(OSError):  # the full store was reported already
                self._keep([future.result() for future in ended])

    def _keep(self, results):
        if results:
            self._store.add(results)
        for rows in results:
            setting, seed = self._places(rows)
            self._made[setting, seed] = True

    # --- places

    def _in_seeds(self, rows):
        return np.isin(rows["seed"], self._sorted_seeds)

    def _places(self, rows):
        """Places of the setting and of the seed of those rows whose seed is in this study."""
        rows = rows[self._in_seeds(rows)]
        return rows["setting"], self._order[np.searchsorted(self._sorted_seeds, rows["seed"])]


def study(task, seeds=range(1000), grid=None, sweeps=5000, *, progress="bar", **how):
    """Make a `Study` and run it to the end.

    Parameters
    ----------
    task, seeds, grid, sweeps, how
        As those of `Study`.
    progress : "bar" or callable or None
        As that of `Study.run`.

    Returns
    -------
    Study
        With all runs made: ``study["solved_at"]`` has the shape of the grid, then seeds.
    """
    return Study(task, seeds, grid, sweeps, **how).run(progress)


def _seeds(seeds):
    seeds = seed_list(seeds)
    seed, times = Counter(seeds).most_common(1)[0]
    if times > 1:
        raise ValueError(f"seed {seed} is given {times} times; different seeds are expected")
    if max(seeds) >= 1 << 63:
        raise ValueError(f"seed {max(seeds)}: a whole number below 2^63 is expected in a study")
    return seeds


def _check_sendable(task):
    try:
        pickle.dumps(task)
    except Exception:  # noqa: BLE001 - pickle raises anything
        expected = "a Task, or a function that is defined at the top of a module, is expected"
        raise ValueError(f"the task cannot be sent to another process; {expected}") from None


def _bar(study):
    """A bar of tqdm: in a terminal, or as a widget in a notebook. None if tqdm is not installed."""
    try:
        from tqdm.auto import tqdm  # not needed to learn, so not imported to learn
    except ImportError:
        return None
    return tqdm(total=study.total, initial=study.done, unit=" runs", unit_scale=True)
