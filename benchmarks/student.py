"""A student without a browser: opens a lab as a page does, and speaks with its kernel as the page would.

A browser takes five seconds of a core to load a page; thirty of them on the machine that serves would hide what the
server does. This one asks for the same page and files, has the cells run, says that the canvas is ready, acknowledges
every frame, and presses buttons.
"""

import asyncio
import json
import re
import time
import uuid
from datetime import UTC, datetime

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"


class Student:
    """One of a class.

    Parameters
    ----------
    app : Server            the pages without code
    lab : str               "02_symmetry"
    files : sequence of str
        Addresses that a browser asks for with the page, without the server's.

    Attributes
    ----------
    first : float or None   seconds from asking to the first frame
    sweep, frames : int     how far the first lab of the page is; how many frames of it came
    """

    def __init__(self, app, lab, files=()):
        self._app, self._lab, self._files = app, lab, files
        self._headers = {"Authorization": f"token {app.token}"}
        self._stage, self._runs, self._seen = None, 0, []
        self._widgets = {}  # what it is called -> comm
        self._moved = asyncio.Event()
        self.first, self.sweep, self.frames = None, 0, 0

    async def arrive(self):
        """Open the page; return when the first frame is there and all cells have run."""
        began = time.monotonic()
        page = await self._get(f"/voila/render/labs/{self._lab}.ipynb")
        kernel = re.search(r'"kernelId": "([^"]+)"', page).group(1)
        for file in self._files:
            await self._get(file)
        self._channels = await self._connect(f"/api/kernels/{kernel}/channels")
        listening = asyncio.create_task(self._listen(began))
        cells = await self._connect(f"/voila/execution/{kernel}")
        await cells.write_message(json.dumps({"action": "execute", "payload": {"kernel_id": kernel}}))
        while (answer := await cells.read_message()) is not None:
            payload = json.loads(answer)["payload"]
            if payload.get("cell_index") == payload.get("total_cell", 0) - 1:
                break
        cells.close()
        while self.first is None:
            await asyncio.sleep(0.05)
        return listening

    def press(self, name):
        """Press a button of the first lab."""
        self._tell(self._widgets[name], {"method": "custom", "content": {"event": "click"}})

    async def play_or_pause(self):
        """Let the lab learn, or stop."""
        self.press("Play")

    def set(self, name, value):
        """Type a number into a field of the first lab."""
        self._tell(self._widgets[name], {"method": "update", "state": {"value": value}, "buffer_paths": []})

    async def look(self):
        """Sweep, and number of frames that came."""
        return self.sweep, self.frames

    async def one_sweep(self, patience=20):
        """Seconds from the press of the button to the frame that shows it."""
        began, before = time.monotonic(), self.sweep
        self.press("One sweep")
        while self.sweep == before and time.monotonic() < began + patience:
            self._moved.clear()
            await asyncio.wait_for(self._moved.wait(), patience)
        return time.monotonic() - began

    # ---- as a page does

    async def _get(self, path):
        answer = await AsyncHTTPClient().fetch(
            self._app.url + path, headers=self._headers, request_timeout=300, connect_timeout=60
        )
        return answer.body.decode(errors="replace")

    async def _connect(self, path):
        where = self._app.url.replace("http", "ws", 1) + path
        request = HTTPRequest(where, headers=self._headers, connect_timeout=60)
        return await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**28)

    async def _listen(self, began):
        while (sent := await self._channels.read_message()) is not None:
            _, (header, _, _, content, *buffers) = deserialize_msg_from_ws_v1(sent)
            kind = json.loads(header)["msg_type"]
            if kind not in ("comm_open", "comm_msg"):
                continue
            content = json.loads(content)
            if kind == "comm_open":
                self._opened(content["comm_id"], content["data"].get("state", {}))
            elif content["comm_id"] == self._stage and content["data"].get("content", {}).get("type") == "piece":
                self._painted(content["data"]["content"], buffers, began)

    def _opened(self, comm, state):
        if "scene" in state and self._stage is None:
            self._stage = comm
            self._tell(comm, {"method": "custom", "content": {"type": "ready", "view": uuid.uuid4().hex}})
        name = state.get("description")
        if name:
            self._widgets.setdefault(name.removeprefix("▶ "), comm)

    def _painted(self, piece, buffers, began):
        if self.first is None:
            self.first = time.monotonic() - began
        self.frames += 1
        self.sweep = piece["E_from"] + len(buffers[0]) // 4 // len(piece["solved"]) - 1
        self._moved.set()
        self._seen.append(piece["number"])
        if len(self._seen) >= 12 or not piece["playing"]:
            painted = {"type": "painted", "pieces": self._seen, "frames": len(self._seen)}
            self._tell(self._stage, {"method": "custom", "content": painted})
            self._seen = []

    def _tell(self, comm, data):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "comm_msg",
            "session": "student",
            "username": "",
            "version": "5.2",
            "date": datetime.now(UTC).isoformat(),
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": {"comm_id": comm, "data": data}}
        packed = serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode())
        self._channels.write_message(packed, binary=True)
