"""The kernel of the labs is this Python's, whatever kernels other programs have left on this machine."""

from jupyter_client.kernelspec import KernelSpecManager
from traitlets import default


class OwnKernel(KernelSpecManager):
    """Looks into no folder, so that there is this interpreter's own kernel alone, "python3"."""

    @default("kernel_dirs")
    def _no_folders(self):
        return []
