"""The front page of `run.py app`, as a template of Voila. A process of its own makes it: it needs numpy and more."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def make(folder):
    """Write the template to where Voila looks for it below `folder`; the one in share/ is used if that fails."""
    subprocess.run([sys.executable, "-m", "labs.page.of_app", folder], cwd=_ROOT, check=False)  # noqa: S603 - our own
