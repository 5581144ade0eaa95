"""A ticket: a whole lab as a short text. Pasted elsewhere it makes the same run, every slider move included.

A ticket is ``bp1.BODY.CHECK``: the version, a JSON text (deflated, base64 for addresses), and the beginning of the
body's SHA-256. It holds names and numbers only; nothing in it is ever executed.
"""

import base64
import binascii
import hashlib
import json
import re
import zlib
from dataclasses import replace
from importlib import import_module

import numpy as np

import bpcore as bp
import labs
from bpcore.engines import available

from .player import LONGEST
from .session import KEPT

VERSION = 1
LABS = {}
"""Labs that have tickets, by the names of their classes; `LiveLab` notes each here. See `known_labs`."""
MOST_PRODUCTS, MOST_NUMBERS = 5e11, 5e7
"""What a run that a ticket asks for may take: products of a weight and a state in all its forward passes; numbers in
its kept weights."""
_LONGEST_TEXT, _LONGEST_BODY = 150_000, 400_000  # characters of a ticket; bytes of what it holds
_LONGEST_MARK = 120
_FORM = re.compile(r"bp(\d{1,6})\.([A-Za-z0-9_-]*)\.([0-9a-f]{8})", re.ASCII)
_BETWEEN = re.compile(r"^[>\s]+|\s|[\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff]", re.MULTILINE)  # in a mail


def known_labs():
    """Every lab that has tickets, by the name of its class: those of all folders of labs/."""
    for folder in labs.folders():
        import_module(f"labs.{folder}.lab")
    return LABS


def ticket_of(lab):
    """Write the ticket of a lab: task, network, recipe with every slider move, seed and sweep.

    Not in it: runs before a weight was changed by hand (the weights since then are), kept curves, the map of a race.

    Parameters
    ----------
    lab : LiveLab

    Returns
    -------
    ticket : str
        Some 300 characters; a few thousand where weights were changed by hand, or families are your own.

    Raises
    ------
    ValueError
        For a lab that has no tickets, and for settings beyond what a ticket may hold.
    """
    if type(lab).__name__ not in LABS:
        raise ValueError(f"{type(lab).__name__} has no tickets; one of {', '.join(known_labs())} is expected")
    _check_run(lab.run.task, lab.run.runs, lab.run.sweeps, lab.run.keep_every)
    run = lab.run
    told = {
        "lab": type(lab).__name__,
        **lab.to_dict(),
        "shown": lab.chosen(),
        "phases": [[phase.start, phase.epsilon, phase.alpha, phase.weight_decay] for phase in run.recipe.phases],
        "held": run.recipe.held,
        "start": _texts(start_of(lab)),
        "sweeps": run.sweeps,
        "waits": run.waits,
        "every": run.keep_every,
        "engine": run.engine,
        "weights": fingerprint(run.state.w),
    }
    try:
        return written(told)
    except ValueError as wrong:
        raise ValueError(f"{lab.shape}: {wrong}; export it as .npz or .html instead") from None


def lab_of(ticket):
    """Make the lab of a ticket, learnt anew as far as the ticket says.

    On the machine that wrote the ticket the run is the same bit for bit. Where another processor or engine comes to
    other weights, the lab says so on the screen; see `agrees`.

    Parameters
    ----------
    ticket : str
        Or a link to it, or a mail that holds it. Spaces, line ends and marks of a quoted mail do not matter.

    Returns
    -------
    lab : LiveLab

    Raises
    ------
    ValueError
        For what is no ticket, is damaged or of another version, or holds what no lab can be; in one sentence.
    """
    return lab_from(read(ticket))


def lab_from(contents):
    """Make the lab of a ticket that was read; see `lab_of`."""
    try:
        lab = _lab(contents)
        _learn_anew(lab, contents)
    except Exception as wrong:  # noqa: BLE001 - a ticket may hold anything, wherever it does not fit
        what = f"the ticket does not hold what a lab needs ({type(wrong).__name__}: {_sentence(wrong)})"
        if isinstance(wrong, ValueError):
            what = f"the ticket cannot be followed: {_sentence(wrong)}"
        raise ValueError(what) from None
    if not agrees(lab, contents):
        lab.say("The weights are not those of the ticket: where it was made, numbers were rounded otherwise.")
    return lab


def agrees(lab, ticket):
    """Whether a lab stands at the weights of a ticket, as far as another processor's rounding allows to say."""
    contents = read(ticket) if isinstance(ticket, str) else ticket
    return lab.run.sweeps == contents["sweeps"] and fingerprint(lab.run.state.w) == contents["weights"]


def fingerprint(w):
    """Eight characters that tell weights apart: of all of them, rounded to the fifth digit of the largest.

    Parameters
    ----------
    w : array
    """
    largest = np.abs(w).max()
    unit = 10.0 ** (np.floor(np.log10(largest)) - 4) if largest > 1e-200 else 1.0
    return hashlib.sha256(np.rint(w / unit).astype("<i8").tobytes()).hexdigest()[:8]


# ---- the text


def written(told):
    """The ticket that holds `told`, a dict of plain values; ValueError where there is no room for them."""
    content = json.dumps(told, default=_plain, separators=(",", ":"), allow_nan=False).encode()
    if len(content) > _LONGEST_BODY:
        raise ValueError(f"a ticket would hold {len(content):,} bytes, and {_LONGEST_BODY:,} are allowed")
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = base64.urlsafe_b64encode(deflate.compress(content) + deflate.flush()).decode().rstrip("=")
    ticket = f"bp{VERSION}.{body}.{_check(body)}"
    if len(ticket) > _LONGEST_TEXT:
        raise ValueError(f"a ticket would have {len(ticket):,} characters, and {_LONGEST_TEXT:,} are allowed")
    return ticket


def read(ticket):
    """What a ticket holds, a dict; ValueError where it is none."""
    if not isinstance(ticket, str):
        raise ValueError(f"the ticket is {type(ticket).__name__}; a text is expected")  # noqa: TRY004 (as everywhere)
    if len(ticket) > _LONGEST_TEXT:
        raise ValueError(f"the ticket has {len(ticket):,} characters; at most {_LONGEST_TEXT:,} are expected")
    found = [form.groups() for form in _FORM.finditer(_BETWEEN.sub("", ticket))]
    if not found:
        raise ValueError("this is no ticket, or only a part of one; a text such as bp1.….1a2b3c4d is expected")
    version, body, check = next((form for form in found if form[2] == _check(form[1])), found[0])
    if int(version) != VERSION:
        raise ValueError(f"the ticket is of version {int(version)}; this lab reads version {VERSION}")
    if check != _check(body):
        raise ValueError("the ticket was changed or is cut short: its checksum does not fit; a whole one is expected")
    return _body(body)


def _check(body):
    return hashlib.sha256(body.encode()).hexdigest()[:8]


def _body(body):
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        inflate = zlib.decompressobj(-15)
        text = inflate.decompress(packed, _LONGEST_BODY)  # no more than this is ever made
        if not inflate.eof:
            raise ValueError
        told = json.loads(text.decode(), parse_constant=_no_number)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise ValueError("the ticket holds nothing that can be read; one that a lab wrote is expected") from None
    if not isinstance(told, dict) or not isinstance(told.get("lab"), str) or told["lab"] not in known_labs():
        raise ValueError(f"the ticket names no lab; one of {', '.join(known_labs())} is expected")
    missing = {"seed", "speed", "instant", "settings", "shown", "phases", "held", "start", "sweeps", "waits", "every",
               "engine", "marks", "weights"} - set(told)  # fmt: skip
    if missing:
        raise ValueError(f"the ticket does not say '{min(missing)}'; one that a lab wrote is expected")
    return told


def _no_number(name):
    raise ValueError(name)


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else sorted(value)


def _sentence(wrong):
    return " ".join(str(wrong).split())[:300]


# ---- the run


def _lab(told):
    """The lab of a ticket, at sweep 0."""
    bp.validate.whole(told["seed"], "the seed", 0, 2**63)
    return LABS[told["lab"]].with_chosen(told["shown"], seed=told["seed"], speed=told["speed"], **told["settings"])


def _check_run(task, runs, sweeps, keep_every):
    """Refuse a run that would take hours, or all of the memory."""
    size = task.network.size
    products = runs * sweeps * len(task.cases) * sum(size(k.target) * size(k.source) for k in task.network.links)
    numbers = 2 * runs * min(sweeps // keep_every + 1, KEPT) * task.network.n_weights
    for found, most, what in (
        (products, MOST_PRODUCTS, "products of a weight and a state"),
        (numbers, MOST_NUMBERS, "numbers in its kept weights"),
    ):
        if found > most:
            raise ValueError(f"the run takes {found:.2g} {what}; a ticket may ask for {most:.2g}")


def start_of(lab):
    """Where a run began, w and delta_w, (runs, weights) arrays; None where its seed says it."""
    _, w, delta_w = lab.run.kept
    if not delta_w[0].any() and np.array_equal(w[0], _beginning(lab)):
        return None
    return w[0], delta_w[0]


def _beginning(lab):
    """(runs, weights) array: where a lab begins by its seed."""
    start = lab.run.task.recipe.start
    return np.repeat(bp.start(lab.run.task.network, [lab.seed], start.half_range, start.biases), lab.run.runs, 0)


def _learn_anew(lab, told):
    """Learn in a lab what the ticket's lab had learnt."""
    whole = bp.validate.whole
    phases = [bp.Phase(*phase) for phase in told["phases"]]
    sweeps = whole(told["sweeps"], "the number of sweeps", 0, LONGEST)
    every = whole(told["every"], "the sweeps between kept weights", 1, LONGEST)
    _check_run(lab.run.task, lab.run.runs, sweeps, every)
    task, start = lab.run.task, told["start"] and [_weights(text, lab.run) for text in told["start"]]
    how = {
        "recipe": replace(task.recipe, phases=phases, held=tuple(told["held"])),
        "engine": told["engine"] if available(told["engine"]) else None,
        "keep_every": every,
        "keep_bytes": lab.memory(task),
    }
    run = bp.History(task, w=start[0], delta_w=start[1], **how) if start else lab.begin(task, **how)
    for first, end in told["waits"]:  # stretches in which solved runs wait for the others
        run.extend(max(0, min(whole(first, "a sweep"), sweeps) - run.sweeps))
        run.extend(max(0, min(whole(end, "a sweep"), sweeps) - run.sweeps), until_solved=True)
    run.extend(max(0, sweeps - run.sweeps))
    lab.take_ticket_run(run, [[*mark] for mark in _marks(told["marks"])], bool(told["instant"]))


def _texts(arrays):
    return arrays and [base64.b64encode(array.astype("<f8").tobytes()).decode() for array in arrays]


def _weights(text, run):
    """(runs, weights) array that was written as a text."""
    values = np.frombuffer(base64.b64decode(text, validate=True), "<f8")
    return values.reshape(run.runs, run.task.network.n_weights)


def _marks(marks):
    for sweep, text in marks:
        bp.validate.whole(sweep, "the sweep of a mark", 0, LONGEST)
        if not isinstance(text, str) or len(text) > _LONGEST_MARK or not text.isprintable():
            raise ValueError(f"a mark says {text!r}; a few plain words are expected")
    return marks
