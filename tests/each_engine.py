"""A fixture that lets all tests of a module run with either engine: import it there."""

import pytest

from bpcore.engines import machine_code


def compiled_or_skip():
    """Wait for the machine code; skip if llvmlite is not installed."""
    pytest.importorskip("llvmlite")
    machine_code.module()


@pytest.fixture(scope="module", params=["compiled", "numpy"], autouse=True)
def each_engine(request):
    """Let `engine=None` mean this one."""
    patch = pytest.MonkeyPatch()
    if request.param == "compiled":
        compiled_or_skip()
    else:
        patch.setattr(machine_code, "ready", lambda _seconds=0: False)
        patch.setattr(machine_code, "say_why_not", lambda: None)
    yield request.param
    patch.undo()
