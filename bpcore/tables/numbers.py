"""Numbers as people write them: the notation that a whole column keeps to, and the values that it says."""

import re
from dataclasses import dataclass

MISSING = frozenset({"", "?", "-", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing"})
"""Marks, in small letters, of a cell that holds nothing; among words "none", "nil" and "missing" are words."""
_WORDS = {"none", "nil", "missing"}

_UNIT = r"[$€£¥₹]|USD|EUR|GBP|CHF|JPY"
_CELL = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<before>{_UNIT})? ?(?P<sign2>[+-]?)(?P<digits>\.\d+|,\d+|\d([\d.,' ]*[\d.,])?)"
    rf"(?P<power>[eE][+-]?\d+)? ?(?P<after>%|{_UNIT})?",
    re.ASCII,
)
_PLAIN = str.maketrans({"−": "-", "\xa0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})
_CONVENTIONS = [(decimal, group) for decimal in ".," for group in ("", ",", ".", " ", "'") if decimal != group]
_GROUPS = {",": "commas", ".": "points", " ": "blanks", "'": "apostrophes"}
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d\d.*)?"  # 2024-01-31 12:00
    r"|\d{1,2}([-/.])\d{1,2}\2(\d{4}|\d\d)([T ]\d{1,2}:\d\d.*)?"  # 31.1.2024
    r"|\d{1,2}[. -]{1,2}[A-Za-z]{3,9}[. -]{1,2}\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2}, ?\d{4}"  # 31 Jan 2024, Jan 31, 2024
    r"|\d{1,2}:\d\d(:\d\d([.,]\d+)?)?",  # 12:00
    re.ASCII,
)


@dataclass(frozen=True)
class Numbers:
    """A column as numbers, in one notation.

    Attributes
    ----------
    values : tuple of float
    how : str
        The notation in words, as "in percent"; "" for plain numbers.
    decimal : {".", ","}
        The decimal mark.
    has_decimal_commas : bool
        Whether one of them has a decimal comma.
    """

    values: tuple
    how: str = ""
    decimal: str = "."
    has_decimal_commas: bool = False


def is_number(cell):
    """Whether a cell is a plain number such as 3, -.5 or 1e-3; not inf, nan or 1_000."""
    if not cell.isascii() or not set(cell) <= set("0123456789+-.eE"):
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True


def looks_like_number(cell):
    """Whether a cell is a number in some notation: 12 %, 1,234, $5."""
    return bool(_CELL.fullmatch(cell.translate(_PLAIN)))


def is_date(cell):
    """Whether a cell is a date or a time of day."""
    return bool(_DATE.fullmatch(cell))


def is_missing(cell, marks=MISSING, *, among_words=False):
    """Whether a cell holds nothing but a mark for that."""
    cell = cell.lower()
    return cell in marks and not (among_words and cell in _WORDS)


def notations(cells, *, plain_first=True):
    """Every way to read a whole column as numbers that gives other values; none for words, two if it is ambiguous.

    Parameters
    ----------
    cells : list of str
        Those that are not missing.
    plain_first : bool
        Whether 1.234 is 1.234 without doubt; no, in a table that has decimal commas.

    Returns
    -------
    list of Numbers
    """
    if all(map(is_number, cells)) and (plain_first or not _grouped(cells, ",", ".")):
        return [Numbers(tuple(map(float, cells)))] if cells else []
    parts = [_CELL.fullmatch(cell.translate(_PLAIN)) for cell in cells]
    if not all(parts) or len({(part["before"], part["after"]) for part in parts}) > 1:
        return []
    unit = parts[0]["before"], parts[0]["after"]
    signs = [part["sign"] + part["sign2"] for part in parts]
    if all(unit) or any(len(sign) > 1 for sign in signs):
        return []
    found = {}
    for decimal, group in _CONVENTIONS:
        digits = _digits([part["digits"] for part in parts], decimal, group)
        if digits:
            values = tuple(float(s + d + (p["power"] or "")) for s, d, p in zip(signs, digits, parts, strict=True))
            has_commas = decimal == "," and any("," in part["digits"] for part in parts)
            how = [
                *(["in percent"] if unit[1] == "%" else [f"in {unit[0] or unit[1]}"] if any(unit) else []),
                *(["with decimal commas"] if has_commas else []),
                *(
                    [f"with {_GROUPS[group]} between thousands"]
                    if group and any(group in p["digits"] for p in parts)
                    else []
                ),
                *(["with a true minus"] if any("−" in cell for cell in cells) else []),
            ]
            found.setdefault(values, Numbers(values, ", ".join(how), decimal, has_commas))
    return list(found.values())


def _grouped(cells, decimal, group):
    return any(group in cell for cell in cells) and _digits([cell.lstrip("+-") for cell in cells], decimal, group)


def _digits(written, decimal, group):
    """Digits with a point, of numbers that all keep to a convention; None if one does not."""
    whole = rf"\d+|[1-9]\d{{0,2}}({re.escape(group)}\d{{3}})+" if group else r"\d+"
    form = re.compile(rf"({whole})({re.escape(decimal)}\d*)?|{re.escape(decimal)}\d+", re.ASCII)
    if not all(map(form.fullmatch, written)):
        return None
    return [digits.replace(group, "").replace(decimal, ".") for digits in written]
