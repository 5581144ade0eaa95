"""Every spot of every canvas is pressed, by mouse and by keys: no error in page or kernel, and the canvas lives on."""

import pytest

from tests.browser.lab_page import ask, data, do, run_cell, wait

LABS = {
    "procedure": "from labs import ProcedureLab\nlab = ProcedureLab()",
    "symmetry": "from labs import SymmetryLab\nlab = SymmetryLab(3)",
    "race": "from labs import EpsilonAlphaLab\nlab = EpsilonAlphaLab()\nlab.fill_map(seeds=1, wait=True)",
    "family trees": "from labs import FamilyTreesLab\nlab = FamilyTreesLab()",
    "sequences": "from labs import IterativeLab\nlab = IterativeLab('sequences')",
    "shift register": "from labs import IterativeLab\nlab = IterativeLab('shift register')",
    "search": "from labs import IterativeLab\nlab = IterativeLab('search')",
    **{
        f"{task} of local minima": f"from labs import LocalMinimaLab\nlab = LocalMinimaLab('{task}')"
        for task in ("symmetry", "xor", "encoder")
    },
    "workbench with a plane": "from labs import Workbench\nlab = Workbench()",
}
EXPORTED = [name for name in LABS if name != "procedure"]  # which has no exported page
RECORDING = "This is a recording. To change something, paste its ticket into a lab."

# Presses the spots one by one, each where it lies at that moment: with the mouse, or with Enter. Gives, for each kind,
# how many were pressed, and the keys of those that the pointer did not find: another lies above their middle.
PRESS_ALL = """async ([view, byKeys]) => {
    const canvas = document.querySelectorAll('.bp-lab canvas')[view], pressed = {}, hidden = [], many = {};
    const painted = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    const at = (type, spot) => {
        const box = canvas.getBoundingClientRect();
        const [x, y] = [box.left + spot.x + spot.w / 2, box.top + spot.y + spot.h / 2];
        canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, pointerType: 'mouse' }));
    };
    const press = (on, key) => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    for (const key of new Set(canvas.spots.map((spot) => spot.key))) {
        const spot = canvas.spots.find((one) => one.key === key);
        if (!spot) continue; // a press has changed what there is
        many[spot.kind] = (many[spot.kind] ?? 0) + 1;
        if (many[spot.kind] > 16 && many[spot.kind] % 20) continue; // of hundreds of one kind every twentieth
        at('pointermove', spot);
        await painted();
        if (canvas.dataset.lit !== key) { hidden.push(key); continue; }
        if (byKeys) press(canvas, 'Enter'); else at('click', spot);
        await painted();
        pressed[spot.kind] = (pressed[spot.kind] ?? 0) + 1;
        const dialog = document.activeElement?.closest('.bp-edit');
        if (dialog) press(dialog, 'Escape');
    }
    return [pressed, hidden];
}"""


def press_all(page, by_keys, view=0):
    """How many spots of each kind were pressed; nearly all of them have to be found."""
    pressed, hidden = page.evaluate(PRESS_ALL, [view, by_keys])
    assert len(pressed) >= 2, pressed
    assert len(hidden) <= 0.2 * sum(pressed.values()), hidden
    return pressed


@pytest.fixture(scope="module")
def notebook(in_notebook):
    """A notebook in which each cell makes one of the labs."""
    cells = [f"{code}\nlab.{'next' if name == 'procedure' else 'step'}(5)\nlab" for name, code in LABS.items()]
    return in_notebook(*cells, run=False)


@pytest.mark.parametrize("name", LABS)
def test_every_spot_can_be_pressed_in_jupyterlab(notebook, name):
    page = notebook
    page.console_errors.clear()  # those of another lab
    run_cell(page, list(LABS).index(name))
    view = page.locator(".bp-lab canvas").count() - 1  # JupyterLab may keep the first cells out of the page
    for by_keys in (False, True):
        press_all(page, by_keys, view)
        if name == "procedure":
            painted = int(data(page, view)["painted"])
            do(page, "lab.next()")
            wait(page, f"Number(d.painted) > {painted}", view)
            continue
        do(page, "lab.pause()")
        assert ask(page, "lab.message") == ""
        do(page, "lab.reset(); lab.step(30)")
        wait(page, "Number(d.sweep) === 30 && Number(d.painted) > 3", view)
    assert page.console_errors == []


@pytest.mark.parametrize("name", EXPORTED)
def test_every_spot_can_be_pressed_in_an_exported_page(page, name, tmp_path):
    space = {}
    exec(LABS[name], space)
    space["lab"].step(20)
    page.goto(space["lab"].export(tmp_path / "spots.html").as_uri())
    wait(page, "Number(d.sweep) === 20")
    for by_keys in (False, True):
        before = int(wait(page, "true")["painted"])
        press_all(page, by_keys)
        page.evaluate("() => document.querySelector('.bp-lab canvas').dispatchEvent(new PointerEvent('pointerleave'))")
        wait(page, f"Number(d.painted) > {before}")
    assert page.console_errors == []
    assert page.locator(".bp-message").inner_text() in ("", RECORDING)
