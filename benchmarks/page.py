"""How quick the pages that learn without Python are: `python run.py bench page`.

The front page and the exported symmetry lab, served from this machine to a real Chromium: kilobytes, from navigation to
learning, frames a second, key to pixel, whole runs a second in instant mode. Frames are counted as in `bench live`.
"""

import argparse
import functools
import http.server
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.bench import CANVAS, machine, table
from benchmarks.live import PROBE, Rows, runs_while_dragged
from labs import SymmetryLab
from labs.page.front import front_page
from tests.browser import jupyter

FRAMES, KEY, RUNS = 60, 50, 30  # a second; ms; a second
KILOBYTES = {"front.html": 250, "symmetry.html": 400}
LEARNING = 1_000  # ms from navigation to the first sweeps on the screen
WATCH = """() => new MutationObserver((_, watch) => {
    const canvas = document.querySelector('.bp-lab canvas');
    if (!(Number(canvas?.dataset.sweep) > 0)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.learntAt = performance.now(); }));
}).observe(document, { attributes: true, childList: true, subtree: true })"""


def epsilon(page):
    """The epsilon slider."""
    return page.locator("[data-setting=epsilon] input[type=range]").first


def press(page, presses):
    """Press the right arrow on the epsilon slider: ms until other pixels are on the screen, of each press."""
    epsilon(page).focus()
    for number in range(1, presses + 1):
        page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")
        page.wait_for_function("n => window.probe.found.keys.length === n", arg=number)
        page.wait_for_timeout(100 + 37 * number % 90)
    return [ms for ms, _ in page.evaluate("() => window.probe.found.keys")]


def rerun(page, seconds):
    """Whole runs painted a second while the epsilon slider is dragged to and fro in instant mode."""
    page.get_by_role("button", name="rerun").first.click()
    return runs_while_dragged(page, epsilon(page), seconds)


def measure(browser, url, name, options):
    """Rows of one page."""
    rows, times = Rows(), []
    for _ in range(options.visits):
        page = browser.new_page(viewport=jupyter.VIEWPORT)
        page.add_init_script(f"({WATCH})()")
        page.goto(f"{url}/{name}")
        if name != "front.html":  # it waits for its button
            page.get_by_role("button", name="Play").click()
        page.wait_for_function("() => window.learntAt")
        times.append(page.evaluate("() => window.learntAt"))
        if len(times) < options.visits:
            page.close()
    whole = page.evaluate("() => JSON.parse(document.getElementById('learning').textContent).wholeRun")
    page.evaluate(PROBE.replace("'5000'", f"'{whole}'"), CANVAS)
    if name == "front.html":
        rows.times(f"{name}: navigation to learning", times, LEARNING)
    frames, gap, made = page.evaluate("seconds => window.probe.frames(seconds)", options.seconds)
    what = f"{name}: frames painted ({made:,.0f} sweeps made a second)"
    rows.add(what, f"{frames:.1f} a second", f"at least {FRAMES}", frames >= FRAMES - 0.5)
    rows.add(f"{name}: longest time without a frame", f"{gap:.0f} ms", "", True)
    rows.times(f"{name}: key on ε to pixels", press(page, options.presses), KEY)
    made, least = rerun(page, options.seconds), RUNS if name == "front.html" else 0
    bar = f"at least {least}" if least else ""
    rows.add(f"{name}: whole runs of {whole:,} sweeps", f"{made:.0f} a second", bar, made >= least - 0.5)
    page.close()
    return rows


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="run.py bench page", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="frames are counted so long")
    parser.add_argument("--presses", type=int, default=20, help="key presses")
    parser.add_argument("--visits", type=int, default=5, help="times that a page is opened")
    options = parser.parse_args(arguments)
    about, rows = machine(), Rows()
    with tempfile.TemporaryDirectory() as folder, jupyter.chromium() as browser:
        pages = {"front.html": front_page(lambda name: [(f"#{name}", "")], [])}
        SymmetryLab(10).export(Path(folder) / "symmetry.html")
        for name, text in pages.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        handler.log_message = lambda *_: None
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, most in KILOBYTES.items():
            size = (Path(folder) / name).stat().st_size / 1000
            rows.add(f"{name}: size", f"{size:.0f} kB", f"at most {most} kB", size <= most)
            rows += measure(browser, f"http://127.0.0.1:{server.server_address[1]}", name, options)
        server.shutdown()
        print(f"\nPages that learn without Python. Chromium {browser.version}; {about}\n")
    print(table(("what", "measured", "bar", "kept"), rows))
    return 0 if all(kept == "yes" for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
