"""The engine that goes by the definition in passes.py."""

import numpy as np

from ..descent import descend
from ..passes import Passes


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
            first = task.cases.some([0])
            self._one_case = Passes(task.network, self.w, first.inputs, first.desired, **settings)
        self._last_w = self.w.copy()
        self.diverged = np.broadcast_to(diverged, len(self.w)).copy()
        self._any_ended = bool(self.diverged.any())
        with np.errstate(over="ignore", invalid="ignore"):
            self.E, self.worst = self._error()

    def sweeps(self, first, n, recipe, every=1, kept=None):
        """Make `n` sweeps, the first of which is number `first`; fewer if all runs end.

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
                epsilon, alpha = (number[:, None] for number in phase.each_run(len(self.w)))
                keep = recipe.kept_by_decay(phase, self._is_bias)
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
            last_delta_w = self.delta_w[ended]
        if self._one_case is None:
            self._passes.backward()
            self._descend(self._passes.dE_dw, epsilon, alpha, keep)
        else:
            for case in range(len(self._cases)):
                self._present(case)
                self._one_case.forward()
                self._one_case.compare()
                self._one_case.backward()
                self._descend(self._one_case.dE_dw, epsilon, alpha, keep)
        if ended is not None:
            self.w[ended], self.delta_w[ended] = self._last_w[ended], last_delta_w

    def _descend(self, dE_dw, epsilon, alpha, keep):
        dE_dw[:, self._held] = 0.0
        descend(self.w, self.delta_w, dE_dw, epsilon, alpha, keep)

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
