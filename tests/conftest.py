"""What all tests share."""

import asyncio

import pytest


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
