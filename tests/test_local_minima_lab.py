"""The lab of local minima without a page."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.diagnosis import where
from bpcore.variants import with_skips, with_units
from figures.snapshot_net import matrix
from labs import LocalMinimaLab
from labs.local_minima.lab import TASKS


def sent_by(lab):
    """What a lab sends to its page beside pieces of the run."""
    messages = []
    lab.view.stage.send = lambda content, buffers=None: messages.append(content)
    return messages


@pytest.mark.parametrize(
    ("how", "task", "epsilon"),
    [
        ({"task": "symmetry"}, tasks.symmetry(), 0.1),
        ({"task": "xor", "half_range": 0.3}, tasks.parity(2), 0.5),
        ({"task": "encoder"}, tasks.encoder(8), 0.5),
        ({"task": "symmetry", "skips": True}, with_skips(tasks.symmetry()), 0.1),
        ({"task": "symmetry", "units": "tanh", "hidden": 3}, with_units(tasks.symmetry(6, 3), bp.units.tanh), 0.1),
    ],
)
def test_a_lab_makes_the_run_that_the_task_makes(how, task, epsilon):
    lab = LocalMinimaLab(seed=2, **how)
    lab.step(30)
    run = bp.train(task, seeds=2, sweeps=30, epsilon=epsilon, alpha=0.9)
    np.testing.assert_allclose(lab.run.E, run.E, rtol=1e-9)


def test_it_says_where_a_run_stands_at_any_sweep():
    lab = LocalMinimaLab(seed=4)
    lab.step(2000)
    assert lab.where().name == "saturation"
    assert lab.where(0).name == "on the way"
    assert lab.digest().endswith(where(lab.run.task, lab.run.state.w)[0].why)
    messages = sent_by(lab)
    lab.view.stage.receive({"type": "where", "sweep": 0})
    lab.view.stage.receive({"type": "where", "sweep": 99_999})  # the page may be ahead of a restart
    assert [(m["sweep"], m["name"]) for m in messages] == [(0, "on the way"), (2000, "saturation")]
    assert messages[0]["why"] == lab.where(0).why


def test_another_task_brings_its_own_settings():
    lab = LocalMinimaLab(skips=True, hidden=5)
    lab.step(3)
    lab.view.choices["task"].widget.value = "encoder"
    assert {name: lab.settings[name] for name in TASKS["encoder"]} == TASKS["encoder"]
    assert (lab.skips, lab.run.sweeps, lab.shape) == (False, 0, "8–3–8 · 8 cases")
    lab.as_in_the_paper()
    assert lab.task == "encoder"


def test_words_count_the_right_cases():
    lab = LocalMinimaLab("xor", seed=1)
    lab.step(2000)
    solved = int(lab.run.solved_at[0])
    assert solved > 0
    first, last = lab.words([0, 2000], [lab.run.at(0).w[0], lab.run.state.w[0]])
    assert first[0][0] == "·"
    assert last == [["✓", "4 of 4 cases right"], ["✓", f"solved at sweep {solved:,}"]]


def test_the_matrix_has_every_weight_where_its_link_is():
    task = with_skips(tasks.symmetry())
    w = np.arange(1.0, task.network.n_weights + 1)
    weights = matrix(task.network, w)
    assert weights.shape == (3, 9)
    assert np.isnan(weights[:2, 6:8]).all()
    assert sorted(weights[~np.isnan(weights)]) == w.tolist()
    np.testing.assert_array_equal(weights[:2, :6], task.network.blocks(w)["input", "hidden"])
    np.testing.assert_array_equal(weights[2:, :6], task.network.blocks(w)["input", "output"])


def test_its_picture_says_what_it_shows():
    lab = LocalMinimaLab("encoder")
    lab.step(10)
    assert lab.picture().text.startswith("Local minima 8–3–8 · 8 cases: sweep 10")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"task": "sorting"}, "task is 'sorting'; one of 'symmetry', 'xor', 'encoder' is expected"),
        ({"units": "step"}, "units is 'step'; one of 'logistic'"),
        ({"hidden": 17}, "the number of hidden units"),
        ({"momentum": 1}, "there is no setting 'momentum'"),
        ({"alpha": float("nan")}, "alpha"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        LocalMinimaLab(**how)
