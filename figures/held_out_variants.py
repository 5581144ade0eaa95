"""The plate of what else decides how many held-out facts are answered: other recipes, and which facts are held out."""

from pathlib import Path

import numpy as np

from .held_out import AIM, frontier
from .plate import Plate
from .results import read_rows
from .style import ACCENT, FAINT, FONT, INK, SMALL, SOFT, TRUE, fixed_look, headline, percent, place, plain_axes, sheet

DATA = Path(__file__).parent / "data"
TABLES = DATA / "held_out_variants.csv", DATA / "held_out_facts.csv"
"""What `python -m benchmarks.held_out_variants` wrote: a row for each recipe, and one for each fact."""
FRESH = 1000
"""The first of the seeds on which no recipe was chosen."""
_RECIPE = {"recipe": str, "hold": str, "first_seed": int, "seeds": int, "all_trained": int}
_RECIPE |= {"strongest": float, "strongest_error": float, "difference": str, "difference_error": str}
_TABLE = "a table of held-out facts"
_FACT = {"fact": str, "kind": str, "held_out": int, "strongest": int}
_KINDS = {
    "twin": ("somebody else has the same answer", TRUE),
    "pair": ("of two people who share all their other facts", ACCENT),
    "alone": ("all others", INK),
}
"""Kinds of facts, see `benchmarks.held_out_variants`: in words, and their colour."""


def read_variants(paths=TABLES):
    """Rows of the two tables, two lists of dicts.

    Raises
    ------
    ValueError
        For a file that is not such a table.
    """
    return [
        [{name: kind(row[name]) for name, kind in columns.items()} for row in read_rows(path, columns, _TABLE)]
        for path, columns in zip(paths, (_RECIPE, _FACT), strict=True)
    ]


_WORDS = {
    "later": "then",
    "turn": "second decay from sweep",
    "sweeps": "sweeps",
    "epsilon_factor": "ε ×",
    "half_range": "start ±",
    "margin": "tolerance",
    "decays": "decays:",
    "update": "weights change after each",
    "hold": "held out:",
}


def said(row):
    """A recipe in words: "second decay from sweep 30,000, sweeps 40,000"; on fresh seeds, it says so."""
    if row["recipe"] == "as it is":
        words = "decay .008, then .002"
    else:
        changes = (change.partition(" ") for change in row["recipe"].split(", "))
        words = ", ".join(f"{_WORDS.get(name, name)} {_number(value)}" for name, _, value in changes)
    return words.replace("± ", "±") + (", fresh seeds" if row["first_seed"] == FRESH else "")


def _number(text):
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:,.0f}" if value >= 1 or not value else f"{value:.5f}".strip("0")


def shares(facts):
    """How often the facts of each relationship and kind are answered when they are held out.

    Returns
    -------
    shares : dict of (relationship, kind) to (share, runs, list of each fact's share), the best answered first
    """
    groups = {}
    for row in facts:
        if row["held_out"]:
            groups.setdefault((row["fact"].split(" has-")[1], row["kind"]), []).append(row)
    found = {name: (*_share(rows), [_share([row])[0] for row in rows]) for name, rows in groups.items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1][0], one[0])))


def _share(rows):
    held_out = sum(row["held_out"] for row in rows)
    return sum(row["strongest"] for row in rows) / held_out, held_out


@fixed_look()
def variants_plate(recipes, facts):
    """Every recipe that was tried as a point, and every fact as one, by its relationship.

    Parameters
    ----------
    recipes, facts : list of dict
        Of `read_variants`.

    Returns
    -------
    Plate
    """
    figure = sheet(9.6, 4.4)
    drawn = [row for row in recipes if row["hold"] == "any"]
    best = frontier(drawn)
    _draw_recipes(place(figure, 0.6, 0.6, 4.0, 3.3), drawn, best)
    of_relationship = shares(facts)
    _draw_facts(place(figure, 5.75, 0.6, 3.6, 3.3), of_relationship)
    return Plate(figure, _facts(recipes, best, facts, of_relationship))


def _draw_recipes(ax, rows, best):
    headline(ax, "Other recipes", f"{len(rows)} tried; filled: {max(row['seeds'] for row in rows)} starts")
    most = max(row["seeds"] for row in rows)
    for row in rows:
        fresh = row["first_seed"] == FRESH
        colour = ACCENT if fresh else TRUE if row in best else INK
        x, filled = row["all_trained"] / row["seeds"], row["seeds"] == most
        how = {"fmt": "D" if fresh else "o", "color": colour, "markersize": 5, "capsize": 2, "lw": 0.8}
        ax.errorbar(x, row["strongest"], row["strongest_error"], mfc=colour if filled else "white", **how)
    ax.plot((AIM[0], AIM[0], 1.06), (4, AIM[1], AIM[1]), color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.annotate("aim", (AIM[0] + 0.02, 3.85), size=SMALL, family=FONT, color=ACCENT, va="center")
    plain_axes(ax)
    ax.set(xlim=(-0.05, 1.06), ylim=(0, 4))
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    for axis, text in ((ax.xaxis, "starts that learn all 100 facts"), (ax.yaxis, "of 4 held out, by the strongest")):
        axis.set_label_text(text, size=SMALL, color=SOFT, family=FONT)


def _draw_facts(ax, of_relationship):
    headline(ax, "Which facts", "green: twins, blue: pairs, black: alone")
    for y, ((_, kind), (share, _, each)) in enumerate(of_relationship.items()):
        colour, spread = _KINDS[kind][1], np.linspace(-0.25, 0.25, len(each)) if len(each) > 1 else [0]
        ax.plot(each, np.add(y, spread), "o", color=colour, markersize=3, alpha=0.6, markeredgewidth=0)
        ax.plot([share, share], [y - 0.36, y + 0.36], color=colour, linewidth=1.6)
    plain_axes(ax)
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color=FAINT, linewidth=0.6)
    ax.set(xlim=(-0.03, 1.03), ylim=(len(of_relationship) - 0.4, -0.6), yticks=range(len(of_relationship)))
    ax.set_yticklabels([name for name, _ in of_relationship], size=SMALL, family=FONT)
    for label, (_, kind) in zip(ax.get_yticklabels(), of_relationship, strict=True):
        label.set_color(_KINDS[kind][1])
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.xaxis.set_label_text("answered when held out, by the strongest", size=SMALL, color=SOFT, family=FONT)


def _difference(row):
    if row["recipe"] == "as it is" or not row["difference"]:
        return ""
    more = f"{float(row['difference']):+.2f}".replace("-", "−")
    return f"; difference from the first recipe, on the same starts: {more} ± {float(row['difference_error']):.2f}"


def _facts(recipes, best, facts, of_relationship):
    found = {}
    for row in recipes:
        found[said(row)] = (
            f"{row['all_trained']} of {row['seeds']} learn all; held out {row['strongest']:.2f} "
            f"± {row['strongest_error']:.2f} by the strongest{_difference(row)}"
        )
    found["not beaten in both"] = "; ".join(map(said, best))
    reached = [row for row in recipes if row["first_seed"] == FRESH and row["all_trained"] >= AIM[0] * row["seeds"]]
    reached = [said(row) for row in reached if row["strongest"] >= AIM[1]]
    found["90 % learn all and 3.0 held out over all fresh starts"] = "; ".join(reached) or "not reached"
    for kind, (words, _) in _KINDS.items():
        some = [row for row in facts if row["kind"] == kind and row["held_out"]]
        share, runs = _share(some)
        found[f"{kind}, {words}"] = f"{percent(share)} of {runs} held-out answers are right, of {len(some)} facts"
    each = (f"{name} ({kind}) {percent(share)}" for (name, kind), (share, *_) in of_relationship.items())
    found["by relationship"] = ", ".join(each)
    return found
