"""A lab for a page of anybody: one ES module, backprop-1986.js. See docs/embed.md."""

import base64
import json
from pathlib import Path

from ..kit.bundle import bundle
from ..kit.canvas import scenes_of, style
from ..kit.learning import KERNEL, learning_of, plain
from ..local_minima.lab import LocalMinimaLab
from ..symmetry.lab import SymmetryLab

NAME = "backprop-1986.js"
LABS = {"symmetry": lambda: SymmetryLab(10), "local minima": lambda: LocalMinimaLab("xor", seed=3)}
"""The labs in the module, by the names that a page gives them."""


def embed_module():
    """Write the module: the labs as data, the kernel, the style and the code.

    Returns
    -------
    source : str
    """
    labs, kinds = {}, set()
    for name, make in LABS.items():
        about, others = learning_of(make())
        labs[name] = {"about": about, "others": others}
        kinds.add(about["task"]["scene"]["kind"])
    data = {
        "labs": labs,
        "kernel": base64.b64encode(KERNEL.read_bytes()).decode(),
        "style": style("kit/stage/stage", "page/page", "page/embed"),
    }
    text = json.dumps(data, default=plain, separators=(",", ":"))
    code = bundle(*scenes_of(*sorted(kinds)), Path(__file__).with_name("embed.js"))
    return f"globalThis.backprop1986 = {text};\n{code}"
