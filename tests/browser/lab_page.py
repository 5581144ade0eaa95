"""A lab in the page, as plain functions: what its canvas says of itself, its controls, the kernel behind it."""

import ast
import time

from playwright.sync_api import TimeoutError as Late

from tests.browser import jupyter


def canvas(page, view=0):
    return page.locator(".bp-lab canvas").nth(view)


def data(page, view=0):
    return canvas(page, view).evaluate("canvas => ({...canvas.dataset})")


def wait(page, condition, view=0, patience=jupyter.PATIENCE):
    """Wait until a JavaScript condition holds of `d`, what the canvas says of itself; it is painted only in sight."""
    canvas(page, view).scroll_into_view_if_needed()
    try:
        page.wait_for_function(
            f"""view => {{
                const canvas = document.querySelectorAll('.bp-lab canvas')[view], d = canvas?.dataset;
                const {{ top, bottom }} = canvas?.getBoundingClientRect() ?? {{}};
                if (bottom < 0 || top > innerHeight) canvas.scrollIntoView(); // what stands above it came later
                return d?.painted && ({condition});
            }}""",
            arg=view,
            timeout=patience,
        )
    except Late as late:
        errors, said = getattr(page, "console_errors", []), page.locator(".bp-lab").first.inner_text()
        raise AssertionError(f"never: {condition}\n{data(page, view)}\n{errors}\n{said}") from late
    return data(page, view)


def do(page, statement):
    """Run a statement in the kernel."""
    jupyter.ask_python(page, f"exec({statement!r})")


def ask(page, expression):
    """The value of an expression in the kernel, made of plain Python things."""
    return ast.literal_eval(jupyter.ask_python(page, expression))


def until(page, condition, seconds=jupyter.PATIENCE / 1000):
    """Wait until a condition holds in the kernel: what the page has sent may still be on its way."""
    deadline = time.monotonic() + seconds
    while jupyter.ask_python(page, f"bool({condition})") != "True":
        assert time.monotonic() < deadline, f"never: {condition}"
        page.wait_for_timeout(50)


def run_cell(page, number):
    """Run one cell as a person does, and wait until its lab is painted."""
    jupyter.promised(
        page,
        """async number => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = number;
            await window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        number,
    )
    lab = page.locator(".jp-Cell").nth(number).locator(".bp-lab")
    lab.scroll_into_view_if_needed()
    lab.locator("canvas[data-painted]").wait_for()


def unfold(page):
    """Open what begins a new run, in all labs of the page."""
    page.evaluate("() => document.querySelectorAll('.bp-fold details').forEach(fold => { fold.open = true; })")


def press(page, button):
    unfold(page)
    page.locator(".bp-lab").first.get_by_role("button", name=button).click()


def slider(page, name):
    unfold(page)
    return page.locator(".bp-lab").first.get_by_role("slider", name=name)


def field(page, name):
    unfold(page)
    return page.locator(".bp-lab").first.get_by_role("spinbutton", name=name)


def drag(page, handle, dx, dy=0):
    """Drag the middle of an element, or a point, with the mouse."""
    box = handle if isinstance(handle, dict) else handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        page.mouse.move(x + share * dx, y + share * dy)
    page.mouse.up()


def pixels(page, view=0):
    return canvas(page, view).evaluate("canvas => canvas.toDataURL()")


def message(page, view=0):
    return page.locator(".bp-lab .bp-message").nth(view)


def outside(page, viewport, *also):
    """What sticks out of its cell in a window of this size, of the labs, their canvases, controls, and `also`."""
    before = page.viewport_size
    page.set_viewport_size(viewport)
    page.wait_for_timeout(300)
    try:
        return page.evaluate(
            """parts => parts.flatMap(what => [...document.querySelectorAll(what)].filter(part => {
                const cell = part.closest('.jp-OutputArea-output').getBoundingClientRect();
                const r = part.getBoundingClientRect();
                const isInside = r.right <= cell.right + 1 && r.left >= cell.left - 1;
                return !isInside || part.scrollWidth > part.clientWidth + 1;
            }).map(part => what + part.className))""",
            [".bp-lab", ".bp-lab canvas", ".bp-controls > *", *also],
        )
    finally:
        page.set_viewport_size(before)
        canvas(page).scroll_into_view_if_needed()


def to_spot(page, told):
    """Go through what is on the canvas with the arrow keys until what is told of one begins so, and give all of it."""
    canvas(page).focus()
    canvas(page).press("Escape")
    canvas(page).press("ArrowRight")
    tip = canvas(page).evaluate(
        """(canvas, told) => {
            const tip = canvas.parentElement.querySelector('.bp-tip');
            for (let press = 0; press < 2000 && !tip.textContent.startsWith(told); press++) {
                canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
            }
            return tip.textContent;
        }""",
        told,
    )
    assert tip.startswith(told)
    return tip


def click_on(page, told):
    """Click on the thing on the canvas that says this of itself; its tip stands above or below."""
    to_spot(page, told)
    tip = page.locator(".bp-tip").first
    box = tip.bounding_box()
    for y in (box["y"] + box["height"] + 9, box["y"] - 9):
        for share in (50, *range(2, 100, 2), *range(1, 100, 2)):
            x = box["x"] + share / 100 * box["width"]
            page.mouse.move(x, y)
            if tip.is_visible() and tip.inner_text().startswith(told):
                page.mouse.click(x, y)
                page.mouse.move(5, 5)
                return
    raise AssertionError(f"nothing near the tip says {told}")
