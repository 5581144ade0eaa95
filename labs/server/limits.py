"""What protects a machine that thirty people share: no kernel takes all of its memory or all of its cores."""

import contextlib
import os

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

MEGABYTES = 1500
"""What one kernel may hold. A lab takes some 400, which is more than it fills; it also works with 500."""
YIELD = 10
"""By how much a kernel's claim to the cores is below the server's, as `nice` counts."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def bound(megabytes=MEGABYTES):
    """Bound the memory of this process and, one by one, of every kernel it starts; and its kernels' threads to one.

    A kernel that wants more gets a MemoryError, and the others notice nothing.

    Parameters
    ----------
    megabytes : float

    Returns
    -------
    bool
        Whether memory is bounded: the platform may have no such limit (Windows has none, macOS does not keep it).

    Raises
    ------
    ValueError
        If `megabytes` is no number from 500 on.
    """
    try:
        most = int(float(megabytes) * 1e6)
    except (TypeError, ValueError, OverflowError):
        most = 0
    if most < 500e6:
        raise ValueError(f"the memory of a kernel is {megabytes!r} megabytes; a number from 500 on is expected")
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    try:
        import resource
    except ImportError:
        return False
    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    if hardest != resource.RLIM_INFINITY:
        most = min(most, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hardest))
    return True


class YieldingKernelManager(ServerKernelManager):
    """Starts kernels that let the server go first.

    Where thirty kernels learn on two cores, a server with the same claim to them gets a thirtieth, and hardly a frame
    gets through.
    """

    async def start_kernel(self, *arguments, **how):
        """Start the kernel's process."""
        await super().start_kernel(*arguments, **how)
        with contextlib.suppress(AttributeError, OSError):  # Windows has no such call
            os.setpriority(os.PRIO_PROCESS, self.provisioner.pid, os.getpriority(os.PRIO_PROCESS, 0) + YIELD)
