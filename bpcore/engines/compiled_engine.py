"""The engine that makes whole sweeps as machine code."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .compilation import MachineCode
from .kernel.plan import plan

machine_code = MachineCode()


class CompiledEngine:
    """Whole sweeps as machine code, many runs on all cores. Its parameters and attributes are NumpyEngine's."""

    name = "compiled"

    def __init__(self, task, recipe, w, delta_w, stop_within=0.0, diverged=False):
        code = machine_code.module()
        network, tolerance = task.network, recipe.tolerance
        self.w, self.delta_w = (np.array(array, float, order="C") for array in (w, delta_w))
        self._is_bias, self._all_kept, share = network.is_bias, np.ones(network.n_weights), np.ones(network.n_weights)
        for block, uses in network.block_uses.items():
            if uses > 1 and recipe.tied == "average":
                network.blocks(share)[block][...] = 1 / uses
        if held := list(recipe.held):
            share[held] = self.delta_w[:, held] = 0.0
        margin, edge = (tolerance.margin, tolerance.reading == "edge") if tolerance else (0.0, False)
        self._how, self.stop_within = (float(margin), edge, recipe.update == "case"), stop_within
        self._arithmetic = 6 * len(task.cases) * network.n_weights
        self._now = np.zeros((4, len(self.w)))  # of each run: sweeps made, whether it has diverged, E, worst
        self._now[1] = diverged
        self._learn_all = code.for_net(*_known_of(task), share, self.w, self.delta_w, self._now)
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
        return self.diverged | (self._now[3] < self.stop_within) if self.stop_within else self.diverged

    def sweeps(self, first, n, recipe, every=1, kept=None):
        """Make `n` sweeps; see NumpyEngine."""
        runs, weights = self.w.shape
        E, worst = np.empty((n, runs)), np.empty((n, runs))
        kept = kept or [np.empty((0, runs, weights))] * 2
        made = 0
        for phase, start, end in list(recipe.phases_between(first, first + n)) or [(recipe.phase(first), first, first)]:
            rows = slice(start - first, end - first)
            k = slice(start // every - first // every, end // every - first // every)
            keep = recipe.kept_by_decay(phase, self._is_bias)
            how = (self._all_kept if keep is None else keep, *self._how, float(self.stop_within))
            record = start, every, (kept[0][k], kept[1][k]), E[rows], worst[rows]
            self._on_all_cores(end - start, how, phase.each_run(runs), record)
            if end < first + n and self.ended.all():
                break
        made = start - first + int(self._now[0].max())
        return E[:made], worst[:made]

    def _on_all_cores(self, n, how, epsilon_alpha, record):
        """Make `n` sweeps. Runs are independent, so any core may take any run."""
        runs, threads = len(self.w), machine_code.threads
        each = runs if threads == 1 or self._arithmetic * n * runs < 1e6 else -(-runs // (8 * threads))
        parts = [(r, min(r + each, runs)) for r in range(0, runs, each)]

        def learn(part):
            self._learn_all(*how, *epsilon_alpha, *record, part)

        if len(parts) == 1:
            learn(parts[0])
        else:
            with ThreadPoolExecutor(threads) as cores:
                list(cores.map(learn, parts))


def _known_of(task):
    """The plan, the inputs and the desired states as the kernel takes them; kept with the task, which never changes."""
    if "_known" not in vars(task):
        network, cases = task.network, task.cases
        inputs = np.concatenate([cases.inputs[name].T for name in network.input_names]).copy()
        desired = np.concatenate([rows.T for rows in cases.desired.values()]).copy()
        vars(task)["_known"] = plan(network, cases), inputs, desired
    return vars(task)["_known"]
