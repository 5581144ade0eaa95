"""A step of the procedure said as an equation, as the same equation with its numbers, and in words.

In these texts ``_ji`` is a subscript and ``^{...}`` a superscript, as the page and `plain` show them.
"""

import re

from .steps import STEPS

INDEX = {"h1": "1", "h2": "2", "output": "o"}
HIDDEN = ("h1", "h2")
MARKUP = re.compile(r"([_^])(?:\{([^}]*)\}|(\w+))")
_LOW = str.maketrans("0123456789ijot", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₒₜ")


def fmt(value, digits=4, *, sign=False):
    """A number as it is shown everywhere in this lab: four decimals, a real minus sign, no minus zero."""
    size = f"{abs(value):.{digits}f}" if abs(value) < 1e4 else f"{abs(value):.1e}"
    if float(size) == 0:
        return size
    return ("−" if value < 0 else "+" if sign else "") + size


def plain(text):
    """A text with subscripts where there is no markup."""
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    return MARKUP.sub(lambda m: (m[2] or m[3]).translate(_LOW) if m[1] == "_" else f"^({m[2] or m[3]})", text)


def case_name(task, case):
    """A case as it stands on its button: "0 1 → 1"."""
    inputs, desired = task.cases.inputs["input"][case], task.cases.desired["output"][case, 0]
    return f"{' '.join(f'{v:.0f}' for v in inputs)} → {desired:.0f}"


def _factor(value):
    return f"({fmt(value)})" if fmt(value).startswith("−") else fmt(value)


def _is(value):
    """= and a number, which stay together where a line is broken."""
    return f"=\N{NO-BREAK SPACE}{fmt(value)}"


def _sum(terms, bias):
    """The right side of (1) with its numbers."""
    left = " + ".join(f"{f'{y:.0f}' if whole else fmt(y)} · {_factor(w)}" for y, w, whole in terms)
    return f"{left} {'−' if bias < 0 else '+'} {fmt(abs(bias))}"


# ---- the equation


def equation(step, n, change=None, case=""):
    """The equation of a step in general, and with these numbers.

    Parameters
    ----------
    step : int
    n : dict            see `numbers_of`
    change : tuple      at the last step: a Change, and by the names of weights its dE/dw, the last Δw, the new Δw
    case : str          the name of the case

    Returns
    -------
    dict
        "general": lines of the paper's equation; "lines": lines with numbers, or "rows": a table of them; "note".
    """
    return (_presented, _hidden, _output, _compare, _out_of_output, _back, _out_of_hidden, _weights, _descent)[step](
        n, change, case
    )


def _forward(n, units, sources, *, whole):
    lines = []
    for unit in units:
        terms = [(n["y"][source], n["w"][unit, source], whole) for source in sources]
        j, x, y = INDEX[unit], n["x"][unit], n["y"][unit]
        total = _sum(terms, n["w"][unit, "bias"])
        lines += [f"x_{j} = {total} {_is(x)}"] if whole else ["x_o = y_1 w_o1 + y_2 w_o2 + bias", f"= {total} {_is(x)}"]
        lines += [f"y_{j} = 1 / (1 + e^{{{fmt(-x)}}}) {_is(y)}"]
    return {
        "general": ["x_j = Σ_i y_i w_ji  (1)", "y_j = 1 / (1 + e^{−xⱼ})  (2)"],
        "lines": lines,
        "note": "the last term of x is the bias, times 1",
    }


def _presented(n, _change, case):
    states = [f"y = {n['y'][name]:.0f} for {name}" for name in ("input 1", "input 2")]
    return {
        "general": ["The case sets the states of the inputs."],
        "lines": [f"case {case}", *states, f"d = {n['d']['output']:.0f}, what the output should be"],
    }


def _hidden(n, _change, _case):
    return _forward(n, HIDDEN, ("input 1", "input 2"), whole=True)


def _output(n, _change, _case):
    return _forward(n, ("output",), HIDDEN, whole=False)


def _compare(n, _change, _case):
    y, d, dE_dy = n["y"]["output"], n["d"]["output"], n["dE_dy"]["output"]
    return {
        "general": ["∂E/∂y_j = y_j − d_j  (4)", "E = ½ Σ_j (y_j − d_j)²  (3)"],
        "lines": [
            "∂E/∂y_o = y_o − d",
            f"= {fmt(y)} − {d:.0f} {_is(dE_dy)}",
            "E = ½ (y_o − d)², of this case alone",
            f"= ½ · {_factor(dE_dy)}² {_is(n['E'])}",
        ],
    }


def _through(n, units):
    lines = []
    for unit in units:
        j, y = INDEX[unit], fmt(n["y"][unit])
        lines += [
            f"∂E/∂x_{j} = ∂E/∂y_{j} · y_{j} (1 − y_{j})",
            f"= {fmt(n['dE_dy'][unit])} · {y} · (1 − {y}) {_is(n['dE_dx'][unit])}",
        ]
    return {"general": ["∂E/∂x_j = ∂E/∂y_j · y_j (1 − y_j)  (5)"], "lines": lines}


def _out_of_output(n, _change, _case):
    return _through(n, ("output",))


def _out_of_hidden(n, _change, _case):
    return _through(n, HIDDEN)


def _back(n, _change, _case):
    dE_dx = n["dE_dx"]["output"]
    return {
        "general": ["∂E/∂y_i = Σ_j ∂E/∂x_j · w_ji  (7)"],
        "lines": [
            line
            for i in HIDDEN
            for line in (
                f"∂E/∂y_{INDEX[i]} = ∂E/∂x_o · w_o{INDEX[i]}",
                f"= {fmt(dE_dx)} · {_factor(n['w']['output', i])} {_is(n['dE_dy'][i])}",
            )
        ],
        "note": "one output unit, so the sum has one term",
    }


def weight_name(ends):
    """A weight in a few letters: "o ← h_1", "h_1 ← input 2", "h_1 ← bias"."""
    upper, lower = ("o" if e == "output" else f"h_{e[1]}" if e in HIDDEN else e for e in ends)
    return f"{upper} ← {lower}"


def _top_down(ends):
    """Weights from the output down, the biases last of each unit."""
    return sorted(ends, key=lambda e: (e[0] != "output", e[0], e[1] == "bias", e[1]))


def _weights(n, _change, _case):
    y = {**n["y"], "bias": 1.0}
    rows = [["", "∂E/∂x_j", "· y_i", "= ∂E/∂w_ji"]]
    for ends in _top_down(n["dE_dw"]):
        upper, lower = ends
        state = fmt(y[lower]) if lower in HIDDEN else f"{y[lower]:.0f}"
        rows.append([weight_name(ends), fmt(n["dE_dx"][upper]), state, fmt(n["dE_dw"][ends])])
    return {"general": ["∂E/∂w_ji = ∂E/∂x_j · y_i  (6)"], "rows": rows}


def _descent(n, change, _case):
    made, gathered, before, delta_w = change
    rows = [["", f"−{made.epsilon:.4g} · ∂E/∂w", f"+ {made.alpha:.4g} · Δw(t−1)", "= Δw(t)"]]
    rows += [
        [weight_name(ends), fmt(gathered[ends]), fmt(before[ends]), fmt(delta_w[ends])] for ends in _top_down(n["w"])
    ]
    return {"general": ["Δw(t) = −ε ∂E/∂w(t) + α Δw(t−1)  (8)(9)"], "rows": rows}


# ---- in words


def words(step, n, case, about):
    """What happened at this step, in three or four short sentences.

    Parameters
    ----------
    step : int
    n : dict            see `numbers_of`
    case : str          the name of the case
    about : dict        "counted", "cases", "again" and, at the last step, "E_before", "E_after", "alone"
    """
    return (
        _say_presented, _say_hidden, _say_output, _say_compare, _say_out_of_output, _say_back, _say_out_of_hidden,
        _say_weights, _say_descent,
    )[step](n, case, about)  # fmt: skip


def _say_presented(n, case, _about):
    return (
        f"Case {case}: “an input vector is presented to the network by setting the states of the input units.” "
        f"The output should become {n['d']['output']:.0f}. Nothing is computed yet: press Next step."
    )


def _off(n):
    names = [name for name in ("input 1", "input 2") if n["y"][name] == 0]
    return " and ".join(names)


def _say_hidden(n, _case, _about):
    off, silent = _off(n), ""
    if off:
        silent = f"{off.capitalize()} is 0, so its weights play no part. "
    if " and " in off:
        silent = "Both inputs are 0, so only the biases are left. "
    return (
        "Each hidden unit adds up its inputs, each times its weight, and its bias. "
        f"{silent}The sum x goes through the S-shaped curve (2), which keeps y between 0 and 1."
    )


def _say_output(n, _case, _about):
    y, d = n["y"]["output"], n["d"]["output"]
    return (
        "The same again, one layer up: the hidden units’ outputs are now the inputs. "
        f"The network’s answer is {fmt(y)}; it should be {d:.0f}. That ends the forward pass."
    )


def _say_compare(n, _case, _about):
    dE_dy = n["dE_dy"]["output"]
    amount, more, sign = ("little", "less", "negative") if dE_dy < 0 else ("much", "more", "positive")
    return (
        f"The output is {fmt(abs(dE_dy))} too {amount}. More output would mean {more} error, so ∂E/∂y is {sign}. "
        "Here the backward pass starts: from now on, numbers flow down."
    )


def _say_out_of_output(n, _case, _about):
    y = n["y"]["output"]
    return (
        f"How much does the total input matter? The curve’s slope here is y (1 − y) = {fmt(y * (1 - y))}, and that "
        "share of ∂E/∂y comes back through the unit. A quarter is the most there is; where y is near 0 or 1, almost "
        "nothing comes back."
    )


def _say_back(n, _case, _about):
    dE_dy, w = n["dE_dy"], n["w"]
    told = ["“more”" if dE_dy[i] < 0 else "“less”" for i in HIDDEN]
    x_would = "risen" if w["output", "h1"] > 0 else "fallen"
    E_would = "fallen" if dE_dy["h1"] < 0 else "risen"
    small, large = sorted(abs(dE_dy[i]) for i in HIDDEN)
    how = f"{large / max(small, 1e-9):.1f} times as {'loudly' if abs(dE_dy['h2']) == large else 'faintly'}"
    if large < 1.15 * small:
        how = "about as loudly"
    return (
        f"Had h_1 been a little more active, the output’s x would have {x_would} by {fmt(abs(w['output', 'h1']))} of "
        f"that, and the error would have {E_would}: h_1 is told {told[0]}. h_2 is told {told[1]}, {how}: its weight to "
        f"the output is {fmt(w['output', 'h2'])}."
    )


def _say_out_of_hidden(n, _case, _about):
    slopes = [fmt(n["y"][j] * (1 - n["y"][j])) for j in HIDDEN]
    return (
        "Equation (5) again, one layer down: what h_1 and h_2 were told goes through their own curves. "
        f"The slopes y (1 − y) are {slopes[0]} and {slopes[1]}. With more layers, (7) and (5) would go on in turns."
    )


def _say_weights(n, _case, about):
    off, none = _off(n), ""
    if off:
        is_off = "are" if " and " in off else "is"
        none = f"{off.capitalize()} {is_off} 0: weights from there had no part in the answer and get 0. "
    added = "This case was counted in this sweep already, so it is not added again."
    if not about["again"]:
        added = f"It is added to the accumulated gradient: {about['counted']} of {about['cases']} cases."
    return f"A weight’s share is the ∂E/∂x above it times the y that came through it. {none}{added}"


def _say_descent(_n, _case, about):
    who = "This case has had its say" if about["alone"] else f"All {about['cases']} cases have had their say"
    return (
        f"{who}: every weight goes a little against its accumulated ∂E/∂w (8), and keeps α of its last change (9). "
        f"E over all {about['cases']} cases was {fmt(about['E_before'])} and is {fmt(about['E_after'])} now."
    )


def title_of(step):
    """The step's name and its equations: "through the output unit (5)"."""
    return "a case is presented" if step == 0 else " ".join(STEPS[step - 1])
