"""The procedure lab shows the paper's equations, computed by hand here, and nothing else.

No engine in this file: the 2-2-1 network is written out as one would with a pencil, and decides.
"""

import math
import random

import numpy as np
import pytest

import bpcore as bp
from bpcore.analysis.handbook_1988 import agreement_1988
from bpcore.tasks.classics import XOR_1988_TSS, xor_1988_start
from labs import ProcedureLab
from labs.procedure.writing import fmt, plain

CASES = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
START = {
    ("h1", "input 1"): 0.432171, ("h1", "input 2"): 0.448781, ("h1", "bias"): -0.276589,
    ("h2", "input 1"): -0.038413, ("h2", "input 2"): 0.036489, ("h2", "bias"): -0.402498,
    ("output", "h1"): 0.272080, ("output", "h2"): 0.081714, ("output", "bias"): 0.279299,
}  # fmt: skip


def squash(x):
    return 1 / (1 + math.exp(-x))  # (2)


def pencil(w, case):
    """Equations (1) to (7) for one case, one unit at a time."""
    (in1, in2), d = CASES[case]
    n = {"x": {}, "y": {"input 1": in1, "input 2": in2}, "d": {"output": d}, "dE_dy": {}, "dE_dx": {}, "dE_dw": {}}
    x, y, dE_dy, dE_dx = n["x"], n["y"], n["dE_dy"], n["dE_dx"]
    for h in ("h1", "h2"):
        x[h] = in1 * w[h, "input 1"] + in2 * w[h, "input 2"] + w[h, "bias"]  # (1)
        y[h] = squash(x[h])
    x["output"] = y["h1"] * w["output", "h1"] + y["h2"] * w["output", "h2"] + w["output", "bias"]
    y["output"] = squash(x["output"])
    n["E"] = (y["output"] - d) ** 2 / 2  # (3)
    dE_dy["output"] = y["output"] - d  # (4)
    dE_dx["output"] = dE_dy["output"] * y["output"] * (1 - y["output"])  # (5)
    for h in ("h1", "h2"):
        dE_dy[h] = dE_dx["output"] * w["output", h]  # (7)
        dE_dx[h] = dE_dy[h] * y[h] * (1 - y[h])  # (5)
    for upper, lower in w:
        n["dE_dw"][upper, lower] = dE_dx[upper] * (1 if lower == "bias" else y[lower])  # (6)
    return n


def pencil_sweep(w, delta_w, epsilon, alpha, update="sweep"):
    """Equations (8) and (9) over the four cases, in new dicts."""
    w, delta_w = dict(w), dict(delta_w)
    total = dict.fromkeys(w, 0.0)
    for case in range(4):
        for k, dE_dw in pencil(w, case)["dE_dw"].items():
            total[k] += dE_dw
        if update == "case" or case == 3:
            for k in w:
                delta_w[k] = -epsilon * total[k] + alpha * delta_w[k]
                w[k] += delta_w[k]
            total = dict.fromkeys(w, 0.0)
    return w, delta_w


def every_step(case):
    """What is known after each step of a case."""
    n = pencil(START, case)
    steps = [
        {"y": ["input 1", "input 2"]}, {"x": ["h1", "h2"], "y": ["h1", "h2"]}, {"x": ["output"], "y": ["output"]},
        {"dE_dy": ["output"]}, {"dE_dx": ["output"]}, {"dE_dy": ["h1", "h2"]}, {"dE_dx": ["h1", "h2"]},
        {"dE_dw": START},
    ]  # fmt: skip
    known = {name: {} for name in ("x", "y", "dE_dy", "dE_dx", "dE_dw")}
    for new in steps:
        for name, keys in new.items():
            known[name] |= {key: n[name][key] for key in keys}
        yield {name: dict(values) for name, values in known.items()}


def texts(lab):
    scene = lab._canvas.scene
    return [scene["words"], scene["question"], *(line for line in scene["equation"].get("lines", ()))]


# ---- the numbers


@pytest.mark.parametrize("case", range(4))
def test_every_step_shows_the_numbers_of_the_equations_and_no_later_ones(case):
    lab = ProcedureLab()
    lab.case(case)
    for step, expected in enumerate(every_step(case)):
        if step:
            lab.next()
        shown = {name: lab.numbers[name] for name in expected}
        assert {name: set(values) for name, values in shown.items()} == {name: set(v) for name, v in expected.items()}
        for name, values in expected.items():
            for key, value in values.items():
                assert shown[name][key] == pytest.approx(value, abs=1e-14), (step, name, key)
        assert lab.numbers["w"] == pytest.approx(START, abs=1e-14)
        assert ("E" in lab.numbers) == (step >= 3)


@pytest.mark.parametrize("case", range(4))
def test_the_drawing_shows_the_same_numbers_to_four_decimals(case):
    lab = ProcedureLab()
    lab.case(case)
    lab.next(7)
    n, scene = pencil(START, case), lab._canvas.scene
    for unit in ("h1", "h2", "output"):
        for name in ("x", "y", "dE_dy", "dE_dx"):
            assert scene["units"][unit][name] == fmt(n[name][unit])
    assert scene["units"]["output"]["d"] == str(CASES[case][1])
    assert [scene["units"][f"input {i}"]["state"] for i in (1, 2)] == list(CASES[case][0])
    for weight in scene["weights"]:
        ends = weight["upper"], weight["lower"]
        assert (weight["w"], weight["dE_dw"]) == (fmt(START[ends], sign=True), fmt(n["dE_dw"][ends], sign=True))


def test_the_equations_stand_with_their_numbers():
    lab = ProcedureLab()
    lab.case("01")
    expected = {
        1: "x₁ = 0 · 0.4322 + 1 · 0.4488 − 0.2766 = 0.1722",
        2: "= 0.5429 · 0.2721 + 0.4095 · 0.0817 + 0.2793 = 0.4605",
        3: "= 0.6131 − 1 = −0.3869",
        4: "= −0.3869 · 0.6131 · (1 − 0.6131) = −0.0918",
        5: "= −0.0918 · 0.2721 = −0.0250",
        6: "= −0.0250 · 0.5429 · (1 − 0.5429) = −0.0062",
        7: "o ← h₁  −0.0918  0.5429  −0.0498",
    }
    for step, line in expected.items():
        lab.next()
        assert line in lab.digest().splitlines(), step


def test_numbers_are_written_with_a_real_minus_and_never_as_minus_zero():
    assert [fmt(v) for v in (-0.02504, 0.0, -0.00001, 12.5)] == ["−0.0250", "0.0000", "0.0000", "12.5000"]
    assert [fmt(v, sign=True) for v in (0.25, -0.00004)] == ["+0.2500", "0.0000"]
    assert plain("∂E/∂y_i = Σ_j ∂E/∂x_j · w_ji") == "∂E/∂yᵢ = Σⱼ ∂E/∂xⱼ · wⱼᵢ"


@pytest.mark.parametrize("seed", [None, 3, 11])
def test_nudging_every_weight_gives_what_equation_6_gives(seed):
    lab = ProcedureLab(seed)
    lab.whole_sweep(5)
    for case in range(4):
        lab.case(case)
        w, by_6 = lab.numbers["w"], pencil(lab.numbers["w"], case)["dE_dw"]
        for upper, lower in START:
            found = lab.nudge(upper, lower)
            up, down = (pencil(w | {(upper, lower): w[upper, lower] + h}, case)["E"] for h in (1e-6, -1e-6))
            assert found.by_6 == pytest.approx(by_6[upper, lower], abs=1e-14)
            assert found.by_nudging == pytest.approx((up - down) / 2e-6, abs=1e-9)
            assert found.by_nudging == pytest.approx(found.by_6, abs=1e-9)


# ---- accumulating, and changing the weights


@pytest.mark.parametrize("update", ["sweep", "case"])
@pytest.mark.parametrize("seed", [None, 5])
def test_whole_sweeps_are_those_of_the_pencil_and_of_the_engine(update, seed):
    lab = ProcedureLab(seed, epsilon=0.3, alpha=0.8, update=update)
    w, delta_w = dict(lab.numbers["w"]), dict.fromkeys(START, 0.0)
    recipe = bp.Recipe((bp.Phase(epsilon=0.3, alpha=0.8),), update=update)
    run = bp.train(lab.task, recipe=recipe, w=lab.state.w, sweeps=6)
    for sweep in range(1, 7):
        w, delta_w = pencil_sweep(w, delta_w, 0.3, 0.8, update)
        lab.whole_sweep()
        assert lab.numbers["w"] == pytest.approx(w, abs=1e-13)
        assert lab.numbers["delta_w"] == pytest.approx(delta_w, abs=1e-13)
        state, theirs = lab.state, run.at(sweep)
        assert state.sweep == sweep
        for name in ("w", "delta_w", "E"):
            np.testing.assert_allclose(getattr(state, name), getattr(theirs, name), rtol=0, atol=1e-13)


def test_single_steps_make_the_same_sweep_as_one_button():
    steps, cases, sweep = ProcedureLab(), ProcedureLab(), ProcedureLab()
    steps.next(29)
    for _ in range(5):  # four cases, and the change
        cases.whole_case()
    sweep.whole_sweep()
    assert steps.numbers == cases.numbers == sweep.numbers


def test_after_each_case_a_whole_case_ends_with_its_change():
    lab = ProcedureLab(update="case")
    for case in range(4):
        lab.whole_case()
        assert (lab.moment.case, lab.moment.step) == (case, 8)
    assert lab.moment.sweep == 1


def test_the_gradient_is_accumulated_case_by_case():
    lab, total = ProcedureLab(), dict.fromkeys(START, 0.0)
    for count, case in enumerate((2, 0, 3, 1), start=1):  # in any order
        lab.case(case)
        lab.next(7)
        for ends, dE_dw in pencil(START, case)["dE_dw"].items():
            total[ends] += dE_dw
        assert lab.numbers["gathered"] == pytest.approx(total, abs=1e-14)
        assert lab._canvas.scene["sofar"]["done"] == count
    assert "tss = 2 E = 1.050652" in lab._canvas.scene["sofar"]["E"]
    lab.next()
    assert lab.numbers["w"] == pytest.approx(pencil_sweep(START, dict.fromkeys(START, 0.0), 0.5, 0.9)[0], abs=1e-14)
    assert lab.numbers["w_before"] == pytest.approx(START, abs=1e-14)


def test_a_case_that_is_looked_at_again_counts_once():
    lab = ProcedureLab()
    lab.whole_case()
    before = lab.numbers["gathered"]
    lab.case(0)
    lab.next(7)
    assert lab.numbers["gathered"] == before
    assert "not added again" in lab._canvas.scene["words"]
    lab.next()
    assert (lab.moment.case, lab.moment.step) == (1, 1)


def test_a_case_that_was_only_begun_leaves_nothing_behind():
    lab, plain_lab = ProcedureLab(), ProcedureLab()
    lab.next(5)
    lab.case(3)
    lab.next(3)
    lab.case(0)
    lab.whole_sweep()
    plain_lab.whole_sweep()
    assert lab.numbers["w"] == pytest.approx(plain_lab.numbers["w"], abs=1e-15)


def test_epsilon_alpha_and_update_act_from_the_next_change_on():
    lab = ProcedureLab()
    lab.next(20)
    lab.epsilon, lab.alpha = 0.1, 0.0
    lab.whole_sweep()
    w, delta_w = pencil_sweep(START, dict.fromkeys(START, 0.0), 0.1, 0.0)
    assert lab.numbers["w"] == pytest.approx(w, abs=1e-14)
    lab.update = "case"
    lab.whole_sweep()
    assert lab.numbers["w"] == pytest.approx(pencil_sweep(w, delta_w, 0.1, 0.0, "case")[0], abs=1e-14)


def test_switching_in_the_middle_of_a_sweep_loses_no_case():
    lab = ProcedureLab()
    lab.next(14)  # two cases wait
    lab.update = "case"
    lab.next()
    assert lab.moment.change is not None
    gathered = {k: pencil(START, 0)["dE_dw"][k] + pencil(START, 1)["dE_dw"][k] for k in START}
    assert lab.numbers["w"] == pytest.approx({k: START[k] - 0.5 * gathered[k] for k in START}, abs=1e-14)
    lab.update = "sweep"
    lab.whole_sweep()
    assert lab.moment.sweep == 1


# ---- going back


def test_back_undoes_every_step_exactly():
    rng, lab = random.Random(86), ProcedureLab()
    acts = [lab.next, lab.whole_case, lab.whole_sweep, *(lambda c=c: lab.case(c) for c in range(4))]
    seen = [(lab.moment, lab.digest(), lab.numbers)]
    for _ in range(40):
        before = len(lab._past)
        rng.choice(acts)()
        if len(lab._past) == before + 1:
            seen.append((lab.moment, lab.digest(), lab.numbers))
        else:
            seen = []  # several steps at once: begin again from here
            lab.back(len(lab._past) - before)
            seen = [(lab.moment, lab.digest(), lab.numbers)]
    while len(seen) > 1:
        moment, digest, numbers = seen.pop()
        assert (lab.moment, lab.digest(), lab.numbers) == (moment, digest, numbers)
        lab.back()
    moment, digest, numbers = seen.pop()
    assert (lab.moment is moment, lab.digest(), lab.numbers) == (True, digest, numbers)


def test_back_over_a_whole_sweep_gives_the_old_weights_bit_for_bit():
    lab = ProcedureLab()
    lab.whole_sweep(2)
    w, delta_w = lab.moment.w.tobytes(), lab.moment.delta_w.tobytes()
    lab.whole_sweep()
    lab.back(29)
    assert (lab.moment.w.tobytes(), lab.moment.delta_w.tobytes(), lab.moment.step) == (w, delta_w, 8)
    lab.back(10_000)
    assert (lab.moment.step, lab.moment.sweep) == (0, 0)
    lab.back()
    assert lab.numbers["w"] == pytest.approx(START, abs=1e-15)


def test_reset_keeps_the_settings_and_the_1988_start_brings_its_own():
    lab = ProcedureLab(seed=4, epsilon=0.2, alpha=0.1, update="case")
    start = lab.numbers["w"]
    lab.whole_sweep(3)
    lab.reset()
    assert (lab.numbers["w"], lab.epsilon, lab.alpha, lab.update) == (start, 0.2, 0.1, "case")
    lab.start_1988()
    assert lab.numbers["w"] == pytest.approx(START, abs=1e-15)
    assert (lab.epsilon, lab.alpha, lab.update) == (0.5, 0.9, "sweep")


# ---- 1988


@pytest.mark.parametrize("engine", [None, "numpy"])
def test_the_engine_agrees_with_the_1988_program(engine):
    found = agreement_1988(engine)
    assert found.holds
    assert found.computed == pytest.approx(list(XOR_1988_TSS.values()), abs=1e-6)
    assert found.stops_at == 289
    assert "289" in str(found)
    assert found._repr_html_().count("<tr>") == len(XOR_1988_TSS) + 2


def test_the_lab_itself_walks_the_1988_trajectory():
    lab, stop = ProcedureLab(), None
    for epoch in range(1, 290):
        lab.whole_sweep()
        tss = 2 * sum(lab.moment.counted.values())  # as the cases were met, before the change
        if epoch in XOR_1988_TSS:
            assert tss == pytest.approx(XOR_1988_TSS[epoch], abs=1e-6)
        stop = stop or (epoch if tss < 0.04 else None)
    assert stop == 289
    assert tss == pytest.approx(0.0397615, abs=1e-6)


def test_an_engine_that_computed_something_else_would_not_agree():
    found = agreement_1988()
    spoilt = tuple(c + 2e-6 * (k == 3) for k, c in enumerate(found.computed))
    assert not type(found)(found.epochs, found.published, spoilt, 289, 289).holds
    assert not type(found)(found.epochs, found.published, found.computed, 290, 289).holds


# ---- your turn

QUESTIONS = ["x_1", "x_o", "∂E/∂y_o", "∂E/∂x_o", "∂E/∂y_1", "∂E/∂x_1", "∂E/∂w_o1"]


def asked(n, step):
    """The answer to the question asked after `step` steps."""
    return [
        n["x"]["h1"], n["x"]["output"], n["dE_dy"]["output"], n["dE_dx"]["output"], n["dE_dy"]["h1"], n["dE_dx"]["h1"],
        n["dE_dw"]["output", "h1"],
    ][step]  # fmt: skip


@pytest.mark.parametrize("case", range(4))
@pytest.mark.parametrize("step", range(7))
def test_the_right_answer_is_right_and_others_are_told_nothing_but_why(case, step):
    lab = ProcedureLab()
    lab.case(case)
    if step:
        lab.next(step)
    right = asked(pencil(START, case), step)
    assert lab._canvas.scene["question"].startswith(f"what will {QUESTIONS[step]} be")
    assert lab.answer(f"{right:.4f}").startswith("Right")
    assert lab.answer(f" {right:.4f}".replace("-", "−").replace(".", ",")).startswith("Right")
    for wrong in (-right, 10 * right, right + 0.3, 77, right / 2):
        said = lab.answer(wrong)
        assert said.startswith("Not yet"), wrong
        assert f"{abs(right):.4f}" not in said


def test_known_slips_are_told_apart():
    lab, n = ProcedureLab(), pencil(START, 1)
    lab.case("01")
    assert "bias" in lab.answer(START["h1", "input 2"])
    lab.next(3)
    y, dE_dy = n["y"]["output"], n["dE_dy"]["output"]
    assert "(1 − yₒ) is missing" in lab.answer(dE_dy * y)
    assert "only the slope" in lab.answer(y * (1 - y))
    lab.next()
    assert "takes its ∂E/∂x" in lab.answer(dE_dy * START["output", "h1"])
    lab.next()
    assert "the sign is not" in lab.answer(0.0062)
    assert "decimal point" in lab.answer(-0.062)
    for text in ("", "many", "nan", "1e999"):
        assert "is not a number" in lab.answer(text)


def test_the_change_of_a_weight_is_asked_before_it_is_made():
    lab = ProcedureLab()
    lab.whole_sweep()
    first = lab.numbers["delta_w"]["output", "h1"]
    lab.back()
    assert lab._canvas.scene["question"] == "what will Δw_o1 be?"
    gathered = lab.numbers["gathered"]["output", "h1"]
    assert "(8) takes ε" in lab.answer(gathered)
    assert "mind the minus" in lab.answer(-first)
    assert lab.answer(first).startswith("Right")
    lab.next()
    lab.next(28)
    second = lab.numbers["gathered"]["output", "h1"]
    assert "With momentum" in lab.answer(-0.5 * second)
    assert lab.answer(-0.5 * second + 0.9 * first).startswith("Right")


def test_every_sentence_fits_its_place():
    lab = ProcedureLab(seed=2)
    for _ in range(90):
        scene = lab._canvas.scene
        assert len(plain(scene["words"])) <= 250
        assert len(plain(lab.answer(123.4))) <= 130
        assert len(scene["equation"].get("lines", ())) <= 5
        lab.next()


# ---- the check table


def test_a_nudged_weight_stays_in_the_table_and_is_compared_after_step_7():
    lab = ProcedureLab()
    lab.case("01")
    lab.nudge("h1", "input 2")
    name, row = "h_1 ← input 2", -1
    assert lab._canvas.scene["checks"][row] == {"name": name, "by_6": "", "by_nudging": "−0.006196", "agrees": False}
    lab.next(7)
    assert lab._canvas.scene["checks"][row] == {
        "name": name, "by_6": "−0.006196", "by_nudging": "−0.006196", "agrees": True,
    }  # fmt: skip
    for upper, lower in START:
        lab.nudge(upper, lower)
    assert len(lab._canvas.scene["checks"]) == 4


def test_clicking_an_arc_adds_its_weight_and_clicking_again_takes_it_away():
    lab = ProcedureLab()
    names = [row["name"] for row in lab._canvas.scene["checks"]]
    key = [(w["upper"], w["lower"]) for w in lab._canvas.scene["weights"]].index(("h2", "bias"))
    lab._on_message({"type": "nudge", "key": key})
    assert [row["name"] for row in lab._canvas.scene["checks"]] == [*names, "h_2 ← bias"]
    lab._on_message({"type": "nudge", "key": key})
    assert [row["name"] for row in lab._canvas.scene["checks"]] == names


# ---- what cannot be


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda lab: lab.case(4), "there is no case 4; 0 or '00', 1 or '01', 2 or '10', 3 or '11' is expected"),
        (lambda lab: lab.case("02"), "there is no case '02'"),
        (lambda lab: lab.case(-1), "there is no case -1"),
        (lambda lab: lab.case(True), "there is no case True"),
        (lambda lab: lab.case(1.5), "there is no case 1.5"),
        (lambda lab: setattr(lab, "epsilon", float("nan")), "epsilon is nan; a number of at least 0 is expected"),
        (lambda lab: setattr(lab, "epsilon", -0.1), "epsilon is -0.1; a number of at least 0 is expected"),
        (lambda lab: setattr(lab, "epsilon", "fast"), "epsilon is 'fast'; a number of at least 0 is expected"),
        (lambda lab: setattr(lab, "epsilon", [0.1, 0.2]), r"epsilon is \[0.1, 0.2\]; one number is expected"),
        (lambda lab: setattr(lab, "alpha", 1.5), "alpha is 1.5; a number from 0 to 1 is expected"),
        (lambda lab: setattr(lab, "alpha", None), "alpha is None; a number from 0 to 1 is expected"),
        (lambda lab: setattr(lab, "update", "week"), "update is 'week'; 'sweep' or 'case' is expected"),
        (lambda lab: lab.nudge("h1", "h2"), "there is no weight from 'h2' to 'h1'; one of"),
        (lambda lab: lab.next(0), "the number of steps is 0; a whole number of at least 1 is expected"),
        (lambda lab: lab.back("all"), "the number of steps is 'all'"),
        (lambda lab: lab.whole_sweep(0.5), "the number of sweeps is 0.5"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(act, sentence):
    lab = ProcedureLab()
    lab.next(3)
    before = lab.digest(), lab.settings, lab._canvas.scene
    with pytest.raises(ValueError, match=sentence):
        act(lab)
    assert (lab.digest(), lab.settings, lab._canvas.scene) == before


@pytest.mark.parametrize("seed", [-1, "x", 1.5])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(ValueError, match="a whole number of at least 0 is expected"):
        ProcedureLab(seed)


def test_a_step_that_would_blow_up_is_not_made_and_is_said_on_the_screen():
    lab = ProcedureLab(epsilon=1e308, alpha=1)
    lab.next(28)
    before = lab.digest()
    with pytest.raises(ValueError, match="would no longer be finite numbers; try a smaller one"):
        lab.whole_sweep(200)
    lab._at_home(lab.whole_sweep, 200)
    assert lab.digest() == before
    assert "no longer be finite numbers" in lab._canvas.scene["message"]
    lab.epsilon = 0.5
    assert lab._canvas.scene["message"] == ""
    lab.next()
    assert lab.moment.sweep == 1


# ---- the controls


def marked(lab):
    return [button.description for button in lab._cases if "bp-on" in button._dom_classes]


def test_the_controls_do_what_the_methods_do():
    lab = ProcedureLab()
    buttons = {child.description: child for child in lab.widget.children[0].children[1:]}
    assert buttons["◀ Back"].disabled
    buttons["Next step ▶"].click()
    assert (lab.moment.step, buttons["◀ Back"].disabled) == (1, False)
    buttons["◀ Back"].click()
    assert lab.moment.step == 0
    lab._cases[2].click()
    assert (lab.moment.case, lab.moment.step) == (2, 0)
    buttons["Whole case"].click()
    assert (lab.moment.case, lab.moment.step) == (2, 7)
    lab._cases[2].click()
    assert (lab.moment.case, lab.moment.step) == (2, 0)
    lab._controls["epsilon"].field.value = 0.25
    lab._controls["update"].widget.value = "case"
    assert (lab.epsilon, lab.update) == (0.25, "case")
    buttons["Whole sweep"].click()
    assert lab.moment.sweep == 1
    buttons["1988 start"].click()
    assert (lab.moment.sweep, lab.epsilon, lab.update) == (0, 0.5, "sweep")
    assert (lab._controls["update"].value, marked(lab)) == ("sweep", ["0 0 → 0"])


def test_what_python_sets_is_seen_on_the_controls():
    lab = ProcedureLab()
    lab.set(epsilon=0.02, alpha=0.3, update="case")
    lab.case(3)
    shown = lab._controls["epsilon"].value, lab._controls["alpha"].value, lab._controls["update"].value, marked(lab)
    assert shown == (0.02, 0.3, "case", ["1 1 → 0"])


def test_a_lab_is_also_a_text():
    lab = ProcedureLab()
    lab.case("10")
    lab.next(3)
    bundle = lab._repr_mimebundle_()
    assert bundle["text/plain"] == repr(lab) == lab.digest()
    assert "sweep 1, case 1 0 → 1, step 3 of 8: compare with desired (3) (4)" in lab.digest()
    assert texts(lab)[0].startswith("The output is 0.3875 too little.")


def test_other_starts_are_those_of_bpcore():
    lab = ProcedureLab(seed=9)
    np.testing.assert_array_equal(lab.state.w, bp.start(lab.task.network, 9))
    np.testing.assert_array_equal(ProcedureLab().state.w, xor_1988_start(lab.task))
