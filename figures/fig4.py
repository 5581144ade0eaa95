"""The plate of Fig. 4: what the units that represent people look for, and where the run stands among 200."""

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter

from bpcore.measures import score
from bpcore.tasks.family_measures import explained, features, likeness, person_weights
from bpcore.tasks.family_trees import PAPER as FAMILIES
from bpcore.tasks.family_trees import WORKING

from .plate import Plate
from .results import read_rows
from .squares import draw_hinton
from .style import (
    ACCENT,
    FIELD,
    FONT,
    INK,
    SMALL,
    SOFT,
    fixed_look,
    headline,
    percent,
    place,
    plain_axes,
    sheet,
    write,
)
from .style import PAPER as GROUND

SEEDS = Path(__file__).parent / "data" / "fig4_seeds.csv"
"""What became of 200 seeds, one a line; `python -m benchmarks.fig4_seeds` makes it anew."""

SWEEPS = WORKING.sweeps

ASKED = {"trained": 100, "held_out": 4, "nationality": 0.9, "generation": 0.8, "branch": 0.7, "alike": 3}
"""What the caption of Fig. 4 says of the paper's run, as numbers that a run must reach; see `measured`."""
ALIKE = 0.8
"""A unit is alike for English and Italian from this correlation on."""
STEADY = 0.1
"""A run is steady if either engine ends it with the same weights, to within this."""
PARTS = {"nationality": 1, "generation": 2, "branch": 6}
"""Numbers of the units of the paper that the caption says something of."""

_TITLES = {
    "nationality": "Best by nationality",
    "generation": "Best by generation",
    "branch": "Best by branch",
    "alike": "Units alike",
    "held_out": "Held-out right",
}
EXPLANATION = (
    "Best: the share of the variance of a unit's weights that a feature explains. Alike: weights from the English and "
    "from the Italians correlate above .8. Dotted: asked of the run."
)
_WORDS = {"first branch": "first", "second branch": "second", "first and second branch": "both"}
PITCH = 1.03  # inches from one unit to the next


def measured(task, w):
    """What is asked of a run, measured.

    Parameters
    ----------
    task : Task
        Family trees.
    w : (weights,) array

    Returns
    -------
    measured : dict of str to number
        Right cases, of those trained, of those held out, and of those held out where the right people are the
        strongest; the share of its best unit that each feature explains; and units that are alike for both families.
    """
    counts, shares = score(task, w), explained(task.network, w)
    return {
        "trained": int(counts.trained[0]),
        "held_out": int(counts.held_out[0]),
        "held_out_strongest": int(counts.held_out_strongest[0]),
        **{feature: round(float(share.max()), 3) for feature, share in shares.items()},
        "alike": int((likeness(task.network, w) > ALIKE).sum()),
    }


def meets(found):
    """True if all that is asked of a run holds: bool, or array of bool if `found` holds arrays."""
    return np.all([np.asarray(found[name]) >= least for name, least in ASKED.items()], axis=0)


def read_seeds(path=SEEDS):
    """What became of many seeds.

    Returns
    -------
    seeds : dict of str to (runs,) array
        By column: "seed", what `measured` says, and "apart", the largest difference between the weights that the two
        engines end with, NaN if it was not asked.
    """
    rows = read_rows(path, {"seed", "alike", "apart", *PARTS}, "a table of seeds")
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}


def choose(seeds):
    """The seed of the plate: of those that reach all of `ASKED` and are steady, the one with the most units alike.

    Of several with as many, the one whose best units are best explained, all three shares together.
    """
    best = np.sum([seeds[feature] for feature in PARTS], axis=0)
    fit = meets(seeds) & (seeds["apart"] < STEADY)
    return int(seeds["seed"][np.lexsort([best, seeds["alike"], fit])[-1]])


def in_order(network, w):
    """Which unit of the run is drawn as which of the paper's: (units,) array, unit of the run at each place.

    Unit 1 is the best by nationality, 2 by generation, 6 by branch; the others keep their order.
    """
    shares, left = explained(network, w), list(range(person_weights(network, w).shape[1]))
    parts = {}
    for feature, number in PARTS.items():
        if number <= len(left) + len(parts):
            parts[number - 1] = max(left, key=lambda unit, share=shares[feature][0]: share[unit])
            left.remove(parts[number - 1])
    return np.array([parts[k] if k in parts else left.pop(0) for k in range(len(left) + len(parts))])


@fixed_look()
def receptive_fields_plate(task, w, seed, seeds):
    """Fig. 4: the weights from people to the units of the second layer, and where this run stands among the others.

    Parameters
    ----------
    task : Task
        Family trees, the paper's families.
    w : (weights,) array
    seed : int
        Of the run.
    seeds : dict of str to (runs,) array
        See `read_seeds`.

    Returns
    -------
    Plate
    """
    order = in_order(task.network, w)
    weights = person_weights(task.network, w)[0, order]
    shares = {feature: share[0, order] for feature, share in explained(task.network, w).items()}
    captions = [_caption(unit, {name: share[k] for name, share in shares.items()}) for k, unit in enumerate(weights)]
    found = {name: values[seeds["seed"] == seed][0] for name, values in seeds.items()}

    figure = sheet(9.6, max(1.85 + PITCH * len(weights), 8))
    top = figure.get_size_inches()[1]
    _draw_fields(figure, weights, captions)
    ax = place(figure, 6.1, top - 0.6, 3.2, 0.1)
    headline(ax, f"Where this run stands among {len(seeds['seed'])} seeds")
    ax.set_axis_off()
    for k, line in enumerate(textwrap.wrap(EXPLANATION, 56)):
        write(ax, 0, -0.6 - 1.5 * k, line, ha="left", size=SMALL, color=SOFT)
    for k, (name, title) in enumerate(_TITLES.items()):
        ax = place(figure, 6.1, top - 1.98 - 1.0 * k, 3.2, 0.48)
        headline(ax, title, _standing(seeds[name], found[name]))
        _draw_distribution(ax, seeds[name], found[name], ASKED[name], shares=name in PARTS)
    ax = place(figure, 6.1, 0.1, 3.2, 1.3)
    headline(ax, "How it was chosen")
    ax.set_axis_off()
    for k, line in enumerate(textwrap.wrap(_choice(seed, seeds), 54)):
        write(ax, 0, 0.94 - 0.125 * k, line, ha="left", size=SMALL, color=SOFT)
    return Plate(figure, _facts(task, w, seed, seeds, found, order, captions))


def _draw_fields(figure, weights, captions):
    """A field for each unit: people of a family in a row, the families' rows above each other, names below the last."""
    top = figure.get_size_inches()[1]
    ax = place(figure, 0.75, top - 0.6, 4.2, 0.1)
    headline(ax, "Weights", "white excites, black inhibits, area = magnitude")
    ax.set_axis_off()
    for k, unit in enumerate(weights):
        ax = place(figure, 0.75, top - 1.5 - PITCH * k, 4.2, 0.7)
        headline(ax, f"{k + 1}", captions[k])
        draw_hinton(ax, unit.reshape(len(FAMILIES), -1), largest=np.abs(weights).max(), row_gap=0)
        for row, family in enumerate(FAMILIES):
            write(ax, -0.2, row + 0.5, family.name, ha="right", size=SMALL, color=SOFT)
    for column, names in enumerate(zip(*(family.people for family in FAMILIES), strict=True)):
        place_of_name = {"ha": "right", "va": "center", "rotation": 45, "rotation_mode": "anchor"}
        write(ax, column + 0.5, len(FAMILIES) + 0.35, ", ".join(names), size=SMALL, color=SOFT, **place_of_name)


def _caption(weights, shares):
    """What a unit's weights say most of: "branch 78 %: high for first and both, low for second"."""
    best = max(shares, key=shares.get)
    labels = features()[best]
    means = {word: weights[np.array(labels) == word].mean() for word in dict.fromkeys(labels)}
    middle = (max(means.values()) + min(means.values())) / 2
    high, low = (
        " and ".join(_WORDS.get(word, word) for word in means if (means[word] > middle) == above)
        for above in (True, False)
    )
    return f"{best} {_whole(shares[best])}: high for {high}, low for {low}"


def _whole(share):
    """A share in whole percent, rounded down: the last digits of a run depend on the processor."""
    return percent(np.floor(100 * share) / 100)


def _standing(values, value):
    """Where a value stands among many: the share of them that it surpasses, and of those that are as high."""
    level = np.mean(values == value)
    return f"above {percent(np.mean(values < value))}" + (f", level with {percent(level)}" if level > 0.05 else "")


def _draw_distribution(ax, values, value, asked, *, shares):
    """How many seeds have which value; the bar of the run that is drawn has the accent, what is asked is dotted."""
    plain_axes(ax)
    edges = np.linspace(0, 1, 41) if shares else np.arange(values.max() + 2) - 0.5
    counts, _ = np.histogram(values, edges)
    here = np.searchsorted(edges, value, side="right") - 1
    faces = [ACCENT if k == here else FIELD for k in range(len(counts))]
    ax.bar(edges[:-1], counts, np.diff(edges), align="edge", color=faces, edgecolor=GROUND, linewidth=0.6, zorder=2)
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0, 1.05 * counts.max()))
    ax.axvline(asked if shares else asked - 0.5, color=INK, linewidth=1, linestyle=(0, (1.5, 2)), zorder=2.5)
    ax.set_ylabel("seeds", family=FONT, size=SMALL, color=SOFT)
    ax.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    ax.xaxis.set_major_locator(FixedLocator(np.linspace(0, 1, 5) if shares else np.arange(values.max() + 1)))
    ax.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %") if shares else "{x:.0f}")


def _choice(seed, seeds):
    trained, held_out = (seeds[name] >= ASKED[name] for name in ("trained", "held_out"))
    every, steady = meets(seeds), seeds["apart"] < STEADY
    return (
        f"Of {len(seeds['seed'])} seeds, {trained.sum()} have all 100 trained cases right, "
        f"{(trained & held_out).sum()} all 4 held out as well. {every.sum()} meet all that is asked (dotted), "
        f"and of these {(every & steady).sum()} are steady: either engine ends at the same weights. "
        f"Seed {seed} is the one of them with the most units alike."
    )


def _facts(task, w, seed, seeds, found, order, captions):
    counts, shares = score(task, w), explained(task.network, w)
    alike = likeness(task.network, w)[0, order] > ALIKE
    of = len(seeds["seed"])
    facts = {
        "run": f"seed {seed}, {SWEEPS:,} sweeps of the working recipe",
        "trained": f"{counts.trained[0]} of {len(task.cases)} right",
        "held out": f"{counts.held_out[0]} of {len(task.held_out)} right: {', '.join(task.held_out.names)}",
    }
    for feature in PARTS:
        facts[f"best unit by {feature}"] = (
            f"{_whole(shares[feature].max())} explained (asked: {percent(ASKED[feature])}); "
            f"of {of} seeds, {_standing(seeds[feature], found[feature])}"
        )
    facts["units alike for English and Italian"] = (
        f"{alike.sum()} of {len(alike)}, units {' '.join(map(str, np.flatnonzero(alike) + 1))} "
        f"(asked: {ASKED['alike']}); of {of} seeds, {_standing(seeds['alike'], found['alike'])}"
    )
    facts["chosen"] = _choice(seed, seeds)
    for k, caption in enumerate(captions):
        facts[f"unit {k + 1} (of the run: {order[k] + 1})"] = caption
    return facts
