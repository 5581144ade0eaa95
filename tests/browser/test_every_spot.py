"""Every spot of every canvas is pressed, by mouse and by keys: no error in page or kernel, and the canvas lives on."""

import pytest

from tests.browser import jupyter
from tests.browser.lab_page import ask, do, wait

LABS = {
    "symmetry": "from labs import SymmetryLab\nlab = SymmetryLab(3)",
    "race": "from labs import EpsilonAlphaLab\nlab = EpsilonAlphaLab()\nlab.fill_map(seeds=1, wait=True)",
    "family trees": "from labs import FamilyTreesLab\nlab = FamilyTreesLab()",
    "sequences": "from labs import IterativeLab\nlab = IterativeLab('sequences')",
    "shift register": "from labs import IterativeLab\nlab = IterativeLab('shift register')",
    "search": "from labs import IterativeLab\nlab = IterativeLab('search')",
    "encoder": "from labs import LocalMinimaLab\nlab = LocalMinimaLab('encoder')",
    "workbench with a plane": "from labs import Workbench\nlab = Workbench()",
}

# Presses the spots one by one, each where it lies and with what lies under it at that moment. Spots that are drawn anew
# by a press, as the map's lanes are, are found again by their keys.
PRESS_ALL = """async ([view, byKeys]) => {
    const canvas = document.querySelectorAll('.bp-lab canvas')[view];
    const painted = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    const keys = [...new Set(canvas.spots.map((spot) => spot.key))], pressed = {};
    const at = (type, spot) => {
        const box = canvas.getBoundingClientRect();
        const [x, y] = [box.left + spot.x + spot.w / 2, box.top + spot.y + spot.h / 2];
        canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, pointerType: 'mouse' }));
    };
    const press = (key) => canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    if (byKeys) { press('Escape'); press('Home'); }
    const many = {};
    for (const key of keys) {
        const spot = canvas.spots.find((one) => one.key === key);
        if (!spot) continue;
        many[spot.kind] = (many[spot.kind] ?? 0) + 1;
        const skip = many[spot.kind] > 16 && many[spot.kind] % 20; // of hundreds of one kind every twentieth
        if (!skip && byKeys) { press('Enter'); await painted(); }
        if (!skip && !byKeys) { at('pointermove', spot); at('click', spot); await painted(); }
        if (!skip) pressed[spot.kind] = (pressed[spot.kind] ?? 0) + 1;
        if (byKeys) press('ArrowRight');
    }
    return pressed;
}"""


RECORDING = "This is a recording. To change something, paste its ticket into a lab."


def press_all(page, by_keys, view=0):
    return page.evaluate(PRESS_ALL, [view, by_keys])


@pytest.mark.parametrize("name", LABS)
def test_every_spot_can_be_pressed_in_jupyterlab(open_notebook, server, name):
    jupyter.write_notebook(server.root / "labs" / "spots.ipynb", f"{LABS[name]}\nlab.step(20)\nlab")
    page = open_notebook("labs/spots.ipynb")
    wait(page, "Number(d.sweep) === 20")
    for by_keys in (False, True):
        pressed = press_all(page, by_keys)
        assert len(pressed) >= 2, pressed
        do(page, "lab.pause()")
        assert ask(page, "lab.message") == ""
        do(page, "lab.reset(); lab.step(30)")
        wait(page, "Number(d.sweep) === 30 && Number(d.painted) > 3")
    assert page.console_errors == []


@pytest.mark.parametrize("name", LABS)
def test_every_spot_can_be_pressed_in_an_exported_page(page, name, tmp_path):
    space = {}
    exec(LABS[name], space)
    space["lab"].step(20)
    page.goto(space["lab"].export(tmp_path / "spots.html").as_uri())
    wait(page, "Number(d.sweep) === 20")
    for by_keys in (False, True):
        before = int(wait(page, "true")["painted"])
        assert press_all(page, by_keys)
        page.evaluate("() => document.querySelector('.bp-lab canvas').dispatchEvent(new PointerEvent('pointerleave'))")
        wait(page, f"Number(d.painted) > {before}")
    assert page.console_errors == []
    assert page.locator(".bp-message").inner_text() in ("", RECORDING)
