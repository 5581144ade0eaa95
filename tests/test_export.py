"""A lab as files: everything reads back as it was, and the script makes the run again."""

import base64
import csv
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore.tasks.families import Family
from labs import FamilyTreesLab, SymmetryLab
from labs.kit import export as module
from labs.kit.export import export, page_of, recording_of
from labs.kit.lab import LiveLab
from labs.kit.pieces import record
from labs.kit.script import script_of
from tests.test_ticket import LABS, made

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def lab():
    return made("steered_symmetry")[0]


def table(path):
    """Column names, and the numbers below them."""
    with path.open(newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    return names, np.array(rows, float)


def recorded(page):
    return json.loads(re.search(r'id="recorded">(.*?)</script>', page)[1])


def piece_of(page):
    """What a page holds of a run: the piece, E, sweeps and w of its kept weights, and the last w."""
    message = next(m for m in recorded(page)["messages"] if m["content"]["type"] == "piece")
    kinds = ("<f4", "<u4", "<f4", "<f4")
    arrays = [np.frombuffer(base64.b64decode(b), kind) for b, kind in zip(message["buffers"], kinds, strict=True)]
    return message["content"], *arrays


# ---- figure, numbers, run


def test_the_figure_is_what_the_lab_shows(lab, tmp_path):
    assert export(lab, tmp_path / "figure.png").read_bytes() == lab.picture().png()
    assert export(lab, tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    assert "<svg" in export(lab, tmp_path / "figure.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["steered_symmetry", "race", "diverged"])
def test_errors_read_back_equal(name, tmp_path):
    run = made(name)[0].run
    names, rows = table(export(made(name)[0], tmp_path / "E.csv"))
    assert names == ["sweep", "E"] if run.runs == 1 else ["sweep", *(f"E {k + 1}" for k in range(run.runs))]
    np.testing.assert_array_equal(rows[:, 0], np.arange(run.sweeps + 1))
    np.testing.assert_array_equal(rows[:, 1:], run.E)


@pytest.mark.parametrize("name", ["steered_symmetry", "family_of_my_own", "printed_family_trees", "sequences"])
def test_weights_read_back_equal_under_their_names(name, tmp_path):
    lab = made(name)[0]
    names, rows = table(export(lab, tmp_path / "w.csv", what="weights"))
    assert names == ["sweep", *lab.scene()["weight_names"]]
    assert rows[-1, 0] == lab.run.sweeps
    for row in rows:
        np.testing.assert_array_equal(row[1:], lab.run.at(int(row[0])).w[0])
    assert len(rows) >= len(lab.run.kept[0])


def test_weights_of_runs_side_by_side_have_a_column_that_counts_them(tmp_path):
    lab = made("race")[0]
    names, rows = table(export(lab, tmp_path / "w.csv", what="weights"))
    assert names[:3] == ["sweep", "run", lab.scene()["weight_names"][0]]
    np.testing.assert_array_equal(rows[-3:, 1], [1, 2, 3])
    np.testing.assert_array_equal(rows[-3:, 2:], lab.run.state.w)


def test_the_run_reads_back_and_goes_on(lab, tmp_path):
    run = bp.load(export(lab, tmp_path / "run.npz"))
    np.testing.assert_array_equal(run.E, lab.run.E)
    again = bp.load(tmp_path / "run.npz").extend(5)
    np.testing.assert_array_equal(again.E, bp.load(tmp_path / "run.npz").extend(5).E)
    assert run.recipe.phases == lab.run.recipe.phases


def test_what_cannot_be_written_is_refused(lab, tmp_path):
    with pytest.raises(
        ValueError, match=r"run\.gif ends in '\.gif'; one of \.svg, \.pdf, \.png, \.csv, \.npz, \.py, \.html"
    ):
        export(lab, tmp_path / "run.gif")
    with pytest.raises(ValueError, match="what is 'velocities'; 'errors' or 'weights' is expected"):
        export(lab, tmp_path / "run.csv", what="velocities")
    assert list(tmp_path.iterdir()) == []


# ---- the script


@pytest.mark.filterwarnings("ignore:line 3 and line 9 have the same inputs")  # so the table is
@pytest.mark.parametrize("name", LABS)
def test_the_script_makes_the_run_again(name, tmp_path):
    lab = made(name)[0]
    run = runpy.run_path(str(export(lab, tmp_path / "run.py")))["run"]
    np.testing.assert_allclose(run.E, lab.run.E, rtol=0, atol=1e-10)


def test_the_script_names_the_engine_where_a_last_digit_decides(tmp_path):
    lab = FamilyTreesLab()
    lab.step(800)
    run = runpy.run_path(str(export(lab, tmp_path / "run.py")))["run"]
    np.testing.assert_allclose(run.E, lab.run.E, rtol=0, atol=1e-10)
    assert run.engine == lab.run.engine
    assert f"engine='{lab.run.engine}'" in (tmp_path / "run.py").read_text(encoding="utf-8")


def test_the_script_runs_by_itself_and_is_short(lab, tmp_path):
    path = export(lab, tmp_path / "run.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", path], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    again, before = (float(E) for E in re.findall(r"E = \[(.*)\]", done.stdout))
    assert before == lab.run.E[-1, 0]
    assert abs(again - before) < 1e-10
    assert len(path.read_text(encoding="utf-8").splitlines()) < 25
    assert "labs" not in path.read_text(encoding="utf-8")
    assert "bp.Phase(start=65, epsilon=0.05, alpha=0.5)," in path.read_text(encoding="utf-8")


def test_a_script_reads_a_table_that_comes_with_the_lab_and_spells_out_any_other():
    shipped, own = (script_of(made(name)[0]) for name in ("irises", "table_of_my_own"))
    assert """TABLE = Path(bp.__file__).parents[1] / "labs" / "data" / 'iris.csv'""" in shipped
    assert '    \'3,1,"<i>\\nyes"' not in shipped
    assert "    '4,4,yes\\n'" in own


def test_a_lab_without_a_script_says_so(lab):
    with pytest.raises(ValueError, match=r"there is no script for a SymmetryLab; save its run as \.npz instead"):
        LiveLab.script_task(lab)


# ---- the page


def test_a_recording_holds_the_run_and_what_was_said(lab):
    page = recording_of(lab)
    piece, E, sweeps, w, now = piece_of(page)
    np.testing.assert_array_equal(E, lab.run.E[:, 0].astype("f4"))
    np.testing.assert_array_equal(sweeps, lab.run.kept[0])
    np.testing.assert_array_equal(w.reshape(len(sweeps), -1), lab.run.kept[1][:, 0].astype("f4"))
    np.testing.assert_array_equal(now, lab.run.state.w[0].astype("f4"))
    said = [[mark, sentence] for mark, sentence, *_exercises in piece["words"][-1][1]]
    assert said == [line.split(" ", 1) for line in lab.digest().splitlines()[1:]]
    assert piece["marks"] == [[40, "ε 0.3"], [65, "ε 0.05"], [65, "α 0.5"]]
    assert recorded(page)["scene"] == json.loads(json.dumps(lab.scene()))
    assert recorded(page)["ticket"] == made("steered_symmetry")[1]


def test_a_recording_says_what_was_set_and_when(lab):
    told = dict(recorded(recording_of(lab))["settings"])
    assert told["epsilon"] == "0.1, 0.3 from\u00a040, 0.05 from\u00a065"
    assert told["alpha"] == "0.9, 0.5 from\u00a065"
    assert (told["hidden"], told["half range"], told["sweeps made"]) == ("3", "0.3", "72")
    restless = SymmetryLab(3)
    for epsilon in range(1, 10):
        restless.step()
        restless.epsilon = epsilon / 10
    told = dict(recorded(recording_of(restless))["settings"])
    assert told["epsilon"].endswith("0.5 from\u00a05, \u2026, 0.9 from\u00a09")
    race = dict(recorded(recording_of(made("race")[0]))["settings"])
    assert race["lanes"] == "(0.1,\u00a00.9), (0.5,\u00a00.9), (0.03,\u00a00.9)"
    trees = dict(recorded(recording_of(made("printed_family_trees")[0]))["settings"])
    assert (trees["held out"], trees["sweeps made"]) == ("Colin has-aunt", "47")


@pytest.mark.parametrize("recording", [False, True], ids=["learning", "recording"])
@pytest.mark.parametrize("name", LABS)
def test_a_page_needs_nothing_else(name, recording):
    page = page_of(made(name)[0], recording)
    outside = re.findall(
        r"""(?:src|href|action)\s*=\s*["'](?!data:)|https?://|@import|url\(|\bimport\b\s*[("'{]""", page
    )
    assert outside == []
    assert "default-src 'none'" in page


def test_a_recording_of_1425_sweeps_is_small():
    lab = SymmetryLab(3)
    lab.step(1425)
    page = recording_of(lab)
    assert len(page.encode()) < 3_000_000
    assert piece_of(page)[0]["every"] == 1


def test_where_weights_are_too_many_fewer_are_in_the_page_and_it_says_so(lab, monkeypatch):
    whole = piece_of(recording_of(lab))[0]
    monkeypatch.setattr(module, "_WEIGHT_BYTES", 2000)
    piece, E, sweeps, w, now = piece_of(recording_of(lab))
    assert len(E) == lab.run.sweeps + 1
    assert piece["every"] == 4  # 73 kept sweeps, 25 weights, 4 bytes
    np.testing.assert_array_equal(sweeps, lab.run.kept[0][::4])
    np.testing.assert_array_equal(w.reshape(len(sweeps), -1), lab.run.kept[1][::4, 0].astype("f4"))
    np.testing.assert_array_equal(now, lab.run.state.w[0].astype("f4"))
    for sweep in [*sweeps.tolist(), lab.run.sweeps]:
        said, all_said = (
            [words for since, words in p["words"] if since <= sweep][-1] for p in (piece, whole)
        )  # fmt: skip
        assert said == all_said
    assert len(piece["words"]) < len(whole["words"])


def test_weights_of_runs_side_by_side_are_thinned_each(monkeypatch):
    lab = made("race")[0]
    monkeypatch.setattr(module, "_WEIGHT_BYTES", 4000)
    _, _, sweeps, w, _ = piece_of(recording_of(lab))
    kept = lab.run.kept
    places = np.searchsorted(kept[0], sweeps)
    np.testing.assert_array_equal(w.reshape(3, len(sweeps), -1), kept[1][places].swapaxes(0, 1).astype("f4"))


def test_names_cannot_break_out_of_a_page():
    bad = "</script><script>alert(1)</script>"
    family = Family("Greek", [bad, "Ares"], ["Hera", "Hebe"], [(bad, "Hera")], {(bad, "Hera"): ["Ares", "Hebe"]})
    lab = FamilyTreesLab(families=family, held_out=[f"{bad} has-wife"])
    page = recording_of(lab)
    assert bad not in page
    assert bad not in page_of(lab)
    assert bad in json.dumps(recorded(page)["scene"])


def test_writing_a_page_goes_unnoticed_by_pages_that_are_open():
    lab, sent = SymmetryLab(3), []
    lab.view.stage.send = lambda content, buffers=None: sent.append(content)
    lab.view.stage.receive({"type": "ready", "view": "a"})
    before = len(sent)
    lab.step(3)
    page_of(lab)
    record(lab)
    lab.step(2)
    pieces = [content for content in sent[before:] if content["type"] == "piece"]
    assert [(p["number"], p["E_from"]) for p in pieces] == [(2, 1), (3, 4)]


def test_a_page_that_waits_for_its_turn_still_gets_what_is_new():
    lab, sent = SymmetryLab(3), []
    lab.view.stage.send = lambda content, buffers=None: sent.append(content)
    lab.view.stage.receive({"type": "ready", "view": "a"})
    for _ in range(5):
        lab.step()
    assert len(lab.view.stage._in_flight) == 6  # as many as may be
    lab.step(7)
    page_of(lab)
    lab.view.stage.receive({"type": "painted", "pieces": [1, 2, 3]})
    assert sent[-1]["E_from"] == lab.run.sweeps - 6
    assert sent[-1]["number"] == 7


def test_a_recording_of_local_minima_says_where_the_run_stood():
    lab = made("local_minima")[0]
    standings = recorded(recording_of(lab))["standings"]
    assert standings[0][:2] == [0, lab.where(0).name]
    assert standings[-1] == [lab.run.sweeps, lab.where().name, lab.where().why]
    assert recorded(recording_of(made("race")[0]))["standings"] == []


def test_a_recording_of_a_race_has_its_map_and_its_surface():
    lab = LABS["race"]()
    lab.draw_surface()
    lab.take_map(np.full((20, 20, 3), 7), "2 hidden", False)
    kinds = [message["content"]["type"] for message in recorded(recording_of(lab))["messages"]]
    assert {"map", "surface", "piece"} <= set(kinds)


def test_a_lab_that_rests_in_a_hidden_tab_is_exported_all_the_same(tmp_path):
    lab = SymmetryLab(3)
    lab.step(20)
    lab.resting = True
    assert "sweep" in lab.export(tmp_path / "run.html").read_text(encoding="utf-8")
    assert lab.resting
