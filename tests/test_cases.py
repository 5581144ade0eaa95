"""Input-output cases, and whether they fit a network."""

import numpy as np
import pytest

import bpcore as bp

NET = bp.layered({"input": 2, "hidden": 2, "output": 1})


def test_cases_are_named_after_their_inputs_unless_told():
    cases = bp.Cases({"left": [[0, 1], [1, 1]], "right": [[1], [0]]}, {"out": [[0], [1]]})
    assert cases.names == ("011", "110")
    assert bp.Cases({"in": [[0.25, -1]]}, {"out": [[0]]}).names == ("0.25 -1",)
    assert bp.Cases({"in": [[0, 1]]}, {"out": [[0]]}, ["Colin"]).names == ("Colin",)
    assert len(cases) == 2


def test_cases_do_not_change_with_the_arrays_they_were_made_from():
    inputs = np.zeros((1, 2))
    cases = bp.Cases({"input": inputs}, {"output": [[1]]})
    inputs[0, 0] = 5
    assert cases.inputs["input"].tolist() == [[0, 0]]
    with pytest.raises(ValueError, match="read-only"):
        cases.inputs["input"][0, 0] = 1


@pytest.mark.parametrize(
    ("inputs", "desired", "sentence"),
    [
        ([[0, np.nan]], [[1]], "inputs of group 'input': case 1, unit 2 is nan; a finite number is expected"),
        ([[0, 1]], [[np.inf]], "desired of group 'output': case 1, unit 1 is inf; a finite number is expected"),
        ([0, 1], [[1]], r"inputs of group 'input': the shape is \(2,\); \(cases, units\) is expected"),
        (np.zeros((0, 2)), [[1]], r"the shape is \(0, 2\); \(cases, units\) is expected, with at least one of each"),
        ([["a", "b"]], [[1]], "inputs of group 'input': a table of numbers is expected"),
        ([[0, 1], [0]], [[1]], "inputs of group 'input': a table of numbers is expected"),
        ([[0, 1], [1, 1]], [[1]], "the same number of cases, but there are 2 for 'input', 1 for 'output'"),
    ],
)
def test_tables_that_cannot_be_are_refused(inputs, desired, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Cases({"input": inputs}, {"output": desired})


def test_cases_without_inputs_or_with_too_few_names_are_refused():
    with pytest.raises(ValueError, match="the cases have no inputs; at least one group is expected"):
        bp.Cases({}, {"output": [[1]]})
    with pytest.raises(ValueError, match="the cases have no desired; at least one group is expected"):
        bp.Cases({"input": [[1]]}, {})
    with pytest.raises(ValueError, match="1 names are given for 2 cases"):
        bp.Cases({"input": [[1], [0]]}, {"output": [[1], [0]]}, ["a"])


@pytest.mark.parametrize(
    ("inputs", "desired", "sentence"),
    [
        (
            {"input": [[0, 1, 1]]},
            {"output": [[1]]},
            "'input' have 3 numbers a case, but the group has 2 units",
        ),
        (
            {"input": [[0, 1]]},
            {"output": [[1, 0]]},
            "'output' have 2 numbers a case, but the group has 1 units",
        ),
        ({"inptu": [[0, 1]]}, {"output": [[1]]}, "input states for 'inptu', a group that the network does not have"),
        ({"input": [[0, 1]]}, {"out": [[1]]}, "desired states for 'out', a group that the network does not have"),
        ({"input": [[0, 1]], "hidden": [[0, 1]]}, {"output": [[1]]}, "group 'hidden', but links lead into it"),
        ({"input": [[0, 1]]}, {"input": [[0, 1]]}, "group 'input' has desired states, but no links lead up to it"),
    ],
)
def test_cases_that_do_not_fit_the_network_are_refused(inputs, desired, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Task("bad", NET, bp.Cases(inputs, desired))


def test_an_output_that_no_link_leads_to_is_refused():
    net = bp.Network([bp.Group("input", 2), bp.Group("lost", 1), bp.Group("out", 1)], [bp.Link("input", "out")])
    with pytest.raises(ValueError, match=r"group 'lost' has desired states, but .* there is no path from any input"):
        bp.Task("bad", net, bp.Cases({"input": [[0, 1]]}, {"lost": [[1]]}))


def test_an_output_that_only_its_bias_leads_to_is_refused():
    groups = [bp.Group("input", 2), bp.Group("lost", 1), bp.Group("above", 1), bp.Group("out", 1)]
    net = bp.Network(groups, [bp.Link("input", "out"), bp.Link("one", "lost"), bp.Link("lost", "above")])
    with pytest.raises(ValueError, match=r"group 'above' has desired states, but .* there is no path from any input"):
        bp.Task("bad", net, bp.Cases({"input": [[0, 1]]}, {"above": [[1]]}))


def test_an_input_group_without_states_is_named():
    net = bp.Network(
        [bp.Group("person", 2), bp.Group("relation", 2), bp.Group("out", 1)],
        [bp.Link("person", "out"), bp.Link("relation", "out")],
    )
    with pytest.raises(ValueError, match="group 'relation' has no links into it, and the cases give no input states"):
        bp.Task("bad", net, bp.Cases({"person": [[0, 1]]}, {"out": [[1]]}))
