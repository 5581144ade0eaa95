"""Which departures from the caption of Fig. 4 are needed: every set of them, and what came of it."""

from pathlib import Path

from matplotlib.patches import Rectangle

from .plate import Plate
from .results import read_rows
from .style import ACCENT, FAINT, FONT, INK, SIZE, SMALL, SOFT, TRUE, bare, fixed_look, place, sheet, write

TABLE = Path(__file__).parents[1] / "labs" / "data" / "departures.csv"
"""What `python -m benchmarks.departures` wrote."""
NAMES = {
    "epsilon_factor": "ε × {:g}",
    "half_range": "start ± {:g}",
    "weight_decay": "decay {:g}",
    "reading": "tolerance: {}",
    "sweeps": "{:,} sweeps",
}
_FACTS = {"all_trained": int, "seeds": int, "trained": float, "held_out": float, "held_out_strongest": float}


def read_departures(path=TABLE):
    """Rows of the study's table: each a dict, with `changes`, {departure: text}, of what was changed.

    Raises
    ------
    ValueError
        For a file that is not such a table.
    """
    return [_read(row) for row in read_rows(path, {*NAMES, *_FACTS, "enough"}, "a table of departures")]


def _read(row):
    changes = {name: _said(name, row[name]) for name in NAMES if row[name] != ""}
    return {name: kind(row[name]) for name, kind in _FACTS.items()} | {
        "changes": changes,
        "enough": row["enough"] == "True",
    }


def _said(name, value):
    kinds = {"reading": str, "sweeps": int}
    return NAMES[name].format(kinds.get(name, float)(value))


def smallest(rows):
    """Of the sets that are enough, those of which no part is."""
    enough = [row for row in rows if row["enough"]]
    return [row for row in enough if not any(set(other["changes"]) < set(row["changes"]) for other in enough)]


@fixed_look()
def departures_plate(rows):
    """A line for each set of departures: which are made, the share of seeds that learn all, held-out answers.

    Parameters
    ----------
    rows : list of dict
        Of `read_departures`.

    Returns
    -------
    Plate
    """
    names = {name: text for row in rows for name, text in row["changes"].items()}
    order = [name for name in NAMES if name in names]
    rows = sorted(rows, key=lambda row: (-row["all_trained"], -row["held_out_strongest"], len(row["changes"])))
    figure = sheet(9.6, 0.19 * len(rows) + 1.55)
    ax = place(figure, 0.4, 0.35, 8.9, 0.19 * len(rows))
    columns, bar, mean = {name: 0.5 + 0.95 * k for k, name in enumerate(order)}, (5.6, 8.4), (9.3, 10.5)
    write(
        ax, 0, -5.2, "Which departures from the caption of Fig. 4 are needed?", ha="left", size=SIZE + 1, weight="bold"
    )
    best = smallest(rows)
    for r, row in enumerate(rows):
        if row in best:
            ax.add_patch(Rectangle((0, r), 11, 1, facecolor=TRUE, alpha=0.14, linewidth=0))
        for name, x in columns.items():
            made = name in row["changes"]
            ax.plot(x, r + 0.5, "o", markersize=6 if made else 3, color=INK if made else FAINT)
        share = row["all_trained"] / row["seeds"]
        ax.add_patch(Rectangle((bar[0], r + 0.2), (bar[1] - bar[0]) * share, 0.6, facecolor=ACCENT, linewidth=0))
        write(ax, bar[1] + 0.1, r + 0.5, f"{row['all_trained']} of {row['seeds']}", ha="left", size=SMALL)
        for x, key in zip(mean, ("held_out", "held_out_strongest"), strict=True):
            colour = TRUE if row["enough"] else INK
            write(ax, x + 0.3, r + 0.5, f"{row[key]:.1f}", size=SMALL, color=colour)
    for name, x in columns.items():
        write(ax, x, -0.4, names[name], rotation=30, ha="left", va="bottom", size=SMALL, color=SOFT)
    for x, text in ((bar[0], "all 100 right"), (mean[0], "held out: at .5"), (mean[1], "strongest")):
        write(ax, x, -0.4, text, ha="left", va="bottom", size=SMALL, color=SOFT)
    words = "green: enough, and no part of it is. Held out: mean right answers of 4."
    write(ax, 0, len(rows) + 0.8, words, ha="left", size=SMALL, color=SOFT, family=FONT)
    bare(ax, (0, 11.4), (len(rows), 0))
    ax.set_aspect("auto")
    return Plate(figure, _facts(rows, best))


def _facts(rows, best):
    facts = {"sets of departures": f"{len(rows)}, each on {rows[0]['seeds']} seeds"}
    facts["enough, and no part of it is"] = "; ".join(_named(row) for row in best) or "none"
    for row in rows:
        facts[_named(row)] = (
            f"{row['all_trained']} of {row['seeds']} learn all, held out {row['held_out']:.1f} of 4 "
            f"({row['held_out_strongest']:.1f} by the strongest)"
        )
    return facts


def _named(row):
    return ", ".join(row["changes"].values()) or "as printed"
