"""Iterative nets compared with PyTorch: 33 units that are all linked, 25 sequences, 20 steps, one run, one core.

    python -m benchmarks.iterative

Both learn by the averaged gradient of Fig. 5, and are timed in turn after their weights have been found equal.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import sys  # noqa: E402

import numpy as np  # noqa: E402

import bpcore as bp  # noqa: E402
from bpcore import engines, tasks  # noqa: E402
from bpcore.iterative import at  # noqa: E402

from .bench import machine, table  # noqa: E402
from .engines import rounds  # noqa: E402

STEPS, SWEEPS = 20, 50


def long_sequences():
    """All 25 sequences, the digits desired at the last four of 20 steps."""
    task = tasks.sequences(held_out=0)
    last = range(STEPS - 3, STEPS + 1)
    network = task.network.unrolled(STEPS, desired={"digits": last})
    d = [rows for name, rows in task.cases.desired.items()]
    cases = bp.Cases(
        network.complete(task.cases.inputs),
        {at("digits", t): rows for t, rows in zip(last, d, strict=True)},
        task.cases.names,
    )
    return bp.Task("long sequences", network, cases, bp.Recipe())


def ours(task, engine, sweeps):
    def run(w):
        history = engines.make_engine(task, task.recipe, w, np.zeros_like(w), engine)
        history.sweeps(0, sweeps, task.recipe)
        return history.w

    return run


def pytorch(task, sweeps, joined):
    """Autograd through the steps, and the arithmetic of (9) in place."""
    import torch

    torch.set_num_threads(1)
    phase, error = task.recipe.phases[0], (_joined_error if joined else _error)(torch, task)

    def run(w):
        matrices = _joined(task.network, w) if joined else [m[0] for m in task.network.blocks(w).values()]
        W = [torch.tensor(m, requires_grad=True) for m in matrices]
        V = [torch.zeros_like(m) for m in W]
        for _ in range(sweeps):
            G = torch.autograd.grad(error(W), W)
            with torch.no_grad():
                for m, v, g in zip(W, V, G, strict=True):
                    v.mul_(phase.alpha).sub_(g, alpha=phase.epsilon / STEPS)
                    m.add_(v)
        after = [m.detach().numpy() for m in W]
        return after if joined else np.concatenate([m.ravel() for m in after])[None]

    return run


def _tensors(torch, task):
    """Letters at the steps that have any (our engines multiply the zeros of all others too), and desired digits."""
    letters = [torch.tensor(np.array(task.cases.inputs[at("letters", t)])) for t in task.network.given["letters"]]
    return letters, {int(name.split()[-1]): torch.tensor(np.array(d)) for name, d in task.cases.desired.items()}


def _error(torch, task):
    """Link by link, as the net is described."""
    letters, desired = _tensors(torch, task)
    off = {name: torch.zeros(len(task.cases), n, dtype=torch.float64) for name, n in (("hidden", 30), ("digits", 3))}

    def error(W):
        w, y, E = dict(zip(task.network.block_uses, W, strict=True)), off, 0.0
        for t in range(1, STEPS + 1):
            below = y | ({"letters": letters[t - 1]} if t <= len(letters) else {})
            y = {
                target: torch.sigmoid(sum(y @ w[source, target].T for source, y in below.items()) + w["one", target].T)
                for target in off
            }
            E = E + _half_squares(y["digits"], desired.get(t))
        return E

    return error


def _joined_error(torch, task):
    """Hidden units and digits joined by hand into one state, so that a step is one product."""
    letters, desired = _tensors(torch, task)

    def error(W):
        y, E = torch.zeros(len(task.cases), 33, dtype=torch.float64), 0.0
        for t in range(1, STEPS + 1):
            x = torch.addmm(W[2], y, W[1].T)
            y = torch.sigmoid(x + letters[t - 1] @ W[0].T if t <= len(letters) else x)
            E = E + _half_squares(y[:, 30:], desired.get(t))
        return E

    return error


def _half_squares(y, d):
    return 0.0 if d is None else 0.5 * ((y - d) ** 2).sum()


def _joined(network, w):
    """Weights of one run, w (1, weights), as three matrices: from the letters, from the 33 units, biases."""
    block = {ends: matrix[0] for ends, matrix in network.blocks(w).items()}
    to = ("hidden", "digits")
    return [
        np.concatenate([block["letters", target] for target in to]),
        np.block([[block[source, target] for source in to] for target in to]),
        np.concatenate([block["one", target][:, 0] for target in to]),
    ]


def main():
    task = long_sequences()
    w = bp.start(task.network, [1986])
    runs = {f"{name} (ours)": ours(task, name, SWEEPS) for name in ("compiled", "numpy")}
    try:
        runs["PyTorch, link by link"] = pytorch(task, SWEEPS, joined=False)
        runs["PyTorch, joined by hand"] = pytorch(task, SWEEPS, joined=True)
    except ImportError as wrong:
        print(f"PyTorch: not here ({wrong})")
    engines.machine_code.threads = 1
    reached = {name: run(w) for name, run in runs.items()}
    joined = {name: v if "joined" in name else _joined(task.network, v) for name, v in reached.items()}
    moved = max(np.abs(a - b).max() for a, b in zip(_joined(task.network, w), joined["numpy (ours)"], strict=True))
    for name, matrices in joined.items():
        for ours_, theirs in zip(joined["compiled (ours)"], matrices, strict=True):
            np.testing.assert_allclose(theirs, ours_, rtol=1e-9, atol=1e-9, err_msg=name)
    print(f"{machine()}\n{STEPS} steps, 33 units, {len(task.cases)} cases, {SWEEPS} sweeps; ", end="")
    print(f"weights equal to 1e-9 after moving by up to {moved:.1g}\n")
    seconds = rounds(runs, w, 21)
    rows = [
        [name, f"{np.median(each) / SWEEPS * 1e3:.2f}", f"{np.median(each / seconds['compiled (ours)']):.1f}"]
        for name, each in seconds.items()
    ]
    print(table(["", "ms a sweep", "times compiled"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
