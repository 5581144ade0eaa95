"""Save runs and half a study with the code of a release, for the tests of the next one.

Run it in a checkout of that release: `PYTHONPATH=. python .../tests/last_release/make.py`. It writes beside itself:
runs (*.npz), their errors 50 sweeps later (later.json), studies with half their rows (*.study, SQLite files) and all
the rows of these studies (rows.json).
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

import bpcore as bp
from bpcore import tasks, variants

HERE = Path(__file__).parent
MORE = 50


def grids():
    """Arguments of studies, by name."""
    wide = {"hidden": [2, 3], "epsilon": [0.05, 0.1, 0.3], "biases": ["uniform", "zero"]}
    yield "symmetry", (tasks.symmetry, range(10), wide, 800), {"stop_when_solved": True}
    yield "chosen", (chosen(), range(8), {"weight_decay": [0.0, 0.01], "epsilon": [0.02, 1e60]}, 60), {}


def study(name, store=None):
    arguments, how = next(values for other, *values in grids() if other == name)
    return bp.Study(*arguments, store=store, engine="numpy", block=4, **how)


def steered(engine):
    """Symmetry, with held weights, and epsilon and alpha moved on the way."""
    task = tasks.symmetry()
    recipe = replace(task.recipe.throughout(weight_decay=1e-4), decay_biases=False, held=(0, 3, 13))
    run = bp.History(task, [3, 5], recipe=recipe, keep_every=16, engine=engine).extend(40)
    run.steer(epsilon=0.25)
    run.extend(20)
    run.steer(alpha=[0.5, 0.8], epsilon=0.05)
    return run.extend(30)


def chosen():
    """A network of groups with units of all kinds, a skip, and everything in the recipe other than by default."""
    groups = [bp.Group("left", 2), bp.Group("right", 1), bp.Group("first", 3, bp.tanh, biases=False)]
    groups += [bp.Group("second", 2, bp.softplus), bp.Group("out", 2), bp.Group("also", 1, bp.linear)]
    ends = ["left first", "right first", "first second", "second out", "first out", "second also", "left also"]
    network = bp.Network(groups, [bp.Link(*both.split()) for both in ends])
    inputs = {"left": [[0, 1], [1, 1], [1, 0]], "right": [[0.5], [0], [-1]]}
    cases = bp.Cases(inputs, {"out": [[0, 1], [1, 0], [1, 1]], "also": [[0.25], [0], [1]]}, ["one", "two", "three"])
    recipe = bp.Recipe(
        [bp.Phase(0, 0.02, 0.5, 0.001), bp.Phase(7, 0.05, 0.8)],
        decay_biases=False,
        tolerance=bp.Tolerance(0.1, "edge"),
        update="case",
        start=bp.Start(0.5, "zero"),
    )
    return bp.Task("chosen", network, cases, recipe, 0.2, cases.some([1]))


def tied():
    """A layered net with corresponding weights, whose derivatives are summed."""
    cases = tasks.parity(3).cases
    network = cases.network([3, 3, 3], tied=True, skips=True)
    task = bp.Task("tied", network, cases, bp.Recipe(tied="sum", tolerance=bp.Tolerance(0.2)))
    return bp.train(task, [1], 25, engine="numpy", keep_every=5)


def runs():
    few = {"engine": "numpy", "keep_every": 1000}
    yield "steered", steered("numpy")
    yield "compiled", steered("compiled")
    yield "family-trees", bp.train(tasks.family_trees(sizes={"centre": 8}), [2], 25, **few)
    yield "sequences", bp.train(tasks.sequences(hidden=8, held_out=["AC1231"]), [0, 1], 20, **few)
    yield "shift-register", bp.train(tasks.shift_register(3, answers="every"), [5], 30, engine="numpy", keep_every=4)
    yield "chosen", bp.train(chosen(), [0, 4], 30, keep_every=3, engine="numpy")
    yield "tied", tied()
    yield "skips", bp.train(variants.with_skips(tasks.encoder(4)), [0, 1], 40, **few)
    yield "solved", bp.train(tasks.symmetry(), [0, 1, 2], 1600, epsilon=0.1, stop_when_solved=True, **few)


def main():
    later, rows = {}, {}
    for name, run in runs():
        path = HERE / f"{name}.npz"
        bp.save(run, path)
        later[name] = bp.load(path, engine="numpy").extend(MORE).E[-1].tolist()
        print(f"{name}: {path.stat().st_size:,} bytes, E {run.E[-1]} -> {later[name]}, solved {run.solved_at}")
    for name, *_ in grids():
        half, whole = study(name, HERE / f"{name}.study"), study(name).run(None)
        half.run(lambda done, _rows, half=half: done >= half.total // 2 and half.cancel())
        rows[name] = whole.table()
        print(f"study {name}: {half.done} of {half.total}, solved {np.count_nonzero(whole['solved_at'] >= 0)}")
    for name, what in (("later", later), ("rows", rows)):
        (HERE / f"{name}.json").write_text(json.dumps(what) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
