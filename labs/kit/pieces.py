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
        self._E = self._words = 0
        self._sent = -1  # the last kept sweep

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
        first = int(np.searchsorted(sweeps, self._sent, side="right"))  # a page thins as the history was thinned
        self.number += 1
        piece = {
            "type": "piece",
            "number": self.number,
            "run": self._run,
            "edition": self._edition,
            "E_from": self._E,
            "w_from": first,
            "every": run.keep_every,
            "solved": run.solved_at.tolist(),
            "words": words[self._words :],
            "marks": marks,
            "message": message,
            **status,
        }
        with np.errstate(over="ignore"):
            E, new_w = run.E[self._E :].T, w[first:].swapaxes(0, 1)
            E, new_w, now = (a.astype("<f4") for a in (E, new_w, run.state.w))
        numbers = sweeps[first:].astype("<u4")
        self._E, self._sent, self._words = len(run.E), int(sweeps[-1]), len(words)
        return piece, [a.tobytes() for a in (E, numbers, new_w, now)]


def record(lab):
    """All messages that show a lab to a newly opened page: a list of (content, list of buffers)."""
    lab.find_words()
    told = [(content, []) for content in lab.contents()]
    return [*told, Pieces().next(lab.run, lab.words_so_far, lab.marks, lab.message, **lab.status())]
