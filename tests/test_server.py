"""How labs are served: what runs in a page without code, what one kernel may take, what a student of a class gets."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config

from labs.server import limits, pages
from labs.server.contents import LabContents

ROOT = Path(__file__).parents[1]
LABS = sorted((ROOT / "labs").glob("*.ipynb"))


def page_of(*cells):
    notebook = new_notebook(cells=list(cells))
    return pages.only_what_lives(notebook).cells


def shown(*outputs):
    (cell,) = page_of(new_code_cell("1 + 1", outputs=list(outputs)))
    assert cell.cell_type == "markdown"
    return cell.source


def stream(text):
    return new_output("stream", name="stdout", text=text)


def result(**data):
    return new_output("execute_result", data={kind.replace("_", "/"): what for kind, what in data.items()})


def listed(root, path):
    return {entry["name"] for entry in asyncio.run(LabContents(root_dir=str(root)).get(path))["content"]}


def test_beside_the_notebooks_no_code_is_listed_but_it_can_be_opened():
    assert listed(ROOT, "labs") == {"data", *(path.name for path in LABS)}
    assert {"network.py", "engines"} <= listed(ROOT, "bpcore")
    assert "class SymmetryLab" in asyncio.run(LabContents(root_dir=str(ROOT)).get("labs/symmetry/lab.py"))["content"]


def test_a_folder_of_a_students_own_is_listed_whatever_its_name(tmp_path):
    (tmp_path / "labs" / "symmetry").mkdir(parents=True)
    (tmp_path / "labs" / "symmetry" / "mine.py").touch()
    assert listed(tmp_path, "labs") == {"symmetry"}


@pytest.mark.parametrize(("answers", "opening"), [("", "<details>"), ("1", "<details open>")])
def test_a_page_for_a_teacher_has_nothing_closed(monkeypatch, answers, opening):
    monkeypatch.setenv("BP_SHOW_ANSWERS", answers)
    closed = "<details><summary>First exercise 02.6; then click here for what it means</summary>\n\nText.\n\n</details>"
    veiled = new_code_cell("veil", outputs=[result(text_html="<details><summary>First</summary></details>")])
    notebook = new_notebook(cells=[new_markdown_cell(closed), veiled])
    page = pages.prepare(SimpleNamespace(xsrf_token=""), notebook, "")
    assert [cell.source.startswith(opening) for cell in page.cells] == [True, True]


def test_what_prepares_and_what_shows_a_lab_runs():
    text = new_markdown_cell("# 02")
    imports = new_code_cell("import numpy as np")
    lab = new_code_cell("lab", outputs=[result(text_plain="Symmetry")], metadata={"tags": ["live"]})
    assert page_of(text, imports, lab) == [text, imports, lab]


def test_what_was_printed_stands_as_text_and_is_not_run():
    assert shown(stream("E = 4\n"), stream("at sweep 3\n")) == "<pre>E = 4\nat sweep 3</pre>"


def test_a_blank_line_does_not_end_what_was_printed():
    html = shown(stream("one\n\n\ntwo\n"))
    assert "\n\n" not in html
    assert html.startswith("<pre>one")
    assert html.endswith("two</pre>")


def test_what_was_printed_is_not_taken_for_html():
    assert shown(stream("<script>alert(1)</script>")) == "<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre>"


def test_a_picture_is_shown_and_its_facts_are_read_out():
    html = shown(result(image_png="iVBO\nRw0=\n", text_plain='ratios 1 : 2 : 4\n"solved"'))
    assert 'src="data:image/png;base64,iVBORw0="' in html
    assert "ratios 1 : 2 : 4\n&quot;solved&quot;" in html


def test_a_table_is_shown_as_it_is_stored():
    assert shown(result(text_html="<table></table>", text_plain="a table")) == "<table></table>"


def test_the_notebook_itself_is_left_as_it_is():
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[stream("1")])])
    before = json.dumps(notebook)
    pages.only_what_lives(notebook)
    assert json.dumps(notebook) == before


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_what_runs_in_the_page_of_a_lab_needs_nothing_that_does_not(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    notebook = nbformat.read(path, as_version=4)
    page = pages.only_what_lives(notebook)
    names = {}
    for cell in page.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)  # raises where a name was made in a cell that is only shown
    alive = sum("live" in cell.metadata.get("tags", ()) for cell in page.cells)
    assert alive > 0 or path.stem == "00_start_here"


def test_whoever_serves_a_class_is_not_told_of_pages_that_were_left():
    def said(message, wrong=None):
        record = logging.LogRecord("Voila", logging.ERROR, "", 0, message, None, wrong and (type(wrong), wrong, None))
        return pages.worth_saying(record)

    assert not said("Kernel died while waiting for execute reply.")
    assert not said("Error at server while executing cell", DeadKernelError())
    assert not said("Uncaught exception GET /voila/execution", WebSocketClosedError())
    assert said("Error at server while executing cell", MemoryError())
    assert said("kernel 3f restarted")


def bounded(megabytes, *needs):
    """What a process says, and one that it starts, when they are bounded and each wants so much memory."""
    child = "bytearray({})" if len(needs) > 1 else "pass"
    code = f"""
import subprocess, sys
from labs.server import limits
print(limits.bound({megabytes!r}))
subprocess.run([sys.executable, "-c", {child.format(int(needs[-1] * 1e6))!r}])
bytearray({int(needs[0] * 1e6)})
print("went on")
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the bound on a process's memory")
def test_no_kernel_gets_more_memory_than_its_bound():
    done = bounded(600, 100, 800)
    assert done.stdout.split() == ["True", "went", "on"]
    assert "MemoryError" in done.stderr  # of the process that it started
    assert "MemoryError" in bounded(600, 800).stderr


@pytest.mark.parametrize("megabytes", ["much", "", None, -1, 10, float("nan"), float("inf"), "1e400"])
def test_a_bound_that_is_none_is_refused(megabytes):
    with pytest.raises(ValueError, match="a number from 500 on is expected"):
        limits.bound(megabytes)


def test_a_student_of_a_class_gets_the_notebooks_and_keeps_what_is_theirs(tmp_path, monkeypatch):
    monkeypatch.setenv("BP_CLASS_FOLDER", str(tmp_path))
    settings = ROOT / "labs" / "server" / "jupyterhub_config.py"
    c = Config()
    exec(settings.read_text(encoding="utf-8"), {"get_config": lambda: c, "__file__": str(settings)})
    ada = SimpleNamespace(user=SimpleNamespace(name="ada"))
    c.Spawner.pre_spawn_hook(ada)
    own = tmp_path / "ada" / "labs" / "02_symmetry.ipynb"
    assert own.read_bytes() == (ROOT / "labs" / "02_symmetry.ipynb").read_bytes()
    own.write_text("mine")
    (tmp_path / "ada" / "labs" / "03_epsilon_and_alpha.ipynb").unlink()
    c.Spawner.pre_spawn_hook(ada)
    assert own.read_text() == "mine"
    assert (tmp_path / "ada" / "labs" / "03_epsilon_and_alpha.ipynb").exists()
    assert c.Spawner.notebook_dir.replace("{username}", "ada") == str(tmp_path / "ada")
