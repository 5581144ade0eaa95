"""The store of a study: one SQLite file, or memory."""

import threading
import weakref
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import numpy as np

from ..capabilities import sqlite3
from .grid import key
from .rows import FOUND, ROWS

FORMAT = "bpcore study 1"
_WAIT = 60  # seconds, for another process that writes
_NAMES = ", ".join(ROWS.names)
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE setting (id INTEGER PRIMARY KEY, {columns}key TEXT UNIQUE);
CREATE TABLE run ({rows}, PRIMARY KEY (seed, setting)) WITHOUT ROWID;
CREATE VIEW study AS SELECT {columns}seed, {found} FROM run JOIN setting ON id = setting;
"""


class Store:
    """The rows of a study. What is written is complete and stays, even if the process crashes afterwards.

    A file is open only while it is read or written, so that any number of processes can share it. A row is the same
    whichever process made it, so two may make the same one. There is a view to query by hand: ``SELECT * FROM study``.

    Parameters
    ----------
    path : str or path or None
        None for memory.
    names : sequence of str
        Of the values in the grid.
    settings : list of dict
        The places of the grid, in order. A store may hold others too.
    about : dict of str to str
        What else the rows depend on.

    Raises
    ------
    ValueError
        If the file is something else, or holds a study of which something in `about` is different: by its name.
    OSError
        If it cannot be read or written.
    """

    def __init__(self, path, names, settings, about):
        self.path = None if path is None else Path(path)
        self._memory = _connect(":memory:") if path is None else None
        if self._memory:
            weakref.finalize(self, self._memory.close)
        self._lock = threading.RLock()
        about = {"format": FORMAT, "names in the grid": ", ".join(sorted(names)), **about}
        keys = [key(setting) for setting in settings]
        if not self._holds(about, keys):
            self._write(lambda file: self._prepare(file, names, settings, about))
        with self._open("read") as file:
            ids = dict(file.execute("SELECT key, id FROM setting"))
        self._ids = np.array([ids[one] for one in keys])

    @property
    def name(self):
        """What the store is called in sentences."""
        return self.path.name if self.path else "the memory"

    def add(self, blocks):
        """Keep the rows of some blocks, all or none; rows that are there already stay.

        Parameters
        ----------
        blocks : list of (runs,) array of ROWS
        """
        rows = [row for block in blocks for row in self._as_tuples(block)]
        question_marks = ", ".join("?" * len(ROWS))
        insert = f"INSERT OR IGNORE INTO run ({_NAMES}) VALUES ({question_marks})"  # noqa: S608 (names of ROWS)
        self._write(lambda file: file.executemany(insert, rows))

    def rows(self, at_once=100_000):
        """Every row that is there of the settings in the grid, as arrays of ROWS with at most so many."""
        place = np.full(self._ids.max() + 1, -1)
        place[self._ids] = np.arange(len(self._ids))
        with self._open("read") as file:
            cursor = file.execute(f"SELECT {_NAMES} FROM run WHERE setting < ?", [len(place)])  # noqa: S608 (so too)
            while some := cursor.fetchmany(at_once):
                rows = np.array(some, ROWS)  # an E of NULL becomes NaN
                rows["setting"] = place[rows["setting"]]
                yield rows[rows["setting"] >= 0]

    def _as_tuples(self, block):
        block = block.copy()
        block["setting"] = self._ids[block["setting"]]
        return block.tolist()

    def _holds(self, about, keys):
        """Whether the store is ready for these rows: a finished one can be read without write permission."""
        if self._memory or not self.path.exists() or not self.path.stat().st_size:
            return False
        with self._open("read") as file:
            return self._agrees(file, about) and set(keys) <= {
                one for (one,) in file.execute("SELECT key FROM setting")
            }

    def _agrees(self, file, about):
        """Whether the store holds all of `about`; ValueError if it holds something else."""
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
        there = dict(file.execute("SELECT name, value FROM about")) if "about" in tables else {}
        if tables and "format" not in there:
            raise ValueError(f"{self.name} holds something else; a store of bp.study, or a new name, is expected")
        for name, value in about.items():
            if there.get(name, value) != value:
                found = f"{name} is {there[name]} there and {value} here"
                if len(found) > 120:
                    found = f"{name} is another one there"
                raise ValueError(f"{self.name} holds a study of other settings: {found}; a new name is expected")
        return there.keys() >= about.keys()

    def _prepare(self, file, names, settings, about):
        self._agrees(file, about)  # another process may have been here since
        columns = "".join(f'"{name}", ' for name in names)
        if not file.execute("SELECT name FROM sqlite_master").fetchone():
            rows = ", ".join(f"{name} {'REAL' if ROWS[name].kind == 'f' else 'INTEGER'}" for name in ROWS.names)
            for statement in _TABLES.format(columns=columns, rows=rows, found=", ".join(FOUND)).split(";\n"):
                file.execute(statement)
        file.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", about.items())
        insert = f"INSERT OR IGNORE INTO setting ({columns}key) VALUES ({'?, ' * len(names)}?)"  # noqa: S608
        file.executemany(insert, [(*one.values(), key(one)) for one in settings])

    def _write(self, do):
        """Do something in one transaction: all of it or nothing."""
        with self._open("written") as file:
            file.execute("BEGIN IMMEDIATE")
            try:
                do(file)
                file.execute("COMMIT")
            except BaseException:
                if file.in_transaction:
                    file.execute("ROLLBACK")
                raise

    @contextmanager
    def _open(self, doing):
        try:
            with self._lock, nullcontext(self._memory) if self._memory else closing(_connect(self.path)) as file:
                yield file
        except sqlite3.DatabaseError as wrong:
            if "not a database" in str(wrong):
                expected = "a store of bp.study, or a new name, is expected"
                raise ValueError(f"{self.name} holds something else; {expected}") from None
            kept = "; the rows written before are kept" if doing == "written" else ""
            raise OSError(f"{self.name} cannot be {doing}: {wrong}{kept}") from None


def _connect(path):
    return sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
