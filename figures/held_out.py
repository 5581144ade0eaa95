"""The plate of weight decay against generalization: what is learnt, and what is answered of facts held out."""

from pathlib import Path

from .plate import Plate
from .results import read_rows
from .style import ACCENT, FONT, INK, SMALL, SOFT, TRUE, fixed_look, headline, percent, place, plain_axes, sheet

TABLE = Path(__file__).parent / "data" / "held_out.csv"
"""What `python -m benchmarks.held_out` wrote."""
AIM = (0.9, 3.0)
"""What was aimed at: this share of starts learns all 100 facts, and so many of 4 are answered, over all starts."""
_COLUMNS = {"decay": float, "later": float, "epsilon_factor": float, "half_range": float, "sweeps": int, "seeds": int}
_COLUMNS |= {"all_trained": int, "seven_of_eight": float}
_COLUMNS |= dict.fromkeys(("held_out", "strongest", "strongest_error", "held_out_error"), float)
_COLUMNS |= dict.fromkeys(("held_out_of_learnt", "strongest_of_learnt", "four_of_four"), float)


def read_held_out(path=TABLE):
    """Rows of the study's table, each a dict.

    Raises
    ------
    ValueError
        For a file that is not such a table.
    """
    rows = read_rows(path, _COLUMNS, "a table of held-out facts")
    return [{name: kind(row[name]) for name, kind in _COLUMNS.items()} for row in rows]


def said(row):
    """A setting in words: "decay .008, then .002"."""
    words = f"decay {row['decay']:g}" + (f", then {row['later']:g}" if row["later"] >= 0 else "")
    words += f", ε × {row['epsilon_factor']:g}" if row["epsilon_factor"] != 10 else ""
    words += f", start ±{row['half_range']:g}" if row["half_range"] != 1 else ""
    words += f", {row['sweeps']:,} sweeps" if row["sweeps"] != 20_000 else ""
    return words.replace("0.", ".")


def frontier(rows):
    """Rows that no other row beats in both: starts that learn everything, and held-out answers over all starts."""

    def of(row):
        return row["all_trained"] / row["seeds"], row["strongest"]

    def beats(a, b):
        return a != b and a[0] >= b[0] and a[1] >= b[1]

    return [row for row in rows if not any(beats(of(other), of(row)) for other in rows)]


@fixed_look()
def held_out_plate(rows):
    """Each setting as a point: how many starts learn all 100 facts, and how many of the four held out are answered.

    Parameters
    ----------
    rows : list of dict
        Of `read_held_out`.

    Returns
    -------
    Plate
    """
    figure, best = sheet(9.6, 4.6), frontier(rows)
    ax = place(figure, 0.7, 0.6, 8.4, 3.5)
    headline(
        ax, "Weight decay: what is learnt, and what is answered", f"{min(row['seeds'] for row in rows)} starts each"
    )
    labels = sorted(rows, key=lambda row: (round(row["all_trained"] / row["seeds"], 1), row["strongest"]))
    for rank, row in enumerate(labels):
        x, colour = row["all_trained"] / row["seeds"], TRUE if row in best else INK
        ax.errorbar(x, row["strongest"], row["strongest_error"], fmt="o", color=colour, markersize=5, capsize=2, lw=1)
        how = {"textcoords": "offset points", "size": SMALL, "family": FONT, "color": colour, "va": "center"}
        up = 11 * (rank - len(rows) + 2) if x > 0.8 else 5  # points that learn nearly everything stand close together
        ax.annotate(
            said(row), (x, row["strongest"]), (8 if x < 0.8 else -8, up), ha="left" if x < 0.8 else "right", **how
        )
    ax.axhline(AIM[1], color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.axvline(AIM[0], color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    plain_axes(ax)
    ax.set(xlim=(-0.03, 1.06), ylim=(0, 4))
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    for axis, text in ((ax.xaxis, "starts that learn all 100 facts"), (ax.yaxis, "of 4 held out, by the strongest")):
        axis.set_label_text(text, size=SMALL, color=SOFT, family=FONT)
    return Plate(figure, _facts(rows, best))


def _facts(rows, best):
    facts = {}
    for row in rows:
        facts[said(row)] = (
            f"{row['all_trained']} of {row['seeds']} learn all; held out {row['strongest']:.2f} "
            f"± {row['strongest_error']:.2f} by the strongest, {row['held_out']:.2f} ± {row['held_out_error']:.2f} "
            f"at .5; of those that learn all {row['strongest_of_learnt']:.2f} and {row['held_out_of_learnt']:.2f}; "
            f"all four {percent(row['four_of_four'])}; 7 or 8 of 8 in {percent(row['seven_of_eight'])} of pairs"
        )
    facts["not beaten in both"] = "; ".join(map(said, best))
    reached = [row for row in rows if row["all_trained"] >= AIM[0] * row["seeds"] and row["strongest"] >= AIM[1]]
    facts["90 % learn all and 3.0 held out over all starts"] = "; ".join(map(said, reached)) or "not reached"
    return facts
