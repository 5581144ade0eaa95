"""Cases of your own: from a table, with every column's coding said openly, or from a truth table."""

from dataclasses import dataclass

import numpy as np

from ..cases import Cases
from .reading import Table, is_number, read_csv, shortened

LARGEST_NUMBER = 1e100
MOST_WORDS = 50
"""Different words of a column, each of which becomes a unit."""
_NOTHING = {"", "?", "-", "na", "n/a", "nan", "null", "none", "inf", "-inf", "+inf", "infinity", "-infinity"}


@dataclass(frozen=True)
class Coding:
    """How a column became states of units.

    Attributes
    ----------
    column : str
    role : {"input", "output", "left out"}
    how : str
        In words, with the numbers: "4.3 to 7.9 became -1 to 1".
    units : tuple of str
        Names of the units.
    as_words : bool
        Whether its values were taken as words.
    """

    column: str
    role: str
    how: str
    units: tuple = ()
    as_words: bool = False


@dataclass(frozen=True)
class Coded:
    """Cases made from a table, and how.

    Attributes
    ----------
    cases : Cases
        Groups "input" and "output".
    codings : tuple of Coding
        One a column, in the order of the table.
    notes : tuple of str
        What else is worth knowing, such as two lines that contradict each other.
    """

    cases: Cases
    codings: tuple
    notes: tuple = ()

    @property
    def units(self):
        """Names of the units of each group, {group: tuple of str}."""
        named = {"input": (), "output": ()}
        for coding in self.codings:
            if coding.role in named:
                named[coding.role] += coding.units
        return named

    @property
    def all_or_none(self):
        """Whether every desired state is 0 or 1."""
        return bool(np.isin(self.cases.desired["output"], (0, 1)).all())

    def __str__(self):
        lines = [f"{c.column}: {c.role}{', ' if c.how else ''}{c.how}" for c in self.codings]
        return "\n".join([*lines, *self.notes])


def code(table, outputs=None, inputs=None, *, words=()):
    """Make cases from a table.

    Columns of numbers become one unit each: inputs are stretched to reach from -1 to 1, outputs from 0 to 1, unless
    they hold 0 and 1 alone. Columns of words become a unit for each word, which is on for its cases; for two words one
    unit is enough.

    Parameters
    ----------
    table : Table, or whatever `read_csv` takes
    outputs, inputs : sequence of str, optional
        Names of columns. By default the last column is the output, and all that are not outputs are inputs.
    words : sequence of str
        Columns whose numbers are names of kinds, and are taken as words.

    Returns
    -------
    Coded

    Raises
    ------
    ValueError
        In one sentence, with line and column where there is one.
    """
    table = table if isinstance(table, Table) else read_csv(table)
    roles = _roles(table, outputs, inputs)
    kinds = {table.column(name) for name in _listed(words)}
    codings, states = [], {"input": [], "output": []}
    for column, role in enumerate(roles):
        coding, columns = _coded(table, column, role, column in kinds)
        codings.append(coding)
        if columns is not None:
            states[role].append(columns)
    inputs, desired = np.hstack(states["input"]), np.hstack(states["output"])
    cases = Cases({"input": inputs}, {"output": desired}, _case_names(table, roles))
    return Coded(cases, tuple(codings), _contradiction(inputs, desired, [f"line {line}" for line in table.lines]))


def truth_table(text):
    """Make cases from lines such as ``0 1 | 1``: inputs, a bar, outputs, each 0 or 1.

    Parameters
    ----------
    text : str
        A case a line; empty lines, and what stands after a #, are left out.

    Returns
    -------
    Coded

    Raises
    ------
    ValueError
        In one sentence with line and column, the place of a value in its line.
    """
    rows, lines = [], []
    for line, written in enumerate(str(text).splitlines(), 1):
        row = written.partition("#")[0]
        if row.strip():
            rows.append(_truth_row(row, line))
            lines.append(f"line {line}")
            _check_row(rows, line)
    if not rows:
        raise ValueError("line 1, column 1: the truth table is empty; lines such as 0 1 | 1 are expected")
    inputs, desired = (np.array(side, float) for side in zip(*rows, strict=True))
    codings = [
        Coding(name, role, "as it is", (name,))
        for role, states in (("input", inputs), ("output", desired))
        for name in _numbered(role, states.shape[1])
    ]
    cases = Cases({"input": inputs}, {"output": desired})
    return Coded(cases, tuple(codings), _contradiction(inputs, desired, lines))


# ---- columns


def _roles(table, outputs, inputs):
    """The role of every column: "input", "output" or "left out"."""
    outputs = [table.names[-1]] if outputs is None else _listed(outputs)
    inputs = [name for name in table.names if name not in outputs] if inputs is None else _listed(inputs)
    for role, names in (("output", outputs), ("input", inputs)):
        if not names:
            raise ValueError(f"{table.name}: no column is an {role}; at least one is expected")
        for name in names:
            table.column(name)
    both = [name for name in inputs if name in outputs]
    if both:
        raise ValueError(f"{table.name}: column '{both[0]}' is given as input and as output; one of them is expected")
    return ["output" if name in outputs else "input" if name in inputs else "left out" for name in table.names]


def _listed(names):
    return [names] if isinstance(names, str) else list(names)


def _coded(table, column, role, as_words):
    """The Coding of a column, and its (cases, units) states; None where it is left out."""
    name = table.names[column]
    if role == "left out":
        return Coding(name, role, ""), None
    cells = [row[column] for row in table.rows]
    _check_filled(table, column, cells)
    _check_variety(table, column, cells, role)
    as_words = as_words or not _are_numbers(table, column, cells)
    how, units, states = _words(table, column, cells) if as_words else _numbers(table, column, cells, role)
    return Coding(name, role, how, units, as_words), states


def _check_filled(table, column, cells):
    if "" in cells:
        raise ValueError(f"{table.at(cells.index(''), column)}: the cell is empty; fill it, or take the line away")


def _check_variety(table, column, cells, role):
    if role == "output" and len(set(cells)) == 1:
        raise ValueError(
            f"{table.at(0, column)}: it is '{shortened(cells[0])}' in every case; an output of at least two different "
            "values is expected"
        )


def _are_numbers(table, column, cells):
    """Whether a column holds numbers alone, or words alone; ValueError where they are mixed."""
    numeric = [is_number(cell) for cell in cells]
    if all(numeric):
        return True
    if all("," in cell and is_number(cell.replace(",", ".")) for cell in cells):
        _refuse_mixture(table, 0, column, cells[0])  # as a spreadsheet writes numbers in half of Europe
    words = [k for k, is_one in enumerate(numeric) if not is_one and not _stands_for_nothing(cells[k])]
    if any(numeric) or not words:
        row = numeric.index(False)
        if 2 * sum(numeric) < len(cells) and words:
            row = numeric.index(True)
        _refuse_mixture(table, row, column, cells[row])
    return False


def _refuse_mixture(table, row, column, cell):
    where = table.at(row, column)
    if is_number(cell):
        raise ValueError(
            f"{where}: {shortened(cell)} is a number among words; name the column in words=[...] if it is one"
        )
    if _stands_for_nothing(cell):
        raise ValueError(f"{where}: '{cell}' is no number; fill it, or take the line away")
    if is_number(cell.replace(",", "")) or is_number(cell.replace(",", ".")):
        raise ValueError(f"{where}: '{cell}' has a comma; a number with a decimal point is expected, as 1234.5")
    raise ValueError(f"{where}: '{shortened(cell)}' is no number, but stands among numbers")


def _stands_for_nothing(cell):
    return cell.lower() in _NOTHING


def _numbers(table, column, cells, role):
    values = np.array([float(cell) for cell in cells])
    wrong = ~(np.abs(values) <= LARGEST_NUMBER)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"{table.at(row, column)}: {shortened(cells[row])} is too large; a number of size {LARGEST_NUMBER:g} at "
            "most is expected"
        )
    least, most = float(values.min()), float(values.max())
    units = (table.names[column],)
    if least == most and role == "output":
        raise ValueError(
            f"{table.at(0, column)}: every number is {least:g}; an output of two different ones is expected"
        )
    if np.isin(values, (0, 1)).all():
        return "0 and 1, as they are", units, values[:, None]
    if least == most:
        return f"always {least:g}, taken as 0", units, np.zeros((len(values), 1))
    share = (values - least) / (most - least)
    if role == "output":
        return f"{least:g} to {most:g} became 0 to 1", units, share[:, None]
    return f"{least:g} to {most:g} became -1 to 1", units, (2 * share - 1)[:, None]


def _words(table, column, cells):
    kinds = sorted(set(cells))
    name = table.names[column]
    if len(kinds) > MOST_WORDS:
        row = next(k for k in range(len(cells)) if len(set(cells[: k + 1])) > MOST_WORDS)
        raise ValueError(
            f"{table.at(row, column)}: '{shortened(cells[row])}' is word number {MOST_WORDS + 1} of {len(kinds)}; each "
            f"would be a unit, and {MOST_WORDS} at most are expected, so leave the column out"
        )
    places = {kind: k for k, kind in enumerate(kinds)}
    states = np.eye(len(kinds))[[places[cell] for cell in cells]]
    shown = [f"'{shortened(kind)}'" for kind in kinds]
    if len(kinds) == 2:  # one unit says it
        return f"1 for {shown[1]}, 0 for {shown[0]}", (f"{name} {shortened(kinds[1])}",), states[:, 1:]
    how = f"a unit for each of {', '.join(shown[:6])}{', …' if len(shown) > 6 else ''} ({len(kinds)})"
    return how, tuple(f"{name} {shortened(kind)}" for kind in kinds), states


# ---- cases


def _case_names(table, roles):
    """A short name for every case: its line, and what should come out."""
    outputs = [column for column, role in enumerate(roles) if role == "output"]
    return [
        f"line {line}: {shortened(' '.join(row[column] for column in outputs))}"
        for line, row in zip(table.lines, table.rows, strict=True)
    ]


def _contradiction(inputs, desired, lines):
    """A sentence where two cases have the same inputs and different desired states."""
    seen = {}
    for row, (given, wanted) in enumerate(zip(inputs, desired, strict=True)):
        other = seen.setdefault(given.tobytes(), row)
        if (desired[other] != wanted).any():
            pair = f"{lines[other]} and {lines[row]}"
            return (f"{pair} have the same inputs and different outputs: no network can get both right",)
    return ()


# ---- truth tables


def _numbered(role, n):
    return [f"{role} {k + 1}" if n > 1 else role for k in range(n)]


def _truth_row(row, line):
    given, bar, wanted = row.partition("|")
    if not bar:
        raise ValueError(
            f"line {line}, column {len(row.split()) + 1}: there is no | between inputs and outputs, as in 0 1 | 1"
        )
    sides = given.split(), wanted.split()
    for column, value in enumerate((*sides[0], *sides[1]), 1):
        if value not in ("0", "1"):
            raise ValueError(f"line {line}, column {column}: '{shortened(value)}' is found; 0 or 1 is expected")
    for side, role, column in zip(sides, ("inputs", "outputs"), (1, len(sides[0]) + 1), strict=True):
        if not side:
            raise ValueError(f"line {line}, column {column}: there are no {role}; lines such as 0 1 | 1 are expected")
    return sides


def _check_row(rows, line):
    for role, side in (("inputs", 0), ("outputs", 1)):
        found, expected = len(rows[-1][side]), len(rows[0][side])
        if found != expected:
            column = min(found, expected) + 1 + side * len(rows[-1][0])
            raise ValueError(f"line {line}, column {column}: {found} {role}, but the first line has {expected}")
