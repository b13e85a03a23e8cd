"""Event identities in bulk: a 64-bit digest of each line, made from digests of its distinct values.

The digest of a line is the sum, modulo 2**64, of BLAKE2b digests of (file kind, column, value): as stable as BLAKE2b,
independent of the order and number of lines read together, and one addition a column and line.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import cast

import numpy as np
import pyarrow as pa

from graph_hunt.loaders.lanl.kind import Kind
from graph_hunt.loaders.lanl.lines import Parsed

_EPOCH_SHIFT = 1 << 44
_ID_LENGTH = 28
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint16)
"""Each byte's two hexadecimal digits, as they lie in memory."""


@lru_cache(maxsize=1 << 20)
def _digest(kind: str, column: str, value: str) -> int:
    name = "\x1f".join(("lanl", kind, column, value)).encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big")


def digests(kind: Kind, parsed: Parsed) -> np.ndarray:
    """Digest every line's content."""
    total = np.zeros(len(parsed.numbers), np.uint64)
    for name in kind.columns:
        column = parsed.column(name)
        if name in kind.integers:
            total += _mixed(column, _digest(kind.name, name, ""))
        else:
            values = [_digest(kind.name, name, value) for value in column.dictionary.to_pylist()]
            total += np.array(values, np.uint64)[column.indices.to_numpy()]
    return total


def _mixed(column: pa.Array, salt: int) -> np.ndarray:
    """Digest integers (SplitMix64); a missing one counts as -1."""
    mixed = cast(np.ndarray, column.fill_null(-1).to_numpy()).astype(np.uint64)
    mixed += np.uint64(salt)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def identities(at: np.ndarray, digest: np.ndarray, occurrence: np.ndarray | None) -> pa.Array:
    """Write identities as `event_id` does: twelve digits of time, sixteen of digest, and which occurrence it is."""
    rows = len(at)
    text = np.empty((rows, _ID_LENGTH // 2), np.uint16)
    text[:, :6] = _HEX[(at + _EPOCH_SHIFT).astype(">u8").view(np.uint8).reshape(rows, 8)[:, 2:]]
    text[:, 6:] = _HEX[digest.astype(">u8").view(np.uint8).reshape(rows, 8)]
    offsets = np.arange(0, (rows + 1) * _ID_LENGTH, _ID_LENGTH, dtype=np.int32)
    plain = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text))
    if occurrence is None:
        return plain
    again = np.flatnonzero(occurrence)
    suffixed = [f"{plain[int(i)].as_py()}-{occurrence[i]}" for i in again]
    choice = np.zeros(rows, np.int64)
    choice[again] = np.arange(1, len(again) + 1)
    # Rows take from the plain ones or, where they repeat, from the suffixed ones laid behind them.
    places = np.where(choice > 0, choice - 1 + rows, np.arange(rows))
    return pa.concat_arrays([plain, pa.array(suffixed, pa.string())]).take(pa.array(places))


class Occurrences:
    """Numbers identical lines (0, 1, 2 …) within an unbroken run of lines of one time, across chunks.

    So two true events that look the same are two, in any file that holds them; and where a file holds a stretch of
    telemetry twice, as exports joined end to end do, the stretch counts once.
    """

    def __init__(self) -> None:
        self._at: int | None = None
        self._digests = np.empty(0, np.uint64)

    def number(self, at: np.ndarray, digest: np.ndarray) -> np.ndarray | None:
        """Number a chunk's lines, the next of the file; None where every one is the first."""
        before = self._digests if self._at == int(at[0]) else self._digests[:0]
        ats = np.concatenate([np.full(len(before), at[0]), at]) if len(before) else at
        keys = np.concatenate([before, digest]) if len(before) else digest
        steps = np.diff(ats)
        start = int(np.flatnonzero(steps)[-1]) + 1 if steps.any() else 0
        self._at, self._digests = int(at[-1]), keys[start:]
        if steps.size and steps.min() < 0:
            # A time that comes back begins a new run, although its lines have the same digests.
            run = np.concatenate([[0], np.cumsum(steps != 0)]).astype(np.uint64)
            keys = keys + run * np.uint64(0x9E3779B97F4A7C15)
        numbers = _ranks(keys)
        return None if numbers is None else numbers[len(before) :]


def _ranks(keys: np.ndarray) -> np.ndarray | None:
    ordered = np.sort(keys)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(repeated):
        return None
    at = np.searchsorted(repeated, keys).clip(max=len(repeated) - 1)
    places = np.flatnonzero(repeated[at] == keys)
    order = places[np.argsort(keys[places], kind="stable")]
    group = keys[order]
    begins = np.concatenate([[True], group[1:] != group[:-1]])
    index = np.arange(len(order))
    ranks = np.zeros(len(keys), np.int64)
    ranks[order] = index - np.maximum.accumulate(np.where(begins, index, 0))
    return ranks
