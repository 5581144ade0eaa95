"""A page without Python says where a run stands as bpcore says it."""

import numpy as np

import bpcore as bp
from bpcore.analysis.diagnosis import NAMES, trap, where
from labs import LocalMinimaLab

from .in_page import in_page, needs_node

pytestmark = needs_node
LABS = [("xor", {}), ("xor", {"hidden": 1}), ("symmetry", {}), ("symmetry", {"epsilon": 2.0}), ("encoder", {}),
        ("encoder", {"hidden": 2, "units": "tanh"}), ("symmetry", {"skips": True, "units": "softplus"})]  # fmt: skip


def moments():
    """Tasks, and weights of runs of them that went far."""
    for name, how in LABS:
        for seed in range(1 if name == "encoder" else 6):
            lab = LocalMinimaLab(name, seed, **how)
            lab.step(3000)
            for sweep in (0, 30, 300, 1000, 3000):
                yield lab.run.task, lab.run.at(min(sweep, lab.run.sweeps)).w[0]
    for seed in range(6):
        run = bp.train(trap(), seed, 8000, keep_every=100)
        yield from ((run.task, run.at(sweep).w[0]) for sweep in (100, 1000, 8000))


def test_a_page_says_where_a_run_stands_as_bpcore_does(tmp_path):
    told = [{"task": task.to_dict(), "w": w.tolist()} for task, w in moments()]
    found = in_page(tmp_path, "return told.map(({ task, w }) => page.where(task, w));", told, ("where",))
    expected = [where(task, w)[0] for task, w in moments()]
    assert [one["name"] for one in found] == [one.name for one in expected]
    assert set(NAMES) <= {one.name for one in expected}
    assert [one["why"] for one in found] == [one.why for one in expected]


def matrices():
    """Symmetrical matrices: any, with equal eigenvalues, of low rank, already diagonal, of zeros."""
    random = np.random.default_rng(1986)
    for n in (1, 2, 3, 9, 40, 130):
        any_ = random.normal(size=(n, n)) * 10.0 ** random.integers(-3, 3, (n, 1))
        thin = random.normal(size=(n, max(1, n // 3)))
        turn, _ = np.linalg.qr(random.normal(size=(n, n)))
        yield from (any_ + any_.T, thin @ thin.T, turn @ np.diag(np.arange(n) // 2) @ turn.T, np.diag(any_[0]))
        yield from (np.zeros((n, n)), np.ones((n, n)), np.diag(np.ones(n)) + np.diag(np.ones(n - 1), 1) * 2)


def test_eigenvalues_and_vectors_are_those_of_lapack(tmp_path):
    code = """
    return told.map((matrix) => {
      const { values, vectors } = page.eigen(matrix);
      return [values, vectors.map((row) => [...row])];
    });
    """
    told = [(matrix + matrix.T) / 2 for matrix in matrices()]
    for matrix, found in zip(told, in_page(tmp_path, code, [m.tolist() for m in told], ("eigen",)), strict=True):
        values, vectors = map(np.array, found)
        size = max(np.abs(matrix).max() * len(matrix), 1e-300)
        np.testing.assert_allclose(np.sort(values), np.linalg.eigvalsh(matrix), atol=1e-13 * size)
        np.testing.assert_allclose(matrix @ vectors.T, values * vectors.T, atol=1e-13 * size)
        np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(matrix)), atol=1e-12)
