"""The fixtures hold: a widget moved in the page moves in Python, and neither page nor server gets in the way."""

import ctypes
import os
import socket
import sys
from pathlib import Path

import pytest

from tests.browser import jupyter
from tests.browser.lab_page import until

SLIDER = """
import ipywidgets
slider = ipywidgets.IntSlider(value=3, description="epsilon")
slider
"""
PIDFD_GETFD = 438


@pytest.fixture
def page_with_slider(server, open_notebook):
    jupyter.write_notebook(server.root / "labs" / "tiny.ipynb", SLIDER, "slider.value")
    return open_notebook("labs/tiny.ipynb")


def test_a_slider_moved_by_keyboard_moves_in_python(page_with_slider):
    page = page_with_slider
    handle = page.get_by_role("slider")
    handle.focus()
    for _ in range(4):
        handle.press("ArrowRight")
    page.get_by_text("7", exact=True).wait_for()
    until(page, "slider.value == 7")
    greetings = page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts()
    assert greetings == []
    assert page.console_errors == []


def test_the_theme_changes_and_messages_are_not_delayed(server, page_with_slider, theme):
    theme("JupyterLab Dark")
    assert page_with_slider.evaluate("() => document.body.dataset.jpThemeLight") == "false"
    theme("JupyterLab Light")
    if sys.platform == "linux":
        assert any(no_delay(server)), "every connection of the server waits by Nagle's algorithm"


def no_delay(server):
    """TCP_NODELAY of each connection the server has accepted, read from the server's own sockets."""
    port = int(server.url.rpartition(":")[2])
    libc = ctypes.CDLL(None, use_errno=True)
    process = os.pidfd_open(server.process.pid)
    found = []
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        if not link.is_symlink() or not str(link.readlink()).startswith("socket:"):
            continue
        copy = libc.syscall(PIDFD_GETFD, process, int(link.name), 0)
        if copy < 0:
            pytest.skip(f"this system does not let a test look at a socket: {os.strerror(ctypes.get_errno())}")
        with socket.socket(fileno=copy) as connection:
            if connection.family != socket.AF_INET or connection.getsockname()[1] != port:
                continue
            if not connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.append(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
    os.close(process)
    return found
