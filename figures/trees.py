"""Family trees as Fig. 2 draws them: generations in rows, "=" for marriages, children below their parents."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import FancyBboxPatch

from .style import ACCENT, INK, PAPER, SIZE, SOFT, TRUE, bare, points_per_unit, write

# All lengths are in units of one name's width.
COUPLE, APART = 1.2, 1.3  # from the middle of a name to that of the next: of a couple, of others
ROW = 0.62  # from one row to the next
NAME = 0.26  # height of a name
LETTER = 0.68  # width of a letter, in sizes of the type
_SWEEPS = 8


@dataclass(frozen=True)
class TreeLayout:
    """Where everything of a family tree stands: numbers only, for any drawing.

    Attributes
    ----------
    places : dict of str to (float, int)
        Middle of each name: x in units of one name's width, from 0 at the left edge, and its row, 0 the oldest.
    marriages : tuple of (str, str)
        Husbands and wives, side by side, as (left, right).
    unmarried : tuple of (str, str)
        Parents of the same children who are not married, as (left, right).
    descents : tuple of (float, int, tuple of str)
        x and row of the point of the parents from which a line goes down (the middle of the couple, the single parent,
        or one of two who cannot stand side by side), and the children it goes to, left to right.
    width : float
        Of the whole, in names.
    rows : int
    """

    places: dict
    marriages: tuple
    unmarried: tuple
    descents: tuple
    width: float
    rows: int


def tree_layout(family):
    """Give everybody of a family a place: husband and wife side by side, children below the middle of their parents.

    Parameters
    ----------
    family : Family

    Returns
    -------
    TreeLayout
    """
    children = _children(family)
    rows = _households(family, children)
    x = {}
    for row in rows:
        _put(x, row, np.zeros(len(row)), np.ones(len(row)))
    found = []
    for _ in range(_SWEEPS):
        for row in rows[1:]:
            _below_parents(x, row, children)
        for row in rows[-2::-1]:
            _above_children(x, row, children, row is rows[0])
        found.append((_length(x, children), dict(x)))
    _, x = min(found, key=lambda one: round(one[0], 9))
    return _layout(family, children, x, {name: r for r, row in enumerate(rows) for house in row for name in house})


def _children(family):
    """Parents -> children: dict of tuple of str to tuple of str, both in the order in which the family lists them."""
    listed = [name for _, names in family.children for name in names]
    children = {}
    for name in dict.fromkeys(listed):
        parents = tuple(person for person in family.people if person in family.parents(name))
        children[parents] = (*children.get(parents, ()), name)
    return children


def _households(family, children):
    """Who stands side by side, row by row: lists of lists of names. Couples, their other partners, and the single."""
    generations = {name: family.generation(name) for name in family.people}
    house = {name: [name] for name in family.people}
    for one, other in [*family.marriages, *(parents for parents in children if len(parents) == 2)]:
        near = other in family.spouse(one) or generations[one] == generations[other]
        if near and house[one] is not house[other]:
            _join(house, one, other)
    of = {id(names): names for names in house.values()}.values()
    row_of = {id(names): max(generations[name] for name in names) for names in of}
    order = [name for names in children.values() for name in names] + list(family.people)
    of = sorted(of, key=lambda names: min(map(order.index, names)))
    return [[names for names in of if row_of[id(names)] == row] for row in sorted({*row_of.values()})]


def _join(house, one, other):
    """Make one household of two, `one` and `other` next to each other where they stand at the ends."""
    left, right = house[one], house[other]
    left = left if left[-1] == one else left[::-1]
    right = right if right[0] == other else right[::-1]
    for name in left + right:
        house[name] = left + right if name == left[0] else house[left[0]]


def _below_parents(x, row, children):
    """Order and place the households of a row by where their parents are."""
    above = {child: np.mean([x[name] for name in parents]) for parents, names in children.items() for child in names}
    for house in row:
        # A child of parents to the left stands left, a wife or husband from elsewhere outside.
        middle = np.mean([x[name] for name in house])
        pull = [above[name] - middle if name in above else 0 for name in house]
        if np.dot(pull, _offsets(house)) < -1e-9:
            house.reverse()
    towards = [[above[name] - at for name, at in _members(house) if name in above] for house in row]
    _order_and_put(x, row, towards)


def _above_children(x, row, children, oldest):
    """Place the households of a row by where their children are; the oldest are ordered so too, the childless last."""
    below = [(set(parents), np.mean([x[name] for name in names])) for parents, names in children.items()]
    towards = []
    for house in row:
        at = dict(_members(house))
        of = [(np.mean([at[name] for name in parents & set(house)]), x) for parents, x in below if parents & set(house)]
        towards.append([x - point for point, x in of])
    _order_and_put(x, row, towards, oldest=oldest)


def _order_and_put(x, row, towards, *, oldest=None):
    """Put households where they want to be, at the means of `towards`, and the rest about where they are.

    In that order, too; but seen from their children only the `oldest`, of whom the rest go last.
    """
    now = [np.mean([x[name] for name in house]) for house in row]
    wanted = np.array([np.mean(those) if those else here for those, here in zip(towards, now, strict=True)])
    rest = np.array([not those for those in towards])
    order = np.arange(len(row)) if oldest is False else np.lexsort([wanted.round(6), rest & bool(oldest)])
    row[:] = [row[k] for k in order]
    # What goes last wants to be at 0, without weight: it ends up as near to the others as it can.
    _put(x, row, np.where(rest & bool(oldest), 0, wanted)[order], np.where(rest, 1e-6 if oldest else 0.01, 1)[order])


def _put(x, row, wanted, weights):
    """Place households from left to right as near to `wanted` as they can be without coming too close: x changes."""
    half = np.array([np.ptp(_offsets(house)) / 2 for house in row])
    steps = np.r_[0, np.cumsum(half[:-1] + half[1:] + APART)]
    for house, middle in zip(row, steps + _rising(wanted - steps, weights), strict=True):
        x.update({name: float(middle + at) for name, at in _members(house)})


def _rising(values, weights):
    """The rising sequence nearest to `values`: neighbours that would fall are pooled at their mean."""
    pools = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2:]
            pools[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return np.concatenate([np.full(n, value) for value, _, n in pools])


def _offsets(house):
    return COUPLE * (np.arange(len(house)) - (len(house) - 1) / 2)


def _members(house):
    return zip(house, _offsets(house), strict=True)


def _length(x, children):
    """How much line runs sideways, all in all."""
    return sum(
        abs(x[name] - np.mean([x[one] for one in parents])) for parents, names in children.items() for name in names
    )


def _layout(family, children, x, row):
    left = min(x.values()) - 0.5
    places = {name: (round(x[name] - left, 9), row[name]) for name in family.people}

    def sorted_by_place(names):
        return tuple(sorted(names, key=lambda name: places[name][0]))

    partners = [parents for parents in children if len(parents) == 2 and parents[1] not in family.spouse(parents[0])]
    descents = []
    for parents, names in children.items():
        lowest = max(map(row.get, parents))
        at = [places[name][0] for name in parents if row[name] == lowest]
        # Another person may stand between parents who are not married: the line then goes down from one of them.
        point = np.mean(at) if np.ptp(at) < 1.5 * COUPLE else at[-1]
        descents.append((float(np.round(point, 9)), lowest, sorted_by_place(names)))
    return TreeLayout(
        places=places,
        marriages=tuple(dict.fromkeys(map(sorted_by_place, family.marriages))),
        unmarried=tuple(map(sorted_by_place, partners)),
        descents=tuple(descents),
        width=max(at for at, _ in places.values()) + 0.5,
        rows=max(row.values()) + 1,
    )


def bars(layout):
    """How far below its point the line to the children turns sideways, for each descent: a share of the way to the row.

    One half, unless lines of other parents run there too; those turn at heights of their own.
    """
    spans = []
    for x, row, names in layout.descents:
        ends = [x, *(layout.places[name][0] for name in names)]
        spans.append((row, min(ends) - 0.05, max(ends) + 0.05))
    levels = []
    for k, (row, left, right) in enumerate(spans):
        met = {levels[j] for j, (r, a, b) in enumerate(spans[:k]) if r == row and a < right and left < b}
        levels.append(next(n for n in range(len(spans)) if n not in met))
    return tuple((level + 1) / (max(levels) + 2) for level in levels)


def draw_tree(ax, family, *, chosen=None, answers=()):
    """Draw a family tree as Fig. 2.

    Parameters
    ----------
    ax : matplotlib Axes
        At its final place: sizes of letters follow from it.
    family : Family
    chosen : str, optional
        The person who is asked about.
    answers : iterable of str
        People who are the answer.

    Returns
    -------
    TreeLayout
    """
    layout = tree_layout(family)
    bare(ax, (0, layout.width), ((layout.rows - 1) * ROW + NAME, -NAME))
    longest = max(map(len, family.people))
    size = min(SIZE + 2, 0.9 * points_per_unit(ax) / (LETTER * longest))
    line = {"color": SOFT, "linewidth": 0.9, "solid_capstyle": "butt", "zorder": 1}
    y = {name: ROW * row for name, (_, row) in layout.places.items()}
    for couple in layout.marriages:
        middle, level = np.mean([(layout.places[name][0], y[name]) for name in couple], axis=0)
        for side in (-0.035, 0.015):
            ax.plot([middle - 0.06, middle + 0.06], [level + side] * 2, **line | {"color": INK})
    for one, other in layout.unmarried:
        ax.plot([layout.places[one][0], layout.places[other][0]], [y[one], y[other]], **line, linestyle=(0, (2, 2)))
    for (x, row, names), share in zip(layout.descents, bars(layout), strict=True):
        turn = ROW * row + NAME / 2 + share * (ROW - NAME)
        ax.plot([x, x], [ROW * row + NAME / 4, turn], **line)
        for name in names:
            ax.plot([x, layout.places[name][0], layout.places[name][0]], [turn, turn, y[name]], **line)
    marks = dict.fromkeys(answers, (TRUE, PAPER)) | ({chosen: (ACCENT, PAPER)} if chosen else {})
    for name, (x, row) in layout.places.items():
        face, ink = marks.get(name, (PAPER, INK))
        _name(ax, x, ROW * row, name, size, face, ink)
    return layout


def _name(ax, x, y, name, size, face, ink):
    half = (LETTER * size * len(name) / points_per_unit(ax) / 2 + 0.02, NAME / 2)
    corner, style = (x - half[0], y - half[1]), "round,pad=0,rounding_size=.05"
    ax.add_patch(
        FancyBboxPatch(corner, 2 * half[0], 2 * half[1], boxstyle=style, facecolor=face, edgecolor="none", zorder=2)
    )
    write(ax, x, y, name, size=size, color=ink)
