"""Instant mode: every tick of a slider makes a whole run."""

import numpy as np

import bpcore as bp
from bpcore import tasks
from labs import SymmetryLab
from labs.kit.session import WHOLE_RUN


def whole_run(**settings):
    return bp.train(tasks.symmetry(), sweeps=WHOLE_RUN, **settings).E


def test_every_move_makes_the_whole_run_that_those_settings_make():
    lab = SymmetryLab(seed=10)
    lab.instant = True
    np.testing.assert_allclose(lab.run.E, whole_run(seeds=10), atol=1e-10)
    lab.epsilon = 0.05
    np.testing.assert_allclose(lab.run.E, whole_run(seeds=10, epsilon=0.05), atol=1e-10)
    lab.set_seed(11)
    np.testing.assert_allclose(lab.run.E, whole_run(seeds=11, epsilon=0.05), atol=1e-10)
    assert len(lab.run.recipe.phases) == 1, "no slider was moved on the way"


def test_of_moves_that_wait_only_the_last_is_made(monkeypatch):
    lab = SymmetryLab(seed=10)
    lab.instant = True
    waiting, resets, reset = [], [], lab.reset
    monkeypatch.setattr(lab.clock, "soon", waiting.append)
    monkeypatch.setattr(lab, "reset", lambda: resets.append(reset()))
    for epsilon in (0.05, 0.06, 0.07):
        lab.view.moved("epsilon", epsilon)
    lab.view.moved("seed", 12)
    assert len(waiting) == 1
    waiting[0]()
    assert len(resets) == 1
    assert (lab.epsilon, lab.seed) == (0.07, 12)


def test_back_in_live_mode_a_run_begins_at_its_start():
    lab = SymmetryLab(seed=10)
    lab.instant = True
    lab.instant = False
    assert lab.run.sweeps == 0
    lab.step(3)
    lab.alpha = 0.5
    assert [phase.start for phase in lab.run.recipe.phases] == [0, 3]
