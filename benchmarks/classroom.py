"""A class on one machine: `python run.py bench classroom`.

So many students open a lab as a page without code, each in a browser window of its own, all within seconds. Each gets
a kernel of its own. Then all let it learn, then some run away with all they can get, and the others go on. The browsers
run on this machine too, which in a class they do not: what is measured is an upper bound. Everything stays on the
loopback and ends after a bounded time.
"""

import argparse
import statistics
import sys
import time

import psutil

from benchmarks.bench import CANVAS, machine, table
from tests.browser import jupyter

LABS = ("02_symmetry", "03_epsilon_and_alpha", "04_family_trees", "05_iterative_nets", "06_local_minima")
LONGEST = 300  # seconds until all have their lab, or the class is called off
MB = 1e6

# In every page from its beginning: when the first lab was painted, in ms; the student goes down to it at once.
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


def arrive(browser, app, students):
    """Let the students come, a page each; give the pages, and the seconds until each had its first picture."""
    pages, began = [], time.monotonic()
    for number in range(students):
        page = jupyter.listen(browser.new_context(viewport=jupyter.VIEWPORT).new_page())
        page.add_init_script(FIRST)
        lab = LABS[number % len(LABS)]
        page.goto(f"{app.url}/voila/render/labs/{lab}.ipynb?token={app.token}", wait_until="commit", timeout=60_000)
        pages.append(page)
    print(f"all have asked after {time.monotonic() - began:.0f} s", file=sys.stderr)
    first = {}
    while len(first) < students and time.monotonic() < began + LONGEST:
        for number, page in enumerate(pages):
            if number not in first and (at := page.evaluate("() => window.bpFirst ?? null")):
                first[number] = at / 1000
        time.sleep(0.2)
    return pages, list(first.values())


def kernels(app):
    """The kernels' processes."""
    children = psutil.Process(app.process.pid).children(recursive=True)
    return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]


def own(process):
    """MB that would be free without this process."""
    return process.memory_full_info().uss / MB


def press(page, name):
    page.evaluate(
        "name => [...document.querySelectorAll('.bp-lab button')].find((b) => b.textContent.includes(name)).click()",
        name,
    )


def sweeps(pages):
    return [int(page.evaluate("canvas => document.querySelector(canvas).dataset.sweep", CANVAS)) for page in pages]


def pace(pages, seconds=10):
    """Sweeps a second of each page, while all are looked at from outside."""
    began, before = time.monotonic(), sweeps(pages)
    time.sleep(seconds)
    after, lasted = sweeps(pages), time.monotonic() - began
    return [(b - a) / lasted for a, b in zip(before, after, strict=True)]


def answers(pages, times=3):
    """Milliseconds from a click to the frame that answers it, in pages whose lab is paused."""
    return [page.evaluate(ONE_SWEEP) for _ in range(times) for page in pages]


def spread(values, form="{:.0f}"):
    if not values:
        return ("-", "-", "-")
    return tuple(form.format(f(values)) for f in (min, statistics.median, max))


def run_away(page):
    """Let a lab take all it can: the fastest speed, and a run that does not end by itself for long."""
    field = page.locator(".bp-lab").first.get_by_role("spinbutton", name="sweeps a second")
    field.fill("20000")
    field.press("Enter")
    press(page, "Play")


def main():
    parser = argparse.ArgumentParser(prog="run.py bench classroom")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--runaways", type=int, default=2, help="how many of them run away")
    options = parser.parse_args()
    if jupyter.chromium_path() is None:
        raise SystemExit("No Chromium was found: install chromium, or name one in BP_CHROMIUM.")
    print(machine())
    rows = []
    with jupyter.serve_app() as app, jupyter.chromium() as browser:
        pages, first = arrive(browser, app, options.students)
        rows.append(("time to first picture, s", *spread(first, "{:.1f}")))
        print(f"{len(first)} of {options.students} students have their lab.")
        if len(first) < options.students:
            return 1
        rows.append(("memory of a kernel, MB", *spread([own(kernel) for kernel in kernels(app)])))
        rows.append(("memory of the server, MB", *spread([own(psutil.Process(app.process.pid))])))
        away, others = pages[: options.runaways], pages[options.runaways :]
        rows.append(("click to answer, all at rest, ms", *spread(answers(others))))
        for page in pages:
            press(page, "Play")
        rows.append(("sweeps a second, all learning (300 are asked)", *spread(pace(pages))))
        for page in pages:
            press(page, "Pause")
        for page in away:
            run_away(page)
        rows.append((f"click to answer, {options.runaways} run away, ms", *spread(answers(others))))
        rows.append(("sweeps a second of those that run away", *spread(pace(away))))
        for page in others:
            press(page, "Play")
        rows.append(("sweeps a second of the others meanwhile", *spread(pace(others))))
        rows.append(("memory of a kernel at the end, MB", *spread([own(kernel) for kernel in kernels(app)])))
        errors = [error for page in pages for error in page.console_errors]
    print()
    print(table(("", "least", "middle", "most"), rows))
    print(f"\nerrors in the pages: {errors or 'none'}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
