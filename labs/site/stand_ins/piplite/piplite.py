"""Settings that the kernel writes when it starts."""

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS = []
