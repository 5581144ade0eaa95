"""What all tests share."""

import asyncio
from pathlib import Path

import nbval.kernel
import pytest

from bpcore.engines import machine_code
from labs.kit.exercises import veils

ROOT = Path(__file__).parents[1]
# Of the files that come last the longest, longest first; otherwise the other processes would wait for one of them.
LONGEST = tuple(
    f"tests/browser/test_{name}.py"
    for name in ("every_spot", "symmetry", "accessible", "app", "workbench", "family_trees", "sharing", "export")
)


def pytest_collection_modifyitems(items):
    """Notebooks first, then tests without a browser, then those with one.

    A browser leaves an event loop in its process that seems to run. Neither a notebook's client nor a fixture of
    another file must see it.
    """

    def turn(item):
        name = item.path.relative_to(ROOT).as_posix()
        kind = 0 if item.path.suffix == ".ipynb" else 2 if name.startswith("tests/browser/") else 1
        return kind, LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=turn)


def pytest_configure():
    """Start the kernel of a notebook once more if it dies before it answers, as it may beside others that start."""
    start = nbval.kernel.start_new_kernel

    def once_more(*arguments, **more):
        try:
            return start(*arguments, **more)
        except RuntimeError:
            return start(*arguments, **more)

    nbval.kernel.start_new_kernel = once_more


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


@pytest.fixture(autouse=True)
def no_exercise_is_open():
    """Exercises that one test shows must not veil the labs of another."""
    veils.forget()
    yield
    veils.forget()
