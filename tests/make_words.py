"""Writes words.json: weights, and what labs say of them. Python and the page are both held to it.

``python -m tests.make_words`` writes it anew; look at what has changed in it.
"""

import json
import re
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import bpcore as bp
from labs import EpsilonAlphaLab, FamilyTreesLab, LocalMinimaLab, SymmetryLab, Workbench

TABLE = Path(__file__).with_name("words.json")
_X = np.linspace(0, 1, 300)[:, None]
WAVE = bp.Cases({"x": _X}, {"y": 0.5 + 0.4 * np.sin(6 * _X)})
"""More cases than are drawn, whose outputs are not 0 and 1."""
CSV = Path(__file__).parents[1] / "labs" / "data"
LABS = {
    "symmetry": (lambda seed: SymmetryLab(seed), 3000, range(12)),
    "symmetry, half of the sizes": (lambda seed: SymmetryLab(seed, half_range=1.5), 1500, range(8)),
    "symmetry, three hidden units": (lambda seed: SymmetryLab(seed, hidden=3), 1500, range(3)),
    "symmetry, one hidden unit": (lambda seed: SymmetryLab(seed, hidden=1), 400, range(2)),
    "symmetry, four inputs": (lambda seed: SymmetryLab(seed, width=4), 1500, range(4)),
    "symmetry, eight inputs": (lambda seed: SymmetryLab(seed, width=8, epsilon=0.05), 6000, range(8)),
    "symmetry, ten inputs": (lambda seed: SymmetryLab(seed, width=10, epsilon=0.01), 6000, range(1)),
    "family trees": (lambda seed: FamilyTreesLab(170 + seed), 3000, range(1)),
    "family trees as printed": (lambda seed: FamilyTreesLab(seed, recipe="printed"), 1000, range(1)),
    "exclusive or": (lambda seed: LocalMinimaLab("xor", seed), 1500, range(3)),
    "encoder": (lambda seed: LocalMinimaLab("encoder", seed), 500, range(1)),
    "symmetry among the minima": (lambda seed: LocalMinimaLab("symmetry", seed), 1500, range(6)),
    "race": (lambda seed: EpsilonAlphaLab(10 + seed), 1500, range(1)),
    "irises": (lambda seed: Workbench.from_csv(CSV / "iris.csv", seed=seed, held_out=0.2), 300, range(1)),
    "circle": (lambda seed: Workbench.from_csv(CSV / "circle.csv", seed=seed), 300, range(1)),
    "a wave": (lambda seed: Workbench(WAVE, seed, hidden=(3,)), 300, range(2)),
}
"""Labs by name: how to make one of a seed, how many sweeps it makes, and the seeds."""
_MOST = 12
"""Moments of one lab in the table, at most, but for the paper's own."""


def say(lab, sweep, solved, w):
    """What a lab says of some weights, as plain lists."""
    lab.run = SimpleNamespace(task=lab.run.task, solved_at=np.array(solved))
    return json.loads(json.dumps(lab.words([sweep], [np.array(w, float)])[0]))


def moments(name):
    """Moments of the runs of a lab that are spoken of in different sentences."""
    make, sweeps, seeds = LABS[name]
    found = {}
    for seed in seeds:
        lab = make(seed)
        lab.step(sweeps)
        kept, w, _ = lab.run.kept
        solved = lab.run.solved_at.tolist()
        for k in np.unique(np.linspace(0, len(kept) - 1, 60).astype(int)):
            moment = _moment(name, seed, int(kept[k]), solved, [f"{value:.4g}" for value in w[k][0]])
            found.setdefault(re.sub(r"\d+", "0", json.dumps(moment["words"])), moment)
    return list(found.values())[: 40 if name == "symmetry" else 3 if "trees" in name else _MOST]


def by_hand():
    """Moments that no run of these comes by: other families of sizes, and a run that is no longer solved."""
    for name, sizes in (("eight", (3, 5, 6, 7)), ("eight", (1, 2, 4, 8)), ("eight", (1, 2, 3, 4)),
                        ("ten", (1, 2, 4, 8, 16)), ("ten", (6, 9, 11, 12, 13))):  # fmt: skip
        half = 10.0 * np.array(sizes)
        unit = [*half, *-half[::-1]]
        w = [*unit, *np.negative(unit), -5, -5, -20, -20, 10]
        yield _moment(f"symmetry, {name} inputs", 0, 70, [50], w)
    for name in ("encoder", "exclusive or", "circle"):
        lab = LABS[name][0](0)
        yield _moment(name, 0, 2000, [1234], lab.run.state.w[0].round(4))


def _moment(name, seed, sweep, solved, w):
    w = [float(value) for value in w]
    words = say(LABS[name][0](seed), sweep, solved, w)
    return {"lab": name, "seed": seed, "sweep": sweep, "solved": solved, "w": w, "words": words}


def main():
    """Write the table, a line a moment."""
    lines = [json.dumps(moment, ensure_ascii=False) for moment in [*chain(*map(moments, LABS)), *by_hand()]]
    TABLE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
