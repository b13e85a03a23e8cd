"""Numbers the distinct pairs of two columns, so that what is known of a pair is an array and not a dictionary."""

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_hunt.hunting.slots import FEWEST, slot

Numbers = npt.NDArray[np.int32]


@njit(cache=True)
def _grown(keys, numbers):  # type: ignore[no-untyped-def]
    more, more_numbers = np.zeros(2 * len(keys), np.uint64), np.zeros(2 * len(keys), np.int32)
    for old in range(len(keys)):
        if keys[old] != 0:
            new = slot(more, keys[old])
            more[new], more_numbers[new] = keys[old], numbers[old]
    return more, more_numbers


@njit(cache=True)
def _number(one, other, pair):  # type: ignore[no-untyped-def]
    keys, numbers = np.zeros(FEWEST, np.uint64), np.zeros(FEWEST, np.int32)
    held = 0
    for row in range(len(one)):
        # A key of 0 is an empty slot.
        key = ((np.uint64(one[row]) << np.uint64(32)) | np.uint64(other[row])) + np.uint64(1)
        place = slot(keys, key)
        if keys[place] == 0:
            keys[place], numbers[place] = key, held
            held += 1
            pair[row] = numbers[place]
            if 2 * held > len(keys):
                keys, numbers = _grown(keys, numbers)
        else:
            pair[row] = numbers[place]
    return held


def numbered(one: Numbers, other: Numbers) -> tuple[Numbers, int]:
    """Give each row its pair's number, in order of first appearance, and how many there are."""
    pair = np.empty(len(one), np.int32)
    return pair, int(_number(one, other, pair))
