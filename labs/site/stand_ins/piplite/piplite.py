"""The kernel writes its settings here when it starts, before any cell runs."""

import logging

from IPython.core.completer import IPCompleter

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS = []

# A browser's Python has no old font cache, so matplotlib would say at every start that it makes a new one.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

# The kernel turns this on, but jedi takes a second to import and is not here: Tab asks the living objects instead.
IPCompleter.use_jedi = property(lambda _completer: False, lambda _completer, _on: None)
