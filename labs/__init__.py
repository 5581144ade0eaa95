"""The labs: live views of a run, with controls that act while it learns. ``from labs import SymmetryLab``.

Each lab is a folder with a ``lab.py``. A new lab is found by being there; nothing lists it.
"""

from importlib import import_module
from pathlib import Path

__path__: list


def folders():
    """Names of the folders that hold a lab, in alphabetical order."""
    found = (file.parent.name for folder in __path__ for file in Path(folder).glob("*/lab.py"))
    return sorted(name for name in found if name != "kit")


def __getattr__(name):
    """The lab of that class name. Its folder is imported when it is first asked for."""
    if not name.startswith("_"):
        for folder in folders():
            module = import_module(f"labs.{folder}.lab")
            found = getattr(module, name, None)
            if isinstance(found, type) and found.__module__ == module.__name__:
                return found
    raise AttributeError(f"there is no lab {name!r}")
