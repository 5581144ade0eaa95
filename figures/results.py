"""Tables of results, which the studies of benchmarks/ wrote."""

import csv
from pathlib import Path


def read_rows(path, columns, what):
    """Rows of a CSV file, each a dict of texts.

    Parameters
    ----------
    path : str or Path
    columns : iterable of str
        That the file must have.
    what : str
        The table expected, in words: "a table of departures".

    Raises
    ------
    ValueError
        For a file without one of these columns, or without a row.
    """
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {*columns} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"{Path(path).name} has no column {min(missing)!r}; {what} is expected")
    return rows
