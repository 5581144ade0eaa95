"""The front page of the site and of `run.py app`: the symmetry network, which learns at once, and the labs below it."""

import base64
import html
import json
import re
from pathlib import Path
from string import Template

from ..kit.bundle import bundle
from ..kit.canvas import style
from ..kit.learning import KERNEL, learning_of, plain
from ..symmetry.lab import SymmetryLab

HERE = Path(__file__).parent
SEED = 10
"""Of the starting weights: a long wait, and then the mirror."""
WHOLE_RUN = 2000
"""Sweeps that a moved slider reruns: with the paper's values it is solved before."""
TITLES = {
    "01_the_procedure": "The procedure",
    "02_symmetry": "Symmetry",
    "03_epsilon_and_alpha": "Epsilon, alpha",
    "04_family_trees": "Family trees",
    "05_iterative_nets": "Iterative nets",
    "06_local_minima": "Local minima",
    "07_your_own_task": "Your own task",
}


def front_page(links, nav, below="", head=""):
    """Write the front page.

    Parameters
    ----------
    links : callable
        Given the name of a lab's notebook: [(address, text), ...]; the first is the lab, the others are said below it.
    nav : list of (address, text)
        Links at the top of the page.
    below : str
        HTML below the labs.
    head : str
        HTML at the end of the head.

    Returns
    -------
    page : str
    """
    lab = SymmetryLab(SEED)
    about, _ = learning_of(lab)
    about["task"]["scene"] |= {"kind": "front", "title": "The network of Fig. 1"}
    about["wholeRun"] = WHOLE_RUN
    steer, (again, name, what) = about["look"]["instant"]["choices"]
    about["look"]["instant"]["choices"] = [steer, [again, name, what.replace("5,000", f"{WHOLE_RUN:,}")]]
    data = json.dumps(about, default=plain, separators=(",", ":")).replace("<", "\\u003c")
    template = Template((HERE / "front.html").read_text(encoding="utf-8"))
    return template.substitute(
        style=style("kit/stage/stage", "kit/stage/player", "page/page", "page/front"),
        head=head,
        nav="\n".join(f'<a href="{address}">{html.escape(text)}</a>' for address, text in nav),
        cards="\n".join(_card(name, title, links(name)) for name, title in TITLES.items()),
        below=below,
        data=data,
        kernel=base64.b64encode(KERNEL.read_bytes()).decode(),
        module=bundle(HERE / "front_page.js"),
    )


def plates(folder, link):
    """The figures of a folder as items of a list; `link` is given the name of a figure and gives its address."""
    firsts = {path.stem: json.loads(path.read_text(encoding="utf-8"))["cells"][0] for path in folder.glob("*.ipynb")}
    titles = {name: "".join(first["source"]).splitlines()[0].lstrip("# ") for name, first in sorted(firsts.items())}
    return "\n".join(f'<li><a href="{link(name)}">{html.escape(title)}</a></li>' for name, title in titles.items())


def _card(name, title, links):
    picture = (HERE / "cards" / f"{name[:2]}.svg").read_text(encoding="utf-8")
    said = re.search(r"<title>(.*)</title>\n", picture)
    (address, _), *others = links
    more = "".join(f' <a class="bp-also" href="{also}">{text}</a>' for also, text in others)
    return (
        f'<li><a href="{address}">{picture.replace(said[0], "")}<h3><span>{name[:2]} ·</span> {title}</h3></a>'
        f"<p>{said[1]}</p>{more}</li>"
    )
