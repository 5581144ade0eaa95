"""What an iterative net has learnt, in sentences."""

from bpcore import measures
from bpcore.tasks.search import settled
from bpcore.tasks.shift_register import copies_in_words


def what_was_learnt(task, which, w):
    """Sentences about an iterative net, with a mark each: ✓ it holds, · not yet.

    Parameters
    ----------
    task : Task
        Sequences, shift register or search.
    which : str
        Which of them.
    w : (k, weights) array

    Returns
    -------
    words : list of k lists of [mark, sentence]
    """
    if which == "search":
        return _said_of_search(task, w)
    score = measures.score(task, w)
    trained, count = score.trained, len(task.cases)
    what = "sequences" if which == "sequences" else "patterns"
    held = task.held_out
    return [
        [
            ["✓" if trained[k] == count else "·", f"{trained[k]} of {count} {what} right"],
            *([_held(score.held_out[k], len(held))] if held else []),
            *([_way(task, w[k])] if which == "shift register" and trained[k] == count else []),
        ]
        for k in range(len(w))
    ]


def _held(right, of):
    return ["✓" if right == of else "·", f"{right} of {of} it never saw"]


def _way(task, w):
    words = copies_in_words(task.network, w)
    _, together, rest = words.partition(": a pattern ")
    return ["✓", f"a pattern {rest}" if together else words]


def _said_of_search(task, w):
    right = settled(task, w)  # (steps + 1, runs, cases)
    steps, count = task.network.steps, right.shape[-1]
    there = right[steps].sum(-1)
    stay = right[steps:].all(0).sum(-1)
    half = [_median_step(right[:, k]) for k in range(len(w))]
    return [
        [
            [
                "✓" if there[k] >= 0.9 * count else "·",
                f"{there[k]} of {count} spoilt letters right after {steps} steps",
            ],
            ["✓" if stay[k] >= 0.9 * count else "·", f"{stay[k]} stay right for {steps} more"],
            *([["✓", f"half of them are right by step {half[k]}"]] if half[k] is not None else []),
        ]
        for k in range(len(w))
    ]


def _median_step(right):
    half = right.sum(-1) * 2 >= right.shape[-1]
    return int(half.argmax()) if half.any() else None
