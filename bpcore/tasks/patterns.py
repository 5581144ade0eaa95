"""All patterns of on and off."""

import numpy as np


def all_patterns(n):
    """Every pattern of n inputs, (2^n, n) array, counting up: 00, 01, 10, 11."""
    return ((np.arange(2**n)[:, None] >> np.arange(n - 1, -1, -1)) & 1).astype(float)
