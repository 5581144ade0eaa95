"""Takes the pictures of the labs that README and labs/00_start_here show: `python -m tests.browser.pictures`."""

from tests.browser import jupyter

DOCS = jupyter.ROOT / "docs"


def lab_of(page, name, server):
    """Make a lab in a notebook of its own, and give it."""
    jupyter.write_notebook(server.root / "labs" / "picture.ipynb", f"import labs\nlab = labs.{name}\nlab")
    jupyter.open_notebook(page, server, "labs/picture.ipynb")
    jupyter.run_all(page)
    lab = page.locator(".bp-lab").first
    lab.scroll_into_view_if_needed()
    return lab


def take(page, lab, name):
    """Take a lab as it is now."""
    lab.screenshot(path=DOCS / f"{name}.png")


def symmetry(page, server):
    """The symmetry network shortly after it is solved, for a light and for a dark page."""
    lab = lab_of(page, "SymmetryLab(seed=10)", server)
    jupyter.ask_python(page, "lab.step(1600)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '1600'")
    take(page, lab, "lab")
    jupyter.theme(page, "JupyterLab Dark")
    page.wait_for_timeout(1000)
    take(page, lab, "lab_dark")
    jupyter.theme(page, "JupyterLab Light")  # the server keeps it for the next page


def family_trees(page, server):
    """The family trees learnt, and Colin's aunts."""
    lab = lab_of(page, "FamilyTreesLab(seed=170)", server)
    jupyter.ask_python(page, "lab.step(20_000)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '20000'")
    take(page, lab, "family_trees")


def iterative_nets(page, server):
    """The sequences learnt, and the error of one of them on its way back."""
    lab = lab_of(page, "IterativeLab()", server)
    jupyter.ask_python(page, "lab.step(230)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '230'")
    jupyter.ask_python(page, "lab.present('BE')")
    page.wait_for_timeout(2500)
    take(page, lab, "iterative_nets")


def epsilon_and_alpha(page, server):
    """Four lanes, the map of 40 starts a cell, and the surface under the first lane."""
    lab = lab_of(page, "EpsilonAlphaLab(seed=10)", server)
    jupyter.ask_python(page, "(lab.step(2000), lab.draw_surface(), lab.fill_map(40))")
    page.wait_for_function(
        "() => { const d = document.querySelector('.bp-view canvas').dataset; "
        "return d.sweep === '2000' && d.made === '16000' && d.filling === 'false'; }",
        timeout=120_000,
    )
    take(page, lab, "epsilon_and_alpha")


def local_minima(page, server):
    """A start that never leaves E = 4, and why."""
    lab = lab_of(page, "LocalMinimaLab('symmetry', seed=4)", server)
    jupyter.ask_python(page, "lab.step(2000)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.stood === '2000'")
    take(page, lab, "local_minima")


def your_own_task(page, server):
    """The circle, enclosed by the lines of the hidden units."""
    lab = lab_of(page, "Workbench.from_csv(labs.workbench.lab.DATA / 'circle.csv', seed=1)", server)
    jupyter.ask_python(page, "lab.step(250)")
    page.wait_for_function("() => document.querySelector('.bp-view canvas').dataset.sweep === '250'")
    take(page, lab, "your_own_task")


def procedure(page, server):
    """The procedure lab where derivatives reach the hidden units."""
    lab = lab_of(page, "ProcedureLab()", server)
    for _ in range(5):
        lab.get_by_role("button", name="Next step").click()
        page.wait_for_timeout(300)
    take(page, lab, "procedure")


def main():
    DOCS.mkdir(exist_ok=True)
    with jupyter.serve() as server, jupyter.chromium() as browser:
        labs = symmetry, procedure, epsilon_and_alpha, family_trees, iterative_nets, local_minima, your_own_task
        for picture in labs:
            page = browser.new_page(viewport={"width": 1280, "height": 1100})
            picture(page, server)
            page.close()


if __name__ == "__main__":
    main()
