"""A canvas that shows one step: Python sends the whole moment, the page draws it and reports clicks."""

import anywidget
import traitlets

from ..kit.canvas import module, style


class StepCanvas(anywidget.AnyWidget):
    """A drawing with its explanation beside it. It is one dict, so a page that opens late shows the same.

    Parameters
    ----------
    scene : dict
        Everything that is shown.
    on_message : callable
        Given each message of the page, a dict. It may be called on another thread.
    """

    _esm = module(
        (
            "kit/stage/late_module_fix",
            "kit/stage/pen",
            "kit/stage/announce",
            "kit/stage/interaction",
            "procedure/scene",
        )
    )
    _css = style("kit/stage/stage", "procedure/scene")
    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, scene, on_message):
        super().__init__(scene=scene)
        self.on_msg(lambda _, content, _buffers: on_message(content))
