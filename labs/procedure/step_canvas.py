"""A canvas that shows one step: Python sends the whole moment, the page draws it and reports clicks."""

from pathlib import Path

import anywidget
import traitlets

from ..kit.bundle import bundle
from ..kit.canvas import style


class StepCanvas(anywidget.AnyWidget):
    """A drawing with its explanation beside it. It is one dict, so a page that opens late shows the same.

    Parameters
    ----------
    scene : dict
        Everything that is shown.
    on_message : callable
        Given each message of the page, a dict. It may be called on another thread.
    """

    _esm = bundle(Path(__file__).with_name("board.js"))
    _css = style("kit/stage/stage", "procedure/board")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, scene, on_message):
        super().__init__(scene=scene)
        self.on_msg(lambda _, content, _buffers: on_message(content))
