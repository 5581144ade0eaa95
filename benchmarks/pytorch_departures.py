"""The usual departures of a PyTorch program from Fig. 1, one by one: `python -m benchmarks.pytorch_departures`.

Every departure is tried on the same 100 starts. PyTorch is needed: `.venv/bin/pip install torch`. The table goes to
docs/pytorch.csv too.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

import bpcore as bp
from benchmarks.bench import table
from benchmarks.census import write
from bpcore import tasks

TABLE = Path(__file__).parents[1] / "docs" / "pytorch.csv"
SWEEPS, HINTON = 5000, 1425
LAYERS = (("input", "hidden"), ("one", "hidden"), ("hidden", "output"), ("one", "output"))
DEPARTURES = {
    "as in the paper": {},
    "the mean over cases, not the sum": {"scale": 1 / 64},
    "MSELoss(): the mean, without the ½": {"scale": 2 / 64},
    "biases start at 0": {"start": "zero biases"},
    "nn.Linear's own start (Kaiming)": {"start": "Kaiming"},
    "SGD(dampening=0.9)": {"dampening": 0.9},
    "float32": {"dtype": torch.float32},
    "shuffled mini-batches of 8": {"batch": 8},
    "shuffled mini-batches of 8, MSELoss()": {"batch": 8, "scale": 2 / 8},
}
"""What each changes. Momentum needs no line: while epsilon is constant, PyTorch's convention gives equation (9)."""


def first_weights(task, seeds, start):
    """Weights and biases of both layers as tensors, the runs along the last axis."""
    w = bp.start(task.network, seeds, biases="zero" if start == "zero biases" else "uniform")
    parts = [np.moveaxis(task.network.blocks(w)[ends], 0, -1) for ends in LAYERS]
    if start == "Kaiming":
        parts = [part / 0.3 / np.sqrt(6 if k < 2 else 2) for k, part in enumerate(parts)]  # uniform, +-1/sqrt(fan in)
    return [torch.tensor(np.ascontiguousarray(part)) for part in parts]


def answers(parts, x):
    """Outputs of all runs, (cases, runs)."""
    w_hidden, b_hidden, w_out, b_out = parts  # (2, 6, runs), (2, 1, runs), (1, 2, runs), (1, 1, runs)
    into_hidden = (x @ w_hidden.transpose(0, 1).reshape(6, -1)).reshape(len(x), 2, -1)
    hidden = torch.sigmoid(into_hidden + b_hidden[:, 0])
    return torch.sigmoid((hidden * w_out[0]).sum(1) + b_out[0, 0])


def solved_at(task, seeds, *, sweeps=SWEEPS, scale=1.0, start=None, dampening=0, dtype=torch.float64, batch=64):
    """Sweep after which every answer of each run is right, -1 never; and the runs' weights at the end."""
    x = torch.tensor(task.cases.inputs["input"], dtype=dtype)
    d = torch.tensor(task.cases.desired["output"], dtype=dtype)
    parts = [part.to(dtype).requires_grad_() for part in first_weights(task, seeds, start)]
    optimizer = torch.optim.SGD(parts, lr=0.1, momentum=0.9, dampening=dampening)
    shuffled, at = torch.Generator().manual_seed(0), np.full(len(seeds), -1)
    for sweep in range(sweeps):
        y = answers(parts, x)
        right = ((y.detach() - d).abs() < 0.5).all(0).numpy()
        at[(at < 0) & right] = sweep
        order = torch.randperm(64, generator=shuffled) if batch < 64 else None
        for first in range(0, 64, batch):
            some = slice(None) if order is None else order[first : first + batch]
            optimizer.zero_grad()
            some_y = y if order is None else answers(parts, x[some])
            (((some_y - d[some]) ** 2).sum() / 2 * scale).backward()
            optimizer.step()
    right = ((answers(parts, x).detach() - d).abs() < 0.5).all(0).numpy()
    at[(at < 0) & right] = sweeps
    return at, parts


def row(name, at):
    """A line of the table."""
    by_5000 = at[at >= 0]
    return {
        "departure": name,
        "seeds": len(at),
        "by_1425": int(((at >= 0) & (at <= HINTON)).sum()),
        "by_5000": len(by_5000),
        "median": int(np.median(by_5000)) if len(by_5000) else "",
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.pytorch_departures", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    rows = []
    for name, changes in DEPARTURES.items():
        rows.append(row(name, solved_at(tasks.symmetry(), range(options.seeds), **changes)[0]))
        print(rows[-1], file=sys.stderr, flush=True)
    write(rows, options.table)
    print(table(tuple(rows[0]), [tuple(one.values()) for one in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
