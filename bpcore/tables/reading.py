"""Reading a table from a text file. Whatever is wrong with the file is said in one sentence, with line and column."""

import contextlib
import csv
import io
import re
from dataclasses import dataclass, field

from .numbers import is_missing, is_number, looks_like_number, notations
from .text import clean, one_line, shortened, text_of

MOST_COLUMNS, MOST_CASES = 200, 100_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
_LOOKED_AT = 2_000  # lines that tell whether the first holds names
_EDGES = "\u200c\u200d"  # they join letters, and so count within a word alone


@dataclass(frozen=True)
class Table:
    """What stands in a file, not yet taken for numbers or words.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    names : tuple of str
        Of the columns.
    rows : tuple of tuples of str
        One a case; as many cells as there are names.
    lines : tuple of int
        Line of the file that each row begins on; the names stand on line 1 unless empty lines come before.
    has_names : bool
        Whether the names stand in the file; if not, the columns are called "column 1" and so on.
    notes : tuple of str
        What is worth knowing of how the file was read.
    first : (int, list of str)
        The line of the names, or of the first case, and its cells as they stand there.
    """

    name: str
    names: tuple
    rows: tuple
    lines: tuple
    has_names: bool = True
    notes: tuple = field(default=(), compare=False)
    first: tuple = field(default=(1, ()), compare=False)

    def with_names(self, has_names):
        """The same table, its first line taken for names, or for a case."""
        if has_names == self.has_names:
            return self
        cases = [*zip(self.lines, self.rows, strict=True)]
        records = cases if has_names else [self.first, *cases]
        return _named(self.name, records, has_names, [note for note in self.notes if "was taken for" not in note])

    def column(self, name):
        """Place of a column, by its name; ValueError where there is none."""
        name = one_line(clean(str(name)))
        if name not in self.names:
            raise ValueError(
                f"{self.name}: there is no column '{name}'; the columns are {', '.join(map(repr, self.names))}"
            )
        return self.names.index(name)

    def at(self, row, column):
        """Where a cell stands, in words."""
        return f"{self.name}, line {self.lines[row]}, column {column + 1} ('{shortened(self.names[column])}')"


def read_csv(source, name=None, *, names=None, separator=None):
    """Read a table: a line for each case, and above them a line of names, if there is one.

    Commas, semicolons, tabs, bars or blanks separate the cells: whichever gives every line equally many.

    Parameters
    ----------
    source : str, Path, bytes or file
        Where the file is, or what is in it; a str of several lines is what is in it.
    name : str, optional
        What the file is called in messages; its own name by default.
    names : bool, optional
        Whether the first line holds names; found from the lines below by default.
    separator : str, optional
        What stands between cells: ``,`` ``;`` a tab ``|`` or a blank.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        For a file that cannot be read as such a table, in one sentence with line and column where there is one.
    """
    if separator is not None and separator not in SEPARATORS:
        raise ValueError(f"the separator is {separator!r}; one of {', '.join(map(repr, SEPARATORS))} is expected")
    text, name, notes = text_of(source, name)
    return _table(text, name, names, separator, notes)


# ---- from text to a table


def _table(text, name, names, separator, notes):
    told = re.match(r'"?sep=([,;\t|])"?[ \t]*(\r\n|\r|\n)', text)  # as Excel writes it
    start, text = (2, text[told.end() :]) if told else (1, text)
    records = _records_of(text, name, separator or (told and told[1]), start, notes)
    columns = len(records[0][1])
    while columns > 2 and not any(record[columns - 1] for _, record in records):
        columns -= 1  # a spreadsheet's empty columns at the right
    records = [(line, record[:columns]) for line, record in records]
    return _named(name, records, _has_names(records, notes) if names is None else names, notes)


def _named(name, records, has_names, notes):
    """The Table of these (line, cells)."""
    first_line, first = records[0]
    names = [(has_names and one_line(cell)) or f"column {k + 1}" for k, cell in enumerate(first)]
    _check_names(names, first_line, name)
    lines, rows = zip(*records[has_names:], strict=True) if records[has_names:] else ((), ())
    if not rows:
        raise ValueError(
            f"{name}, line {first_line + 1}, column 1: no case follows the names; at least two are expected"
        )
    return Table(name, tuple(names), tuple(map(tuple, rows)), lines, has_names, tuple(notes), records[0])


def _records_of(text, name, separator, start, notes):
    """All (line, cells), taken apart in the one way that gives every line equally many cells."""
    fits = []
    for mark in [separator] if separator else SEPARATORS:
        for quote in "\"'":
            records = _equal(text, mark, quote, name, start) if quote in text or quote == '"' else None
            if records and all(records != other for _, other in fits):
                fits.append((mark, records))
    if not fits:
        return _refused(text, name, separator, start)
    clean = [(mark, records) for mark, records in fits if not _foreign(mark, records)]
    solid = [fit for fit in clean or fits if fit[0] != " "] or clean or fits
    if len(solid) > 1 or (len(fits) > 1 and not clean):
        one, other = (SEPARATORS[mark] for mark, _ in (solid if len(solid) > 1 else fits)[:2])
        what = "quotation marks of both kinds" if one == other else f"{one} and {other}"
        raise ValueError(
            f"{name}, line {fits[0][1][0][0]}, column 1: {what} fit equally well between the cells; "
            "put cells that hold one of them into double quotation marks"
        )
    mark, records = solid[0]
    if len({other for other, _ in fits if other != " "} | {mark}) > 1:
        notes.append(f"{SEPARATORS[mark]} were taken for what separates the cells")
    if len(records) > MOST_CASES + 1:
        raise ValueError(
            f"{name}, line {records[MOST_CASES + 1][0]}, column 1: {MOST_CASES:,} cases are read at most, so take "
            "fewer lines of it"
        )
    return records


def _equal(text, separator, quote, name, start):
    """All (line, cells), if they are equally many cells in every line, and more than one; else None."""
    found = []
    try:
        for line, cells in _records(text, separator, quote, name, start):
            if not 1 < len(cells) <= MOST_COLUMNS or (found and len(cells) != len(found[0][1])):
                return None
            found.append((line, cells))
            if len(found) > MOST_CASES + 2:
                break
    except ValueError:
        return None
    return found


def _foreign(separator, records):
    """How many cells of the cases hold what else might separate them, or half of a pair of quotation marks."""
    others = set(SEPARATORS) - {separator, " "}

    def is_foreign(cell):
        parts = cell.split()
        if notations([cell]):
            return False
        quoted = cell[:1] in ("'", '"') or cell[-1:] in ("'", '"')
        return quoted or not others.isdisjoint(cell) or (len(parts) > 1 and all(map(is_number, parts)))

    return sum(is_foreign(cell) for _, cells in (records[1:] or records) for cell in cells)


def _refused(text, name, separator, start):
    """Say what is wrong with a text that cannot be taken apart."""
    lines = [line for line in re.split(r"\r\n|\r|\n", text[:100_000])[:100] if line.strip()]
    if not lines:
        raise ValueError(f"{name}, line 1, column 1: the file is empty; a line of cells for each case is expected")
    lines = [line.strip() for line in lines]
    separator = separator or max(SEPARATORS, key=lambda mark: (sum(mark in line for line in lines), mark != " "))
    if not any(separator in line for line in lines) or (separator == " " and " " not in lines[-1]):
        raise ValueError(
            f"{name}, line 1, column 1: no comma, semicolon or tab separates the names in '{shortened(lines[0])}'; "
            "at least two columns are expected"
        )
    first = None
    for line, cells in _records(text, separator, '"', name, start):
        if len(cells) > MOST_COLUMNS:
            raise ValueError(
                f"{name}, line {line}, column {MOST_COLUMNS + 1}: there are {len(cells):,} columns; {MOST_COLUMNS} at "
                "most are expected"
            )
        first = first or cells
        _check_length(cells, first, line, name)
    raise ValueError(f"{name}, line {start}, column 1: there is one column; at least two are expected")


def _records(text, separator, quote, name, start):
    """(line, cells) of everything that is not an empty line."""
    reader = _reader(_lines(text, separator), separator, quote)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip().strip(_EDGES) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as wrong:
            broken = [*_lines(text, separator)][line - 1]
            column = _broken(broken, separator, quote)
            raise ValueError(f"{name}, line {line + start - 1}, column {column}: {_reason(wrong)}") from None
        if any(cells):
            yield line + start - 1, cells


def _lines(text, separator):
    lines = io.StringIO(text, newline="")
    if separator != " ":
        return lines
    return (re.sub(r'("(?:[^"]|"")*")|[ \t]+', lambda found: found[1] or "\t", line.strip()) + "\n" for line in lines)


def _broken(line, separator, quote):
    """The first column of a line that cannot be taken apart: the one after the last that can."""
    ends = [k for k, character in enumerate(line) if character == separator.replace(" ", "\t")][:MOST_COLUMNS]
    whole = 0
    for end in ends:
        with contextlib.suppress(csv.Error):
            whole = len(next(_reader([line[:end]], separator, quote), [""]))
    return whole + 1


def _reader(lines, separator, quote):
    return csv.reader(
        lines, delimiter=separator.replace(" ", "\t"), quotechar=quote, strict=True, skipinitialspace=True
    )


def _reason(wrong):
    """What the csv module complains of, in plain words."""
    if "field limit" in str(wrong):
        return f"a cell is longer than {csv.field_size_limit():,} characters; perhaps a quotation mark is not closed"
    if "end of data" in str(wrong):
        return "a quotation mark is opened and never closed"
    return "something stands after a closing quotation mark; a separator is expected there"


# ---- names


def _has_names(records, notes):
    """Whether the first line holds names: not, if it looks as the lines below do."""
    (line, first), rows = records[0], [record for _, record in records[1:_LOOKED_AT]]
    if not rows:
        return not all(map(looks_like_number, first))
    cases = []
    for cell, *below in zip(first, *rows, strict=True):
        known = [other for other in below if not is_missing(other)]
        if cell and known and notations(known) and not looks_like_number(cell) and not is_missing(cell):
            return True  # a word above numbers
        if cell and (is_missing(cell) or (looks_like_number(cell) and notations(known)) or cell in known):
            cases.append(cell)
    shown = ", ".join(map(shortened, first[:6]))
    if cases and not _are_years(first, rows):
        notes.append(
            f"line {line} was taken for a case, since it looks as the lines below do ({shown}); the file has no names, "
            "so columns are called column 1 and so on"
        )
        return False
    notes.append(f"line {line} was taken for names: {shown}")
    return True


def _are_years(first, rows):
    """Whether all numbers above the cases are years, which the numbers below are not."""
    years = {k: cell for k, cell in enumerate(first) if looks_like_number(cell)}
    columns = [[row[k] for row in rows] for k in years]

    def is_year(cell):
        return re.fullmatch(r"1[89]\d\d|20\d\d", cell)

    return (
        bool(years)
        and all(map(is_year, years.values()))
        and len({*years.values()}) == len(years)
        and not any(all(is_year(cell) for cell in column if cell) for column in columns)
    )


def _check_names(names, line, name):
    for column, cell in enumerate(names):
        if cell in names[:column]:
            other = names.index(cell) + 1
            raise ValueError(
                f"{name}, line {line}, column {column + 1}: '{shortened(cell)}' is the name of column {other} "
                "already; each needs its own"
            )


def _check_length(row, names, line, name):
    if len(row) == len(names):
        return
    few = len(row) < len(names)
    first = min(len(row), len(names)) + 1
    what = (
        f"'{shortened(names[len(row)])}' is missing" if few else f"'{shortened(row[len(names)])}' has no name above it"
    )
    count, hint = "is 1" if len(row) == 1 else f"are {len(row)}", ""
    if any(separator in "".join(row) for separator in ",;\t|"):
        hint = "; perhaps another separator stands in this line"
    raise ValueError(
        f"{name}, line {line}, column {first}: {what}: {len(names)} cells are expected, but there {count}{hint}"
    )
