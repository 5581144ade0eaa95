"""In place of the module of this name: None reaches a widget as null; as undefined it would be ignored."""

import contextlib
import json

import comm
import js
from comm import BaseComm, CommManager, get_comm_manager  # noqa: F401 - the kernel takes them from here
from IPython.core.getipython import get_ipython


class Comm(BaseComm):
    """Sends the messages of widgets to the page."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Send a message."""
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        with contextlib.suppress(TypeError, ValueError):  # what is no JSON is converted as before
            content = js.JSON.parse(json.dumps(content, allow_nan=False))
        if buffers is not None:
            buffers = [part.tobytes() if hasattr(part, "tobytes") else part for part in buffers]
        get_ipython().send_comm(msg_type, content, metadata or {}, self.topic, buffers)


comm.create_comm = Comm
