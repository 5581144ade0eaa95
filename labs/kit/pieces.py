"""A run in pieces, as a page takes it: every piece holds what the one before did not."""

import numpy as np


class Pieces:
    """Splits a run into messages, and remembers what was sent.

    Attributes
    ----------
    number : int
        Of the last piece.
    """

    def __init__(self):
        self.number = self._run = self._edition = 0
        self.again()

    def new_run(self):
        """Begin another run: the next piece starts it from its beginning."""
        self._run += 1
        self.again()

    def again(self):
        """Send everything again, as a new edition of the same run."""
        self._edition += 1
        self._E = self._w = self._words = 0
        self._keep_every = None

    def next(self, run, words, marks, message, **status):
        """The next piece of a run.

        Parameters
        ----------
        run : History
        words : list of (sweep, [(mark, sentence), ...])
            What was said of the run, where it changed.
        marks : list of (sweep, text)
            Sliders that were moved.
        message : str
        status
            Passed on to the page: epsilon, alpha, playing.

        Returns
        -------
        content : dict
        buffers : list of bytes
            float32 errors, uint32 numbers of the kept sweeps, float32 weights of these and of the present, all of them
            one run after the other.
        """
        sweeps, w, _ = run.kept
        if self._keep_every not in (None, run.keep_every):
            self.again()  # the history was thinned: places have changed
        self._keep_every = run.keep_every
        self.number += 1
        piece = {
            "type": "piece",
            "number": self.number,
            "run": self._run,
            "edition": self._edition,
            "E_from": self._E,
            "w_from": self._w,
            "every": run.keep_every,
            "solved": run.solved_at.tolist(),
            "words": words[self._words :],
            "marks": marks,
            "message": message,
            **status,
        }
        with np.errstate(over="ignore"):
            E, new_w = run.E[self._E :].T, w[self._w :].swapaxes(0, 1)
            E, new_w, now = (a.astype("<f4") for a in (E, new_w, run.state.w))
        numbers = sweeps[self._w :].astype("<u4")
        self._E, self._w, self._words = len(run.E), len(sweeps), len(words)
        return piece, [a.tobytes() for a in (E, numbers, new_w, now)]


def record(lab):
    """All messages that show a lab to a newly opened page: a list of (content, list of buffers)."""
    lab.find_words()
    told = [(content, []) for content in lab.contents()]
    return [*told, Pieces().next(lab.run, lab.words_so_far, lab.marks, lab.message, **lab.status())]
