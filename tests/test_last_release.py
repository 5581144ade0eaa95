"""What the last release saved goes on as it would have there: tests/last_release/make.py made the files."""

import json
import shutil

import numpy as np
import pytest

import bpcore as bp
from tests.each_engine import compiled_or_skip
from tests.last_release import make

LATER, ROWS = (json.loads((make.HERE / f"{name}.json").read_text(encoding="utf-8")) for name in ("later", "rows"))


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("name", LATER)
def test_a_saved_run_goes_on(name, engine, tmp_path):
    if engine == "compiled":
        compiled_or_skip()
    run = bp.load(make.HERE / f"{name}.npz", engine=engine)
    bp.save(run, tmp_path / "again.npz")
    np.testing.assert_allclose(run.extend(make.MORE).E[-1], LATER[name], rtol=0, atol=1e-10)
    np.testing.assert_array_equal(bp.load(tmp_path / "again.npz", engine=engine).extend(make.MORE).E, run.E)


@pytest.mark.parametrize("name", ROWS)
def test_a_study_with_half_its_rows_is_finished(name, tmp_path):
    store = tmp_path / "half.sqlite"
    shutil.copy(make.HERE / f"{name}.study", store)
    half = make.study(name, store)
    assert half.done == half.total // 2
    for row, expected in zip(half.run(None).table(), ROWS[name], strict=True):
        assert row == expected | {"E": row["E"]}
        assert row["E"] == pytest.approx(expected["E"], abs=1e-10, nan_ok=True)
