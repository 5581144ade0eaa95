"""python -m labs.site FOLDER [PYODIDE]: what `run.py site` runs with the Python of .venv."""

import sys

from .build import build
from .pyodide import Problem

try:
    build(*sys.argv[1:])
except Problem as problem:
    sys.exit(str(problem))
