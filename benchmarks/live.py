"""How live the symmetry lab is: `python run.py bench live`.

Frames a second, key to pixel and scrubbing, measured inside the page with all views on, in the real JupyterLab in a
real Chromium. A frame counts as painted when the browser has finished it, not when its drawing was asked for.
"""

import argparse
import statistics
import sys

from benchmarks.bench import CANVAS, do, machine, symmetry_lab, table
from labs.widgets.lab import LONGEST
from tests.browser import jupyter

FRAMES, KEY, SCRUB = 30, 150, 33  # a second; ms; ms
SPEEDS = (300, 3_000, 20_000)  # sweeps a second
SCRUBBED = 1_425  # sweeps, as many as Fig. 1's
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
  const found = { keys: [], drags: [] };
  let pressed = null, dragged = null;
  document.addEventListener('keydown', event => {
    pressed = { at: event.timeStamp, epsilon: canvas.dataset.epsilon, pixels: pixels() };
  }, true);
  time.addEventListener('input', event => { dragged ??= { at: event.timeStamp }; }, true);
  new MutationObserver(() => {
    const key = pressed && canvas.dataset.epsilon !== pressed.epsilon ? pressed : null;
    const drag = dragged && canvas.dataset.shown === time.value ? dragged : null;
    if (key) pressed = null;
    if (drag) dragged = null;
    if (key || drag) afterFrame(() => {
      const now = performance.now();
      if (key) found.keys.push([now - key.at, pixels() !== key.pixels]);
      if (drag) found.drags.push(now - drag.at);
    });
  }).observe(canvas, { attributes: true });
  window.probe = {
    found,
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


def measure(page, seconds, presses, moves):
    """Rows of the table."""
    page.evaluate(PROBE, CANVAS)
    rows = []

    def row(what, value, bar, kept):
        rows.append((what, value, bar, "yes" if kept else "NO"))

    def times(what, ms, bar, share=0.5):
        middle, worst, counts = statistics.median(ms), max(ms), sorted(ms)[min(int(share * len(ms)), len(ms) - 1)]
        asked = {0.5: "median", 0.9: "nine of ten", 1: "each"}[share] + f" within {bar} ms"
        row(what, f"{middle:.0f} ms, worst {worst:.0f} of {len(ms)}", asked, counts <= bar)

    for speed in SPEEDS:
        play(page, speed)
        within = min(seconds, 0.9 * (LONGEST - page.evaluate(SWEEP, CANVAS)) / speed)  # then a lab pauses by itself
        frames, gap, made = page.evaluate("seconds => window.probe.frames(seconds)", within)
        at = f"at {speed:,} sweeps a second"
        row(
            f"frames painted, {at} ({made:,.0f} made)",
            f"{frames:.1f} a second",
            f"at least {FRAMES}",
            frames >= FRAMES,
        )
        row(f"longest time without a frame, {at}", f"{gap:.0f} ms", "1 s: the tab answers", gap < 1000)
        play(page, speed)
        times(f"key on ε to pixels, {at}", key_to_pixel(page, speed, presses), KEY)
    do(page, f"lab.pause(); lab.as_in_the_paper(); lab.step({SCRUBBED})")
    page.wait_for_function(
        "([canvas, sweep]) => document.querySelector(canvas).dataset.sweep === sweep", arg=[CANVAS, str(SCRUBBED)]
    )
    times(f"scrubbing over {SCRUBBED:,} sweeps, paused", scrub(page, moves), SCRUB, 1)
    do(page, "lab.speed = 300; lab.play()")
    times("scrubbing while it learns on, at 300", scrub(page, moves), SCRUB, 0.9)
    alive = jupyter.ask_python(page, "lab.playing") == "True"
    row("after all this", "page and kernel answer" if alive else "the clock stands", "they do", alive)
    row("console errors", len(page.console_errors), "none", not page.console_errors)
    return rows


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="run.py bench live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="frames are counted so long, at each speed")
    parser.add_argument("--presses", type=int, default=20, help="key presses, at each speed")
    parser.add_argument("--moves", type=int, default=60, help="moves of the mouse along the time slider")
    options = parser.parse_args(arguments)
    about = machine()
    with symmetry_lab() as page:
        browser = (
            f"Chromium {page.context.browser.version}, {page.viewport_size['width']} x {page.viewport_size['height']}"
        )
        rows = measure(page, options.seconds, options.presses, options.moves)
        errors = page.console_errors
    print(f"\nThe symmetry lab while it learns, all views on. {browser}; {about}\n")
    print(table(("what", "measured", "bar", "kept"), rows))
    print(*errors, sep="\n")
    return 0 if all(kept == "yes" for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
