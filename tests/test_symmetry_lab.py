"""The symmetry lab without a page: everything that is done by hand is done from Python."""

import asyncio
import re
import threading

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from labs import SymmetryLab
from labs.kit import canvas as stage
from labs.kit import player, session
from labs.kit.controls import ByProgram, Choice, Control, Switch
from labs.kit.player import FRAME

PAPER = tasks.symmetry()


def hidden_weights(sizes, share=1.0):
    """Weights that detect symmetry with mirror pairs of these sizes, two twin hidden units."""
    w = np.zeros(PAPER.network.n_weights)
    blocks = PAPER.network.blocks(w)
    row = np.array([*sizes, *(-size for size in reversed(sizes))]) * 4.0 * share
    blocks["input", "hidden"][:] = [row, -row]
    blocks[bp.ONE, "hidden"][:] = -2
    blocks["hidden", "output"][:] = -14
    blocks[bp.ONE, "output"][:] = 6
    return w


def words_of(w, some_lab=None):
    """What the lab says of these weights: {sentence: mark}."""
    return {sentence: mark for mark, sentence, *_ in (some_lab or SymmetryLab()).words([0], [w])[0]}


# --- what it says ---------------------------------------------------------------------------------------------------


def test_the_papers_solution_is_recognised():
    said = words_of(hidden_weights([1, 2, 4]))
    assert said == {
        "mirror weights equal and opposite": "✓",
        "sizes 1 : 2.0 : 4.0": "✓",
        "the hidden units are twins of opposite sign": "✓",
        "64 of 64 right, first at sweep 0": "✓",
    }


@pytest.mark.parametrize("order", [[1, 2, 4], [4, 1, 2], [2, 4, 1]])
def test_the_order_of_the_sizes_does_not_matter(order):
    assert words_of(hidden_weights(order))["sizes 1 : 2.0 : 4.0"] == "✓"


def test_the_other_solution_is_recognised():
    said = words_of(hidden_weights([2, 3, 4]))
    assert said["sizes 2 : 3 : 4, the other way to tell all patterns apart"] == "✓"
    assert said["64 of 64 right, first at sweep 0"] == "✓"


def test_equal_pairs_are_no_solution():
    said = words_of(hidden_weights([1, 2, 2]))
    assert said["sizes 1 : 2.0 : 2.0, not yet 1 : 2 : 4"] == "·"
    assert "64 of 64" not in " ".join(said)
    assert any(sentence.endswith(" of 64 right") and mark == "·" for sentence, mark in said.items())


def test_the_plateau_is_explained():
    w = np.zeros(PAPER.network.n_weights)
    PAPER.network.blocks(w)[bp.ONE, "output"][:] = -7
    sentence, mark = list(words_of(w).items())[-1]
    y = 1 / (1 + np.exp(7))
    assert mark == "·"
    assert "waiting on the plateau E = 4" in sentence
    assert f"{y * (1 - y):.4f}".lstrip("0") in sentence
    assert words_of(w)["56 of 64 right"] == "·"


@pytest.mark.parametrize(("hidden", "sentence"), [(1, "1 hidden unit: twins"), (3, "3 hidden units: twins")])
def test_twins_take_two(hidden, sentence):
    some_lab = SymmetryLab(hidden=hidden)
    assert any(said.startswith(sentence) for said in words_of(some_lab.run.state.w[0], some_lab))


def test_what_is_said_of_a_moment_is_true_of_its_weights():
    some_lab = SymmetryLab(seed=10)
    some_lab.step(1300)
    some_lab.find_words()
    said = dict(some_lab.words_so_far)
    assert len(said) > 100
    solved = int(some_lab.run.solved_at[0])
    for sweep in (0, 500, solved - 1, solved):
        since = max(known for known in said if known <= sweep)
        assert said[since] == some_lab.words([sweep], [some_lab.run.at(sweep).w[0]])[0]
        assert (["✓", f"64 of 64 right, first at sweep {solved:,}"] in said[since]) == (sweep >= solved)


# --- what it does ---------------------------------------------------------------------------------------------------


def test_the_lab_makes_the_run_that_the_engine_makes():
    some_lab = SymmetryLab(seed=3)
    some_lab.step(10)
    some_lab.step()
    run = bp.train(PAPER, seeds=3, sweeps=11)
    assert some_lab.run.sweeps == 11
    np.testing.assert_array_equal(some_lab.run.E, run.E)
    np.testing.assert_array_equal(some_lab.run.state.w, run.state.w)


def test_reset_goes_back_to_the_same_start_and_new_start_to_another():
    some_lab = SymmetryLab(seed=3)
    start = some_lab.run.state.w.copy()
    some_lab.step(5)
    some_lab.reset()
    assert some_lab.run.sweeps == 0
    np.testing.assert_array_equal(some_lab.run.state.w, start)
    some_lab.new_start()
    assert some_lab.seed == 4
    np.testing.assert_array_equal(some_lab.run.state.w, bp.start(PAPER.network, seeds=[4]))
    assert field(some_lab, "seed").value == 4


def test_a_moved_slider_is_a_phase_of_the_recipe_and_a_mark_on_the_curve():
    some_lab = SymmetryLab(seed=10)
    some_lab.step(7)
    some_lab.epsilon = 0.25
    some_lab.step(4)
    field(some_lab, "alpha").value = 0.5
    assert [(p.start, p.epsilon, p.alpha) for p in some_lab.run.recipe.phases] == [
        (0, 0.1, 0.9),
        (7, 0.25, 0.9),
        (11, 0.25, 0.5),
    ]
    assert some_lab.marks == [[7, "ε 0.25"], [11, "α 0.5"]]
    some_lab.step(9)
    again = bp.train(PAPER, seeds=10, sweeps=20, recipe=some_lab.run.recipe)
    np.testing.assert_array_equal(again.E, some_lab.run.E)


def test_a_slider_dragged_before_the_first_sweep_leaves_no_mark():
    some_lab = SymmetryLab()
    some_lab.epsilon = 0.5
    assert some_lab.marks == []
    assert [phase.epsilon for phase in some_lab.run.recipe.phases] == [0.5]


def test_dragging_leaves_one_mark_a_sweep():
    some_lab = SymmetryLab()
    some_lab.step()
    for epsilon in (0.2, 0.3, 0.4):
        some_lab.epsilon = epsilon
    assert some_lab.marks == [[1, "ε 0.4"]]


@pytest.mark.parametrize(
    ("settings", "weights"), [({"hidden": 5}, 41), ({"half_range": 1.0}, 17), ({"biases": "zero"}, 17)]
)
def test_what_concerns_the_start_begins_a_new_run(settings, weights):
    some_lab = SymmetryLab(seed=6)
    some_lab.step(3)
    some_lab.set(**settings)
    assert some_lab.run.sweeps == 0
    assert some_lab.run.task.network.n_weights == weights
    (name, value), *_ = settings.items()
    assert getattr(some_lab, name) == value
    if name != "biases":
        assert field(some_lab, name).value == value


def test_as_in_the_paper_sets_everything_back():
    some_lab = SymmetryLab(seed=2, epsilon=1, alpha=0, hidden=4, half_range=2, biases="zero")
    some_lab.step(2)
    some_lab.as_in_the_paper()
    assert (some_lab.epsilon, some_lab.alpha, some_lab.hidden, some_lab.half_range) == (0.1, 0.9, 2, 0.3)
    assert (some_lab.biases, some_lab.run.sweeps, some_lab.seed) == ("uniform", 0, 2)
    np.testing.assert_array_equal(some_lab.run.state.w, bp.start(PAPER.network, seeds=[2]))


def test_the_text_of_a_lab_says_what_it_shows():
    some_lab = SymmetryLab(seed=10)
    some_lab.step(1287)
    first, *said = some_lab.digest().splitlines()
    assert first == f"Symmetry 6–2–1 · 64 cases · Fig. 1: sweep 1,287, E = {some_lab.run.E[-1, 0]:.3f}"
    assert "✓ 64 of 64 right, first at sweep 1,287" in said
    assert some_lab._repr_mimebundle_()["text/plain"] == some_lab.digest() == repr(some_lab)
    some_lab.hidden = 3
    assert some_lab.digest().startswith("Symmetry 6–3–1")
    assert "6–3–1" in some_lab.view.name.value


def test_a_value_beyond_a_sliders_end_is_shown_as_it_is():
    some_lab = SymmetryLab(epsilon=5, seed=1000)
    assert (field(some_lab, "epsilon").value, field(some_lab, "seed").value) == (5, 1000)
    some_lab.alpha = 1
    assert field(some_lab, "alpha").value == 1
    some_lab.alpha = 0.5
    assert field(some_lab, "alpha").max == 0.99


# --- bad values -----------------------------------------------------------------------------------------------------

BAD = [
    ("epsilon", float("nan"), "epsilon is nan; a number of at least 0 is expected"),
    ("epsilon", -1, "epsilon is -1; a number of at least 0 is expected"),
    ("epsilon", "abc", "epsilon is 'abc'; a number of at least 0 is expected"),
    ("epsilon", [0.1, 0.2], "epsilon is [0.1, 0.2]; one number is expected, because a lab shows one run"),
    ("alpha", float("inf"), "alpha is inf; a number from 0 to 1 is expected"),
    ("alpha", -0.1, "alpha is -0.1; a number from 0 to 1 is expected"),
    ("alpha", "much", "alpha is 'much'; a number from 0 to 1 is expected"),
    ("hidden", 9, "the number of hidden units is 9; a whole number from 1 to 8 is expected"),
    ("hidden", 0, "the number of hidden units is 0; a whole number from 1 to 8 is expected"),
    ("hidden", 2.5, "the number of hidden units is 2.5; a whole number from 1 to 8 is expected"),
    ("half_range", -0.3, "the start range is -0.3; a number of at least 0 is expected"),
    ("biases", "none", "biases start 'none'; 'uniform' or 'zero' is expected"),
    ("speed", "fast", "the sweeps a second is 'fast'; a number of at least 0 is expected"),
    ("speed", float("nan"), "the sweeps a second is nan; a number of at least 0 is expected"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), BAD)
def test_a_bad_value_gets_its_sentence_and_changes_nothing(name, value, sentence):
    with pytest.raises(ValueError) as made:  # noqa: PT011 - compared below, to the letter
        SymmetryLab(**{name: value})
    assert str(made.value) == sentence
    some_lab = SymmetryLab()
    some_lab.step(2)
    before = getattr(some_lab, name)
    with pytest.raises(ValueError) as changed:  # noqa: PT011
        setattr(some_lab, name, value)
    assert str(changed.value) == sentence
    assert getattr(some_lab, name) == before
    assert some_lab.run.sweeps == 2
    assert len(some_lab.run.recipe.phases) == 1


@pytest.mark.parametrize("seed", [-1, 1.5, "seven", [1, 2]])
def test_a_bad_seed_gets_its_sentence(seed):
    with pytest.raises(ValueError, match=r"^the seed is .*; a whole number of at least 0 is expected$"):
        SymmetryLab(seed=seed)


def test_other_slips_get_their_sentences():
    some_lab = SymmetryLab()
    with pytest.raises(ValueError, match=r"^there is no setting 'hiden'; one of epsilon, alpha, hidden, "):
        some_lab.set(hiden=3)
    with pytest.raises(ValueError, match=r"^the number of sweeps is -1; a whole number of at least 0 is expected$"):
        some_lab.step(-1)
    with pytest.raises(RuntimeError, match=r"^play\(\) needs the running loop of a notebook; in a script use step"):
        some_lab.play()
    assert not some_lab.playing


def test_divergence_stops_the_run_and_says_what_to_try():
    some_lab = SymmetryLab(epsilon=1e308)
    heard = listen(some_lab)
    some_lab.step(50)
    assert some_lab.run.diverged_at[0] == some_lab.run.sweeps < 50
    assert "Diverged: at sweep" in heard[-1]["message"]
    assert "Try a smaller ε" in heard[-1]["message"]
    some_lab.epsilon = 0.1
    some_lab.reset()
    assert heard[-1]["message"] == ""
    some_lab.step(3)
    assert some_lab.run.sweeps == 3


def test_the_last_sweep_of_a_lab_is_announced(monkeypatch):
    monkeypatch.setattr(player, "LONGEST", 50)
    some_lab = SymmetryLab()
    heard = listen(some_lab)
    some_lab.step(80)
    assert some_lab.run.sweeps == 50
    assert "50 sweeps are done" in heard[-1]["message"]
    some_lab.step()
    assert some_lab.run.sweeps == 50


# --- the clock ------------------------------------------------------------------------------------------------------


async def until(true):
    """Let the loop run until something is true; 20 s at most."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.001)


def test_pause_cancels_no_task_which_the_loop_of_a_browser_would_report():
    async def scene():
        some_lab = SymmetryLab()
        some_lab.play()
        (beat,) = asyncio.all_tasks() - {asyncio.current_task()}
        await until(lambda: some_lab.run.sweeps > 0)
        some_lab.pause()
        some_lab.play()
        await until(beat.done)
        assert not beat.cancelled()
        assert some_lab.playing
        some_lab.pause()

    asyncio.run(scene())


def test_play_learns_and_pause_stops():
    async def scene():
        some_lab = SymmetryLab(seed=10, speed=20_000)
        some_lab.play()
        assert some_lab.playing
        assert "Pause" in some_lab.view.play_button.description
        await until(lambda: some_lab.run.sweeps > 20)
        some_lab.pause()
        made = some_lab.run.sweeps
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not some_lab.playing
        assert "Play" in some_lab.view.play_button.description
        assert some_lab.run.sweeps == made
        np.testing.assert_array_equal(some_lab.run.E, bp.train(PAPER, seeds=10, sweeps=made).E)

    asyncio.run(scene())


def test_the_first_sweeps_can_be_played_slowly():
    async def scene():
        some_lab = SymmetryLab(seed=10, speed=20_000)
        some_lab.view.switches["slow_start"].widget.value = True
        await until(lambda: some_lab.slow_start)
        some_lab.play()
        await until(lambda: some_lab.run.sweeps > 1)
        assert some_lab.run.sweeps < 10
        some_lab.step(50)
        await until(lambda: some_lab.run.sweeps > 500)
        some_lab.pause()
        np.testing.assert_array_equal(some_lab.run.E, bp.train(PAPER, seeds=10, sweeps=some_lab.run.sweeps).E)

    asyncio.run(scene())


def test_until_solved_stops_when_it_is():
    async def scene():
        some_lab = SymmetryLab(seed=10, speed=20_000)
        some_lab.play_until_solved()
        await until(lambda: not some_lab.playing)
        assert some_lab.run.solved_at[0] == 1287
        assert some_lab.run.sweeps == 1287
        assert "64 of 64 right" in some_lab.digest()

    asyncio.run(scene())


def test_a_slider_moved_on_another_thread_acts_at_home_while_it_learns():
    """Messages from a page may arrive on another thread than the one that trains."""

    async def scene():
        some_lab = SymmetryLab(seed=10, speed=20_000)
        home, seen = threading.get_ident(), []
        steer = some_lab.steer
        some_lab.steer = lambda *what: (seen.append(threading.get_ident()), steer(*what))
        some_lab.play()
        await until(lambda: some_lab.run.sweeps > 20)
        await asyncio.to_thread(setattr, field(some_lab, "epsilon"), "value", 0.2)
        await until(lambda: len(some_lab.run.recipe.phases) == 2)
        moved = some_lab.run.recipe.phases[1].start
        await until(lambda: some_lab.run.sweeps > moved + 20)
        some_lab.pause()
        assert seen == [home]
        assert [phase.epsilon for phase in some_lab.run.recipe.phases] == [0.1, 0.2]
        again = bp.train(PAPER, seeds=10, sweeps=some_lab.run.sweeps, recipe=some_lab.run.recipe)
        np.testing.assert_array_equal(again.E, some_lab.run.E)

    asyncio.run(scene())


def test_an_exception_in_the_clock_is_said_on_the_screen():
    async def scene():
        some_lab = SymmetryLab(seed=10, speed=20_000)
        heard = listen(some_lab)

        def broken(*_):
            raise ArithmeticError("the abacus is broken")

        some_lab.words = broken
        some_lab.play()
        await until(lambda: not some_lab.playing)
        assert "Learning stopped: the abacus is broken" in [piece["message"] for piece in heard]
        assert "Play" in some_lab.view.play_button.description

    asyncio.run(scene())


# --- what is sent to the page ---------------------------------------------------------------------------------------


def field(some_lab, name):
    return some_lab.view.controls[name].field


def listen(some_lab):
    """What the lab sends to its page from now on."""
    heard = []
    some_lab.view.stage.send = lambda content, buffers=None: heard.append(
        {**content, "buffers": buffers} if buffers else content
    )
    return heard


def page(some_lab):
    """A page that shows the lab: what it was sent so far."""
    heard = listen(some_lab)
    some_lab.view.stage.receive({"type": "ready", "view": "a"})
    return heard


def read(piece):
    return [
        np.frombuffer(data, kind) for data, kind in zip(piece["buffers"], ("<f4", "<u4", "<f4", "<f4"), strict=True)
    ]


def acknowledge(some_lab, *pieces):
    some_lab.view.stage.receive({"type": "painted", "pieces": [piece["number"] for piece in pieces]})


def test_nothing_is_sent_where_nobody_looks():
    some_lab = SymmetryLab()
    heard = listen(some_lab)
    some_lab.step(5)
    some_lab.epsilon = 0.3
    assert heard == []


def test_a_page_that_is_ready_is_sent_the_whole_run():
    some_lab = SymmetryLab(seed=10)
    some_lab.step(20)
    some_lab.epsilon = 0.3
    some_lab.step(5)
    (piece,) = page(some_lab)
    E, sweeps, w, now = read(piece)
    np.testing.assert_allclose(E, some_lab.run.E[:, 0], rtol=1e-6)
    np.testing.assert_array_equal(sweeps, np.arange(26))
    np.testing.assert_allclose(w.reshape(26, -1)[7], some_lab.run.at(7).w[0], rtol=1e-6)
    np.testing.assert_allclose(now, some_lab.run.state.w[0], rtol=1e-6)
    assert (piece["E_from"], piece["w_from"], piece["marks"], piece["epsilon"]) == (0, 0, [[20, "ε 0.3"]], 0.3)
    assert piece["words"] == some_lab.words_so_far


def test_later_pieces_go_on_where_the_last_one_ended():
    some_lab = SymmetryLab(seed=10)
    heard = page(some_lab)
    some_lab.step(4)
    some_lab.step(3)
    assert [(piece["E_from"], len(read(piece)[0])) for piece in heard] == [(0, 1), (1, 4), (5, 3)]
    assert [sweep for piece in heard for sweep in read(piece)[1]] == list(range(8))
    assert [said for piece in heard for said in piece["words"]] == some_lab.words_so_far


def test_a_busy_page_is_not_sent_more_than_it_can_take():
    some_lab = SymmetryLab()
    heard = page(some_lab)
    for _ in range(30):
        some_lab.step()
    assert len(heard) == stage._IN_FLIGHT == 24
    acknowledge(some_lab, *heard[:12])
    assert len(heard) == stage._IN_FLIGHT + 1
    assert heard[-1]["E_from"] == 24
    assert len(read(heard[-1])[0]) == 7
    acknowledge(some_lab, *heard[12:])
    assert len(heard) == stage._IN_FLIGHT + 1, "nothing new is sent again"


def test_a_page_acknowledges_often_enough_to_be_sent_more():
    """The page waits until it has painted some pieces: it must be sent as many without asking."""
    at_once = int(re.search(r"acknowledged.length >= (\d+)", stage.stage_module())[1])
    assert 1 < at_once <= stage._IN_FLIGHT / 2


def test_a_page_that_cannot_paint_every_piece_is_sent_fewer_until_it_can():
    some_stage = SymmetryLab().view.stage

    def paces(frames):
        for _ in range(60):
            some_stage.receive({"type": "painted", "pieces": [1, 2, 3, 4, 5, 6], "frames": frames})
            yield some_stage.pace

    assert some_stage.pace == FRAME
    slower = list(paces(frames=2))
    assert FRAME < slower[0] < slower[5] <= slower[-1] == 0.25
    quicker = list(paces(frames=6))
    assert quicker[0] < 0.25
    assert quicker[-1] == FRAME
    some_stage.receive({"type": "painted", "pieces": [], "frames": 0})  # nothing to go by
    assert some_stage.pace == FRAME


def test_a_second_view_is_sent_everything_and_the_first_can_go():
    some_lab = SymmetryLab()
    heard = page(some_lab)
    for _ in range(20):
        some_lab.step()
    some_lab.view.stage.receive({"type": "ready", "view": "b"})
    assert heard[-1]["E_from"] == 0
    assert len(read(heard[-1])[0]) == 21
    assert heard[-1]["edition"] > heard[0]["edition"]
    some_lab.view.stage.receive({"type": "gone", "view": "a"})
    some_lab.step()
    assert heard[-1]["E_from"] == 21
    some_lab.view.stage.receive({"type": "gone", "view": "b"})
    sent = len(heard)
    some_lab.step()
    assert len(heard) == sent


def test_of_a_thinned_history_only_what_is_new_is_sent_and_said(monkeypatch):
    monkeypatch.setattr(session, "KEPT", 64)
    some_lab = SymmetryLab()
    heard = page(some_lab)
    some_lab.step(60)
    acknowledge(some_lab, *heard)
    before = list(some_lab.words_so_far)
    some_lab.step(60)
    E, sweeps, w, _ = read(heard[-1])
    assert (heard[-1]["E_from"], heard[-1]["w_from"], heard[-1]["every"]) == (61, 31, 2)  # 31 of 61 are still kept
    assert heard[-1]["edition"] == heard[-2]["edition"]
    assert len(E) == 60
    np.testing.assert_array_equal(sweeps, np.arange(62, 121, 2))
    np.testing.assert_allclose(w.reshape(len(sweeps), -1)[4], some_lab.run.at(70).w[0], rtol=1e-6)
    assert some_lab.words_so_far[: len(before)] == before


def test_a_new_run_is_told_apart_from_the_old_one():
    some_lab = SymmetryLab()
    heard = page(some_lab)
    some_lab.step(3)
    some_lab.reset()
    piece = [one for one in heard if one["type"] == "piece"][-1]
    assert piece["run"] == heard[0]["run"] + 1
    assert (piece["E_from"], len(read(piece)[0]), piece["words"]) == (0, 1, some_lab.words_so_far)


def test_a_view_opened_after_a_run_has_stopped_says_why():
    some_lab = SymmetryLab(epsilon=1e308)
    some_lab.step(50)
    assert "Diverged" in page(some_lab)[-1]["message"]


def test_weights_beyond_single_precision_reach_the_page_without_a_warning():
    some_lab = SymmetryLab(epsilon=1e200)
    some_lab.step(3)
    assert len(page(some_lab)) == 1


@pytest.mark.parametrize(
    ("made", "other"),
    [
        (Control("ε", 0.1, 0, 1), 0.2),
        (Switch("biases kept", True, False, True, "what it does"), False),
        (
            Choice("recipe", {"printed": ("printed", "as it is"), "working": ("working", "as it works")}, "printed"),
            "working",
        ),
    ],
)
def test_a_listener_hears_what_the_person_does_and_not_what_the_program_sets(made, other):
    heard = []
    made.on_change(lambda: heard.append(made.value))
    made.set(other)
    assert (made.value, heard) == (other, [])
    part = made.slider if isinstance(made, Control) else made.widget
    part.value = {0.2: 0.3, False: False, "working": "printed"}[other]  # a switch is down where it shows False
    assert len(heard) == 1


def test_what_the_person_does_while_the_program_sets_a_widget_is_not_taken_for_the_programs():
    by_program, here = ByProgram(), []
    with by_program:
        here.append(by_program.here)
        page = threading.Thread(target=lambda: here.append(by_program.here))  # as a message from the page arrives
        page.start()
        page.join()
    assert [*here, by_program.here] == [True, False, False]
