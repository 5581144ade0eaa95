"""A page without Python draws what numpy draws, to the last bit: seed 10 is seed 10 everywhere."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks

from .in_page import in_page, needs_node

pytestmark = needs_node
SEEDS = [*range(200), 1986, 2**31 - 1, 2**32, 2**32 + 1, 2**53 - 1]
HUGE = [2**63, 2**64 - 1, 2**128 - 1, 2**128, 10**60]  # JavaScript takes them as text
STARTS = [
    (tasks.symmetry(), {}),
    (tasks.family_trees(), {"half_range": 1.0}),
    (tasks.encoder(8, 3), {"biases": "zero"}),
]


def test_seeds_are_mixed_as_numpy_mixes_them(tmp_path):
    seeds = [*SEEDS, *map(str, HUGE)]
    found = in_page(tmp_path, "return told.map((seed) => page.seedWords(seed).map(String));", seeds)
    assert found == [[str(word) for word in np.random.SeedSequence(int(s)).generate_state(4, np.uint64)] for s in seeds]


@pytest.mark.parametrize(("task", "how"), STARTS, ids=lambda part: getattr(part, "name", ""))
def test_starting_weights_are_those_of_bpcore(tmp_path, task, how):
    start = {"half_range": 0.3, "biases": "uniform"} | how
    code = """
    const network = new page.Network(told.network);
    return told.seeds.map((seed) => bits(page.startingWeights(network, seed, told.start)));
    """
    told = {"network": task.network.to_dict(), "seeds": SEEDS, "start": start}
    found = in_page(tmp_path, code, told, modules=("network", "random"))
    w = bp.start(task.network, SEEDS, **start)
    assert found == [run.astype("<f8").tobytes().hex() for run in w]


def test_permutations_are_those_of_numpy(tmp_path):
    asked = [[seed, n] for seed in range(40) for n in (1, 2, 3, 7, 104, 150)] + [[5, 3000]]
    found = in_page(tmp_path, "return told.map(([seed, n]) => new page.Generator(seed).permutation(n));", asked)
    assert found == [np.random.default_rng(seed).permutation(n).tolist() for seed, n in asked]
