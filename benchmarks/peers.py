"""The same sweeps by others: each peer makes ``run(w) -> weights after the sweeps``, for w of shape (runs, weights).

Every peer gets what its users would give it: jit and scan for JAX, in-place operations for PyTorch, and for C the sizes
at compile time. scikit-learn has no squared error behind a logistic output unit: it learns the symmetry network by
cross-entropy, which is as much work, and so cannot be compared in its weights.
"""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import bpcore as bp
from bpcore import engines


def ours(engine, threads=None):
    """This project's engine of that name."""

    def prepare(work):
        if threads:
            engines.machine_code.threads = threads

        def run(w):
            history = engines.make_engine(work.task, work.task.recipe, w, np.zeros_like(w), engine)
            history.sweeps(0, work.sweeps, work.task.recipe)
            return history.w

        return run

    return prepare


def plain_numpy(work):
    """As most people write it: one matrix a layer, new arrays at every step; runs one after the other."""
    X = dict(work.task.cases.inputs)
    (output, d) = next(iter(work.task.cases.desired.items()))
    epsilon, alpha = work.phase.epsilon, work.phase.alpha

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def one(w):
        W, names = _matrices(work, w.copy())
        V = [np.zeros_like(m) for m in W]
        E = []
        for _ in range(work.sweeps):
            y = dict(X)
            for (target, sources), (matrices, bias) in zip(work.layers, names, strict=True):
                y[target] = sigmoid(sum(y[s] @ W[m].T for s, m in zip(sources, matrices, strict=True)) + W[bias][:, 0])
            delta = y[output] - d
            if work.margin:
                delta = np.where(np.abs(delta) < work.margin, 0, delta)
            E.append(0.5 * np.sum(delta**2))
            dE_dy, G = {output: delta}, [None] * len(W)
            for (target, sources), (matrices, bias) in zip(reversed(work.layers), reversed(names), strict=True):
                dE_dx = dE_dy[target] * y[target] * (1 - y[target])
                G[bias] = dE_dx.sum(0)[:, None]
                for s, m in zip(sources, matrices, strict=True):
                    G[m] = dE_dx.T @ y[s]
                    if s not in X:
                        dE_dy[s] = dE_dx @ W[m]
            for k in range(len(W)):
                V[k] = alpha * V[k] - epsilon * G[k]
                W[k] = (W[k] + V[k]) * (1 - work.decay)
        return np.concatenate([m.ravel() for m in W])

    return lambda w: np.array([one(row) for row in w])


def _matrices(work, w):
    """Copies of the blocks of one weight vector, and which of them belong to each layer."""
    blocks, places = work.task.network.blocks(w), {}
    matrices = []
    for block, values in blocks.items():
        places[block] = len(matrices)
        matrices.append(values.copy())
    names = [([places[s, target] for s in sources], places[bp.ONE, target]) for target, sources in work.layers]
    return matrices, names


def jax_scan(work):
    """JAX: one compiled scan over the sweeps, vmapped over the runs."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X = {name: jnp.asarray(rows) for name, rows in work.task.cases.inputs.items()}
    output, d = next((name, jnp.asarray(rows)) for name, rows in work.task.cases.desired.items())
    epsilon, alpha, keep = work.phase.epsilon, work.phase.alpha, 1 - work.decay
    _, names = _matrices(work, np.zeros(work.task.network.n_weights))

    def error(W):
        y = dict(X)
        for (target, sources), (matrices, bias) in zip(work.layers, names, strict=True):
            x = sum(y[s] @ W[m].T for s, m in zip(sources, matrices, strict=True)) + W[bias][:, 0]
            y[target] = jax.nn.sigmoid(x)
        q = y[output] - d
        if work.margin:
            q = jnp.where(jnp.abs(q) < work.margin, 0.0, q)
        return 0.5 * jnp.sum(q**2)

    def sweep(carry, _):
        W, V = carry
        E, G = jax.value_and_grad(error)(W)
        V = [alpha * v - epsilon * g for v, g in zip(V, G, strict=True)]
        return ([(m + v) * keep for m, v in zip(W, V, strict=True)], V), E

    @jax.jit
    def learn(W):
        def one(W):
            (W, _), E = jax.lax.scan(sweep, (W, [jnp.zeros_like(m) for m in W]), None, length=work.sweeps)
            return jnp.concatenate([m.ravel() for m in W]), E

        return jax.vmap(one)(W) if len(W[0]) > 1 else tuple(a[None] for a in one([m[0] for m in W]))

    def run(w):
        W = [jnp.asarray(m) for m in _matrices(work, w)[0]]
        return np.asarray(learn(W)[0].block_until_ready())

    return run


def torch_eager(work):
    """PyTorch: autograd and SGD's arithmetic in place; runs as one more axis in front."""
    import torch

    torch.set_num_threads(1)
    X = {name: torch.tensor(np.array(rows)) for name, rows in work.task.cases.inputs.items()}
    output, d = next((name, torch.tensor(np.array(rows))) for name, rows in work.task.cases.desired.items())
    epsilon, alpha, keep = work.phase.epsilon, work.phase.alpha, 1 - work.decay
    _, names = _matrices(work, np.zeros(work.task.network.n_weights))

    def run(w):
        W = [torch.tensor(m, requires_grad=True) for m in _matrices(work, w)[0]]
        V = [torch.zeros_like(m) for m in W]
        for _ in range(work.sweeps):
            y = dict(X)
            for (target, sources), (matrices, bias) in zip(work.layers, names, strict=True):
                x = sum(y[s] @ W[m].transpose(-1, -2) for s, m in zip(sources, matrices, strict=True))
                y[target] = torch.sigmoid(x + W[bias].transpose(-1, -2))
            q = y[output] - d
            if work.margin:
                q = torch.where(q.abs() < work.margin, 0.0, q)
            G = torch.autograd.grad(0.5 * (q**2).sum(), W)
            with torch.no_grad():
                for m, v, g in zip(W, V, G, strict=True):
                    v.mul_(alpha).sub_(g, alpha=epsilon)
                    m.add_(v).mul_(keep)
        return torch.cat([m.detach().reshape(len(w), -1) for m in W], 1).numpy()

    return run


def scikit_learn(work):
    """MLPClassifier: the same network and steps, another error."""
    if not work.name.startswith("symmetry 6-2-1") or len(work.w) > 1:
        return None
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    X, d = work.task.cases.inputs["input"], work.task.cases.desired["output"][:, 0].astype(int)
    how = {"activation": "logistic", "solver": "sgd", "nesterovs_momentum": False, "shuffle": False, "alpha": 0}
    how |= {"batch_size": len(X), "max_iter": work.sweeps, "n_iter_no_change": work.sweeps, "tol": 0}
    how |= {"learning_rate_init": work.phase.epsilon, "momentum": work.phase.alpha}

    def run(_w):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            MLPClassifier((work.task.network.size("hidden"),), **how).fit(X, d)

    return run


def c_code(work):
    """C, compiled for the two workloads; runs one after the other."""
    if not work.name.startswith(("symmetry 6-2-1", "family-tree")):
        return None
    source, library = Path(__file__).with_name("sweeps.c"), Path(tempfile.mkdtemp()) / "sweeps.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
    subprocess.run([shutil.which("gcc"), *flags, str(source), "-o", str(library), "-lm"], check=True)
    function = getattr(ctypes.CDLL(str(library)), "symmetry" if "6-2-1" in work.name else "trees")
    number, cases = ctypes.c_double, work.task.cases
    inputs = np.ascontiguousarray(np.concatenate([rows.T for rows in cases.inputs.values()]))
    desired, E = np.ascontiguousarray(next(iter(cases.desired.values())).T), np.empty(work.sweeps)
    decay = [number(work.decay)] if work.decay else []

    def at(array):
        return array.ctypes.data_as(ctypes.POINTER(number))

    def run(w):
        w, v = w.copy(), np.zeros_like(w)
        for r in range(len(w)):
            settings = number(work.phase.epsilon), number(work.phase.alpha), *decay
            function(at(w[r]), at(v[r]), at(inputs), at(desired), work.sweeps, *settings, at(E))
        return w

    return run


NOT_THE_SAME = "scikit-learn, cross-entropy"
"""A peer whose weights are not compared."""
PEERS = {
    "compiled (ours)": ours("compiled", 1),
    "numpy (ours)": ours("numpy"),
    "C -O3 -ffast-math": c_code,
    "JAX jit + scan": jax_scan,
    "numpy, plain": plain_numpy,
    "PyTorch autograd": torch_eager,
    NOT_THE_SAME: scikit_learn,
}


def available(work, names=None):
    """{name: run} of the peers that are installed here and can do the work; others are named with the reason."""
    found, missing = {}, {}
    for name, prepare in PEERS.items():
        if names and not any(part in name for part in names):
            continue
        try:
            run = prepare(work)
        except (ImportError, OSError, RuntimeError, TypeError) as wrong:
            missing[name] = str(wrong).splitlines()[0]
            continue
        if run:
            found[name] = run
    return found, missing
