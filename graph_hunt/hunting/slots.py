"""Where a key stands in a table of open addressing, for passes that numba compiles."""

import numpy as np
from numba import njit

FEWEST = 1 << 12
"""Slots that a table begins with; it doubles once half of them are taken, so their number is a power of two."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True)
def slot(keys, key):  # type: ignore[no-untyped-def]
    """Find a key's place in the table, or the empty one (a key of 0) where it belongs."""
    mask = np.uint64(len(keys) - 1)
    place = ((key * _MIX) >> np.uint64(20)) & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return place
