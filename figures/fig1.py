"""The plates of Fig. 1: the network that has learned to detect mirror symmetry, and how often it is found."""

from dataclasses import dataclass

import numpy as np

from bpcore import forward, total_error
from bpcore.measures import mirror_structure, right_cases

from .curves import draw_error_curve, draw_solved_distribution
from .network import draw_network
from .plate import Plate
from .squares import draw_cases, draw_hinton
from .style import ACCENT, FONT, SMALL, SOFT, fixed_look, headline, percent, place, sheet, signed, write

PAPER = 1425
LAYERS = (("input", "hidden"), ("one", "hidden"), ("hidden", "output"), ("one", "output"))


@dataclass(frozen=True)
class Chosen:
    """A run, taken from many.

    Attributes
    ----------
    seed : int
    solved_at : int
        Sweep.
    of : (runs,) array
        When each of the many was solved, -1 never; run k has seed k.
    sweeps : int
        How long each was watched.
    """

    seed: int
    of: np.ndarray
    sweeps: int

    @property
    def solved_at(self):
        return int(self.of[self.seed])


@fixed_look()
def network_plate(task, w, sweep, E, chosen):
    """Fig. 1: the network on its arcs, the 64 cases, and beside them where this run stands among the others.

    Parameters
    ----------
    task : Task
        Symmetry.
    w : (weights,) array
        Of the chosen run at the sweep that is drawn.
    sweep : int
    E : (sweeps + 1,) array
        Error of the chosen run.
    chosen : Chosen

    Returns
    -------
    Plate
    """
    w = np.reshape(w, (1, -1))
    blocks = {ends: values[0] for ends, values in task.network.blocks(w).items()}
    y, d = forward(task.network, w, task.cases.inputs)["output"][0, 0], task.cases.desired["output"][:, 0]
    symmetric = int(d.sum())

    figure = sheet(9.6, 6)
    ax = place(figure, 0.3, 1.75, 4.8, 3.8)
    headline(ax, "A network that has learned to detect mirror symmetry")
    draw_network(ax, *(blocks[ends] for ends in LAYERS))
    ax = place(figure, 0.3, 0.25, 4.8, 1.2)
    draw_cases(ax, y, d, columns=-(-len(d) // 4))
    words = f"the {len(d)} cases, the {symmetric} symmetric first: white = output on, dot = should be on"
    write(ax, 0, -0.2, words, ha="left", va="bottom", size=SMALL, color=SOFT)

    ax = place(figure, 5.75, 3.35, 3.6, 2.2)
    headline(ax, "When it was solved", f"{len(chosen.of)} starts")
    draw_solved_distribution(ax, chosen.of, chosen.sweeps, paper=PAPER, chosen=chosen.solved_at)
    ax = place(figure, 5.75, 0.65, 3.6, 1.9)
    headline(ax, "Error of this run", f"seed {chosen.seed}, solved at sweep {chosen.solved_at:,}")
    draw_error_curve(ax, E, sweep=sweep)
    ax.set_xlim(0, chosen.sweeps)
    ax.set_xlabel("sweeps", family=FONT, size=SMALL, color=SOFT)
    ax.annotate(f"drawn at sweep {sweep:,}", (sweep, E[sweep]), (9, 9), textcoords="offset points",
                family=FONT, size=SMALL, color=ACCENT)  # fmt: skip
    return Plate(figure, _facts(task, w, sweep, E, chosen, blocks))


def _facts(task, w, sweep, E, chosen, blocks):
    structure, right = mirror_structure(task.network, w), right_cases(task, w)[0]
    w_hidden, b_hidden, w_output, b_output = (np.ravel(blocks[ends]) for ends in LAYERS)
    now = total_error(forward(task.network, w, task.cases.inputs)["output"], task.cases.desired["output"])[0]
    solved = chosen.of[chosen.of >= 0]
    early, late = np.mean((chosen.of >= 0) & (chosen.of <= PAPER)), len(solved) / len(chosen.of)
    rank = np.mean(solved <= chosen.solved_at)
    ratios = structure.ratios[0]
    return {
        "run": f"seed {chosen.seed}, solved at sweep {chosen.solved_at:,} (the paper's: {PAPER:,}), "
        f"E = {E[chosen.solved_at]:.1f} there",
        "drawn": f"at sweep {sweep:,}, E = {now:.3f}, {right.sum()} of {len(right)} cases right",
        "mirror weights equal and opposite": _verdict(structure.mirror_error[0], 0.05),
        "ratios": "; ".join(" : ".join([f"{row[0]:.0f}", *(f"{r:.1f}" for r in row[1:])]) for row in ratios),
        "the hidden units are twins of opposite sign": _verdict(structure.twin_error[0], 0.05),
        "hidden biases": f"{_signs(b_hidden)} ({_list(b_hidden)})",
        "output bias": f"{_signs(b_output)} ({_list(b_output)})",
        "weights to the hidden units": _list(w_hidden),
        "weights to the output unit": _list(w_output),
        f"of {len(chosen.of)} starts": f"{percent(early)} solved by sweep {PAPER:,}, {percent(late)} by "
        f"{chosen.sweeps:,}; of the solved, {percent(rank)} no later than this one",
    }


def _verdict(error, least):
    if np.isnan(error):
        return "no such pair"
    return f"{'yes' if error < least else 'no'} (to {percent(error, 1)} of the largest weight)"


def _signs(values):
    return "negative" if (values < 0).all() else "positive" if (values > 0).all() else "of both signs"


def _list(values):
    return " ".join(signed(value, 2) for value in np.ravel(values))


@fixed_look()
def answers_plate(task, runs, counts):
    """Two answers to symmetry side by side: sizes of the weights, and the sums that the eight half patterns send.

    Parameters
    ----------
    task : Task
        Symmetry.
    runs : dict of {str: (weights,) array}
        Name of each answer, and the weights of a run that found it.
    counts : dict of {str: int}
        How many runs found each; further names are facts only.

    Returns
    -------
    Plate
    """
    figure, facts = sheet(9.6, 0.45 + 1.25 * len(runs)), {}
    for row, (name, w) in enumerate(runs.items()):
        w_hidden = task.network.blocks(np.reshape(w, (1, -1)))["input", "hidden"][0, 0]
        half = np.sort(np.abs(w_hidden[: len(w_hidden) // 2]))
        bottom = 0.75 + 1.25 * (len(runs) - 1 - row)
        ax = place(figure, 0.3, bottom, 2.7, 0.45)
        headline(ax, name, _runs(counts[name]))
        draw_hinton(ax, w_hidden)
        ax = place(figure, 3.5, bottom - 0.1, 5.8, 0.65)
        sums = _draw_sums(ax, half)
        facts[name] = f"{_runs(counts[name])}; a pattern of one half sends {', '.join(f'{s:.1f}' for s in sums)}"
    words = "the sum that each pattern of one half sends, the input of the smallest weight first; largest weight = 4"
    write(ax, 0, -1.25, words, ha="left", size=SMALL, color=SOFT)
    return Plate(figure, facts | {name: _runs(count) for name, count in counts.items() if name not in runs})


def _runs(count):
    return f"{count} run{'s' * (count != 1)}"


def _draw_sums(ax, sizes):
    """A dot for the sum that each pattern of one half sends, in quarters of the largest weight."""
    patterns = (np.arange(2 ** len(sizes))[:, None] >> np.arange(len(sizes))) & 1
    sums = patterns @ sizes * 4 / sizes.max()
    order = np.argsort(sums)
    ax.plot([0, 9.2], [0, 0], color=SOFT, linewidth=0.8)
    ax.plot(sums, np.zeros_like(sums), "o", color=ACCENT, markersize=6)
    for k in order:
        write(ax, sums[k], 0.45, "".join(map(str, patterns[k])), size=SMALL)
        write(ax, sums[k], -0.45, f"{sums[k]:.1f}", size=SMALL, color=SOFT)
    ax.set(xlim=(-0.4, 9.6), ylim=(-0.8, 0.8))
    ax.set_axis_off()
    return sums[order]
