"""What all tests share."""

import asyncio

import pytest

from bpcore.engines import machine_code


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
