"""What a page holds of a run is what the kernel keeps of it, however often older weights are thinned out."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from labs.kit.pieces import Pieces

from .in_page import in_page, needs_node

HOLD = """
const records = told[0].piece.solved.map(() => new page.RunRecord());
const share = (Kind, numbers, run) => {
    const n = numbers.length / records.length;
    return Kind.from(numbers.slice(run * n, (run + 1) * n));
};
const take = ({ piece, buffers: [E, sweeps, w, now] }) => records.every((record, run) => {
    const [ofE, ofW, ofNow] = [E, w, now].map((numbers) => share(Float32Array, numbers, run));
    return record.take(piece, [ofE, Uint32Array.from(sweeps), ofW, ofNow], run);
});
const taken = told.map(take), all = ({ array, length }) => [...array.slice(0, length)];
return [taken, records.map(({ E, sweeps, w }) => [E, sweeps, w].map(all))];
"""


@needs_node
@pytest.mark.parametrize("steps", [[60, 60], [5, 300, 1, 40, 700], [1000, 1]])
def test_a_page_thins_its_copy_as_the_history_is_thinned(tmp_path, steps):
    task = tasks.symmetry()
    run = bp.History(task, [3, 1], keep_bytes=50 * 2 * 2 * 8 * task.network.n_weights)  # 50 moments of two runs
    pieces, told = Pieces(), []
    for sweeps in [0, *steps]:
        piece, buffers = pieces.next(run.extend(sweeps), [], [], "")
        kinds = ("<f4", "<u4", "<f4", "<f4")
        numbers = [np.frombuffer(one, kind).tolist() for one, kind in zip(buffers, kinds, strict=True)]
        told.append({"piece": piece, "buffers": numbers})
    assert run.keep_every > 1
    taken, held = in_page(tmp_path, HOLD, told, ("../kit/stage/record",))
    assert taken == [True] * len(told)  # it asks for nothing again
    for k, (E, numbers, w) in enumerate(held):
        np.testing.assert_array_equal(np.float32(E), run.E[:, k].astype("f4"))
        np.testing.assert_array_equal(numbers, run.kept[0])
        np.testing.assert_array_equal(np.float32(w).reshape(len(numbers), -1), run.kept[1][:, k].astype("f4"))
