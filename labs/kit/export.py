"""A lab as files: its figure, its numbers, its run, a script that makes the run again, and a page that learns."""

import base64
import csv
import html
import json
from itertools import pairwise
from pathlib import Path

import numpy as np

import bpcore as bp

from .canvas import learning_module, stage_module, style
from .learning import KERNEL, can_learn, learning_of, plain
from .pieces import record
from .script import script_of
from .ticket import ticket_of

FORMS = {
    "figure (SVG)": (".svg", "errors"),
    "figure (PDF)": (".pdf", "errors"),
    "figure (PNG)": (".png", "errors"),
    "errors (CSV)": (".csv", "errors"),
    "weights (CSV)": (".csv", "weights"),
    "run (npz)": (".npz", "errors"),
    "script (py)": (".py", "errors"),
    "page (html)": (".html", "errors"),
    "recording (html)": (".html", "recording"),
}
"""What a lab is saved as in the page: the ending of its file, and of a .csv or a page what is in it."""
_WEIGHT_BYTES = 1_500_000  # of the weights in a page, before they are written as text
_MOVES = 6  # of a slider that are told in words; the error curve of a page has a mark for each
_STANDINGS = 40  # sweeps of a page at which it is said where the run stands


def export(lab, path, what="errors"):
    """Write a lab to a file, in the form its ending asks for.

    ===================  ====================================================================================
    .svg .pdf .png       the figure
    .csv                 the errors of all sweeps, or the kept weights: see `save_errors`, `save_weights`
    .npz                 the run, for `bpcore.load`
    .py                  a script that makes the run again without a lab, see `script_of`
    .html                a page for any browser, without Python or a network, that learns on: see `page_of`
    ===================  ====================================================================================

    Parameters
    ----------
    lab : LiveLab
    path : str or path
    what : {"errors", "weights", "recording"}
        Of a .csv, the first two. A .html replays the run, and does no more, if it is a recording.

    Returns
    -------
    path : Path

    Raises
    ------
    ValueError
        For any other ending, and for what cannot be written in that form.
    """
    path = Path(path)
    writers = {
        **dict.fromkeys((".svg", ".pdf", ".png"), lambda: lab.picture().save(path)),
        ".csv": lambda: _table(what)(lab, path),
        ".npz": lambda: bp.save(lab.run, path),
        ".py": lambda: path.write_text(script_of(lab), encoding="utf-8"),
        ".html": lambda: path.write_text(page_of(lab, what == "recording"), encoding="utf-8"),
    }
    if path.suffix not in writers:
        raise ValueError(f"{path.name} ends in '{path.suffix}'; one of {', '.join(writers)} is expected")
    writers[path.suffix]()
    return path


# ---- numbers


def _table(what):
    tables = {"errors": save_errors, "weights": save_weights}
    if what not in tables:
        raise ValueError(f"what is {what!r}; 'errors' or 'weights' is expected")
    return tables[what]


def save_errors(lab, path):
    """Write E of every sweep as CSV: columns sweep and E, or E 1, E 2, ... of runs side by side; equation (3).

    Every number has as many digits as it takes to read back the same.
    """
    run = lab.run
    names = ["E"] if run.runs == 1 else [f"E {k + 1}" for k in range(run.runs)]
    _write(path, ["sweep", *names], ([t, *row] for t, row in enumerate(run.E.tolist())))


def save_weights(lab, path):
    """Write the kept weights as CSV: columns sweep (and run, of several), then a column for each weight by its name."""
    run = lab.run
    sweeps, w, _ = run.kept
    if sweeps[-1] < run.sweeps:
        sweeps, w = np.append(sweeps, run.sweeps), np.concatenate([w, run.state.w[None]])
    several = run.runs > 1
    rows = (
        [sweep, *([k] if several else []), *row]
        for sweep, runs in zip(sweeps.tolist(), w, strict=True)
        for k, row in enumerate(runs.tolist(), 1)
    )
    _write(path, ["sweep", *(["run"] if several else []), *lab.weight_names], rows)


def _write(path, names, rows):
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)


# ---- a page


def page_of(lab, recording=False):
    """Write a lab as one HTML page, which needs no Python and no network.

    The page learns: it makes the lab's run again and goes on, and its sliders act. A page that cannot learn what the
    lab does, or is to be a `recording`, replays the run: time slider, pointer and cases are as in the lab. Its weights
    are single precision; if they would take more than 1.5 MB, only those of every second, fourth, ... kept sweep are in
    the page, and it says so.

    Returns
    -------
    page : str
    """
    return recording_of(lab) if recording or not can_learn(lab) else learning_page_of(lab)


def learning_page_of(lab):
    """Write a lab as a page that learns; see `page_of`."""
    about, others = learning_of(lab)
    data = _script("learning", about)
    more = "".join(
        f'<script type="text/plain" id="{name}">{text}</script>\n'
        for name, text in (("others", others), ("kernel", base64.b64encode(KERNEL.read_bytes()).decode()))
    )
    return _page(
        lab, "", data + more, learning_module(about["task"]["scene"]["kind"]), " 'wasm-unsafe-eval'", "page/page"
    )


def recording_of(lab):
    """Write the run of a lab as a page that replays it; see `page_of`."""
    recorded = {
        "scene": lab.scene(),
        "messages": [_thinned(content, buffers, lab.run) for content, buffers in record(lab)],
        "standings": _standings(lab),
        "settings": _settings(lab),
        "ticket": _ticket(lab),
    }
    return _page(lab, "how it was made", _script("recorded", recorded), stage_module("player"))


def _script(name, data):
    text = json.dumps(data, default=plain, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>\n'


def _page(lab, label, data, module, scripts="", *styles):
    title = f"{lab.title} · sweep {lab.run.sweeps:,}"
    said = html.escape(lab.digest())
    shape = html.escape(lab.shape)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'unsafe-inline'{scripts}; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{html.escape(title)}</title>
<style>
{style("kit/stage/stage", "kit/stage/player", *styles)}
</style>
</head>
<body>
<main class="bp-lab">
<header class="bp-head"><div class="bp-name"><b>{html.escape(lab.title)}</b><span>{shape}</span></div></header>
<section class="bp-controls" aria-label="{label or "controls"}"></section>
<div class="bp-recorded"></div>
</main>
<noscript><pre>{said}</pre></noscript>
{data}<script type="module">
{module}</script>
</body>
</html>
"""


def _ticket(lab):
    try:
        return ticket_of(lab)
    except ValueError:  # not every lab has one
        return ""


def _settings(lab):
    """What a lab was set to, [name, value] pairs of words."""
    told = {"start number (seed)": lab.seed, "sweeps made": f"{lab.run.sweeps:,}"} | lab.settings
    steered = [name for name in ("epsilon", "alpha", "weight_decay") if name in told]
    told |= {name: _course(lab.run.recipe.phases, name) for name in steered}
    return [[name.replace("_", " "), _words(value)] for name, value in told.items()]


def _course(phases, name):
    """What a slider said, and from which sweep on: "0.1, 0.3 from 400"."""
    course = [(phase.start, getattr(phase, name)) for phase in phases]
    moves = [course[0], *(now for before, now in pairwise(course) if now[1] != before[1])]
    told = [f"{value:g}" + (f" from\u00a0{start:,}" if start else "") for start, value in moves]
    return ", ".join(told if len(told) <= _MOVES else [*told[: _MOVES - 1], "\u2026", told[-1]])


def _words(value):
    if isinstance(value, list | tuple):
        pairs = all(isinstance(part, list | tuple) for part in value)
        return ", ".join(f"({_words(part)})".replace(" ", "\u00a0") if pairs else _words(part) for part in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _thinned(content, buffers, run):
    """A message as it is written into a page: a piece of a run with no more weights than there is room for."""
    if content.get("type") == "piece":
        sweeps = np.frombuffer(buffers[1], "<u4")
        w = np.frombuffer(buffers[2], "<f4").reshape(run.runs, len(sweeps), -1)
        step = 1
        while w[:, ::step].nbytes > _WEIGHT_BYTES and step < len(sweeps):
            step *= 2
        shown = sweeps[::step]
        content = content | {
            "every": content["every"] * step,
            "words": _still_said(content["words"], [*shown.tolist(), run.sweeps]),
            "playing": False,
        }
        buffers = [buffers[0], shown.tobytes(), w[:, ::step].tobytes(), buffers[3]]
    return {"content": content, "buffers": [base64.b64encode(buffer).decode() for buffer in buffers]}


def _still_said(words, sweeps):
    """What is said at one of these sweeps: of several (sweep, sentences) between two of them, the last."""
    by_place = {int(np.searchsorted(sweeps, since)): [since, sentences] for since, sentences in words}
    return list(by_place.values())


def _standings(lab):
    """Where the run stands at some of its sweeps, [sweep, name, why], in a lab that can say so."""
    if not hasattr(lab, "where"):
        return []
    sweeps = np.unique(np.linspace(0, lab.run.sweeps, _STANDINGS).astype(int)).tolist()
    return [[sweep, found.name, found.why] for sweep in sweeps for found in [lab.where(sweep)]]
