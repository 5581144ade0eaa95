"""The rows of a study in memory, for a Python without sqlite3."""

import numpy as np


class Memory:
    """As Store with no path: a row that is there already stays."""

    name = "the memory"

    def __init__(self):
        self._rows = {}

    def add(self, blocks):
        """Keep the rows of some blocks."""
        for row in np.concatenate(blocks) if blocks else ():
            self._rows.setdefault((row["setting"].item(), row["seed"].item()), row)

    def rows(self):
        """Every row, as one array of ROWS."""
        if self._rows:
            yield np.array(list(self._rows.values()))
