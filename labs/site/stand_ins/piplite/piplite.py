"""The kernel writes its settings here when it starts, before any cell runs."""

import logging

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS = []

# A browser's Python has no old font cache, so matplotlib would say at every start that it makes a new one.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
