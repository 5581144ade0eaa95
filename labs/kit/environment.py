"""Whether labs are shown as pages without code, as `run.py app` shows them."""

import os

PAGE = "BP_PAGE"
"""Environment variable that the server of such pages sets."""


def without_code():
    """Whether nobody here can write code, keep files beside a notebook, or save one."""
    return os.environ.get(PAGE, "") != ""
