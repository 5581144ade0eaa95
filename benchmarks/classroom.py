"""A class on one machine: `python run.py bench classroom`.

So many students open a lab each as a page without code, all at once, and get a kernel of their own. Then all let it
learn, then some take all they can get, and the benchmark shows whether the others go on. A few of them sit at real
browsers, the others do what a browser does without drawing (student.py): thirty browsers would take the machine that
serves all to themselves, which in a class they do not. For the same reason the server and its kernels yield to the
students, who share its cores here. Everything stays on the loopback and is bounded in time.
"""

import argparse
import asyncio
import json
import logging
import statistics
import sys
import time
from urllib.parse import urlsplit

import psutil
from playwright.async_api import async_playwright

from benchmarks.bench import CANVAS, machine, table
from benchmarks.student import Student
from tests.browser import jupyter

LABS = ("02_symmetry", "03_epsilon_and_alpha", "04_family_trees", "05_iterative_nets", "06_local_minima")
LONGEST = 300  # seconds until all have their lab, or the class is called off
RUSH = 20_000  # sweeps a second that those students ask for who take all they can get
YIELDS = 5  # by how much the server and its kernels yield to the students, as `nice` counts
MB = 1e6

# In the page from its beginning: when the first lab was painted, in ms; the student goes down to it at once.
FIRST = f"""
const look = setInterval(() => {{
  const canvas = document.querySelector({CANVAS!r});
  canvas?.scrollIntoView();
  if (!canvas?.dataset.painted) return;
  window.bpFirst = performance.now();
  clearInterval(look);
}}, 20);
"""
# ms from a click on "One sweep" to the frame that shows it
ONE_SWEEP = f"""
() => new Promise((done) => {{
  const canvas = document.querySelector({CANVAS!r}), before = canvas.dataset.sweep, began = performance.now();
  const watch = new MutationObserver(() => {{
    if (canvas.dataset.sweep !== before) {{ watch.disconnect(); done(performance.now() - began); }}
  }});
  watch.observe(canvas, {{ attributes: true, attributeFilter: ["data-sweep"] }});
  [...document.querySelectorAll(".bp-lab button")].find((button) => button.textContent === "One sweep").click();
  setTimeout(() => {{ watch.disconnect(); done(Infinity); }}, 20000);
}})
"""


class AtABrowser:
    """One of a class, in a window of a real browser; otherwise as `Student`."""

    def __init__(self, page, app, lab):
        self._page, self._url = page, f"{app.url}/voila/render/labs/{lab}.ipynb?token={app.token}"
        self.first, self.errors = None, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def arrive(self):
        await self._page.add_init_script(FIRST)
        await self._page.goto(self._url, wait_until="commit", timeout=LONGEST * 1000)
        await self._page.wait_for_function("() => window.bpFirst", timeout=LONGEST * 1000)
        self.first = await self._page.evaluate("() => window.bpFirst") / 1000
        await self._page.wait_for_load_state("networkidle")

    async def look(self):
        """Sweep and frames of the canvas."""
        data = await self._page.evaluate("canvas => ({...document.querySelector(canvas).dataset})", CANVAS)
        return int(data["sweep"]), int(data["painted"])

    async def play_or_pause(self):
        await self._page.evaluate("() => document.querySelector('.bp-lab .bp-head .bp-main').click()")

    async def one_sweep(self):
        return await self._page.evaluate(ONE_SWEEP) / 1000


def kernels(app):
    """The kernels' processes."""
    children = psutil.Process(app.process.pid).children(recursive=True)
    return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]


def own(process):
    """MB that would be free without this process."""
    return process.memory_full_info().uss / MB


async def pace(students, browsers, seconds=10):
    """Sweeps and frames a second of each."""
    everyone = [*students, *browsers]
    before = [await one.look() for one in everyone]
    began = time.monotonic()
    await asyncio.sleep(seconds)
    after = [await one.look() for one in everyone]
    lasted = time.monotonic() - began
    return [[(b[k] - a[k]) / lasted for a, b in zip(before, after, strict=True)] for k in (0, 1)]


async def play_or_pause(students):
    """Let them learn, or stop."""
    for one in students:
        await one.play_or_pause()


async def answers(students, times=3):
    """Milliseconds from a press of "One sweep" to the frame that answers it, of students whose labs are paused."""
    return [1000 * await one.one_sweep() for _ in range(times) for one in students]


def spread(values, form="{:.0f}"):
    return tuple(form.format(f(values)) for f in (min, statistics.median, max)) if values else ("-", "-", "-")


async def files_of(browser, app):
    """Addresses of what a browser asks for with a page."""
    page = await browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright takes no method of a list
    await page.goto(f"{app.url}/voila/render/labs/00_start_here.ipynb?token={app.token}")
    await page.get_by_role("heading", name="Start here").wait_for()
    await page.wait_for_load_state("networkidle")
    await page.close()
    paths = [urlsplit(one.url).path for one in asked if one.resource_type in ("script", "stylesheet")]
    return [path for path in paths if path.startswith("/voila/")]


async def lesson(app, browser, options):
    """All that is measured, as rows of a table; and what went wrong."""
    files = await files_of(browser, app)
    at_browsers = [
        AtABrowser(await (await browser.new_context(viewport=jupyter.VIEWPORT)).new_page(), app, LABS[k % len(LABS)])
        for k in range(options.browsers)
    ]
    students = [Student(app, LABS[k % len(LABS)], files) for k in range(options.students - options.browsers)]
    everyone = [*at_browsers, *students]
    print(f"Each asks for a page and {len(files)} files.", flush=True)
    server = psutil.Process(app.process.pid)
    before = own(server)
    there = await asyncio.gather(*(asyncio.wait_for(one.arrive(), LONGEST) for one in everyone), return_exceptions=True)
    lost = [repr(wrong) for wrong in there if isinstance(wrong, BaseException)]
    print(f"{len(everyone) - len(lost)} of {options.students} students have their lab.", flush=True)
    rows = [
        ("time to first picture, s", *spread([one.first for one in everyone if one.first], "{:.1f}")),
        ("of that at a browser, s", *spread([one.first for one in at_browsers if one.first], "{:.1f}")),
        ("memory of a kernel, MB", *spread([own(kernel) for kernel in kernels(app)])),
        ("memory of the server, before they came and then, MB", f"{before:.0f}", "", f"{own(server):.0f}"),
    ]
    if lost:
        return rows, lost
    away, others = students[: options.runaways], students[options.runaways :]
    rows.append(("press to answer, all at rest, ms", *spread(await answers([*others, *at_browsers]))))
    await play_or_pause(everyone)
    sweeps, frames = await pace(students, at_browsers)
    rows.append(("sweeps a second, all learning at once", *spread(sweeps)))
    rows.append(("frames a second meanwhile", *spread(frames)))
    rows.append(("of that at a browser", *spread(frames[len(students) :])))
    await play_or_pause(everyone)
    for one in away:
        one.set("sweeps a second", RUSH)
    await play_or_pause(away)
    await asyncio.sleep(2)
    rows.append((f"press to answer, {len(away)} run away, ms", *spread(await answers([*others, *at_browsers]))))
    sweeps, _ = await pace(away, [])
    rows.append(("sweeps a second of those", *spread(sweeps)))
    await play_or_pause([*others, *at_browsers])
    sweeps, frames = await pace(others, at_browsers)
    rows.append(("sweeps a second of the others, learning beside them", *spread(sweeps)))
    rows.append(("frames a second meanwhile", *spread(frames)))
    rows.append(("memory of a kernel at the end, MB", *spread([own(kernel) for kernel in kernels(app)])))
    return rows, [error for one in at_browsers for error in one.errors]


async def at_browsers_of(app, options):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=jupyter.chromium_path(), args=jupyter.FLAGS)
        return await lesson(app, browser, options)


def main():
    parser = argparse.ArgumentParser(prog="run.py bench classroom")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--browsers", type=int, default=2, help="how many of them sit at a real browser")
    parser.add_argument("--runaways", type=int, default=2, help="how many run away")
    options = parser.parse_args()
    if jupyter.chromium_path() is None:
        raise SystemExit("No Chromium was found: install chromium, or name one in BP_CHROMIUM.")
    print(machine())
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with jupyter.serve_app() as app:
        psutil.Process(app.process.pid).nice(YIELDS)
        rows, wrong = asyncio.run(at_browsers_of(app, options))
    print(f"\n{table(('', 'least', 'middle', 'most'), rows)}")
    print(f"\nwhat went wrong: {json.dumps(wrong) if wrong else 'nothing'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
