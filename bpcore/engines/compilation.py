"""When the kernel is compiled: once, in the background, by one process while the others wait. A browser loads it."""

import os
import threading
import time
import warnings
from contextlib import ExitStack, closing, contextmanager, suppress

from ..capabilities import cores, in_browser, sqlite3, threads_start

_COMPILING = 300_000  # ms that another process may take to compile
_LOADING = 60.0  # seconds that loading may take: .4 alone, but many among thirty that start at once


class MachineCode:
    """The compiled kernel of this process, compiled or loaded in the background.

    Attributes
    ----------
    threads : int
        Cores that many runs may use. The results do not depend on it.
    """

    def __init__(self):
        self.threads = cores()
        self._thread, self._module, self._why_not, self._said = None, None, None, False
        self._began = 0.0
        self._known = threading.Event()  # whether it must be compiled, or is done

    def prepare(self):
        """Begin to compile, unless that was done before; return at once."""
        if self._thread is None:
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._compile, name="bpcore compiles", daemon=True)
            (self._thread.start if threads_start() else self._thread.run)()

    def ready(self, within=0.0):
        """True if the machine code can be used.

        Waits while it is loaded, if `within` is not 0; while it is compiled, for `within` seconds from the beginning.
        None: to the end.
        """
        self.prepare()
        if self._thread.is_alive():
            if within != 0:
                self._known.wait(None if within is None else _LOADING)
            self._thread.join(None if within is None else max(0.0, self._began + within - time.monotonic()))
        return self._module is not None

    def module(self):
        """What has `for_net` of kernel/interface.py. RuntimeError, with the reason, if there can be none."""
        if not self.ready(None):
            raise RuntimeError(f"the compiled engine cannot be used here: {self._why_not}")
        return self._module

    def say_why_not(self):
        """Warn once that there is only the numpy engine, and why."""
        if self._why_not and not self._said:
            self._said = True
            warnings.warn(f"sweeps are made by numpy, which is slower: {self._why_not}", RuntimeWarning, stacklevel=4)

    def _compile(self):
        try:
            self._module = _from_file() if in_browser() else _from_llvm(self._known.set)
        except ImportError as wrong:
            self._why_not = f"llvmlite is not installed ({wrong})"
        except Exception as wrong:  # noqa: BLE001 - whatever a compiler does, there is another engine
            attempt = "this browser did not take the machine code" if in_browser() else "compiling failed"
            self._why_not = f"{attempt} ({type(wrong).__name__}: {wrong})".splitlines()[0]
        finally:
            self._known.set()


def _from_file():
    from .kernel import browser

    return browser


def _from_llvm(compiles):
    from .kernel import native

    file = native.file()
    if not file.exists():
        compiles()
        with one_at_a_time(file.with_name("compiling.sqlite")):
            if not file.exists():
                code = native.compiled()
                beside = file.with_suffix(f".{os.getpid()}")
                try:
                    beside.write_bytes(code)
                    beside.replace(file)
                except OSError:  # there is no room for it: the next process compiles as well
                    return native.Library(code)
    return native.Library(file.read_bytes())


@contextmanager
def one_at_a_time(path):
    """Let one process in; the others wait until it has compiled, then all go on, to load the result.

    Parameters
    ----------
    path : Path
        An empty database. Every system can lock it, and the lock ends with its process. If it cannot be made, no
        process waits.
    """
    with ExitStack() as stack:
        if sqlite3 is not None:
            with suppress(sqlite3.Error):
                lock = stack.enter_context(closing(sqlite3.connect(path, timeout=0, isolation_level=None)))
                try:
                    lock.execute("BEGIN EXCLUSIVE")
                except sqlite3.Error:  # another process compiles: wait until it has, then let the next one in as well
                    lock.execute(f"PRAGMA busy_timeout = {_COMPILING}")
                    lock.execute("BEGIN EXCLUSIVE")
                    lock.execute("ROLLBACK")
        yield
