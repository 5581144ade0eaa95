"""What decides which family of solutions a start finds? `python -m benchmarks.family_prediction`, after the census.

Tried are properties of the families (norm, margin) and of the starts: the family that the differences of the mirror
weights belong to before learning begins, in the larger hidden unit or between the two units; and a smaller system,
`pairs_alone`, that knows nothing but these differences. The table goes to figures/data/family_prediction.csv too.
"""

import argparse
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np

import bpcore as bp
from benchmarks.bench import table
from benchmarks.census import CENSUS, RUNS, WITHIN, Runs, is_solution, write
from bpcore.analysis.solution_families import families_of, family_of, margin

ROOT = Path(__file__).parents[1]
_LONGEST = 20_000  # sweeps of the pairs alone; the networks of the census with 6 and 8 inputs took fewer
TABLE = ROOT / "figures" / "data" / "family_prediction.csv"


def mirror_differences(setting, seeds):
    """Of each start what survives in a solved network.

    Returns
    -------
    d : (runs, 2, pairs) array      half the difference of the two weights of each mirror pair, of each hidden unit
    b, v : (runs, 2) array          biases of the hidden units plus their mean input, and their weights to the output
    c : (runs,) array               bias of the output
    """
    task = setting.task()
    blocks = task.network.blocks(bp.start(task.network, seeds, setting.half_range, setting.biases))
    w, half = blocks["input", "hidden"], setting.width // 2
    d = (w[..., :half] - w[..., ::-1][..., :half]) / 2
    b = blocks["one", "hidden"][..., 0] + w.sum(-1) / 2
    return d, b, blocks["hidden", "output"][:, 0], blocks["one", "output"][:, 0, 0]


def pairs_alone(d, b, v, c, epsilon, sweeps, alpha=0.9):
    """Learn symmetry in a network whose mirror weights are exactly opposite: equations (1) to (9) for what is left.

    A pattern is then only which pairs differ, and how: -1, 0 or 1 for each, 0 for twice as many patterns.

    Returns
    -------
    d : (runs, 2, pairs) array
        At the end.
    solved : (runs,) array of bool
        Whether all outputs were within .2 of what is desired at some look.
    """
    u = np.array(list(product((-1.0, 0.0, 1.0), repeat=d.shape[-1])))
    patterns, on = 2.0 ** (u == 0).sum(1), (u == 0).all(1).astype(float)
    point = [np.array(part) for part in (d, b, v, c)]
    velocity, found, solved = [np.zeros_like(part) for part in point], np.array(d), np.full(len(d), False)
    for sweep in range(sweeps):
        d, b, v, c = point
        h = 1 / (1 + np.exp(-(d @ u.T + b[..., None])))
        y = 1 / (1 + np.exp(-((v[..., None] * h).sum(1) + c[:, None])))
        if sweep % 100 == 0:
            fresh = ~solved & (np.abs(y - on).max(1) < WITHIN)
            found[fresh], solved = d[fresh], solved | fresh
            if solved.all():
                break
        dE_dx = (y - on) * y * (1 - y) * patterns
        dE_dh = dE_dx[:, None] * v[..., None] * h * (1 - h)
        gradient = (dE_dh @ u / 2, dE_dh.sum(-1), (dE_dx[:, None] * h).sum(-1), dE_dx.sum(-1))
        velocity = [alpha * step - epsilon * g for step, g in zip(velocity, gradient, strict=True)]
        point = [part + step for part, step in zip(point, velocity, strict=True)]
    return np.where(solved[:, None, None], found, point[0]), solved


def _name(sizes):
    return "-".join(map(str, family_of(np.abs(sizes)) or ("none",)))


def explain(setting, rows, most):
    """A row for each attempt to predict the families of these solved runs."""
    rows = [row for row in rows.values() if is_solution(row)][: most if setting.width < 8 else most // 2]
    if not rows:
        return
    found = [row["family"] for row in rows]
    d, b, v, c = mirror_differences(setting, [row["seed"] for row in rows])
    larger = d[np.arange(len(d)), np.linalg.norm(d, axis=-1).argmax(1)]
    alone, solved = pairs_alone(d, b, v, c, setting.epsilon, min(setting.sweeps, _LONGEST))
    known = np.full(len(d), True)
    for by, names, of in (
        ("the larger hidden unit at the start", map(_name, larger), known),
        ("the difference of the two units at the start", map(_name, d[:, 0] - d[:, 1]), known),
        ("the pairs alone", map(_name, alone[:, 0]), solved),
    ):
        predicted = [name for name, so in zip(names, of, strict=True) if so]
        these = [name for name, so in zip(found, of, strict=True) if so]
        right = np.mean([a == b for a, b in zip(predicted, these, strict=True)])
        yield {
            "width": setting.width,
            "epsilon": setting.epsilon,
            "biases": setting.biases,
            "predicted by": by,
            "runs": len(these),
            "right": f"{right:.3f}",
            "error": f"{np.sqrt(right * (1 - right) / len(these)):.3f}",
            "apart": f"{_apart(predicted, these):.3f}",
            "found": _shares(these),
            "predicted": _shares(predicted),
        }


def _apart(predicted, found):
    """Half the sum of the differences of shares: 0 if the shares are the same, 1 if nothing is common."""
    a, b = Counter(predicted), Counter(found)
    return sum(abs(a[name] - b[name]) for name in a | b) / (2 * len(found))


def _shares(names):
    return ", ".join(f"{name} {100 * n / len(names):.1f} %" for name, n in Counter(names).most_common())


def properties(setting, rows):
    """Norm and margin of each family beside its share: what does not explain it."""
    found = Counter(row["family"] for row in rows.values() if is_solution(row))
    for family in families_of(setting.width // 2):
        norm = np.linalg.norm(family) / (margin(family) * max(family))
        share = found["-".join(map(str, family))] / max(1, sum(found.values()))
        yield "-".join(map(str, family)), f"{share:.4f}", f"{norm:.2f}", f"{margin(family):.4f}"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.family_prediction", description=__doc__)
    parser.add_argument("--runs", type=Path, default=RUNS, help="where the census keeps its runs")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    parser.add_argument(
        "--most", type=int, default=300, help="runs of each setting of six inputs, half as many of eight"
    )
    parser.add_argument("--width", type=int, nargs="*", default=[6, 8], help="8 takes ten minutes")
    options = parser.parse_args(arguments)
    runs, made = Runs(options.runs), []
    for setting in [one for one in CENSUS[:2] if one.width in options.width]:
        made += explain(setting, runs.of(setting), options.most)
        print(*made[-3:], sep="\n", file=sys.stderr, flush=True)
    write(made, options.table)
    print(table(tuple(made[0]), [tuple(row.values()) for row in made]))
    for setting in CENSUS[:2]:
        header = ("family", "share", "norm for a smallest sum of 1", "margin")
        print(table(header, properties(setting, runs.of(setting))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
