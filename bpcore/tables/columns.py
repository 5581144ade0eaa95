"""The columns of a table, each read as numbers or as words; or why it cannot be."""

from dataclasses import dataclass, replace

from .numbers import Numbers, is_date, is_missing, is_number, looks_like_number, notations
from .text import shortened

LARGEST_NUMBER = 1e100
MOST_WORDS = 50
"""Different words of a column, each of which becomes a unit."""


@dataclass(frozen=True)
class Column:
    """A column, read as numbers or words; or why it cannot be."""

    place: int
    name: str
    cells: list
    missing: frozenset
    where: str
    unusable: str = ""
    numbers: Numbers | None = None
    decimal: str = ""

    @property
    def as_words(self):
        return self.numbers is None and not self.unusable

    @property
    def marks(self):
        """What stands in its missing cells, in words."""
        marks = sorted({self.cells[row] for row in self.missing})
        return " or ".join(f"'{mark}'" if mark else "empty" for mark in marks[:3])

    @property
    def mostly_missing(self):
        """Why the column is left out unless it is asked for; "" if it is not."""
        gaps, n = len(self.missing), len(self.cells)
        return f"{gaps:,} of {n:,} cells are {self.marks}" if 2 * gaps > n else ""


def columns_of(table, words, decimal, marks):
    """Every column as it is read; what it says of a decimal comma counts for the others too."""
    kinds = {table.column(name) for name in listed(words)}
    decimals = {table.column(name): mark for name, mark in decimal.items()}
    cells = [list(column) for column in zip(*table.rows, strict=True)]
    found = [_read(table, k, column, marks, k in kinds, decimals.get(k)) for k, column in enumerate(cells)]
    if any(column.numbers and column.numbers.has_decimal_commas for column in found):
        found = [_read(table, c.place, c.cells, marks, c.place in kinds, decimals.get(c.place), False) for c in found]
    return found


def _read(table, place, cells, marks, as_words, decimal, plain_first=True):
    numeric = not as_words and any(map(looks_like_number, cells))
    missing = frozenset(k for k, cell in enumerate(cells) if is_missing(cell, marks, among_words=not numeric))
    known = [k for k in range(len(cells)) if k not in missing]
    column = Column(place, table.names[place], cells, missing, table.at(known[0] if known else 0, place))
    if not known:
        return replace(column, unusable="every cell is empty")
    if as_words:
        return _unless_too_many(table, column)
    ways = notations([cells[k] for k in known], plain_first=plain_first)
    decimal = decimal if len(ways) > 1 else None
    if decimal:
        ways = [way for way in ways if way.decimal == decimal]
    if len(ways) > 1:
        k = next(k for k, values in enumerate(zip(*(way.values for way in ways), strict=True)) if len(set(values)) > 1)
        one, other = (f"{way.values[k]:.10g}" for way in ways[:2])
        return replace(
            column, where=table.at(known[k], place), decimal="?",
            unusable=f"'{shortened(cells[known[k]])}' can be {one} or {other}; say which its decimal mark is",
        )  # fmt: skip
    if ways:
        values = dict(zip(known, ways[0].values, strict=True))
        wrong = next((k for k, value in values.items() if not abs(value) <= LARGEST_NUMBER), None)
        if wrong is not None:
            what = f"{shortened(cells[wrong])} is too large; a number of size {LARGEST_NUMBER:g} at most is expected"
            return replace(column, where=table.at(wrong, place), unusable=what)
        return replace(column, numbers=replace(ways[0], values=values), decimal=decimal or "")
    if all(is_date(cells[k]) for k in known):
        what = "is a date; make it a number, as the day of the year, or take the column as words"
        return replace(column, unusable=f"'{shortened(cells[known[0]])}' {what}")
    wrong, what = _mixture(cells, known)
    if what:
        return replace(column, where=table.at(wrong, place), unusable=what)
    return _unless_too_many(table, column)


def _mixture(cells, known):
    """Where numbers and words stand in one column, and what is wrong there; "" for words alone."""
    numeric = [k for k in known if looks_like_number(cells[k])]
    infinite = [k for k in known if cells[k].lower().lstrip("+-") in ("inf", "infinity")]
    others = sorted({*known} - {*numeric})
    if not numeric and not (infinite and len(infinite) == len(known)):
        return 0, ""
    if 2 * len(numeric) < len(known) and len(others) > len(infinite):
        return numeric[0], (
            f"{shortened(cells[numeric[0]])} is a number among words; take the column as words if it is one"
        )
    if infinite or others:
        wrong = (infinite or others)[0]
        what = "is no number" if infinite else "is no number, but stands among numbers"
    else:
        wrong = next((k for k in numeric if not is_number(cells[k])), numeric[0])
        what = "is written in another way than the numbers around it; write all numbers as 1234.5"
    return wrong, f"'{shortened(cells[wrong])}' {what}"


def _unless_too_many(table, column):
    """A column of words, if not every other cell holds a new one."""
    kinds = {}
    for row, cell in enumerate(column.cells):
        if row not in column.missing:
            kinds.setdefault(cell, row)
    if len(kinds) <= MOST_WORDS:
        return column
    cell, row = [*kinds.items()][MOST_WORDS]
    where = table.at(row, column.place)
    what = f"is word number {MOST_WORDS + 1} of {len(kinds)}; {MOST_WORDS} at most become units"
    return replace(column, where=where, unusable=f"'{shortened(cell)}' {what}")


def listed(names):
    """Names of columns, from one or several."""
    return [names] if isinstance(names, str) else list(names)
