"""From a file to its text: whatever it is called and however its letters are coded."""

import contextlib
import re
import stat
import unicodedata
from pathlib import Path

LARGEST = 10_000_000
"""Bytes of the largest file that is read."""
_KINDS = {
    b"PK": "a zip archive or a spreadsheet",
    b"%PDF": "PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}
_UNSEEN = dict.fromkeys([0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)])


def text_of(source, name=None):
    """The text of a file, what it is called, and what is worth knowing of how it was read; see `read_csv`."""
    content, name = _content(source, name)
    _check_size(len(content), name)
    text, notes = (content, []) if isinstance(content, str) else _text(content, name)
    text = text.lstrip("\ufeff")  # what spreadsheets put first, some twice
    cleaned = clean(text)
    if not text.isascii() and text.translate(_UNSEEN) != text:
        notes.append("characters that nobody sees were taken out")
    return cleaned, name, notes


def clean(text):
    """Text without characters that nobody sees, in the one form (NFC) in which equal words are equal."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_UNSEEN))


def shortened(text):
    """Some text for a message: on one line, and not too long."""
    text = one_line("".join(c if c.isprintable() else " " for c in text))
    return text if len(text) <= 40 else f"{text[:39]}…"


def one_line(text):
    """Some text with a blank for every stretch of blanks and line ends."""
    return " ".join(text.split())


def _content(source, name):
    """What is in a source, as bytes or text, and what it is called."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), name or "the table"
    if hasattr(source, "read"):
        called = getattr(source, "name", None)
        return source.read(LARGEST + 1), name or (Path(called).name if isinstance(called, str) else "the table")
    if isinstance(source, str) and re.search(r"[\r\n]", source):
        return source, name or "the table"
    if isinstance(source, str) and re.match(r"[a-zA-Z]{3,6}://", source):
        raise ValueError(f"'{shortened(source)}' is an address on the net; save the file, and open it from there")
    path = Path(source)
    return _file(path, name or path.name or str(path)), name or path.name or str(path)


def _file(path, name):
    if "\0" in str(path):
        raise ValueError(f"the name of the file holds a zero byte: '{shortened(name)}'")
    try:
        with contextlib.suppress(RuntimeError):  # no such person
            path = path.expanduser()
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ValueError(f"{name} is not a file; a CSV file is expected")
        _check_size(about.st_size, name)
        return path.read_bytes()
    except FileNotFoundError:
        raise ValueError(f"there is no file '{shortened(name)}' in {path.parent.name or 'this folder'}") from None
    except OSError as wrong:  # among them a name that is too long
        raise ValueError(f"{shortened(name)} cannot be read: {wrong.strerror}") from None


def _check_size(size, name):
    if size > LARGEST:
        raise ValueError(f"{name} has {size:,} bytes; {LARGEST:,} are read at most, so take fewer lines of it")


def _text(content, name):
    """The text of a file's bytes, and what is worth knowing of them."""
    for mark, kind in _KINDS.items():
        if content.startswith(mark):
            raise ValueError(f"{name}, line 1, column 1: this looks like {kind}; save it as CSV, in UTF-8")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode("utf-16")
            if "\0" not in text:
                return text, ["the file was read as UTF-16"]
        raise ValueError(f"{name}, line 1, column 1: this begins as UTF-16 and is not; save the file as UTF-8")
    zero = content.find(0)
    if zero >= 0:
        raise ValueError(f"{name}, {_spot(content[:zero])}: a zero byte; text is expected, and this is no text file")
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as wrong:
        at = wrong.start
    where, byte = _spot(content[:at]), content[at : at + 1]
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise ValueError(
            f"{name}, {where}: the byte {byte[0]:#04x} is no UTF-8, and the file is not in Windows-1252 or Latin-1 "
            "either; save the file as UTF-8"
        ) from None
    word = re.search(r"\w*\Z", content[:at].decode("cp1252"))[0] + re.match(r"\w*", text[at:])[0]
    shown = shortened(word) or shortened(byte.decode("cp1252"))
    return text, [f"the file was read as Windows-1252 (Latin-1), not as UTF-8: see '{shown}' in {where}"]


def _spot(before):
    """Line and column after these bytes, as far as they can be told before the file is taken apart."""
    lines = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    separator = max(b",;\t", key=lines[0].count)
    return f"line {len(lines)}, column {lines[-1].count(separator) + 1}"
