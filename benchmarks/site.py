"""What a person meets at the static site: `python run.py bench site [FOLDER]`, of a site that `run.py site` has built.

Loading it, at a server that compresses and at one that does not; how its kernel compares with the machine's own; the
map of lab 03; and twelve pages that learn at once. Name parts to measure only these: load, sweeps, map, class.
"""

import contextlib
import socket
import statistics
import subprocess
import sys
import time
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import psutil

from benchmarks.bench import CANVAS, machine
from labs.site.serve import Handler
from tests.browser import jupyter, static_site

OPEN = "window.jupyterapp?.shell?.currentWidget"
STEPS = {
    "JupyterLab is there": f"() => {OPEN}?.content?.model",
    "Python can be asked": f"() => {OPEN}?.sessionContext?.session?.kernel?.info.then(() => true)",
    "a lab is painted": """() => {
        const canvas = document.querySelector(".bp-lab canvas"); // which is painted in sight only
        canvas?.closest(".bp-lab").scrollIntoView();
        return canvas?.dataset.painted;
    }""",
}
LEARNS = """() => {
    const canvas = document.querySelector(".bp-lab canvas"); // text that comes late may move it out of sight
    canvas.closest(".bp-lab").scrollIntoView();
    return Number(canvas.dataset.sweep) > 0;
}"""
PATIENCE = 300_000  # milliseconds
SECONDS = 10  # in which frames are counted
ROUNDS = 5

PER_SWEEP = """
import time
import bpcore as bp
from bpcore import tasks

def per_sweep(name, sweeps):
    run = bp.train(getattr(tasks, name)(), [1], sweeps=100)
    began = time.perf_counter()
    run.extend(sweeps)
    return 1e6 * (time.perf_counter() - began) / sweeps
"""
WORK = {"symmetry": 5_000, "family_trees": 1_000}  # sweeps
MAP_SEEDS = 40  # of 400 cells each
MAP = """
import asyncio, time

longest = 0

async def beat():
    global longest
    while lab.filling:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - began)

asyncio.ensure_future(beat())
"""
STILL = """() => {
    let last = performance.now();
    window.bpStill = 0; // the longest time from one frame of the page to the next
    const look = now => {
        window.bpStill = Math.max(window.bpStill, now - last);
        last = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""

SENT = []  # (path, bytes) of each answer that has a content


class Counting(Handler):
    """Counts what it sends."""

    def send_header(self, keyword, value):
        if keyword == "Content-Length" and self.command == "GET":
            SENT.append((self.path, int(value)))
        super().send_header(keyword, value)


class Plain(Counting):
    """As python3 -m http.server: compresses nothing, and says nothing of caching."""

    def send_head(self):
        del self.headers["Accept-Encoding"]
        return super().send_head()


@contextlib.contextmanager
def serving(handler, folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def address(url, lab):
    return f"{url}/lab/index.html?path=labs/{lab}.ipynb"


def play(page):
    page.locator(".bp-lab").first.get_by_role("button", name="Play").click(timeout=PATIENCE)
    page.wait_for_function(LEARNS, timeout=PATIENCE)


# --- parts


def load(browser, folder, lab="02_symmetry"):
    """Seconds from the address to each step, and what was sent."""
    for name, handler in (("plain", Plain), ("gzipped", Counting)):
        context = browser.new_context(viewport=jupyter.VIEWPORT)
        with serving(handler, folder) as url:
            for load_number in ("first", "second"):
                page = context.new_page()
                SENT.clear()
                begun, took = time.perf_counter(), {}
                page.goto(address(url, lab))
                for step, condition in STEPS.items():
                    page.wait_for_function(condition, timeout=PATIENCE)
                    took[step] = time.perf_counter() - begun
                play(page)
                took["a network learns"] = time.perf_counter() - begun
                steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items())
                megabytes = sum(size for _, size in SENT) / 1e6
                print(f"{name}, {load_number} load: {len(SENT)} requests, {megabytes:.1f} MB; {steps}", flush=True)
                page.close()
        context.close()


def sweeps(browser, folder):
    """Microseconds a sweep of one run in the page and in this Python, in turns."""
    own = {}
    exec(PER_SWEEP, own)
    with opened(browser, folder, "02_symmetry") as page:
        static_site.ask_python(page, f"exec({PER_SWEEP!r}, globals())")
        for name, n in WORK.items():
            both = [(ask(page, f"per_sweep({name!r}, {n})"), own["per_sweep"](name, n)) for _ in range(ROUNDS + 1)][1:]
            there, here = (statistics.median(times) for times in zip(*both, strict=True))
            ratio = statistics.median(a / b for a, b in both)
            print(f"{name}: {there:.2f} us a sweep in the page, {here:.2f} here: {ratio:.1f} times", flush=True)


def map_of_lab_03(browser, folder):
    """Seconds of a map of 16,000 runs, and how long page and kernel stand still meanwhile."""
    with opened(browser, folder, "03_epsilon_and_alpha") as page:
        page.evaluate(STILL)
        worked, began = sum(map(cpu, renderers())), time.perf_counter()
        static_site.ask_python(page, f"lab.fill_map({MAP_SEEDS}) or exec({MAP!r}, globals())")
        page.wait_for_function(
            f"canvas => document.querySelector(canvas).dataset.made === '{400 * MAP_SEEDS}'",
            arg=CANVAS,
            timeout=PATIENCE,
        )
        took, worked = time.perf_counter() - began, sum(map(cpu, renderers())) - worked
        page_still, kernel_still = page.evaluate("bpStill") / 1e3, ask(page, "longest")
        print(
            f"map of lab 03: {took:.1f} s, of which the browser worked {worked:.1f} s; "
            f"longest pause: page {page_still:.2f} s, kernel {kernel_still:.2f} s", flush=True,
        )  # fmt: skip


def class_of(browser, folder, pages=12):
    """So many pages without code, each with a cache of its own: what the server has to do, and frames a page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen([sys.executable, "-m", "labs.site.serve", folder, port, "127.0.0.1"]) as server:
        try:
            url, process = f"http://127.0.0.1:{port}", psutil.Process(server.pid)
            time.sleep(1)  # until it answers
            began = time.perf_counter()
            worked_before = sum(map(cpu, renderers()))
            there = [browser.new_context(viewport=jupyter.VIEWPORT).new_page() for _ in range(pages)]
            for page in there:
                page.goto(f"{url}/voici/render/labs/02_symmetry.html", timeout=PATIENCE, wait_until="commit")
            for number, page in enumerate(there, 1):  # said one by one: on a busy machine all of them take some minutes
                page.wait_for_function(STEPS["a lab is painted"], timeout=2 * PATIENCE)
                print(f"{number} of {pages} pages are painted after {time.perf_counter() - began:.0f} s", flush=True)
            for page in there:  # not before: a lab learns 100,000 sweeps, and would have ended
                page.evaluate("() => { document.querySelector('.bp-lab .bp-head .bp-main').click(); }")
            for page in there:
                page.wait_for_function(LEARNS, timeout=PATIENCE)
            arrived, spent = time.perf_counter() - began, cpu(process)
            worked = (sum(map(cpu, renderers())) - worked_before) / pages
            before, began = [look(page) for page in there], time.perf_counter()
            time.sleep(SECONDS)
            after, lasted = [look(page) for page in there], time.perf_counter() - began
            made, frames = (sorted((b[k] - a[k]) / lasted for a, b in zip(before, after, strict=True)) for k in (0, 1))
            print(
                f"{pages} pages: all learn after {arrived:.0f} s, of which the server worked {spent:.1f} s and "
                f"each page {worked:.1f} s; "
                f"then it works {100 * (cpu(process) - spent) / lasted:.1f} % of a core. Sweeps a second {told(made)}; "
                f"frames a second {told(frames)} (least, middle, most; all browsers share this machine)",
                flush=True,
            )
        finally:
            server.terminate()


def look(page):
    """Sweep and frames of the canvas."""
    data = page.evaluate("canvas => ({...document.querySelector(canvas).dataset})", CANVAS)
    return int(data["sweep"]), int(data["painted"])


def told(values):
    return ", ".join(f"{value:.0f}" for value in (values[0], statistics.median(values), values[-1]))


def renderers():
    """Processes in which pages and their kernels run."""
    return [one for one in psutil.Process().children(recursive=True) if "--type=renderer" in one.cmdline()]


def cpu(process):
    spent = process.cpu_times()
    return spent.user + spent.system


def ask(page, expression):
    return float(static_site.ask_python(page, expression))


@contextlib.contextmanager
def opened(browser, folder, lab):
    """A lab whose cells have run, the first view in sight."""
    with static_site.serve_folder(folder) as url, jupyter.new_page(browser) as page:
        page.goto(address(url, lab))
        page.wait_for_function("() => document.body?.dataset.ran", timeout=PATIENCE)
        page.mouse.wheel(0, 1)  # who moves the page is not brought to the first exercise
        page.wait_for_function(STEPS["a lab is painted"])
        yield page


PARTS = {"load": load, "sweeps": sweeps, "map": map_of_lab_03, "class": class_of}


def main(arguments):
    parts = [name for name in arguments if name in PARTS] or list(PARTS)
    folder, *_ = [name for name in arguments if name not in PARTS] or [str(jupyter.ROOT / "site")]
    if not (Path(folder) / "site.json").exists():
        raise SystemExit(f"There is no site in {folder}: build one with python3 run.py site {folder}")
    with jupyter.chromium() as browser:
        print(f"Chromium {browser.version}; {machine()}", flush=True)
        for name in parts:
            PARTS[name](browser, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
