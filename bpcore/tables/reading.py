"""Reading a table from a CSV file. Whatever is wrong with the file is said in one sentence, with line and column."""

import contextlib
import csv
import io
import stat
from dataclasses import dataclass
from pathlib import Path

LARGEST = 10_000_000
"""Bytes of the largest file that is read."""
MOST_COLUMNS, MOST_CASES = 200, 100_000
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK": "a zip archive or a spreadsheet",
    b"%PDF": "PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a compressed file",
}


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
    """

    name: str
    names: tuple
    rows: tuple
    lines: tuple

    def column(self, name):
        """Place of a column, by its name; ValueError where there is none."""
        if name not in self.names:
            raise ValueError(
                f"{self.name}: there is no column '{name}'; the columns are {', '.join(map(repr, self.names))}"
            )
        return self.names.index(name)

    def at(self, row, column):
        """Where a cell stands, in words."""
        return f"{self.name}, line {self.lines[row]}, column {column + 1} ('{shortened(self.names[column])}')"


def read_csv(source, name=None):
    """Read a table: a line of names, then a line for each case, separated by commas, semicolons or tabs, in UTF-8.

    Parameters
    ----------
    source : str, Path or bytes
        Where the file is, or what is in it.
    name : str, optional
        What the file is called in messages; its own name by default.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        For a file that cannot be read as such a table, in one sentence with line and column where there is one.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        name, content = name or "the table", bytes(source)
        _check_size(len(content), name)
    else:
        path = Path(source)
        name = name or path.name or str(path)
        content = _content(path, name)
    return _table(_text(content, name), name)


def shortened(text):
    """Some text for a message: on one line, and not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


# ---- from a file to text


def _content(path, name):
    if "\0" in str(path):
        raise ValueError(f"the name of the file holds a zero byte: '{shortened(name)}'")
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ValueError(f"{name} is not a file; a CSV file is expected")
        _check_size(about.st_size, name)
        return path.read_bytes()
    except FileNotFoundError:
        raise ValueError(f"there is no file '{name}' in {path.parent.name or 'this folder'}") from None
    except OSError as wrong:  # among them a name that is too long
        raise ValueError(f"{name} cannot be read: {wrong.strerror}") from None


def _check_size(size, name):
    if size > LARGEST:
        raise ValueError(f"{name} has {size:,} bytes; {LARGEST:,} are read at most, so take fewer lines of it")


def _text(content, name):
    for mark, kind in _MARKS.items():
        if content.startswith(mark):
            raise ValueError(f"{name}, line 1, column 1: this looks like {kind}; a CSV file in UTF-8 is expected")
    content = content.removeprefix(b"\xef\xbb\xbf")  # what spreadsheets put before UTF-8
    zero = content.find(0)
    if zero >= 0:
        raise ValueError(f"{name}, {_spot(content[:zero])}: a zero byte; text is expected, and this is no text file")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        byte = content[wrong.start]
        raise ValueError(
            f"{name}, {_spot(content[: wrong.start])}: the byte {byte:#04x} is no UTF-8 (in Latin-1 it would be "
            f"'{shortened(bytes([byte]).decode('latin-1'))}'); save the file as UTF-8"
        ) from None


def _spot(before):
    """Line and column after these bytes, as far as they can be told before the file is taken apart."""
    lines = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    separator = max(b",;\t", key=lines[0].count)
    return f"line {len(lines)}, column {lines[-1].count(separator) + 1}"


# ---- from text to a table


def _table(text, name):
    records = _records(text, _separator(text, name), name)
    first, names = next(records, (1, []))
    if not names:
        raise ValueError(
            f"{name}, line 1, column 1: the file is empty; a line with the names of the columns is expected"
        )
    _check_names(names, first, name)
    lines, rows = [], []
    for line, row in records:
        _check_length(row, names, line, name)
        lines.append(line)
        rows.append(tuple(row))
        if len(rows) > MOST_CASES:
            raise ValueError(
                f"{name}, line {line}, column 1: {MOST_CASES:,} cases are read at most, so take fewer lines of it"
            )
    if not rows:
        raise ValueError(f"{name}, line {first + 1}, column 1: no case follows the names; at least two are expected")
    return Table(name, tuple(names), tuple(rows), tuple(lines))


def _separator(text, name):
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    if first and not first.count(separator):
        raise ValueError(
            f"{name}, line 1, column 1: no comma, semicolon or tab separates the names in '{shortened(first)}'; "
            "at least two columns are expected"
        )
    return separator


def _records(text, separator, name):
    """(line, cells) of everything that is not an empty line."""
    reader = _reader(io.StringIO(text, newline=""), separator)
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as wrong:
            column = _broken(io.StringIO(text, newline="").readlines()[line - 1], separator)
            raise ValueError(f"{name}, line {line}, column {column}: {_reason(wrong)}") from None
        if any(cells):
            yield line, cells


def _broken(line, separator):
    """The first column of a line that cannot be taken apart: the one after the last that can."""
    ends = [k for k, character in enumerate(line) if character == separator][:MOST_COLUMNS]
    whole = 0
    for end in ends:
        with contextlib.suppress(csv.Error):
            whole = len(next(_reader([line[:end]], separator), [""]))
    return whole + 1


def _reader(lines, separator):
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)


def _reason(wrong):
    """What the csv module complains of, in plain words."""
    if "field limit" in str(wrong):
        return f"a cell is longer than {csv.field_size_limit():,} characters; perhaps a quotation mark is not closed"
    if "end of data" in str(wrong):
        return "a quotation mark is opened and never closed"
    return "something stands after a closing quotation mark; a separator is expected there"


def _check_names(names, line, name):
    if len(names) > MOST_COLUMNS:
        raise ValueError(
            f"{name}, line {line}, column {MOST_COLUMNS + 1}: there are {len(names):,} columns; {MOST_COLUMNS} at most "
            "are expected"
        )
    if len(names) < 2:
        raise ValueError(f"{name}, line {line}, column 1: there is one column; at least two are expected")
    if all(is_number(cell) for cell in names):
        raise ValueError(f"{name}, line {line}, column 1: only numbers; the names of the columns are expected first")
    for column, cell in enumerate(names):
        where = f"{name}, line {line}, column {column + 1}"
        if not cell:
            raise ValueError(f"{where}: the column has no name; one is expected for every column")
        if cell in names[:column]:
            other = names.index(cell) + 1
            raise ValueError(f"{where}: '{shortened(cell)}' is the name of column {other} already; each needs its own")


def _check_length(row, names, line, name):
    if len(row) == len(names):
        return
    few = len(row) < len(names)
    first = min(len(row), len(names)) + 1
    what = (
        f"'{shortened(names[len(row)])}' is missing" if few else f"'{shortened(row[len(names)])}' has no name above it"
    )
    count, hint = "is 1" if len(row) == 1 else f"are {len(row)}", ""
    if any(separator in "".join(row) for separator in _SEPARATORS):
        hint = "; perhaps another separator stands in this line"
    raise ValueError(
        f"{name}, line {line}, column {first}: {what}: {len(names)} cells are expected, but there {count}{hint}"
    )


def is_number(cell):
    """Whether a cell is a plain number such as 3, -.5 or 1e-3; not inf, nan or 1_000."""
    if not cell.isascii() or not set(cell) <= set("0123456789+-.eE"):
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True
