"""A page without Python says where a run stands as bpcore says it."""

import numpy as np
import pytest

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


@pytest.mark.parametrize("n", [1, 2, 9, 40])
def test_eigenvalues_and_vectors_are_those_of_lapack(tmp_path, n):
    random = np.random.default_rng(n)
    matrix = random.normal(size=(n, n)) * 10.0 ** random.integers(-3, 3, (n, 1))
    matrix = matrix + matrix.T
    found = in_page(tmp_path, "const { values, vectors } = page.eigen(told);"
                    "return [values, vectors.map((row) => [...row])];", matrix.tolist(), ("where",))  # fmt: skip
    values, vectors = map(np.array, found)
    np.testing.assert_allclose(np.sort(values), np.linalg.eigvalsh(matrix), atol=1e-12 * np.abs(values).max())
    np.testing.assert_allclose(matrix @ vectors.T, values * vectors.T, atol=1e-11 * np.abs(values).max())
