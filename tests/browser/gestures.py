"""Two ways to do the same in a page, with the mouse and with the keys alone.

A test that takes `hands` is decided both ways.
"""

from tests.browser import jupyter
from tests.browser.lab_page import canvas, click_on, drag, unfold

IN_THE_CELL = "() => !document.querySelector('.jp-Notebook') || !!document.activeElement.closest('.jp-Notebook')"
# 1: the element comes later in the page than what has the focus, -1: before, 0: it has the focus
WHERE = """element => {
    const here = document.activeElement;
    if (element === here) return 0;
    return here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
}"""


def tab_to(locator):
    """Press Tab, or Shift and Tab, until the focus is there; from the notebook's cell where it is elsewhere."""
    page = locator.page
    if not page.evaluate(IN_THE_CELL):
        jupyter.execute(page, "notebook:enter-command-mode")
    for _ in range(80):
        where = locator.evaluate(WHERE)
        if where == 0:
            return locator
        page.keyboard.press("Tab" if where > 0 else "Shift+Tab")
    raise AssertionError(f"80 times Tab do not lead to {locator}")


class Mouse:
    """Clicks and drags."""

    def push(self, button):
        """Push a button."""
        button.click()

    def press(self, page, name):
        """Push a button of the first lab, by its name."""
        self.push(button_of(page, name))

    def choose(self, page, told, way=()):
        """Choose what on the canvas says this of itself."""
        click_on(page, told)

    def enter(self, field, text):
        """Put a text in the place of another, and say that it is done."""
        field.click(click_count=3)
        field.page.keyboard.type(text)
        field.press("Enter")

    def write(self, area, text):
        """Put a text of several lines in the place of another."""
        area.fill(text)

    def pick(self, choice, option):
        """Pick one of the options of a list."""
        choice.select_option(option)

    def move(self, slider, steps):
        """Move a slider by some steps, roughly."""
        drag(slider.page, slider, 3 * steps)


class Keyboard:
    """Tab, Enter, the space bar, the arrow keys, and typing."""

    def __init__(self):
        self._pushed = 0

    def push(self, button):
        """Push a button, by Enter and the space bar in turn."""
        tab_to(button)
        self._pushed += 1
        button.page.keyboard.press("Enter" if self._pushed % 2 else "Space")

    def press(self, page, name):
        """Push a button of the first lab, by its name."""
        self.push(button_of(page, name))

    def choose(self, page, told, way=()):
        """Choose what on the canvas says this of itself; `way` are keys that lead near it."""
        self.go(page, told, way)
        page.keyboard.press("Enter")

    def go(self, page, told, way=()):
        """Go to what on the canvas says this of itself."""
        tab_to(canvas(page))
        page.keyboard.press("Escape")
        tip = page.locator(".bp-tip").first
        for key in way:
            page.keyboard.press(key)
        for _ in range(600):
            if tip.text_content().startswith(told) and tip.is_visible():
                return
            page.keyboard.press("ArrowRight")
        raise AssertionError(f"the keys do not come to {told}")

    def enter(self, field, text):
        """Put a text in the place of another, and say that it is done."""
        tab_to(field)
        field.page.keyboard.press("ControlOrMeta+a")
        field.page.keyboard.type(text)
        field.page.keyboard.press("Enter")

    def write(self, area, text):
        """Put a text of several lines in the place of another."""
        tab_to(area)
        area.page.keyboard.press("ControlOrMeta+a")
        area.page.keyboard.type(text)

    def pick(self, choice, option):
        """Pick one of the options of a list, by the first letters of its name."""
        tab_to(choice)
        choice.page.keyboard.type(option.split()[0])

    def move(self, slider, steps):
        """Move a slider by some steps."""
        tab_to(slider)
        for _ in range(abs(steps)):
            slider.page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


def button_of(page, name):
    """A button of the first lab, by its name."""
    unfold(page)
    return page.locator(".bp-lab").first.get_by_role("button", name=name)
