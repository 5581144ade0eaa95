"""The symmetry lab at every width: what it says of networks that are built to be solutions."""

import numpy as np
import pytest

import bpcore as bp
from bpcore.analysis.solution_families import families_of, named
from labs import SymmetryLab
from labs.kit.ticket import lab_of
from labs.symmetry.lab import plateau, what_was_learnt

WIDTHS = (4, 6, 8, 10)


def built(task, sizes, hidden=2):
    """Weights of a network that detects symmetry by mirror pairs of these sizes, from the outside in."""
    w, half = np.zeros((1, task.network.n_weights)), np.array(sizes, float) * 6
    blocks = task.network.blocks(w)
    for j in range(hidden):
        blocks["input", "hidden"][0, j] = np.r_[half, -half[::-1]] * (-1) ** j
    blocks["one", "hidden"][...] = -3
    blocks["hidden", "output"][...] = -20
    blocks["one", "output"][...] = 10
    return w


def words_of(task, w):
    run = bp.train(task, w=w, sweeps=0)
    return {sentence: mark for mark, sentence, *_ in what_was_learnt(run, [0], w[None, 0])[0]}


@pytest.mark.parametrize("family", families_of(4), ids=named)
@pytest.mark.parametrize("order", [0, 1])
def test_every_one_of_the_fourteen_families_is_named(family, order):
    lab = SymmetryLab(width=8)
    task = lab.run.task
    said = words_of(task, built(task, np.random.default_rng(order).permutation(family)))
    assert said["256 of 256 right, first at sweep 0"] == "✓"
    (sizes,) = [sentence for sentence in said if sentence.startswith("sizes")]
    assert sizes.endswith(f", of the family {named(family)}, one of 14")
    assert said[sizes] == said["the hidden units are twins of opposite sign"] == "✓"


@pytest.mark.parametrize("family", families_of(5)[::60], ids=named)
def test_families_of_ten_inputs_are_named(family):
    task = bp.tasks.symmetry(10)
    (sizes,) = [sentence for sentence in words_of(task, built(task, family)) if sentence.startswith("sizes")]
    assert sizes.endswith(f", of the family {named(family)}, one of 516")


def test_four_inputs_have_one_family_and_six_keep_their_words():
    task = bp.tasks.symmetry(4)
    assert "sizes 1 : 2.0, of the family 1 : 2, the only one" in words_of(task, built(task, (2, 1)))
    task = bp.tasks.symmetry(6)
    assert "sizes 1 : 2.0 : 4.0" in words_of(task, built(task, (2, 4, 1)))
    assert "sizes 2 : 3 : 4, the other way to tell all patterns apart" in words_of(task, built(task, (3, 2, 4)))
    assert "sizes 1 : 3.0 : 5.0, of the family 1 : 2 : 4, one of 2" in words_of(task, built(task, (1, 3, 5)))


def test_sizes_with_two_equal_sums_are_of_no_family():
    task = bp.tasks.symmetry(8)
    said = words_of(task, built(task, (1, 2, 3, 8)))
    assert said["sizes 1 : 2.0 : 3.0 : 8.0, not yet of one family"] == "·"
    assert not any(sentence.startswith("256 of 256") for sentence in said)


def test_two_units_of_different_families_solve_nothing():
    """For some pattern both get a negative sum: two hidden units are of one family, or it is no solution."""
    task = bp.tasks.symmetry(8)
    w = built(task, (1, 2, 4, 8))
    task.network.blocks(w)["input", "hidden"][0, 1] = np.array([-3, -5, -6, -7, 7, 6, 5, 3]) * 6
    said = words_of(task, w)
    assert not any(sentence.startswith("256 of 256") for sentence in said)
    assert said["sizes 1 : 2.0 : 4.0 : 8.0, not yet of one family"] == "·"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_width_reaches_network_scene_words_script_and_plate(width):
    lab = SymmetryLab(width=width, hidden=2)
    scene = lab.scene()
    assert len(scene["names"]) == 2**width == len(lab.run.task.cases)
    selected = scene["names"][scene["selected"]]
    assert selected == selected[::-1]
    assert lab.shape.startswith(f"{width}–2–1 · {2**width} cases")
    assert f"tasks.symmetry({width}, 2)" in lab.script_task()
    assert lab.level["E"] == plateau(width) == scene["level"]["E"]
    no = np.zeros((1, lab.run.task.network.n_weights))
    lab.run.task.network.blocks(no)["one", "output"][...] = -20
    assert lab.level["E"] == pytest.approx(bp.train(lab.run.task, w=no, sweeps=0).E[0, 0], abs=1e-6)
    assert f"waiting on the plateau E = {plateau(width)}" in " ".join(words_of(lab.run.task, no))
    lab.step(3)
    assert f"{width}–2–1" in lab.digest()
    assert lab.picture().text


@pytest.mark.parametrize("width", [5, 2, 12, 6.5])
def test_other_widths_are_refused(width):
    with pytest.raises(ValueError, match=r"inputs|width"):
        SymmetryLab(width=width)


def test_a_ticket_keeps_the_width():
    lab = SymmetryLab(width=8, seed=3)
    lab.step(5)
    again = lab_of(lab.ticket())
    assert again.width == 8
    assert again.run.E[-1, 0] == lab.run.E[-1, 0]
