"""What is kept of the sweeps: arrays that grow, and weights within some memory."""

import numpy as np


class Rows:
    """An array that grows at its end; `rows` is a read-only view of what is there."""

    def __init__(self, rows):
        self._array, self._n = rows, len(rows)

    def __len__(self):
        return self._n

    @property
    def rows(self):
        view = self._array[: self._n]
        view.flags.writeable = False
        return view

    def add(self, rows):
        n = self._n + len(rows)
        if n > len(self._array):
            # A new array, not a resized one: views that were handed out stay as they were.
            larger = np.empty((max(n, 2 * len(self._array)), *self._array.shape[1:]), self._array.dtype)
            larger[: self._n] = self.rows
            self._array = larger
        self._array[self._n : n] = rows
        self._n = n

    def only(self, keep):
        self._array = self.rows[keep]
        self._n = len(self._array)


class Kept:
    """Weights of every k-th sweep. If they would take more memory than given, every second is dropped and k doubles.

    Parameters
    ----------
    sweeps : (k,) array                  numbers of the sweeps, all of them multiples of `every`
    w, delta_w : (k, runs, weights) arrays   after these sweeps
    every : int
    keep_bytes : int
    """

    def __init__(self, sweeps, w, delta_w, every, keep_bytes):
        self.every, self._at_most = every, max(2, keep_bytes // (2 * w[0].nbytes))
        self._all = Rows(sweeps), Rows(w), Rows(delta_w)

    @property
    def rows(self):
        """Sweeps, w and delta_w so far."""
        return tuple(rows.rows for rows in self._all)

    @property
    def at_once(self):
        """Sweeps that may be made before the next `add`."""
        return self.every * (self._at_most // 2)

    def room(self, first, n):
        """Empty arrays for w and delta_w of those sweeps among the n after sweep `first` that are kept."""
        shape = (first + n) // self.every - first // self.every, *self._all[1].rows.shape[1:]
        return [np.empty(shape), np.empty(shape)]

    def add(self, first, end, room):
        """Add the weights in `room`, now that the sweeps from `first` to `end` were made."""
        numbers = self.every * np.arange(first // self.every + 1, end // self.every + 1)
        for rows, new in zip(self._all, (numbers, *room), strict=True):
            rows.add(new[: len(numbers)])
        while len(self._all[0]) > self._at_most:
            self.every *= 2
            keep = self._all[0].rows % self.every == 0
            for rows in self._all:
                rows.only(keep)
