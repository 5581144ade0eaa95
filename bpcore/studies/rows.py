"""The columns of a study, named once: the rows of blocks, the tables of the store and what `Study` returns follow."""

import numpy as np

COUNTS = ("trained", "held_out", "held_out_strongest")
"""Cases that are right at the end, as measures.Score counts them."""
ROWS = np.dtype(
    [(name, "i8") for name in ("setting", "seed", "solved_at")]
    + [("E", "f8")]
    + [(name, "i8") for name in (*COUNTS, "diverged_at")]
)
"""Rows of a study. setting: place in the grid. solved_at, diverged_at: sweeps, -1 never, as in History. E: total error
at the end, NaN if the run diverged."""
FOUND = ROWS.names[2:]
"""What a row tells of a run, after its setting and seed."""
