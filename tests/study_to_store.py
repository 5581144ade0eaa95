"""A study in a process that can be killed: `python -m tests.study_to_store STORE`.

It prints a line for each block and goes on when it is given one, or there is nobody to give it one.
"""

import sys

import bpcore as bp
from bpcore import tasks

GRID = {"hidden": [2, 3], "epsilon": [0.05, 0.1, 0.3]}
SEEDS, SWEEPS, BLOCK = range(20), 400, 6


def study(store=None, **how):
    return bp.Study(tasks.symmetry, SEEDS, GRID, SWEEPS, **({"store": store, "block": BLOCK} | how))


if __name__ == "__main__":
    for rows in study(sys.argv[1]):
        print(len(rows), flush=True)
        sys.stdin.readline()
