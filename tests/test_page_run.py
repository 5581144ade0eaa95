"""A page without Python learns what the numpy engine learns, to 1e-10: steered, side by side, changed by hand."""

from dataclasses import replace

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from labs.epsilon_alpha.lab import EpsilonAlphaLab
from labs.family_trees.lab import FamilyTreesLab
from labs.local_minima.lab import LocalMinimaLab
from labs.symmetry.lab import SymmetryLab
from labs.workbench.lab import Workbench

from .in_page import ROOT, in_page, needs_node

pytestmark = needs_node
NEAR = {"rtol": 1e-10, "atol": 1e-10}
IRIS = ROOT / "labs" / "data" / "iris.csv"
LEARN = """
const kernel = await makeKernel();
return told.map(({ task, seed, sweeps, steps, how }) => {
  const run = new page.Run(kernel, task, task.recipe, seed, how);
  for (const [at, changes] of steps ?? []) {
    run.learn(at - run.sweeps);
    run.steer(changes);
  }
  const made = run.learn(sweeps - run.sweeps, { untilSolved: how?.untilSolved });
  return {
    E: [...run.E], worst: [...run.worst], w: [...run.w], deltaW: [...run.deltaW], kept: [...run.kept.sweeps],
    every: run.kept.every, solved: run.solved, divergedAt: run.divergedAt, phases: run.recipe.phases, waits: run.waits,
  };
});
"""


def same(found, run):
    """Assert that what a page has learnt is this History."""
    np.testing.assert_allclose(np.array(found["E"], float).reshape(-1, run.runs), run.E, **NEAR)
    np.testing.assert_allclose(np.array(found["worst"], float).reshape(-1, run.runs), run.worst, **NEAR)
    np.testing.assert_allclose(np.reshape(found["w"], (run.runs, -1)), run.state.w, **NEAR)
    np.testing.assert_allclose(np.reshape(found["deltaW"], (run.runs, -1)), run.state.delta_w, **NEAR)
    assert (found["kept"], found["every"]) == (run.kept[0].tolist(), run.keep_every)
    assert (found["solved"], found["divergedAt"]) == (run.solved_at.tolist(), run.diverged_at.tolist())
    assert (found["phases"], found["waits"]) == (run.recipe.to_dict()["phases"], run.waits.tolist())


def learn(scratch, *asked):
    return in_page(scratch, LEARN, asked, modules=("engine", "run"))


def test_ten_starts_of_symmetry_steered_three_times(tmp_path):
    task, steps = tasks.symmetry(), [[200, {"epsilon": 0.2}], [501, {"alpha": 0.8, "weightDecay": 0.0005}],
                                     [900, {"epsilon": 0.05, "weightDecay": 0.0}]]  # fmt: skip
    found = learn(tmp_path, *({"task": task.to_dict(), "seed": s, "sweeps": 1425, "steps": steps} for s in range(10)))
    for seed, one in enumerate(found):
        run = bp.History(task, seed, engine="numpy", keep_bytes=4096 * 16 * task.network.n_weights)
        for at, changes in steps:
            run.extend(at - run.sweeps)
            run.steer(**{name.replace("weightD", "weight_d"): value for name, value in changes.items()})
        same(one, run.extend(1425 - run.sweeps))


def kinds():
    """Tasks by name: task, sweeps, how its History is made, and whether it ends when it is solved."""
    symmetry, sequences = tasks.symmetry(), tasks.sequences()
    linear = bp.Network([bp.Group("input", 6), bp.Group("output", 1, unit=bp.linear)], [bp.Link("input", "output")])
    runaway = bp.Task("linear", linear, symmetry.cases, symmetry.recipe.throughout(epsilon=0.3))
    held = {"held": (0, 5, 15), "decay_biases": False}
    phases = (bp.Phase(0, 0.1, 0.9, 0.001), bp.Phase(57, 0.05, 0.95, 0.0), bp.Phase(120, 0.2, 0.5, 0.01))
    return {
        "xor, until solved": (tasks.xor(), 1500, {}, True),
        "parity": (tasks.parity(4, 4), 300, {}, False),
        "encoder": (tasks.encoder(8, 3), 500, {"keep_every": 3}, False),
        "family trees": (tasks.family_trees(), 200, {"keep_every": 10}, False),
        "family trees as printed": (tasks.family_trees(recipe="printed"), 40, {}, False),
        "sequences, tied": (sequences, 30, {}, False),
        "diverging": (runaway, 900, {}, False),
        "after every case": (replace(symmetry, recipe=replace(symmetry.recipe, update="case")), 50, {}, False),
        "held, phases": (replace(symmetry, recipe=replace(symmetry.recipe, phases=phases, **held)), 200, {}, False),
        "thinned": (symmetry, 700, {"keep_bytes": 16 * 17 * 50}, False),
        "race": (EpsilonAlphaLab().run.task, 1425, {}, False),
        "race, until solved": (EpsilonAlphaLab(lanes=[(0.1, 0.9), (0.3, 0.9), (2, 0.95)]).run.task, 1425, {}, True),
        "unit functions": (LocalMinimaLab("encoder", units="softplus", skips=True).run.task, 100, {}, False),
        "tanh": (LocalMinimaLab("xor", units="tanh").run.task, 100, {}, False),
        "4,096 cases in blocks": (tasks.symmetry(12, 2), 3, {}, False),
        "table": (Workbench.from_csv(IRIS, held_out=0.2, hidden=(4, 3)).run.task, 100, {}, False),
    }  # fmt: skip


KINDS = kinds()


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    asked = []
    for task, sweeps, how, until_solved in KINDS.values():
        asked_how = {"keepEvery": how.get("keep_every", 1), "keepBytes": how.get("keep_bytes", 64 << 20)}
        asked.append(
            {"task": task.to_dict(), "seed": 3, "sweeps": sweeps, "how": asked_how | {"untilSolved": until_solved}}
        )
    return dict(zip(KINDS, learn(tmp_path_factory.mktemp("page"), *asked), strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_it_learns_what_numpy_learns(found, name):
    task, sweeps, how, until_solved = KINDS[name]
    lanes = np.size(task.recipe.phases[0].epsilon)
    w = np.repeat(bp.start(task.network, [3], task.recipe.start.half_range, task.recipe.start.biases), lanes, 0)
    same(found[name], bp.History(task, w=w, engine="numpy", **how).extend(sweeps, until_solved))


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """What two runs look like at sweeps that were and were not kept, and after going back."""
    code = """
    const kernel = await makeKernel(), digits = ({ w, deltaW }) => bits([...w, ...deltaW]);
    return told.tasks.map((task) => {
      const run = new page.Run(kernel, task, task.recipe, 3, { keepBytes: told.bytes });
      const seen = [digits(run)], E = () => bits(run.E);
      for (let t = 1; t <= 300; t++) {
        if (t === 120) run.steer({ epsilon: 0.15 });
        run.learn(1);
        seen.push(digits(run));
      }
      const same = seen.every((there, t) => there === digits(run.at(t)));
      const [end, kept, before] = [E(), run.kept.sweeps.length, run.w.slice()];
      run.goBack(250);
      const cut = [run.sweeps, digits(run) === seen[250], run.recipe.phases.length, run.kept.sweeps.at(-1) <= 250];
      run.learn(50);
      const [on, w] = [E() === end, bits(run.w) === bits(before)];
      run.goBack(100);
      return { same, kept, cut, on, w, phases: run.recipe.phases.length, solved: run.solved };
    });
    """
    lanes = EpsilonAlphaLab(lanes=[(0.1, 0.9), (5, 0.99)]).run.task
    told = {"tasks": [tasks.symmetry().to_dict(), lanes.to_dict()], "bytes": 16 * 34 * 60}
    return in_page(tmp_path_factory.mktemp("page"), code, told, modules=("engine", "run"))


@pytest.mark.parametrize("which", [0, 1])
def test_sweeps_that_were_not_kept_are_the_same_to_the_last_bit(again, which):
    assert again[which]["same"]
    assert again[which]["kept"] < 130


@pytest.mark.parametrize("which", [0, 1])
def test_going_back_drops_what_came_later_and_learning_on_makes_it_again(again, which):
    assert again[which]["cut"] == [250, True, 2, True]
    assert again[which]["on"]
    assert again[which]["w"]
    assert again[which]["phases"] == 1
    assert max(again[which]["solved"]) <= 100


BY_HAND = """
const kernel = await makeKernel(), run = new page.Run(kernel, told, told.recipe, 3);
const tell = () => ({
  sweeps: run.sweeps, w: [...run.w], held: run.recipe.held, phases: run.recipe.phases, E: [...run.E],
});
run.learn(300);
run.steer({ epsilon: 0.2 });
const past = [run.edit(4, 1.5)], found = [];
run.learn(50);
found.push(tell());
past.push(run.freeze(2));
run.learn(50);
found.push(tell());
past.push(run.cut(7, { sweep: 20 }));
run.learn(50);
found.push(tell());
past.push(run.freeze(2, false));
run.learn(50);
found.push(tell());
return { found, past: past.map((before) => [before.sweeps, before.recipe.held, before.learn(10), before.sweeps]) };
"""


def test_a_weight_is_changed_as_in_a_lab(tmp_path):
    lab = SymmetryLab(seed=3)
    page = in_page(tmp_path, BY_HAND, lab.run.task.to_dict(), modules=("engine", "run"))
    lab.step(300)
    lab.epsilon = 0.2
    expected = []
    for act in (
        lambda: lab.edit(4, 1.5),
        lambda: lab.freeze(2),
        lambda: lab.cut(7, sweep=20),
        lambda: lab.freeze(2, on=False),
    ):
        act()
        lab.step(50)
        expected.append(lab.run)
    for one, run in zip(page["found"], expected, strict=True):
        assert (one["sweeps"], one["held"]) == (run.sweeps, list(run.recipe.held))
        assert one["phases"] == run.recipe.to_dict()["phases"]
        np.testing.assert_allclose(one["E"], run.E[:, 0], **NEAR)
        np.testing.assert_allclose(one["w"], run.state.w[0], **NEAR)
    assert page["past"] == [[300, [], 10, 310], [50, [], 10, 60], [50, [2], 10, 60], [50, [2, 7], 10, 60]]


def test_what_cannot_be_is_said_in_a_sentence(tmp_path):
    code = """
    const kernel = await makeKernel(), run = new page.Run(kernel, told);
    const acts = [
      () => run.steer({ alpha: 1.5 }), () => run.steer({ epsilon: -1 }), () => run.steer({ weightDecay: NaN }),
      () => run.at(5), () => run.edit(17, 1), () => run.edit(0, Infinity), () => run.learn(-1),
      () => run.begin([1, 2]),
    ];
    return acts.map((act) => { try { act(); return null; } catch (wrong) { return wrong.message; } });
    """
    assert in_page(tmp_path, code, tasks.symmetry().to_dict(), modules=("engine", "run")) == [
        "alpha is 1.5; a number from 0 to 1 is expected",
        "epsilon is -1; a number of at least 0 is expected",
        "the weight decay is NaN; a number from 0 to 1 is expected",
        "the sweep is 5; a whole number from 0 to 0 is expected",
        "the place of a weight is 17; a whole number from 0 to 16 is expected",
        "the value of a weight is Infinity; a number is expected",
        "the number of sweeps is -1; a whole number of at least 0 is expected",
        "2 weights are given; 1 times 17 are expected",
    ]


HOLD_OUT = """
return [
  ...told.seeds.map((seed) => page.holdOut(told.all, 4, seed)), page.holdOut(told.all, told.names),
  page.holdOut(told.all, 0), ...told.shares.map((share) => page.split(told.table, share)),
];
"""


def test_the_cases_that_are_held_out_are_those_of_the_labs(tmp_path):
    trees, table = tasks.family_trees(held_out=0).cases, bp.Cases.from_csv(IRIS, ["species"])
    names, seeds, shares = ["Colin has-aunt", "Sophia has-uncle"], [170, 171, 3], [0.0, 0.05, 0.2, 0.9, 0.001]
    told = {"all": trees.to_dict(), "table": table.to_dict(), "names": names, "seeds": seeds, "shares": shares}
    found = in_page(tmp_path, HOLD_OUT, told, modules=("cases",))
    labs = [FamilyTreesLab(seed=seed).run.task for seed in seeds]
    expected = [(task.cases, task.held_out) for task in labs]
    expected += [trees.hold_out(names), trees.hold_out(0), *map(table.split, shares)]
    assert found == [[one and one.to_dict() for one in pair] for pair in expected]
