"""How live the labs are: `python run.py bench live`.

Frames a second, key to pixel, scrubbing, whole runs a second in instant mode and click to answer, measured inside the
page with all views on, in the real JupyterLab in a real Chromium. A frame counts as painted when the browser has
finished it, not when its drawing was asked for.
"""

import argparse
import statistics
import sys
import time

from benchmarks.bench import CANVAS, do, machine, opened_lab, table
from labs.kit.player import LONGEST
from tests.browser import jupyter

FRAMES, KEY, SCRUB, CLICK, RUNS = 30, 150, 33, 100, 25  # a second; ms; ms; ms; a second
SPEEDS = (300, 3_000, 20_000)  # sweeps a second
SCRUBBED = 1_425  # sweeps, as many as Fig. 1's
SPOT = """([canvas, kind, index]) => {
    const isThat = spot => spot.kind === kind && spot.index === index;
    const { x, y, w, h } = document.querySelector(canvas).spots.find(isThat);
    return [x + w / 2, y + h / 2];
}"""
SWEEP = "canvas => Number(document.querySelector(canvas).dataset.sweep)"

# frames(seconds): paintings of the canvas a second, and the longest time from one to the next. It has no loop of
# animation frames of its own, which would make the page draw more than it does.
# keys(): for every key pressed, ms until a frame with another epsilon was on the screen, and whether its pixels differ.
# drags(): for every input event of the time slider, ms until a frame that shows that sweep was on the screen.
PROBE = """
selector => {
  const canvas = document.querySelector(selector), time = canvas.parentElement.querySelector('.bp-time');
  const finished = new MessageChannel();
  const afterFrame = done => { finished.port1.onmessage = done; finished.port2.postMessage(0); };
  const pixels = () => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let hash = 0;
    for (let k = 0; k < data.length; k++) hash = (31 * hash + data[k]) | 0;
    return hash;
  };
  const found = { keys: [], drags: [], clicks: [] };
  let pressed = null, dragged = null, clicked = null;
  const runs = new Set();
  new MutationObserver(() => { if (canvas.dataset.sweep === '5000') runs.add(canvas.dataset.edition); })
    .observe(canvas, { attributes: true, attributeFilter: ['data-edition', 'data-sweep'] });
  canvas.addEventListener('click', event => {
    clicked = { at: event.timeStamp, question: canvas.dataset.question };
  }, true);
  document.addEventListener('keydown', event => {
    pressed = { at: event.timeStamp, epsilon: canvas.dataset.epsilon, pixels: pixels() };
  }, true);
  time.addEventListener('input', event => { dragged ??= { at: event.timeStamp }; }, true);
  new MutationObserver(() => {
    const key = pressed && canvas.dataset.epsilon !== pressed.epsilon ? pressed : null;
    const drag = dragged && canvas.dataset.shown === time.value ? dragged : null;
    const click = clicked && canvas.dataset.question !== clicked.question ? clicked : null;
    if (key) pressed = null;
    if (drag) dragged = null;
    if (click) clicked = null;
    if (key || drag || click) afterFrame(() => {
      const now = performance.now();
      if (key) found.keys.push([now - key.at, pixels() !== key.pixels]);
      if (drag) found.drags.push(now - drag.at);
      if (click) found.clicks.push(now - click.at);
    });
  }).observe(canvas, { attributes: true });
  window.probe = {
    found,
    runs: () => { const made = runs.size; runs.clear(); return made; },
    frames: seconds => new Promise(done => {
      const start = performance.now(), painted = Number(canvas.dataset.painted), sweep = Number(canvas.dataset.sweep);
      let last = start, gap = 0;
      const look = () => { const now = performance.now(); gap = Math.max(gap, now - last); last = now; };
      const watch = new MutationObserver(look);
      watch.observe(canvas, { attributes: true, attributeFilter: ['data-painted'] });
      setTimeout(() => {
        watch.disconnect();
        look();
        const seconds = (last - start) / 1000;
        done([(canvas.dataset.painted - painted) / seconds, gap, (canvas.dataset.sweep - sweep) / seconds]);
      }, 1000 * seconds);
    }),
  };
}
"""


def play(page, speed):
    """Begin again and learn at this speed; the first second is not measured."""
    do(page, f"lab.pause(); lab.as_in_the_paper(); lab.speed = {speed}; lab.play()")
    page.wait_for_function(
        "([canvas, least]) => { const { playing, sweep } = document.querySelector(canvas).dataset; "
        "return playing === 'true' && Number(sweep) >= least; }",
        arg=[CANVAS, min(speed, 2_000)],
    )


def key_to_pixel(page, speed, presses):
    """Press the right arrow on the handle of the epsilon slider, at moments that have nothing to do with frames."""
    page.evaluate("() => { window.probe.found.keys.length = 0; }")
    handle = page.locator(".bp-lab").first.locator(".bp-control .noUi-handle").first
    handle.focus()
    for number in range(1, presses + 1):
        if number % 5 == 0:
            play(page, speed)  # before the last sweep of a lab is made
        page.keyboard.press("ArrowRight")
        page.wait_for_function("n => window.probe.found.keys.length === n", arg=number)
        page.wait_for_timeout(100 + 37 * number % 90)
    keys = page.evaluate("() => window.probe.found.keys")
    if not all(changed for _, changed in keys):
        raise SystemExit("A key press changed epsilon but no pixel.")
    return [ms for ms, _ in keys]


def scrub(page, moves):
    """Drag the time slider with the mouse from its end to its beginning."""
    page.evaluate("() => { window.probe.found.drags.length = 0; }")
    box = page.locator(".bp-lab").first.locator(".bp-time").bounding_box()
    y, left, right = box["y"] + box["height"] / 2, box["x"] + 8, box["x"] + box["width"] - 8
    page.mouse.move(right, y)
    page.mouse.down()
    for k in range(1, moves + 1):
        page.mouse.move(right + (left - right) * k / moves, y)
        page.wait_for_timeout(20 + 7 * k % 17)
    page.mouse.up()
    page.wait_for_function("canvas => document.querySelector(canvas).dataset.shown === '0'", arg=CANVAS)
    return page.evaluate("() => window.probe.found.drags")


def runs_while_dragged(page, slider, seconds):
    """Whole runs painted a second while a slider is dragged to and fro around its middle."""
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => window.probe.runs()")
    began, move = time.perf_counter(), 0
    while time.perf_counter() < began + seconds:
        move += 1
        page.mouse.move(x + 40 - abs(move % 160 - 80), y)
    made = page.evaluate("() => window.probe.runs()") / (time.perf_counter() - began)
    page.mouse.up()
    return made


def retrain(page, seconds):
    """Whole runs painted a second while the handle of the epsilon slider is dragged to and fro in instant mode."""
    do(page, "lab.pause(); lab.as_in_the_paper(); lab.instant = True")
    page.wait_for_function("canvas => document.querySelector(canvas).dataset.sweep === '5000'", arg=CANVAS)
    made = runs_while_dragged(page, page.locator(".bp-lab").first.locator(".bp-control .noUi-handle").first, seconds)
    do(page, "lab.instant = False")
    return made


def click_to_answer(page, clicks):
    """Click on one relationship after another while the lab learns."""
    page.evaluate("() => { window.probe.found.clicks.length = 0; }")
    box = page.locator(CANVAS).first.bounding_box()
    for number in range(1, clicks + 1):
        x, y = page.evaluate(SPOT, [CANVAS, "relationship", number % 12])
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_function("n => window.probe.found.clicks.length === n", arg=number)
        page.wait_for_timeout(100 + 37 * number % 90)
    return page.evaluate("() => window.probe.found.clicks")


class Rows(list):
    """Rows of the table: what, measured, bar, kept."""

    def add(self, what, value, bar, kept):
        self.append((what, value, bar, "yes" if kept else "NO"))

    def times(self, what, ms, bar, share=0.5):
        middle, worst, counts = statistics.median(ms), max(ms), sorted(ms)[min(int(share * len(ms)), len(ms) - 1)]
        asked = {0.5: "median", 0.9: "nine of ten", 1: "each"}[share] + f" within {bar} ms"
        self.add(what, f"{middle:.0f} ms, worst {worst:.0f} of {len(ms)}", asked, counts <= bar)

    def frames(self, page, seconds, at):
        frames, gap, made = page.evaluate("seconds => window.probe.frames(seconds)", seconds)
        painted = f"frames painted, {at} ({made:,.0f} sweeps made a second)"
        self.add(painted, f"{frames:.1f} a second", f"at least {FRAMES}", frames >= FRAMES)
        self.add(f"longest time without a frame, {at}", f"{gap:.0f} ms", "1 s: the tab answers", gap < 1000)


def measure_trees(page, seconds, clicks):
    """Rows of the family-tree lab."""
    page.evaluate(PROBE, CANVAS)
    rows = Rows()
    for speed in (1_000, 20_000):
        do(
            page,
            f"lab.pause(); lab.recipe = 'working'; lab.reset(); lab.sweeps = 100_000; lab.speed = {speed}; lab.play()",
        )
        page.wait_for_function("canvas => Number(document.querySelector(canvas).dataset.sweep) > 500", arg=CANVAS)
        within = min(seconds, 0.9 * LONGEST / speed)
        rows.frames(page, within, f"family trees at {speed:,} sweeps a second")
    do(page, "lab.pause(); lab.reset(); lab.speed = 1000; lab.play()")
    rows.times("click on a relationship to the answer, while it learns", click_to_answer(page, clicks), CLICK, 0.9)
    rows.add("console errors", len(page.console_errors), "none", not page.console_errors)
    return rows


def measure(page, seconds, presses, moves):
    """Rows of the symmetry lab."""
    page.evaluate(PROBE, CANVAS)
    rows = Rows()

    for speed in SPEEDS:
        play(page, speed)
        within = min(seconds, 0.9 * (LONGEST - page.evaluate(SWEEP, CANVAS)) / speed)  # then a lab pauses by itself
        at = f"at {speed:,} sweeps a second"
        rows.frames(page, within, at)
        play(page, speed)
        rows.times(f"key on ε to pixels, {at}", key_to_pixel(page, speed, presses), KEY)
    do(page, f"lab.pause(); lab.as_in_the_paper(); lab.step({SCRUBBED})")
    page.wait_for_function(
        "([canvas, sweep]) => document.querySelector(canvas).dataset.sweep === sweep", arg=[CANVAS, str(SCRUBBED)]
    )
    rows.times(f"scrubbing over {SCRUBBED:,} sweeps, paused", scrub(page, moves), SCRUB, 1)
    do(page, "lab.speed = 300; lab.play()")
    rows.times("scrubbing while it learns on, at 300", scrub(page, moves), SCRUB, 0.9)
    alive = jupyter.ask_python(page, "lab.playing") == "True"
    rows.add("after all this", "page and kernel answer" if alive else "the clock stands", "they do", alive)
    made = retrain(page, seconds)
    rows.add("whole runs of 5,000 sweeps in instant mode", f"{made:.0f} a second", f"at least {RUNS}", made >= RUNS)
    rows.add("console errors", len(page.console_errors), "none", not page.console_errors)
    return rows


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="run.py bench live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="frames are counted so long, at each speed")
    parser.add_argument("--presses", type=int, default=20, help="key presses, at each speed")
    parser.add_argument("--moves", type=int, default=60, help="moves of the mouse along the time slider")
    options = parser.parse_args(arguments)
    about = machine()
    with opened_lab() as page:
        browser = (
            f"Chromium {page.context.browser.version}, {page.viewport_size['width']} x {page.viewport_size['height']}"
        )
        rows = measure(page, options.seconds, options.presses, options.moves)
        errors = page.console_errors
    with opened_lab("labs/04_family_trees.ipynb") as page:
        rows += measure_trees(page, options.seconds, options.presses)
        errors = errors + page.console_errors
    print(f"\nThe labs while they learn, all views on. {browser}; {about}\n")
    print(table(("what", "measured", "bar", "kept"), rows))
    print(*errors, sep="\n")
    return 0 if all(kept == "yes" for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
