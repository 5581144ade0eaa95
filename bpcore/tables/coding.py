"""Cases of your own: from a table, with every column's coding said openly, or from a truth table."""

from dataclasses import dataclass

import numpy as np

from ..cases import Cases
from .columns import columns_of, listed
from .numbers import MISSING
from .reading import Table, read_csv
from .text import shortened

LEFT_OUT = "left out"


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
    decimal : str
        The decimal mark that was chosen for it; "?" if one has to be, "" if none need be.
    """

    column: str
    role: str
    how: str
    units: tuple = ()
    as_words: bool = False
    decimal: str = ""


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
    missing : collection of str
        What stood for nothing.
    """

    cases: Cases
    codings: tuple
    notes: tuple = ()
    missing: frozenset = MISSING

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

    @property
    def said_aloud(self):
        """What the reader decided by itself, and what it left out: a tuple of sentences."""
        left_out = (f"{c.column} is left out, {c.how}" for c in self.codings if c.role == LEFT_OUT and c.how)
        return (*left_out, *self.notes)

    def __str__(self):
        lines = [f"{c.column}: {c.role}{', ' if c.how else ''}{c.how}" for c in self.codings]
        return "\n".join([*lines, *self.notes])


def code(table, outputs=None, inputs=None, *, words=(), decimal=None, missing=MISSING, **reading):
    """Make cases from a table.

    Columns of numbers become one unit each: inputs are stretched to reach from -1 to 1, outputs from 0 to 1, unless
    they hold 0 and 1 alone. Columns of words become a unit for each word, which is on for its cases; for two words one
    unit is enough. Cases with a missing cell in one of these columns are left out, and counted in the notes.

    Parameters
    ----------
    table : Table, or whatever `read_csv` takes
    outputs, inputs : sequence of str, optional
        Names of columns. By default the last column that can be used is the output, and all others that can be used
        are inputs.
    words : sequence of str
        Columns whose numbers are names of kinds, and are taken as words.
    decimal : dict, optional
        The decimal mark, "," or ".", of columns that can be read both ways, as 1,234 can.
    missing : collection of str
        What stands for nothing, in small letters.
    **reading
        Names and separator, for `read_csv`.

    Returns
    -------
    Coded

    Raises
    ------
    ValueError
        In one sentence, with line and column where there is one.
    """
    table = table if isinstance(table, Table) else read_csv(table, **reading)
    columns = columns_of(table, words, decimal or {}, frozenset(missing))
    roles = _roles(table, outputs, inputs, columns)
    used = [column for column, role in zip(columns, roles, strict=True) if role != LEFT_OUT]
    for column in used:
        if column.unusable:
            raise ValueError(f"{column.where}: {column.unusable}")
    kept = [row for row in range(len(table.rows)) if not any(row in column.missing for column in used)]
    notes = [*table.notes, *_left_out(table, used, kept)]
    codings, states = [], {"input": [], "output": []}
    for column, role in zip(columns, roles, strict=True):
        if role == LEFT_OUT:
            why = column.unusable or ((outputs is None or inputs is None) and column.mostly_missing)
            codings.append(Coding(column.name, role, f"because {why}" if why else "", decimal=column.decimal))
            continue
        how, units, values = _coded(table, column, role, kept)
        codings.append(Coding(column.name, role, how, units, column.as_words, column.decimal))
        states[role].append(values)
    given, desired = np.hstack(states["input"]), np.hstack(states["output"])
    cases = Cases({"input": given}, {"output": desired}, _case_names(table, roles, kept))
    notes += _contradiction(given, desired, [f"line {table.lines[row]}" for row in kept])
    return Coded(cases, tuple(codings), tuple(notes), frozenset(missing))


def outlook(table):
    """A Coding for each column of a table that makes no cases as it is: which can be used, and why others cannot."""
    columns = columns_of(table, (), {}, MISSING)
    outputs = [column for column in columns if not column.unusable][-1:]
    return tuple(
        Coding(c.name, LEFT_OUT, f"because {c.unusable}", decimal=c.decimal) if c.unusable
        else Coding(c.name, "output" if c in outputs else "input", "", as_words=c.as_words)
        for c in columns
    )  # fmt: skip


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


# ---- roles


def _roles(table, outputs, inputs, columns):
    """The role of every column: "input", "output" or "left out"."""
    fit = [column.name for column in columns if not column.unusable and not column.mostly_missing]
    if outputs is None:
        outputs = fit[-1:] or [table.names[-1]]
    outputs = [columns[table.column(name)].name for name in listed(outputs)]
    if inputs is None:
        inputs = [name for name in fit if name not in outputs]
        if not inputs:  # the reason why is worth more than that there is none
            inputs = [column.name for column in columns if column.unusable and column.name not in outputs][:1]
    inputs = [columns[table.column(name)].name for name in listed(inputs)]
    for role, names in (("output", outputs), ("input", inputs)):
        if not names:
            raise ValueError(f"{table.name}: no column is an {role}; at least one is expected")
    both = [name for name in inputs if name in outputs]
    if both:
        raise ValueError(f"{table.name}: column '{both[0]}' is given as input and as output; one of them is expected")
    return ["output" if name in outputs else "input" if name in inputs else LEFT_OUT for name in table.names]


def _left_out(table, used, kept):
    """How many cases are left out since a cell is missing, in a sentence; ValueError if all are."""
    n = len(table.rows)
    if len(kept) == n:
        return []
    gaps = [(len(column.missing), column) for column in used if column.missing]
    count, most = max(gaps, key=lambda gap: gap[0])
    if not kept:
        where = table.at(min(most.missing), most.place)
        raise ValueError(f"{where}: every case lacks a cell; {count} lack this one, so leave the column out")
    parts = [
        f"'{shortened(column.name)}' is {column.marks}{f' in {count}' if len(gaps) > 1 else ''}"
        for count, column in gaps
    ]
    return [f"{n - len(kept):,} of {n:,} cases are left out: {', '.join(parts)}"]


# ---- states


def _coded(table, column, role, kept):
    """How a column is coded, the names of its units, and its (cases, units) states."""
    if column.numbers:
        return _numbers(table, column, role, kept)
    cells = [column.cells[row] for row in kept]
    if role == "output" and len(set(cells)) == 1:
        raise ValueError(
            f"{table.at(kept[0], column.place)}: it is '{shortened(cells[0])}' in every case; an output of at least "
            "two different values is expected"
        )
    return _words(column.name, cells)


def _numbers(table, column, role, kept):
    values = np.array([column.numbers.values[row] for row in kept])
    least, most = float(values.min()), float(values.max())
    units, before = (column.name,), column.numbers.how and f"{column.numbers.how}, "
    if least == most and role == "output":
        cells = {column.cells[row] for row in kept}
        what = f"it is '{min(cells)}' in every case" if len(cells) == 1 else f"every number is {least:.10g}"
        raise ValueError(
            f"{table.at(kept[0], column.place)}: {what}; an output of at least two different values is expected"
        )
    if np.isin(values, (0, 1)).all():
        return f"{before}0 and 1, as they are", units, values[:, None]
    if least == most:
        return f"{before}always {least:.10g}, taken as 0", units, np.zeros((len(values), 1))
    share = (values - least) / (most - least)
    if role == "output":
        return f"{before}{least:.10g} to {most:.10g} became 0 to 1", units, share[:, None]
    return f"{before}{least:.10g} to {most:.10g} became -1 to 1", units, (2 * share - 1)[:, None]


def _words(name, cells):
    kinds = sorted(set(cells))
    places = {kind: k for k, kind in enumerate(kinds)}
    states = np.eye(len(kinds))[[places[cell] for cell in cells]]
    shown = [f"'{shortened(kind)}'" for kind in kinds]
    if len(kinds) == 2:  # one unit says it
        return f"1 for {shown[1]}, 0 for {shown[0]}", (f"{name} {shortened(kinds[1])}",), states[:, 1:]
    how = f"a unit for each of {', '.join(shown[:6])}{', …' if len(shown) > 6 else ''} ({len(kinds)})"
    return how, tuple(f"{name} {shortened(kind)}" for kind in kinds), states


# ---- cases


def _case_names(table, roles, kept):
    """A short name for every case: its line, and what should come out."""
    outputs = [column for column, role in enumerate(roles) if role == "output"]
    return [f"line {table.lines[k]}: {shortened(' '.join(table.rows[k][column] for column in outputs))}" for k in kept]


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
