"""Takes the pictures of the labs that README and labs/00_start_here show: `python -m tests.browser.pictures`."""

from tests.browser import jupyter

DOCS = jupyter.ROOT / "docs"


def lab_of(page, name, server):
    """Open a lab, run its cells and give the first lab in it."""
    jupyter.open_notebook(page, server, f"labs/{name}.ipynb")
    jupyter.run_all(page)
    lab = page.locator(".bp-lab").first
    lab.scroll_into_view_if_needed()
    return lab


def symmetry(page, server):
    """The symmetry network shortly after it is solved."""
    lab = lab_of(page, "02_symmetry", server)
    jupyter.ask_python(page, "lab.step(1600)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '1600'")
    lab.screenshot(path=DOCS / "lab.png")


def family_trees(page, server):
    """The family trees learnt, and Colin's aunts."""
    lab = lab_of(page, "04_family_trees", server)
    jupyter.ask_python(page, "lab.step(20_000)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '20000'")
    lab.screenshot(path=DOCS / "family_trees.png")


def iterative_nets(page, server):
    """The sequences learnt, and the error of one of them on its way back."""
    lab = lab_of(page, "05_iterative_nets", server)
    jupyter.ask_python(page, "lab.step(230)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '230'")
    jupyter.ask_python(page, "lab.present('BE')")
    page.wait_for_timeout(2500)
    lab.screenshot(path=DOCS / "iterative_nets.png")


def epsilon_and_alpha(page, server):
    """Four lanes, the map of 40 starts a cell, and the surface under the first lane."""
    lab = lab_of(page, "03_epsilon_and_alpha", server)
    jupyter.ask_python(page, "(lab.step(2000), lab.draw_surface(), lab.fill_map(40))")
    page.wait_for_function(
        "() => { const d = document.querySelector('.bp-view canvas').dataset; "
        "return d.sweep === '2000' && d.made === '16000' && d.filling === 'false'; }",
        timeout=120_000,
    )
    lab.screenshot(path=DOCS / "epsilon_and_alpha.png")


def local_minima(page, server):
    """A start that never leaves E = 4, and why."""
    lab = lab_of(page, "06_local_minima", server)
    jupyter.ask_python(page, "lab.step(2000)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.stood === '2000'")
    lab.screenshot(path=DOCS / "local_minima.png")


def your_own_task(page, server):
    """The circle, enclosed by the lines of the hidden units; without what stands below the lab."""
    lab = lab_of(page, "07_your_own_task", server)
    jupyter.ask_python(page, "lab.step(250)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '250'")
    page.add_style_tag(content=".bp-cases-panel { display: none !important; }")
    lab.screenshot(path=DOCS / "your_own_task.png")


def procedure(page, server):
    """The procedure lab where derivatives reach the hidden units."""
    lab = lab_of(page, "01_the_procedure", server)
    for _ in range(5):
        lab.get_by_role("button", name="Next step").click()
        page.wait_for_timeout(300)
    lab.screenshot(path=DOCS / "procedure.png")


def main():
    DOCS.mkdir(exist_ok=True)
    with jupyter.serve() as server, jupyter.chromium() as browser:
        for take in (symmetry, procedure, epsilon_and_alpha, family_trees, iterative_nets, local_minima, your_own_task):
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            take(page, server)
            page.close()


if __name__ == "__main__":
    main()
