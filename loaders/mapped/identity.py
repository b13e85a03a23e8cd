"""What names an event of one's own source: its id fields, else its file and line; the same in bulk and one by one."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from graph_hunt.loaders.lanl.identity import identities

__all__ = ["by_fields", "by_line", "in_bulk", "line", "named", "written"]

_ALL = (1 << 64) - 1
_EPOCH_SHIFT = 1 << 44


@lru_cache(maxsize=1 << 18)
def _digest(*names: str) -> int:
    text = "\x1f".join(("mapped", *names))
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def named(source: str, pairs: Iterable[tuple[str, str | None]]) -> int:
    """Digest an event's id fields: the sum of their digests."""
    return sum(_digest(source, field, value or "") for field, value in pairs) & _ALL


def by_line(file: str, numbers: np.ndarray) -> np.ndarray:
    """Digest the lines of a file (SplitMix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(_digest(file))
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def line(file: str, number: int) -> int:
    """Digest one line, as `by_line` does."""
    mixed = (number + _digest(file)) & _ALL
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _ALL
    return mixed ^ mixed >> 31


def by_fields(source: str, columns: Sequence[tuple[str, list[str | None], np.ndarray]], rows: int) -> np.ndarray:
    """Digest rows by their id fields: each a name, its distinct values, and which of them each row has."""
    total = np.zeros(rows, np.uint64)
    for field, values, places in columns:
        total += np.array([_digest(source, field, value or "") for value in values], np.uint64)[places]
    return total


def written(at: int, digest: int, place: int = 0) -> str:
    """Write one identity."""
    stem = f"{at + _EPOCH_SHIFT:012x}{digest:016x}"
    return f"{stem}-{place}" if place else stem


def in_bulk(at: np.ndarray, digests: np.ndarray, places: np.ndarray | None) -> pa.Array:
    """Write the identities of many rows; `places` tell rows of one event in one table apart."""
    return identities(at, digests, places)
