"""A lab as plain data, from which a page without Python learns: its run, its settings, the other tasks they lead to."""

import base64
import itertools
import json
import zlib
from contextlib import suppress
from copy import copy
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import bpcore
from bpcore.engines.kernel.plan import UNITS

from .player import LONGEST
from .session import WHOLE_RUN
from .settings import INSTANT, SLOW_START
from .ticket import LABS, start_of

KERNEL = Path(bpcore.__file__).parent / "engines" / "kernel" / "kernel.wasm"
MOST_TASKS = 200
"""Tasks that a page can change to, at most."""


def can_learn(lab):
    """Whether a page can learn what this lab does: a lab says so itself, and its units are those of the kernel."""
    return lab.learns_in_page and all(group.unit in UNITS for group in lab.run.task.network.upward)


def learning_of(lab):
    """Everything that a page needs to learn on from the run of a lab.

    Returns
    -------
    about : dict
        Plain values.
    others : str
        The other tasks that the lab's settings lead to, deflated, in base64; see `unpack` in labs/page/learn.js.
    """
    run, pool = lab.run, []
    task_settings = [name for name, one in lab.declared.items() if one.to == "task"]
    now, others, acting = _packed(lab, pool), {}, set()
    for settings in _other_settings(lab, task_settings):
        with suppress(ValueError):  # some settings do not go together
            other = _packed(_other(lab, settings), pool)
            known = now["scene"]
            other["scene"] = {part: value for part, value in other["scene"].items() if known.get(part, known) != value}
            others[_key(settings, task_settings)] = other
            acting |= {name for name in task_settings if settings[name] != lab.settings[name]}
    about = {
        "kind": type(lab).__name__,
        "seed": lab.seed,
        "speed": lab.speed,
        "instant": lab.instant,
        "settings": lab.settings,
        "defaults": lab.completed(lab.defaults(**lab.settings)),
        "completed": _completed(lab),
        "controls": [
            one.to_dict() | {"label": one.label_of(lab)} | _ends(lab, name)
            for name, one in lab.offered.items()
            if name in acting or name in lab.page_values or one.to != "task"
        ],
        "taskSettings": task_settings,
        "task": now,
        "recipe": run.recipe.to_dict(),
        "start": _start(lab),
        "sweeps": run.sweeps,
        "marks": lab.marks,
        "contents": [one for one in lab.contents() if one["type"] != "compared"],
        "keepEvery": lab.keep_every,
        "firstEvery": run.keep_every,
        "wholeRun": WHOLE_RUN,
        "longest": LONGEST,
        "ticket": _ticket(lab),
        "look": {
            "title": lab.title,
            "note": lab.note,
            "slowStart": SLOW_START.to_dict() | {"name": "slowStart"},
            "instant": INSTANT.to_dict() | {"name": "instant"} if lab.has_instant else None,
            "switched": list(lab.switched),
            "buttonBack": lab.button_back,
            "whatItSets": lab.what_it_sets,
            "seed": type(lab).seed_control.to_dict() | {"name": "seed"},
            "speed": type(lab).speed_control.to_dict() | {"name": "speed"},
        },
    }
    (_, first), *more = pool
    text = json.dumps({"pool": [cases for _, cases in more], "tasks": others}, default=plain, separators=(",", ":"))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()
    return about | {"pool": [first]} | lab.page_data(), packed


def plain(value):
    """A numpy array or number as plain values, for JSON."""
    return value.tolist()


def _key(settings, names):
    """The settings of a task as JavaScript writes them: 0.0 is 0."""
    return json.dumps(_numbers([settings[name] for name in names]), separators=(",", ":"), ensure_ascii=False)


def _numbers(value):
    if isinstance(value, list | tuple):
        return [_numbers(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ends(lab, name):
    """Ends of a slider, where a page has other ones than the lab."""
    values = lab.page_values.get(name) if lab.offered[name].is_slider else None
    return {"least": min(values), "most": max(values)} if values else {}


def _values(lab, name):
    """The values that the control of a setting can give it."""
    one = lab.declared[name]
    if name in lab.page_values:
        return list(lab.page_values[name])
    if one.choices:
        return list(one.choices)
    if one.whole and one.is_slider:
        return list(range(one.least, one.most + 1, one.step or 1))
    return list(one.switch[1:3]) if one.switch else [lab.settings[name]]


def _other_settings(lab, names):
    """All settings that the controls of a lab lead to and that ask for another task; none, if there are too many."""
    choices = [_values(lab, name) for name in names]
    many = 1
    for values in choices:
        many *= len(values)
    found = [lab.settings | dict(zip(names, values, strict=True)) for values in itertools.product(*choices)]
    return [s for s in found if s != lab.settings] if many <= MOST_TASKS else []


def _other(lab, settings):
    """The same lab with other settings, as far as its task and scene ask for it."""
    other = copy(lab)
    other.settings = settings
    other.run = SimpleNamespace(task=other.task_of(settings))
    return other


def _ticket(lab):
    """What a ticket says of a lab besides its run, see `ticketOfSession` in labs/page/sharing.js."""
    if type(lab).__name__ not in LABS:
        return None
    left_out = {}
    for name, value in lab.defaults(**lab.settings).items():
        other = copy(lab)
        other.settings = lab.settings | {name: value}
        if name not in other.to_dict()["settings"]:
            left_out[name] = value
    return {
        "lab": type(lab).__name__,
        "title": lab.title,
        "shown": json.dumps(lab.chosen(), default=plain),
        "left_out": left_out,
        "wholes": [name for name, value in lab.settings.items() if np.asarray(value).dtype.kind == "i"],
    }


def _completed(lab):
    """What a choice brings with it: {setting: {value: settings}}, of those that bring anything."""
    found = {}
    for name, one in lab.declared.items():
        values = _values(lab, name) if one.choices and len(one.choices) > 1 else []
        for value in values:
            other = copy(lab)
            other.settings = lab.settings | {name: next(before for before in values if before != value)}
            brought = other.completed({name: value})
            if len(brought) > 1:
                found.setdefault(name, {})[str(value)] = brought
    return found


def _packed(lab, pool):
    """Task and scene of a lab. Their cases go to `pool`, once; what is said twice is said once."""
    task, scene = lab.run.task, lab.scene()
    place = next((k for k, (cases, _) in enumerate(pool) if _are_equal(cases, task.cases)), len(pool))
    if place == len(pool):
        pool.append((task.cases, {part: _rows(getattr(task.cases, part)) for part in ("inputs", "desired")}))
    own = pool[place][1]
    if len(scene.get("names", ())) == len(task.cases):  # all cases are drawn
        own.setdefault("names", scene["names"])
    shared = [part for part in ("inputs", "desired", "names") if scene.get(part) == own.get(part)]
    plain_task = {
        "name": task.name,
        "network": task.network.to_dict(),
        "recipe": task.recipe.to_dict(),
        "right_within": task.right_within,
        "held_out": task.held_out and task.held_out.to_dict(),
    }
    scene = {name: value for name, value in scene.items() if name not in shared}
    return {"task": plain_task, "scene": scene, "cases": place, "shared": shared}


def _are_equal(cases, others):
    """Whether cases are the same, in inputs and desired states."""
    tables = [{**one.inputs, **{("", name): rows for name, rows in one.desired.items()}} for one in (cases, others)]
    return tables[0].keys() == tables[1].keys() and all(
        np.array_equal(rows, tables[1][name]) for name, rows in tables[0].items()
    )


def _rows(tables):
    """Tables of cases as lists, of whole numbers if all are whole."""
    return {
        name: (rows.astype(int) if (rows == np.rint(rows)).all() else rows).tolist() for name, rows in tables.items()
    }


def _start(lab):
    """Where a run began, w and delta_w as float64 in base64; None if its seed says it."""
    start = start_of(lab)
    return start and [base64.b64encode(array.astype("<f8").tobytes()).decode() for array in start]
