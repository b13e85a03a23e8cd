"""CSV in chunks of whole rows, and the number of the line that each row begins on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import numpy as np

from graph_hunt.loaders.lanl.lines import chunks

__all__ = ["Piece", "pieces"]

_QUOTE, _NEWLINE, _RETURN = 34, 10, 13
_LONGEST = 4 << 20
"""A row with a quote that is open for longer than this is given up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole rows: their text, where each begins and ends in it, and the number of the line on which each begins."""

    text: bytes
    starts: np.ndarray
    ends: np.ndarray
    numbers: np.ndarray

    def row(self, place: int) -> bytes:
        """One row's text."""
        return self.text[int(self.starts[place]) : int(self.ends[place])]


def pieces(stream: BinaryIO, name: str, size: int) -> Iterator[Piece]:
    """Cut a stream after whole rows; a row whose quote is never closed ends with its line."""
    rest, first = b"", 1
    for chunk in chunks(stream, name, size):
        first = chunk.first if not rest else first
        text = rest + chunk.text
        cut = _cut(text)
        if len(text) - cut > _LONGEST:
            cut = len(text)
        rest = text[cut:]
        if cut:
            yield _piece(text[:cut], first)
            first += text.count(b"\n", 0, cut)
    if rest:
        yield _piece(rest, first)


def _cut(text: bytes) -> int:
    """Where the last row begins whose quote is still open; the end where none is."""
    if text.count(b'"') % 2 == 0:
        return len(text)
    at = len(text)
    while at > 0:
        start = text.rfind(b"\n", 0, at - 1) + 1
        if text.count(b'"', start, at) % 2:
            return start
        at = start
    return 0


def _piece(text: bytes, first: int) -> Piece:
    letters = np.frombuffer(text, np.uint8)
    newlines = np.flatnonzero(letters == _NEWLINE)
    ends = newlines if len(text) and letters[-1] == _NEWLINE else np.append(newlines, len(text))
    numbers = np.arange(first, first + len(ends), dtype=np.int64)
    if b'"' in text:
        open_ = _open(letters, ends)
        if open_.any() and not open_[-1]:
            numbers = numbers[np.concatenate([[True], ~open_[:-1]])]
            ends = ends[~open_]
    starts = np.concatenate([[0], ends[:-1] + 1])
    empty = (ends - starts == 0) | ((ends - starts == 1) & (letters[np.minimum(starts, len(text) - 1)] == _RETURN))
    if empty.any():
        starts, ends, numbers = starts[~empty], ends[~empty], numbers[~empty]
    return Piece(text, starts, ends, numbers)


def _open(letters: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Tell of each line's end whether it stands inside quotes."""
    quotes = np.flatnonzero(letters == _QUOTE)
    return cast(np.ndarray, np.searchsorted(quotes, ends) % 2 == 1)
