"""The table of what would give an exercise's answer away: number: (patterns of it, how it is veiled or why nothing is).

A pattern must not be found in a stored output above the exercise, in any text or question of its notebook, in what a
lab says of itself, or on its canvas, before the exercise is answered or given up. Exercises that are done in a lab, or
written as a function, have no words that give them away unless patterns say so. Explain exercises are not listed: they
are never wrong.
"""

SPOILERS = {
    "00.1": ((r"weights change once",), "asked in words; no lab stands in the notebook"),
    "00.2": ((r"\.065\b",), "a number of its own; no lab stands in the notebook"),
    "00.3": ((), "a question of reading: the guide above it names the mark"),
    "01.1": ((r"= \.25\b", r"= 0\.25\b"), "the lab names no largest share"),
    "01.2": ((r"\.0098",), "no unit of the lab is at .99"),
    "01.3": ((r"w\.mT @ dE_dx", r"w\.T @ dE_dx"), "the engine's lines are closed until 01.3 and 01.4 are done"),
    "01.4": ((r"alpha \* delta_w",), "the engine's lines are closed until 01.3 and 01.4 are done"),
    "01.5": ((r"2,000,000",), "nothing counts passes"),
    "01.6": ((r"alike for ever",), "the output above says where E ends, not what the units do"),
    "02.1": ((r"8\.3\b", r"8\.27"), "E and its axis are a ? at sweep 0; the output is closed"),
    "02.2": ((r"E = 4\b", r"\b4\.0\b"), "E, its axis and level and the waiting sentence are a ?; the output is closed"),
    "02.3": (
        (r"always “no”: y\(1 − y\)", r"only that share of the error comes back", r"slope y\(1 − y\)", r"y\(1 − y\) = "),
        "the waiting sentence, the tangent and its slope are a ?",
    ),
    "02.4": (
        (r"2 : 3 : 4, the other way", r"2 : 3 : 4(?! : )"),
        "the sentence that names the sizes is a ?; the text that names them is closed, the exercises name this one",
    ),
    "02.5": ((), "done by finding a start; nothing names one"),
    "02.6": (
        (r"c - a - b\$. It can be", r"[Oo]nly .{,40} still open", r"One signed sum is still open"),
        "the text that derives it and the list of families are closed",
    ),
    "02.7": ((), "no lab shows a network with the largest weight 8"),
    "02.8": (
        (r"\d : 5 : 6 : 7", r"\(1, 4, 6, 8\)", r"of the family (?!1 : 2 : 4 : 8 again|1 : 2 : 4 : 8\.)"),
        "the sentence that names a family of eight inputs is a ?; both outputs are closed",
    ),
    "02.9": ((), "done by finding a run"),
    "03.1": ((r"\b0\.125\b",), "the output above brackets it on purpose: .1 stays, .13 does not"),
    "03.2": ((r"0\.2375",), "the output above brackets it on purpose: .23 stays, .24 does not"),
    "03.3": ((r"10 times", r"ten times as fast"), "the ravine shows no steady gradient"),
    "03.4": ((), "a question of reading: the table above it is what it asks about"),
    "03.5": ((), "done by a run; the maps show where to look, as it says"),
    "04.1": ((r"112 triples",), "the output is closed; the canvas shows one question at a time"),
    "04.2": ((r"\.0497", r"a twentieth"), "nothing computes it"),
    "04.3": ((), "a function; the engine's line for it is in no notebook"),
    "04.4": ((), "done by a run; the plate of all 32 sets stands below the exercise"),
    "04.5": (
        (r"tells the families apart", r"tells nationality: [4-9]\d", r"nationality \(?[4-9]\d %"),
        "the sentence and the captions that name nationality are a ?",
    ),
    "05.1": ((r"5,?400\b",), "nothing counts untied weights"),
    "05.2": ((r"ε = \.6\b", r"ε = 0\.6\b"), "the switch “sum” names no ε"),
    "05.3": ((), "a function; the engine's line for it is in no notebook"),
    "05.4": ((r"even number of steps", r"untrained: "), "steps beyond the trained ones are not drawn or told"),
    "05.5": ((), "done by finding a start; nothing names one"),
    "06.1": (
        (r"curves? upward in every direction", r"curves downward", r"saturation", r"saddle"),
        "“Where it stands” is a ?; the output with a true minimum is closed",
    ),
    "06.2": (
        (r"56 of 64 cases", r"\b56 of 64 right", r"\b8 of 64 cases right", r"8 wrong cases"),
        "the counts 8 and 56 are a ?, and so is “Where it stands”",
    ),
    "06.3": ((), "no output names cases of a proof"),
    "06.4": ((), "a question of reading: the outputs above it are what it asks about"),
    "06.5": ((), "done by a run; the counts of part 4 show where to look"),
    "07.1": ((r"\(3,\)    18 of 20",), "the output is closed; the lab begins with four units"),
    "07.2": ((), "a function; the notes of a table name the ends, not the formula"),
    "07.3": ((), "nothing compares codings"),
    "07.4": ((), "done by stopping in time; the lab counts the held-out cases, as it must"),
    "07.5": ((r"E = 0\.33",), "E is a ? for a truth table of four lines that contradicts itself"),
}
