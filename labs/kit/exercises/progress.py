"""What was answered, kept beside the notebook.

One small file for each lab, so that two labs that are open at once never write the same one.
"""

import json
import os
import tempfile
from pathlib import Path

from ..environment import without_code

FOLDER = "runs"
"""Beside the notebook. Pages without code all have one notebook, so what was answered lasts as long as the page."""


class Progress:
    """The exercises of one lab: which are right, what was answered last, how often it was tried.

    Parameters
    ----------
    lab : str           "02"
    folder : path, optional
    """

    def __init__(self, lab, folder=None):
        folder = FOLDER if folder is None else folder
        self.path = None if without_code() else Path(folder) / f"exercises_{lab}.json"

    def of(self, number):
        """What is kept of an exercise: {"right": bool, "answer": str, "tries": int}, or {}.

        "shown": True if the answer was shown on request.
        """
        kept = self._read().get(number)
        return kept if isinstance(kept, dict) else {}

    def give_up(self, number):
        """Keep that the answer was shown.

        Returns
        -------
        str                 what could not be kept and why, or ""
        """
        return self._keep(number, lambda before: {"right": False, "answer": "", "tries": 0} | before | {"shown": True})

    def note(self, number, right, answer):
        """Keep an answer. Once right, an exercise stays right.

        Returns
        -------
        str                 what could not be kept and why, or ""
        """

        def noted(before):
            tries = before.get("tries", 0)
            tries = tries + 1 if isinstance(tries, int) else 1
            return before | {"right": bool(right or before.get("right")), "answer": answer, "tries": tries}

        return self._keep(number, noted)

    def _keep(self, number, change):
        if self.path is None:
            return ""
        try:
            everything = self._read()
            everything[number] = change(self.of(number))
            self._write(everything)
        except OSError as trouble:
            return f"Your progress could not be kept: {trouble.strerror or trouble}."
        return ""

    def _read(self):
        try:
            everything = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (OSError, ValueError):
            return {}  # no file yet, or one that somebody else spoilt
        return everything if isinstance(everything, dict) else {}

    def _write(self, everything):
        """Write a new file beside the old one and put it in its place: a crash leaves the old one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name, suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(everything, out, indent=1, ensure_ascii=False)
                out.flush()
                os.fsync(out.fileno())
            Path(fresh).replace(self.path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
