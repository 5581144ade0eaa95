"""Several JavaScript files become one module: in order, each with names of its own, or a sentence says why not."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import labs
from labs.kit.bundle import bundle
from labs.kit.canvas import Stage, stage_module

ROOT = Path(__file__).parents[1]
# All but the script of the static site, which has to run where its folder is opened as a file: no module does.
FILES = sorted({*(ROOT / "labs").rglob("*.js")} - {*(ROOT / "labs" / "site").rglob("*.js")})
NODE = shutil.which("node")


@pytest.fixture
def write(tmp_path):
    def write(name, *lines):
        (tmp_path / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
        return tmp_path / name

    return write


def test_what_a_file_imports_comes_before_it_and_only_once(write):
    write("low.js", "export const one = 1;")
    write("middle.js", 'import { one } from "./low.js";', "export function two() { return one + one; }")
    top = write("top.js", 'import { one } from "./low.js";', 'import { two } from "./middle.js";',
                "export default [one, two()];")  # fmt: skip
    source = bundle(top)
    assert re.findall(r"^// (\w+\.js)$", source, re.MULTILINE) == ["low.js", "middle.js", "top.js"]
    assert not re.search(r"^import ", source, re.MULTILINE)
    assert source.endswith("export default module3.default;\n")


def test_only_the_last_file_gives_the_module_its_default_export(write):
    first = write("first.js", "export const one = 1;", "export default one;")
    assert "export default" not in bundle(first, write("last.js", 'import { one } from "./first.js";', "one + 1;"))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.js": 'import { x } from "./b.js";'}, "a.js imports b.js, which does not exist"),
        (
            {"a.js": 'import { x } from "./b.js";', "b.js": 'import "./a.js";\nexport const x = 1;'},
            "a.js imports b.js imports a.js; imports that go one way are expected",
        ),
        (
            {"a.js": 'import { x, y } from "./b.js";', "b.js": "export const x = 1;\nconst y = 2;"},
            "a.js imports y, which b.js does not export",
        ),
        ({"a.js": 'import { x } from "./b.js";\nconst x = 2;', "b.js": "export const x = 1;"}, "a.js defines x twice"),
        ({"a.js": 'import * as b from "./b.js";'}, r'a.js: "import \* as b from "./b.js";" is not understood'),
        ({"a.js": "export { x };"}, 'a.js: "export { x };" is not understood'),
    ],
)
def test_what_cannot_be_put_together_is_told_in_a_sentence(write, files, sentence):
    for name, text in files.items():
        path = write(name, text)
    with pytest.raises(ValueError, match=sentence):
        bundle(path.with_name("a.js"))


def test_every_scene_is_found_by_being_there():
    source = stage_module()
    for path in (ROOT / "labs").glob("*/scene.js"):
        (kind,) = re.findall(r'^addScene\("(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert f'addScene("{kind}"' in source


def test_a_lab_in_another_folder_brings_its_own_scene(monkeypatch, tmp_path):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "scene.js").write_text("const ofTheEncoder = 1;\n", encoding="utf-8")
    assert "ofTheEncoder" not in stage_module()
    monkeypatch.setattr(labs, "__path__", [*labs.__path__, str(tmp_path)])
    assert "ofTheEncoder" in stage_module()
    assert "ofTheEncoder" in Stage({}, print, print)._esm


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_a_module_with_lines_that_can_be_read(path):
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^(?:export|import) ", text, re.MULTILINE), "a module imports or exports something"
    assert [n for n, line in enumerate(text.splitlines(), 1) if len(line) > 120] == []


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_node_understands_every_file(path, tmp_path):
    copied = shutil.copy(path, tmp_path / f"{path.stem}.mjs")
    assert subprocess.run([NODE, "--check", copied], capture_output=True, check=False).stderr == b""
