"""A family-tree run at one moment: what a lab shows when no kernel draws it."""

from bpcore.tasks.family_measures import person_weights

from .curves import draw_error_curve
from .plate import Plate
from .squares import draw_hinton
from .style import SMALL, SOFT, fixed_look, headline, place, sheet, write


@fixed_look()
def run_plate(run, families, words, marks=()):
    """The present moment of a run: its error and the receptive fields of the units that represent people.

    Parameters
    ----------
    run : History
        Of the task `family_trees`, one run.
    families : sequence of Family
    words : list of str
        What is said of it; the facts of the plate.
    marks : list of (sweep, text)
        Sliders that were moved.

    Returns
    -------
    Plate
    """
    fields = person_weights(run.task.network, run.state.w)[0]
    units, people = fields.shape
    columns = max(len(family.people) for family in families)
    lines = -(-people // columns)
    side = min(0.28, 4.4 / columns)
    high = lines * side + 0.28
    figure = sheet(9.6, max(3.6, units * high + 1.35))
    _, top = figure.get_size_inches()

    ax = place(figure, 0.45, top - 2.5, 3.8, 1.9)
    headline(ax, "Error E", f"sweep {run.sweeps:,}, E = {run.E[-1, 0]:.3f}")
    draw_error_curve(ax, run.E, marks=marks, solved_at=run.solved_at[0], sweep=run.sweeps)
    ax.set_xlim(0, 1.02 * max(run.sweeps, 1))
    for unit, weights in enumerate(fields):
        ax = place(figure, 5.4, top - 0.5 - (unit + 1) * high + 0.14, columns * side, lines * side)
        draw_hinton(ax, _rows(weights, lines, columns), largest=abs(fields).max() or 1, row_gap=0)
        write(ax, -0.4, lines / 2, f"unit {unit + 1}", ha="right", size=SMALL)
        if unit == 0:
            headline(ax, "What each person unit looks for")
    for k, name in enumerate(families[0].people):
        write(ax, k + 0.5, lines + 0.25, name, ha="center", va="top", size=SMALL - 1, color=SOFT, rotation=-60)
    return Plate(figure, words)


def _rows(weights, lines, columns):
    rows = [float("nan")] * (lines * columns)
    rows[: len(weights)] = weights
    return [rows[k * columns : (k + 1) * columns] for k in range(lines)]
