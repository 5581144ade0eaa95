"""The page about PyTorch: its program agrees with the engine, and its table is the stored one."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "pytorch.md").read_text(encoding="utf-8")
PROGRAM = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1)


def test_the_table_is_the_stored_one():
    with (DOCS / "pytorch.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 7
    for row in rows:
        assert f"| {row['departure']} | {row['by_1425']} | {row['by_5000']} | {row['median'] or '-'} |" in PAGE
    drawn = next(row for row in rows if row["departure"] == "as in the paper")
    assert f"{drawn['by_1425']} are solved by sweep 1,425 and {drawn['by_5000']} by 5,000" in PAGE


def test_the_stored_table_has_the_engines_numbers():
    """What needs no PyTorch: the same 100 starts, learnt by the engine."""
    with (DOCS / "pytorch.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["departure"]: row for row in csv.DictReader(file)}
    for name, biases in (("as in the paper", "uniform"), ("biases start at 0", "zero")):
        at = bp.train(tasks.symmetry(biases=biases), seeds=range(100), sweeps=5000, keep_every=5000).solved_at
        row = rows[name]
        assert ((at >= 0) & (at <= 1425)).sum() == int(row["by_1425"])
        assert (at >= 0).sum() == int(row["by_5000"])


def test_the_program_has_at_most_25_lines():
    assert len([line for line in PROGRAM.splitlines() if line.strip()]) <= 25


def test_the_notebook_has_its_outputs():
    cells = json.loads((DOCS / "pytorch.ipynb").read_text(encoding="utf-8"))["cells"]
    assert all(cell["outputs"] for cell in cells if cell["cell_type"] == "code" and "print" in "".join(cell["source"]))


@pytest.mark.parametrize("seed", [1, 10])
def test_the_program_agrees_with_the_engine(seed, capsys):
    torch = pytest.importorskip("torch", reason="docs/pytorch.ipynb needs torch, which is not installed")
    task = tasks.symmetry()
    blocks = task.network.blocks(bp.start(task.network, [seed]))
    first = [blocks["input", "hidden"][0], blocks["one", "hidden"][0, :, 0]]
    first += [blocks["hidden", "output"][0], blocks["one", "output"][0, :, 0]]
    parts = iter(first)
    drawn = "    nn.init.uniform_(weight, -0.3, 0.3)"
    assert drawn in PROGRAM
    program = PROGRAM.replace(drawn, "    weight.data.copy_(torch.tensor(next(parts)))")
    program = (
        program.replace("range(5001)", "range(1425)").replace("        break\n", "").replace('print(f"s', 'seen(f"s')
    )
    said, names = [], {"parts": parts}
    names["seen"] = said.append
    before = torch.get_default_dtype()
    try:
        exec(program, names)
    finally:
        torch.set_default_dtype(before)
    run = bp.train(task, seeds=[seed], sweeps=1425, keep_every=1425)
    blocks = task.network.blocks(run.state.w)
    ends = (("input", "hidden"), ("one", "hidden"), ("hidden", "output"), ("one", "output"))
    for weight, of in zip(names["network"].parameters(), ends, strict=True):
        there = weight.detach().numpy()
        assert np.abs(there - blocks[of][0].reshape(there.shape)).max() < 1e-6
    assert said[0] == f"solved after {run.solved_at[0]} sweeps"
