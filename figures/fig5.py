"""The plates of Fig. 5: an iterative net, the equivalent layered net, and what such nets learn."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from bpcore import Group, Link, Network, Recipe, Task, forward, gradient, iterative
from bpcore.iterative import at
from bpcore.tasks.search import pictures, settled, watched
from bpcore.tasks.shift_register import copies_in_words

from .plate import Plate
from .squares import draw_hinton
from .style import (
    INK,
    PAPER,
    SIZE,
    SMALL,
    SOFT,
    TRUE,
    bare,
    fixed_look,
    headline,
    percent,
    place,
    points_per_unit,
    sheet,
    signed,
    write,
)

COLOURS = ("#2563a8", "#c2410c", "#2e7d32", "#8e3b8e", "#8a6d00", "#0f766e")  # of sets of corresponding weights
NODE = 0.2  # radius; units of a step stand 1 apart
NEAR = 1e-12


# --- two nets that do the same ------------------------------------------------------------------------------------


def small_net():
    """A task small enough to be drawn whole: three units in a row, each linked to its neighbours, run for three steps.

    One case: the first unit is on before the first step, the last one should be on after the third.
    """
    units = ["unit 1", "unit 2", "unit 3"]
    links = [("unit 1", "unit 2"), ("unit 2", "unit 1"), ("unit 2", "unit 3"), ("unit 3", "unit 2")]
    groups = [Group(unit, 1, biases=False) for unit in units]
    net = iterative(groups, links, 3, given=dict.fromkeys(units, (0,)), desired=dict.fromkeys(units, (3,)))
    given, desired = (
        {u: [[[state]]] for u, state in zip(units, states, strict=True)} for states in ((1, 0, 0), (0, 0, 1))
    )
    return Task("three units in a row", net, net.cases(given, desired))


@fixed_look()
def equivalence_plate(task, w):
    """Fig. 5: the iterative net and the layered net side by side, corresponding weights in one colour and by one name.

    Parameters
    ----------
    task : Task
        Of an iterative net whose groups have one unit and no bias each, with one case.
    w : (weights,) array

    Returns
    -------
    Plate
    """
    net, w = task.network, np.reshape(w, (1, -1))
    states = {name: y[:, 0, 0, 0] for name, y in net.states(w, task.cases).items()}
    places = {block: dE_dw[:, 0, 0, 0] for block, dE_dw in net.gradient_of_places(w, task.cases).items()}
    average = {block: dE_dw[0, 0, 0] for block, dE_dw in net.blocks(gradient(net, w, task.cases)).items()}
    names = {link.block: f"w{'₁₂₃₄₅₆'[k]}" for k, link in enumerate(net.step_links)}

    figure = sheet(9.6, 5.5)
    ax = place(figure, 0.3, 3.0, 4.2, 2.0)
    headline(ax, "A synchronous iterative net", f"run for {net.steps} iterations")
    draw_iterative(ax, [*states], names)
    ax = place(figure, 0.3, 0.3, 4.2, 2.1)
    headline(ax, "∂E/∂w of corresponding weights", "that of the case drawn")
    rows = [[name, net.blocks(w)[block][0, 0, 0], *places[block], average[block]] for block, name in names.items()]
    _draw_table(ax, ["", "w", *(f"step {t}" for t in range(1, net.steps + 1)), "average"], rows)
    ax = place(figure, 5.1, 0.3, 4.2, 4.7)
    headline(ax, "The equivalent layered net", "states in its nodes")
    draw_layered(ax, states, names, {name.rpartition(" at ")[0]: d[0, 0] for name, d in task.cases.desired.items()})
    return Plate(figure, _equivalence_facts(task, w, states, names, places, average))


def draw_iterative(ax, units, names):
    """Draw a net of one step: units in a row, and each link as an arc that leads from one to another.

    Parameters
    ----------
    ax : matplotlib Axes
    units : list of str
    names : dict of {(source, target): str}
        What is written on each arc.
    """
    bare(ax, (-0.55, len(units) - 0.45), (-0.75, 0.75))
    for k, ((source, target), name) in enumerate(names.items()):
        a, b = units.index(source), units.index(target)
        if abs(a - b) != 1:
            raise ValueError(f"link {source} -> {target}: only links between neighbours in the row are drawn")
        _arrow(ax, (a, 0), (b, 0), COLOURS[k], bend=-0.55)
        write(ax, (a + b) / 2, 0.42 * np.sign(b - a), name, color=COLOURS[k], size=SIZE + 2, weight="bold")
    for k, unit in enumerate(units):
        _node(ax, k, 0, "")
        write(ax, k, -0.32, unit, size=SMALL, color=SOFT)


def draw_layered(ax, states, names, desired):
    """Draw the unrolled net: a layer for each step, from the bottom up, with the history of states in its nodes.

    Parameters
    ----------
    ax : matplotlib Axes
    states : dict of {str: (steps + 1,) array}
        Of each unit.
    names : dict of {(source, target): str}
        What is written on the links of every step.
    desired : dict of {str: float}
        Desired states after the last step.
    """
    units, last = [*states], len(next(iter(states.values()))) - 1
    up = 1.2  # from one layer to the next
    bare(ax, (-1.25, len(units) - 0.4), (-0.5, up * last + 0.75))
    for t in range(last + 1):
        word = "before the\nfirst step" if t == 0 else f"step {t}"
        write(ax, -0.5, up * t, word, ha="right", size=SMALL, color=SOFT)
        for k, unit in enumerate(units):
            y = float(states[unit][t])
            _node(ax, k, up * t, f"{y:.2f}" if t else f"{y:g}")
        for c, ((source, target), name) in enumerate(names.items() if t else ()):
            a, b = units.index(source), units.index(target)
            _arrow(ax, (a, up * (t - 1)), (b, up * t), COLOURS[c])
            behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}
            write(ax, a + 0.3 * (b - a), up * (t - 0.7), name, color=COLOURS[c], weight="bold", bbox=behind)
    for k, unit in enumerate(units):
        write(ax, k, -0.36, unit, size=SMALL, color=SOFT)
        if unit in desired:
            write(ax, k, up * last + 0.36, f"desired: {desired[unit]:g}", size=SMALL, color=TRUE)


def _arrow(ax, start, end, colour, bend=0.0):
    unit = points_per_unit(ax)
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=9, connectionstyle=f"arc3,rad={bend}", color=colour, linewidth=1.6,
        shrinkA=NODE * unit, shrinkB=NODE * unit + 1, zorder=2,
    )  # fmt: skip
    ax.add_patch(arrow)


def _node(ax, x, y, text):
    ax.add_patch(Circle((x, y), NODE, facecolor=PAPER, edgecolor=INK, linewidth=1.2, zorder=3))
    write(ax, x, y, text, size=SMALL)


def _draw_table(ax, header, rows):
    """Numbers in columns; the first column is a name and gives the colour of its row."""
    ax.set(xlim=(0, len(header)), ylim=(len(rows) + 0.9, -0.1))
    ax.set_axis_off()
    for c, word in enumerate(header):
        write(ax, c + 0.8, 0.4, word, ha="right", size=SMALL, color=SOFT)
    ax.plot([0.2, len(header) - 0.15], [0.8, 0.8], color=SOFT, linewidth=0.8)
    for r, (name, *numbers) in enumerate(rows):
        how = {"ha": "right", "color": COLOURS[r]}
        write(ax, 0.8, r + 1.3, name, weight="bold", **how)
        for c, number in enumerate(numbers, start=1):
            last = c == len(numbers)
            write(ax, c + 0.8, r + 1.3, signed(number, 3 if c > 1 else 2), weight="bold" if last else "normal", **how)


def _equivalence_facts(task, w, states, names, places, average):
    net = task.network
    stepped = _step_by_step(net, w, {name: y[0] for name, y in states.items()})
    apart, every = _with_weights_apart(net, w)
    y, dE_dw = forward(apart, every, task.cases.inputs), apart.blocks(gradient(apart, every, task.cases)[0])
    off_states = max(abs(y[at(name, t)][0, 0, 0] - s) for name, run in stepped.items() for t, s in enumerate(run))
    single = {block: [dE_dw[link.source, link.target][0, 0] for _, link in net.places(block)] for block in places}
    off_places = max(np.abs(np.subtract(single[block], places[block])).max() for block in places)
    summed = net.blocks(gradient(net, w, task.cases, Recipe(tied="sum")))
    off_average = max(abs(np.mean(single[block]) - average[block]) for block in places)
    off_sum = max(abs(np.sum(single[block]) - summed[block][0, 0, 0]) for block in places)
    return {
        "the iterative net": f"{len(states)} units, {net.n_weights} weights, run for {net.steps} iterations",
        "the layered net": f"{len(net.groups)} units in {net.steps + 1} layers, {apart.n_weights} weights in "
        f"{net.n_weights} sets of {net.steps} corresponding ones",
        "run step by step, the iterative net has the states of the layered net": _verdict(off_states),
        "∂E/∂w of every place is that of a layered net with each weight by itself": _verdict(off_places),
        "the iterative net's ∂E/∂w is the average over corresponding weights": _verdict(off_average),
        "or their sum, as in 1988": _verdict(off_sum),
        **{f"states of {name}": " ".join(f"{s:.2f}" for s in run) for name, run in states.items()},
        **{
            f"{name}, from {block[0]} to {block[1]}": f"{_list(places[block])}; average {signed(average[block], 3)}"
            for block, name in names.items()
        },
    }


def _verdict(off):
    return f"{'yes' if off < NEAR else 'no'} (to {NEAR:.0e})"


def _list(values):
    return " ".join(signed(value, 3) for value in values)


def _step_by_step(net, w, before):
    """States of every unit at every step, each step computed by itself from the one before."""
    one, run = net.unrolled(1), {name: [y] for name, y in before.items()}
    for _ in range(net.steps):
        y = one.states(w, {at(name, 0): np.array([[ys[-1]]]) for name, ys in run.items()})
        for name, ys in run.items():
            ys.append(y[name][1, 0, 0, 0])
    return run


def _with_weights_apart(net, w):
    """The layered net in which no weights are shared, and the weights with which it does the same."""
    apart = Network(net.groups, [Link(link.source, link.target) for link in net.links])
    every = np.zeros((1, apart.n_weights))
    for link in net.links:
        apart.blocks(every)[link.source, link.target][...] = net.blocks(w)[link.block]
    return apart, every


# --- what they learn ----------------------------------------------------------------------------------------------


@fixed_look()
def shift_register_plate(task, found):
    """The weights of shift registers that go different ways, and in words which unit copies which.

    Parameters
    ----------
    task : Task
        Shift register.
    found : dict of {str: (weights,) array}
        What each is called, and its weights.

    Returns
    -------
    Plate
    """
    net, facts = task.network, {}
    figure = sheet(9.6, 2.75)
    wide = 9.0 / len(found)
    for k, (name, w) in enumerate(found.items()):
        blocks = net.blocks(np.reshape(w, (1, -1)))
        n = len(blocks["ring", "ring"][0])
        rows = np.c_[blocks["ring", "ring"][0], np.full(n, np.nan), blocks["one", "ring"][0]]
        ax = place(figure, 0.75 + k * wide, 0.55, 2.0, 1.75)
        headline(ax, name.capitalize())
        to = [f"to {j}" for j in range(1, n + 1)]
        draw_hinton(ax, rows, row_names=to, column_names=[*map(str, range(1, n + 1)), "", "bias"], row_gap=0)
        facts[name] = copies_in_words(net, w)
    write(figure.axes[0], 0, n + 0.85, "columns: from unit; white excites, black inhibits, area is size", ha="left",
          size=SMALL, color=SOFT)  # fmt: skip
    return Plate(figure, facts)


@fixed_look()
def search_plate(task, w, chosen, steps):
    """Spoilt pictures, one a row, as the net sets them right; the last columns are beyond the steps it was trained for.

    Parameters
    ----------
    task : Task
        Search.
    w : (weights,) array
    chosen : list of int
        Held-out cases that are drawn.
    steps : list of int
        Steps that are drawn.

    Returns
    -------
    Plate
    """
    trained = task.network.steps
    y, cases = watched(task, w)
    right = settled(task, w)[:, 0]
    figure = sheet(9.6, 0.95 + 0.95 * len(chosen))
    headline(
        place(figure, 0.25, 0.95 * len(chosen) + 0.45, 9.0, 0.1),
        "Spoilt letters are set right, row by row",
        f"framed: every unit is right; green: steps beyond the {trained} it was trained for",
    )
    figure.axes[0].set_axis_off()
    wide = 9.1 / len(steps)
    for r, case in enumerate(chosen):
        for c, t in enumerate(steps):
            ax = place(figure, 0.25 + c * wide, 0.95 * (len(chosen) - 1 - r) + 0.2, 0.82, 0.82)
            draw_hinton(ax, y[t, 0, :, case].reshape(5, 5), largest=1.0, row_gap=0)
            if right[t, case]:
                ax.add_patch(
                    Rectangle((0, 0), 5, 5, fill=False, edgecolor=TRUE, linewidth=1.8, zorder=6, clip_on=False)
                )
            if r == 0:
                write(ax, 2.5, -0.75, f"step {t}" if t else "spoilt", size=SMALL,
                      color=SOFT if t <= trained else TRUE)  # fmt: skip
    there, stay = right[trained], right[trained:].all(0)
    bits = [f"{b:.1f}" for b in _wrong_units(y, cases)[steps]]
    return Plate(
        figure,
        {
            "drawn": f"pictures of {', '.join(cases.names[case] for case in chosen)}, which are the letter from step "
            f"{', '.join(_first(right[:, case]) for case in chosen)} on",
            "trained": f"for {trained} steps",
            f"of {len(cases)} new pictures": f"{percent(np.mean(there))} are the right letter at step {trained}, "
            f"{percent(np.mean(stay))} are it at every step from {trained} to {2 * trained}",
            f"wrong units at steps {', '.join(map(str, steps))}": ", ".join(bits),
        },
    )


def slowest(task, w):
    """Of each letter the held-out picture that is found last among those that are found, list of int."""
    right, names = settled(task, w)[:, 0], np.array(task.held_out.names)
    first = np.where(right[task.network.steps :].all(0), right.argmax(0), -1)
    return [int(np.where(names == letter, first, -2).argmax()) for letter in dict.fromkeys(names.tolist())]


def _first(right):
    return str(right.argmax()) if right.any() else "never"


def _wrong_units(y, cases):
    """Units on the wrong side of .5, mean over the cases, (steps + 1,) array."""
    letters = np.array([pictures()[name] for name in cases.names]).T
    return ((y[:, 0] > 0.5) != (letters > 0.5)).sum(1).mean(-1)
