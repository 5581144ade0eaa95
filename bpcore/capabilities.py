"""What this Python can do: the only module of bpcore that asks about the platform. A browser's can do less."""

import os
import sys
import threading
import time
from functools import cache

try:
    import sqlite3
except ImportError:  # as in the browser's Python
    sqlite3 = None


def in_browser():
    """True in a browser's Python, Pyodide, which has the kernel as WebAssembly."""
    return sys.platform == "emscripten"


@cache
def threads_start():
    """True if a thread can start here."""
    thread = threading.Thread(target=int, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


def process_pool():
    """concurrent.futures.ProcessPoolExecutor, or None if there can be no pool of processes."""
    try:
        from concurrent.futures.process import ProcessPoolExecutor
    except ImportError:
        return None
    return ProcessPoolExecutor


def cores():
    """Cores that this process may use; at most OMP_NUM_THREADS, which numerical libraries heed as well."""
    if not threads_start():
        return 1
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(there, int(asked)) if asked.isdecimal() and int(asked) > 0 else there


def cpu_clock():
    """A clock that counts seconds of work of this thread; if it is too coarse or missing, seconds that pass."""
    try:
        fine = time.get_clock_info("thread_time").resolution < 1e-4
        return time.thread_time if fine else time.perf_counter
    except (AttributeError, ValueError):
        return time.perf_counter
