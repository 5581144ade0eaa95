"""The plate of the families of solutions: which of them learning finds, and what predicts it."""

from pathlib import Path

from matplotlib.patches import Rectangle

from bpcore.analysis.solution_families import families_of

from .plate import Plate
from .results import read_rows
from .style import ACCENT, FAINT, INK, PAPER, SIZE, SMALL, SOFT, bare, fixed_look, percent, place, sheet, write

DATA = Path(__file__).parent / "data"
TABLE, PREDICTION = DATA / "census.csv", DATA / "family_prediction.csv"
"""What `python -m benchmarks.census` and `python -m benchmarks.family_prediction` wrote."""
_ABOUT = ("width", "epsilon", "hidden", "half_range", "biases")
_NUMBERS = ("seeds", "right", "solved", "runs")
_MOST = 6  # families that are named in a row; the others are counted


def read_table(path=TABLE):
    """Rows of a table of the census, each a dict of texts; numbers of runs are whole numbers.

    Raises
    ------
    ValueError
        For a file that is not such a table.
    """
    rows = read_rows(path, {*_ABOUT, *_NUMBERS, "family", "share", "error"}, "a table of the census")
    return [row | {name: int(row[name]) for name in _NUMBERS} for row in rows]


def settings(rows):
    """Rows of the table by setting: {(width, epsilon, ...): rows}, the commonest family first."""
    found = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in _ABOUT), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (int(item[0][0]), float(item[0][1]), item[0])))


def said(setting):
    """A setting in words: "6 inputs, ε = .1, biases at 0"."""
    width, epsilon, hidden, half_range, biases = setting
    words = [f"{width} inputs", f"ε = {float(epsilon):g}".replace("0.", ".")]
    words += [f"{hidden} hidden units"] if hidden != "2" else []
    words += [f"start ±{float(half_range):g}"] if float(half_range) != 0.3 else []
    words += ["biases at 0"] if biases == "zero" else []
    return ", ".join(words)


@fixed_look()
def families_plate(rows):
    """A bar for each setting: the share of each family among the runs that solved it.

    Parameters
    ----------
    rows : list of dict
        Of `read_table`.

    Returns
    -------
    Plate
    """
    by_setting = settings(rows)
    figure = sheet(9.6, 0.36 * len(by_setting) + 1.0)
    ax = place(figure, 0.3, 0.2, 9.0, 0.36 * len(by_setting) + 0.65)
    write(ax, 0, -1.15, "Which families of solutions does learning find?", ha="left", size=SIZE + 1, weight="bold")
    for x, text, ha in ((0, "setting", "left"), (39.5, "solved of starts", "right"), (42, "families", "left")):
        write(ax, x, -0.35, text, ha=ha, size=SMALL, color=SOFT)
    for k, (setting, some) in enumerate(by_setting.items()):
        write(ax, 0, k + 0.5, said(setting), ha="left", size=SMALL)
        write(ax, 39.5, k + 0.5, f"{some[0]['solved']:,} of {some[0]['seeds']:,}", ha="right", size=SMALL)
        left = 42.0
        for rank, row in enumerate(sorted(some, key=lambda row: -row["runs"])):
            wide = 58 * row["runs"] / max(1, row["solved"])
            colour = (ACCENT, FAINT)[rank % 2] if rank < _MOST else PAPER
            ax.add_patch(Rectangle((left, k + 0.12), wide, 0.76, facecolor=colour, edgecolor=SOFT, linewidth=0.4))
            if wide > 0.95 * len(row["family"]) and rank < _MOST:
                ink = PAPER if colour == ACCENT else INK
                write(ax, left + wide / 2, k + 0.5, row["family"], size=SMALL, color=ink)
            left += wide
    bare(ax, (0, 101), (len(by_setting), -1.6))
    ax.set_aspect("auto")
    return Plate(figure, _facts(by_setting))


def _facts(by_setting):
    facts = {}
    for width in sorted({int(setting[0]) for setting in by_setting}):
        of_two = [some for s, some in by_setting.items() if (int(s[0]), s[2]) == (width, "2")]  # hidden units
        found = {row["family"] for some in of_two for row in some if row["runs"]}
        possible = {"-".join(map(str, family)) for family in families_of(width // 2)}
        other = found - possible
        facts[f"{width} inputs, 2 hidden units"] = (
            f"{len(found & possible)} of {len(possible)} families found, {len(other) or 'no'} solutions of other kinds"
        )
    for setting, some in by_setting.items():
        named = [f"{row['family']} {_share(row)}" for row in some[:_MOST] if row["runs"]]
        rest = [row for row in some[_MOST:] if row["runs"]]
        named += [f"{len(rest)} others {sum(row['runs'] for row in rest)} runs"] if rest else []
        facts[said(setting)] = f"{some[0]['solved']:,} of {some[0]['seeds']:,} solved; {', '.join(named) or 'none'}"
    return facts


def _share(row):
    return f"{percent(float(row['share']), 1)} ± {100 * float(row['error']):.1f}"


def prediction_facts(path=PREDICTION):
    """What predicts the family of a run, in sentences: lines of the table of `family_prediction`."""
    columns = {"width", "biases", "predicted by", "right", "error", "runs", "found", "predicted"}
    return [
        f"{row['width']} inputs, biases {row['biases']}, by {row['predicted by']}: right for "
        f"{percent(float(row['right']), 1)} ± {100 * float(row['error']):.1f} of {row['runs']} runs; "
        f"found {row['found']}; predicted {row['predicted']}"
        for row in read_rows(path, columns, "a table of predictions")
    ]
