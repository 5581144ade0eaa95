"""Asks the modules of labs/page, under node, what they find."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "labs" / "page"
KERNEL = ROOT / "bpcore" / "engines" / "kernel" / "kernel.wasm"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")

_ASKS = """
import fs from "node:fs";
const modules = await Promise.all({modules}.map((name) => import(`./labs/page/${{name}}.js`)));
const page = Object.assign({{}}, ...modules), told = JSON.parse(fs.readFileSync("told.json", "utf8"));
const makeKernel = () => page.loadKernel(fs.readFileSync({kernel}));
const bits = (numbers) => Buffer.from(Float64Array.from(numbers).buffer).toString("hex");
const found = await (async () => {{
{code}
}})();
fs.writeFileSync("found.json", JSON.stringify(found));
"""


def in_page(scratch, code, told=None, modules=("engine", "random", "run")):
    """What a piece of JavaScript returns.

    It finds `page`, all that the modules export; `told`; `makeKernel()`; and `bits`, doubles as hexadecimal digits.
    """
    shutil.copytree(PAGE, scratch / "labs" / "page", dirs_exist_ok=True)
    shutil.copytree(PAGE.parent / "kit" / "stage", scratch / "labs" / "kit" / "stage", dirs_exist_ok=True)
    (scratch / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (scratch / "told.json").write_text(json.dumps(told), encoding="utf-8")
    asks = _ASKS.format(modules=json.dumps(modules), kernel=json.dumps(str(KERNEL)), code=code)
    (scratch / "asks.js").write_text(asks, encoding="utf-8")
    done = subprocess.run([NODE, "asks.js"], cwd=scratch, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads((scratch / "found.json").read_text(encoding="utf-8"))
