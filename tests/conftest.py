"""What all tests share."""

import asyncio
from pathlib import Path

import pytest

from bpcore.engines import machine_code

ROOT = Path(__file__).parents[1]
# The longest files, begun before all others of their kind: else one core waits at the end while another is at it.
LONGEST = (
    "tests/test_study.py",
    "tests/browser/test_symmetry.py",
)


def pytest_collection_modifyitems(items):
    """First the notebooks, then what needs no browser, then the browser, which idles while its kernel learns.

    Once a browser has been started in a process, an event loop seems to run in it, which a notebook's client minds.
    """

    def turn(item):
        name = item.path.relative_to(ROOT).as_posix()
        kind = 0 if item.path.suffix == ".ipynb" else 2 if name.startswith("tests/browser/") else 1
        return kind, LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=turn)


@pytest.fixture(autouse=True, scope="session")
def the_machine_code_is_there():
    """Else, on a machine where nothing was compiled before, one run is made by numpy and the next by machine code."""
    machine_code.ready(None)


@pytest.fixture(autouse=True)
def outside_the_loop_of_the_browser(request):
    """Browser tests leave a loop that seems to run but does not; whoever else runs in the process must not see it."""
    if "browser" in request.node.path.parts:
        yield
        return
    theirs = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(theirs)
