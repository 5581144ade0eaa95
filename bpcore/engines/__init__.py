"""The two engines that make whole sweeps, and the choice between them.

NumpyEngine goes by the definition in passes.py; CompiledEngine does the same as machine code, to 1e-10.
"""

import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from ..capabilities import cores, sqlite3, threads_start
from ..descent import descend
from ..passes import Passes
from ..units import BUILT_IN


class NumpyEngine:
    """Whole sweeps by the definition in passes.py, in place.

    A run whose error is no longer finite has diverged: it keeps its last finite weights, and its error is NaN from
    then on.

    Parameters
    ----------
    task : Task
        Its network and cases.
    recipe : Recipe
        Tolerance, update and tied weights; epsilon and alpha are taken from the recipe given to `sweeps`.
    w, delta_w : (runs, weights) array
        Copied.
    stop_within : float
        A run ends, and stays as it is, once every output is nearer than this to its desired state; 0 never.
    diverged : (runs,) array of bool
        Runs that have diverged before.

    Attributes
    ----------
    w, delta_w : (runs, weights) array
    E, worst : (runs,) array
        Of the present weights: total error, and largest distance of any output from its desired state.
    ended, diverged : (runs,) array of bool
    """

    name = "numpy"

    def __init__(self, task, recipe, w, delta_w, stop_within=0.0, diverged=False):
        self.w, self.delta_w = np.array(w, float), np.array(delta_w, float)
        self._held = list(recipe.held)
        self.delta_w[:, self._held] = 0.0
        self._cases, self._is_bias, self.stop_within = task.cases, task.network.is_bias, stop_within
        settings = {"tolerance": recipe.tolerance, "tied": recipe.tied}
        self._passes = Passes(task.network, self.w, task.cases.inputs, task.cases.desired, **settings)
        self._one_case = None
        if recipe.update == "case":
            first = [{name: rows[:1] for name, rows in t.items()} for t in (task.cases.inputs, task.cases.desired)]
            self._one_case = Passes(task.network, self.w, *first, **settings)
        self._last_w = self.w.copy()
        self.diverged = np.broadcast_to(diverged, len(self.w)).copy()
        self._any_ended = bool(self.diverged.any())
        with np.errstate(over="ignore", invalid="ignore"):
            self.E, self.worst = self._error()

    def sweeps(self, first, n, recipe, every=1, kept=None):
        """Make `n` sweeps, the first of which is number `first`; fewer where all runs end.

        Parameters
        ----------
        first, n : int
        recipe : Recipe
            Its phases.
        every, kept : int, pair of (k, runs, weights) arrays, optional
            w and delta_w after every sweep whose number is a multiple of `every` are written there, in order.

        Returns
        -------
        E, worst : (sweeps made, runs) array
            After each sweep: the total error, and the largest distance of any output from its desired state.
        """
        E, worst = np.empty((n, len(self.w))), np.empty((n, len(self.w)))
        k = i = 0
        with np.errstate(over="ignore", invalid="ignore"):
            for phase, start, end in recipe.phases_between(first, first + n):
                epsilon, alpha = (_each_run(phase, name, len(self.w))[:, None] for name in ("epsilon", "alpha"))
                keep = kept_by_decay(phase, recipe, self._is_bias)
                for t in range(start, end):
                    if (self._any_ended or self.stop_within) and self.ended.all():
                        return E[:i], worst[:i]
                    self._change(epsilon, alpha, keep)
                    self.E, self.worst = E[i], worst[i] = self._error()
                    if kept is not None and (t + 1) % every == 0:
                        kept[0][k], kept[1][k] = self.w, self.delta_w
                        k += 1
                    i += 1
        return E, worst

    @property
    def ended(self):
        """(runs,) array of bool: diverged, or as near as was asked for."""
        return self.diverged | (self.worst < self.stop_within)

    def _change(self, epsilon, alpha, keep):
        np.copyto(self._last_w, self.w)
        ended = self.ended if self._any_ended or self.stop_within else None
        if ended is not None:
            held = self.delta_w[ended]
        if self._one_case is None:
            self._passes.backward()
            self._passes.dE_dw[:, self._held] = 0.0
            descend(self.w, self.delta_w, self._passes.dE_dw, epsilon, alpha, keep)
        else:
            for case in range(len(self._cases)):
                self._present(case)
                self._one_case.forward()
                self._one_case.compare()
                self._one_case.backward()
                self._one_case.dE_dw[:, self._held] = 0.0
                descend(self.w, self.delta_w, self._one_case.dE_dw, epsilon, alpha, keep)
        if ended is not None:
            self.w[ended], self.delta_w[ended] = self._last_w[ended], held

    def _present(self, case):
        for name, rows in self._cases.inputs.items():
            self._one_case.y[name][0, :, 0] = rows[case]
        for name, rows in self._cases.desired.items():
            self._one_case.d[name][:, 0] = rows[case]

    def _error(self):
        self._passes.forward()
        E, worst = self._passes.compare()
        if not np.isfinite(E.sum()) or self._any_ended:
            fresh = ~np.isfinite(E) & ~self.diverged
            self.w[fresh], self.delta_w[fresh] = self._last_w[fresh], 0.0
            self.diverged |= fresh
            E[self.diverged] = worst[self.diverged] = np.nan
            self._any_ended = bool(self.diverged.any())
        return E, worst


class CompiledEngine:
    """Whole sweeps as machine code, many runs on all cores. Its parameters and attributes are NumpyEngine's."""

    name = "compiled"

    def __init__(self, task, recipe, w, delta_w, stop_within=0.0, diverged=False):
        self._code = machine_code.module()
        network, cases, tolerance = task.network, task.cases, recipe.tolerance
        self.w, self.delta_w = (np.array(array, float, order="C") for array in (w, delta_w))
        self._net, self._block = self._code.plan(network, cases)
        self._inputs = np.concatenate([cases.inputs[name].T for name in network.input_names]).copy()
        self._desired = np.concatenate([rows.T for rows in cases.desired.values()]).copy()
        self._is_bias, self._share = network.is_bias, np.ones(network.n_weights)
        if recipe.tied == "average" and max(network.block_uses.values()) > 1:
            for block, uses in network.block_uses.items():
                network.blocks(self._share)[block][...] = 1 / uses
        held = list(recipe.held)
        self._share[held] = self.delta_w[:, held] = 0.0
        margin, edge = (tolerance.margin, tolerance.reading == "edge") if tolerance else (0.0, False)
        self._how, self.stop_within = (float(margin), edge, recipe.update == "case"), stop_within
        self._arithmetic = 6 * len(cases) * network.n_weights
        self._now = np.zeros((4, len(self.w)))  # of each run: sweeps made, whether it has diverged, E, worst
        self._now[1] = diverged
        self.sweeps(0, 0, recipe)

    @property
    def E(self):
        """(runs,) array: total error of the present weights."""
        return self._now[2].copy()

    @property
    def worst(self):
        """(runs,) array: largest distance of any output from its desired state."""
        return self._now[3].copy()

    @property
    def diverged(self):
        """(runs,) array of bool."""
        return self._now[1] > 0

    @property
    def ended(self):
        """(runs,) array of bool: diverged, or as near as was asked for."""
        return self.diverged | (self._now[3] < self.stop_within)

    def sweeps(self, first, n, recipe, every=1, kept=None):
        """Make `n` sweeps; see NumpyEngine."""
        runs = len(self.w)
        E, worst = np.empty((n, runs)), np.empty((n, runs))
        kept = kept or [np.empty((0, *self.w.shape))] * 2
        made = 0
        for phase, start, end in list(recipe.phases_between(first, first + n)) or [(recipe.phase(first), first, first)]:
            rows = slice(start - first, end - first)
            k = slice(start // every - first // every, end // every - first // every)
            keep = kept_by_decay(phase, recipe, self._is_bias)
            settings = (
                *(_each_run(phase, name, runs) for name in ("epsilon", "alpha")),
                (np.ones(self.w.shape[1]) if keep is None else keep, self._share, *self._how, float(self.stop_within)),
                *(self._block, start, every, kept[0][k], kept[1][k], E[rows], worst[rows], self._now),
            )
            self._on_all_cores(settings, end - start)
            made = start - first + int(self._now[0].max())
            if self.ended.all():
                break
        return E[:made], worst[:made]

    def _on_all_cores(self, settings, n):
        """Every run does by itself what it would do alone, so they may go to the cores as it comes."""
        runs, threads = len(self.w), machine_code.threads
        each = runs if threads == 1 or self._arithmetic * n * runs < 1e6 else -(-runs // (8 * threads))
        parts = [np.array([r, min(r + each, runs)]) for r in range(0, runs, each)]

        def learn(part):
            self._code.learn_all(self._net, self.w, self.delta_w, self._inputs, self._desired, *settings, part)

        if len(parts) == 1:
            learn(parts[0])
        else:
            with ThreadPoolExecutor(threads) as cores:
                list(cores.map(learn, parts))


class _MachineCode:
    """Compiles compiled.py, in the background where somebody would have to wait for it.

    Attributes
    ----------
    threads : int
        Cores that many runs may use. The results do not depend on it.
    """

    def __init__(self):
        self.threads = cores()
        self._thread, self._module, self._why_not, self._said = None, None, None, False
        self._began = 0.0

    def prepare(self):
        """Begin to compile, unless that was done; return at once."""
        if self._thread is None:
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._compile, name="bpcore compiles", daemon=True)
            if threads_start():
                self._thread.start()
            else:
                self._thread.run()

    def ready(self, within=0.0):
        """Whether the machine code can be used. Waits until so many seconds after it was begun; None: to the end."""
        self.prepare()
        if self._thread.is_alive():
            self._thread.join(None if within is None else max(0.0, self._began + within - time.monotonic()))
        return self._module is not None

    def module(self):
        """compiled.py, compiled. RuntimeError where that cannot be, with the reason."""
        self.ready(None)
        if self._module is None:
            raise RuntimeError(f"the compiled engine cannot be used here: {self._why_not}")
        return self._module

    def say_why_not(self):
        """Say once that there is only the numpy engine, and why."""
        if self._why_not and not self._said:
            self._said = True
            warnings.warn(f"sweeps are made by numpy, which is slower: {self._why_not}", RuntimeWarning, stacklevel=4)

    def _compile(self):
        try:
            from . import kernel

            with _one_compiles(Path(kernel.__file__).with_name("__pycache__") / "compiling.sqlite"):
                kernel.warm_up()
            self._module = kernel
        except ImportError as wrong:
            self._why_not = f"numba is not installed ({wrong})"
        except Exception as wrong:  # noqa: BLE001 - whatever a compiler does, there is another engine
            self._why_not = f"compiling failed ({type(wrong).__name__}: {wrong})".splitlines()[0]


@contextmanager
def _one_compiles(path):
    """Let one process at a time in here. Who had to wait need not compile any more, and goes on beside the others.

    Parameters
    ----------
    path : Path
        A database that holds nothing: its lock is one that every system has, and that ends with the process. Where it
        cannot be made, nobody waits.
    """
    if sqlite3 is None:
        yield
        return
    mine = None
    try:
        mine = _locked(path, 0)
    except sqlite3.Error:
        with suppress(sqlite3.Error):
            _locked(path, _COMPILING).close()
    try:
        yield
    finally:
        if mine:
            mine.close()


def _locked(path, seconds):
    database = sqlite3.connect(path, timeout=seconds, isolation_level=None)
    try:
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        database.close()
        raise
    return database


_COMPILING = 300  # seconds that another process may take for it
machine_code = _MachineCode()
_PATIENCE = 2.0  # seconds: what was compiled before is there in less; what was not is compiled in the background


def make_engine(task, recipe, w, delta_w, engine=None, **more):
    """Return the engine called `engine`, or the fastest that can do the task now; `more` goes to the engine.

    Raises
    ------
    ValueError
        For an unknown engine, "compiled" for a unit function of your own, or a weight that is held and not there.
    RuntimeError
        If "compiled" is asked for where it cannot be had.
    """
    if engine not in (None, "numpy", "compiled"):
        raise ValueError(f"engine {engine!r}; 'numpy' or 'compiled' is expected")
    if max(recipe.held, default=0) >= task.network.n_weights:
        raise ValueError(f"weight {max(recipe.held)} is held; places below {task.network.n_weights} are expected")
    own = [group.unit.name for group in task.network.upward if BUILT_IN.get(group.unit.name) is not group.unit]
    if engine == "compiled" and own:
        raise ValueError(f"engine 'compiled' does not know the unit function '{own[0]}'; engine 'numpy' does")
    if engine is None and not own and not machine_code.ready(_PATIENCE):
        machine_code.say_why_not()
    compiled = engine == "compiled" or (engine is None and not own and machine_code.ready())
    return (CompiledEngine if compiled else NumpyEngine)(task, recipe, w, delta_w, **more)


def available(engine):
    """Whether that engine can be had here."""
    if engine == "compiled":
        machine_code.prepare()
        return machine_code.ready(None)
    return engine == "numpy"


def kept_by_decay(phase, recipe, is_bias):
    """What a weight change leaves of each weight, (weights,) array, or None for all of it."""
    if not phase.weight_decay:
        return None
    keep = np.where(is_bias & (not recipe.decay_biases), 1.0, 1.0 - phase.weight_decay)
    keep[list(recipe.held)] = 1.0
    return keep


def _each_run(phase, name, runs):
    """One number a run, (runs,) array, from one for all or one for each."""
    value = getattr(phase, name)
    if np.ndim(value) and len(value) != runs:
        found = f"{len(value)} runs, but there are {runs}"
        raise ValueError(f"{name} is given for {found}; one number for each run, or one for all, is expected")
    return np.ascontiguousarray(np.broadcast_to(np.asarray(value, float), runs))
