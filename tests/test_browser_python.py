"""In a Python like the browser's, without threads, processes, CPU clock, sqlite3 and LLVM, everything works."""

import subprocess
import sys

from .test_house import ROOT

BROWSER = """
import sys, threading, time

def refuse(self):
    raise RuntimeError("can't start new thread")

threading.Thread.start = refuse
for name in ("_multiprocessing", "multiprocessing", "concurrent.futures.process", "sqlite3", "llvmlite"):
    sys.modules[name] = None
del time.thread_time
"""

PROGRAM = """
import warnings
warnings.simplefilter("ignore")
import bpcore as bp, figures, labs
from labs import SymmetryLab

print(bp.train(bp.tasks.xor(), [1], 20).engine)
print(len(bp.study(bp.tasks.xor(), range(2), {"epsilon": [0.1, 0.5]}, 20, progress=None).table()))
lab = SymmetryLab()
lab.step(10)
print(lab.run.sweeps)

from labs.kit.exercises.bounded import EndlessError, bounded

def endless():
    while True:
        pass

print(bounded(lambda: "bounded"))
try:
    bounded(endless, 0.1)
except EndlessError:
    print("ended")
"""


def test_a_python_without_threads_and_processes_does_it_all():
    done = subprocess.run(  # the program above
        [sys.executable, "-c", BROWSER + PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["numpy", "4", "10", "bounded", "ended"], done.stderr
