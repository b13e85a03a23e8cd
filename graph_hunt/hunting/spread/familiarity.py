"""How familiar each act's pairs of entities were before it: in how many earlier hours the two were seen together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_hunt.hunting.slots import FEWEST, slot
from graph_hunt.hunting.spread.rules import HOUR

NOT_APPLICABLE = 255
"""Stands for a pair of which one is nobody; it says nothing for or against."""
HUB = 0.4
"""A machine that this share of all accounts or machines has to do with is a hub: half as likely to be what a compromise
goes through as what everybody goes to. Accounts are not damped: wide rights are what an attacker looks for."""
_FEWEST_PARTNERS = 100
"""In a history smaller than this, nothing is a hub for having met all of it."""
_MOST = 254

Times = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]


@njit(cache=True)
def _grown(keys, counts, last):  # type: ignore[no-untyped-def]
    more = np.zeros(2 * len(keys), np.uint64)
    more_counts = np.zeros(2 * len(keys), np.uint8)
    more_last = np.zeros(2 * len(keys), np.int64)
    for old in range(len(keys)):
        if keys[old] != 0:
            new = slot(more, keys[old])
            more[new], more_counts[new], more_last[new] = keys[old], counts[old], last[old]
    return more, more_counts, more_last


@njit(cache=True)
def _count(time, one, other, seen, partners, other_partners):  # type: ignore[no-untyped-def]
    """Count, for each row in order of time, the earlier hours in which its pair was seen, and each one's partners."""
    keys = np.zeros(FEWEST, np.uint64)
    counts = np.zeros(FEWEST, np.uint8)
    last = np.zeros(FEWEST, np.int64)
    held = 0
    for row in range(len(time)):
        if one[row] == 0 or other[row] == 0:
            seen[row] = NOT_APPLICABLE
            continue
        key = (np.uint64(one[row]) << np.uint64(32)) | np.uint64(other[row])
        place = slot(keys, key)
        if keys[place] == 0:
            keys[place], counts[place], last[place] = key, 1, time[row]
            seen[row] = 0
            partners[one[row]] += 1
            other_partners[other[row]] += 1
            held += 1
            if 2 * held > len(keys):
                keys, counts, last = _grown(keys, counts, last)
        elif time[row] - last[place] >= HOUR:
            seen[row] = counts[place]
            counts[place] = min(counts[place] + 1, _MOST)
            last[place] = time[row]
        else:
            seen[row] = counts[place] - 1


@dataclass(frozen=True, slots=True)
class Familiarity:
    """What a whole history says of its pairs: (account, target), (account, source), (source, target)."""

    seen: npt.NDArray[np.uint8]
    """By row and pair: in how many earlier hours it was seen."""
    share: npt.NDArray[np.float64]
    """By machine: the largest share of all accounts that logged on to it or from it, or of all targets that were
    logged on to from it."""


def familiarity(time: Times, ids: Ids, entities: int) -> Familiarity:
    """Read rows in order of time; `ids` has the columns account, source, target."""
    seen = np.empty((len(time), 3), np.uint8)
    share = np.zeros(entities)
    for pair, (one, other) in enumerate(((0, 2), (0, 1), (1, 2))):
        counted = np.empty(len(time), np.uint8)
        partners, other_partners = np.zeros(entities, np.int32), np.zeros(entities, np.int32)
        _count(time, ids[:, one].copy(), ids[:, other].copy(), counted, partners, other_partners)
        seen[:, pair] = counted
        met, possible = (partners, other_partners) if (one, other) == (1, 2) else (other_partners, partners)
        share = np.maximum(share, met / max(_FEWEST_PARTNERS, int(np.count_nonzero(possible))))
    return Familiarity(seen, share)


def damping(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give each entity its factor: close to 1 for all but hubs: domain controllers, update servers, gateways."""
    return 1.0 / (1.0 + (share / HUB) ** 4)


def rarity(seen: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Give each row's factor, from USUAL to 1: one pair never seen before makes an act wholly unusual."""
    usual = _FAMILIAR[seen[:, 0]] * _FAMILIAR[seen[:, 1]] * _FAMILIAR[seen[:, 2]]
    return (1.0 - (1.0 - USUAL) * usual).astype(np.float32)


USUAL = 0.05
"""What is left of a rule's likelihood for an act that was seen again and again before."""
_FAMILIAR: npt.NDArray[np.float64] = np.arange(256) / (1.0 + np.arange(256))
"""By count of earlier hours: how little a pair's appearance needs an explanation."""
_FAMILIAR[NOT_APPLICABLE] = 1.0
