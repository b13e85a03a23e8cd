"""The chunks of an event log file: 64 KiB each, whole in themselves, so that a damaged one costs no other.

A log that was not closed properly has chunks whose headers were written before their last records, and one that was
cut ends within a chunk. Here such a chunk is mended as far as its records stand, and what is lost is counted.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from graph_hunt.loaders._records import filled

SIZE = 65536
HEADER_SIZE = 4096
_MAGIC = b"ElfChnk\x00"
_RECORD = b"**\x00\x00"
_FIRST = 512
_EMPTY = bytes(SIZE)
_SMALLEST = 28
_MOST_LOST = 4096
_NOTHING = (1 << 64) - 1
FILLER = (1 << 64) - 1
"""The number that a filler, set where records were, bears."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it may be parsed: its place in the file, what it gives, what was lost, and why."""

    place: int
    content: bytes
    records: int
    """How many it gives."""
    lost: int = 0
    why: str = ""
    whole: bool = True
    """It was not touched."""


def chunks(stream: BinaryIO, *, dirty: bool = False) -> Iterator[Chunk]:
    """Give the chunks that hold records, after the file's header was read; `dirty` is what that says of itself."""
    place = 0
    while content := filled(stream, SIZE):
        place += 1
        if content != _EMPTY[: len(content)]:
            chunk = _look(place, content.ljust(SIZE, b"\0"), cut=len(content) < SIZE, dirty=dirty)
            if chunk.records or chunk.lost:
                yield chunk
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)


def _look(place: int, content: bytes, *, cut: bool, dirty: bool) -> Chunk:
    first, last = struct.unpack_from("<QQ", content, 24)
    (free,) = struct.unpack_from("<I", content, 48)
    sound = content.startswith(_MAGIC)
    count, end, number = _walk(content, _FIRST, until=free if sound else SIZE)
    if sound and end == free and count == last - first + 1:
        # What follows is a remainder of older use, unless the log was not closed and numbers go on.
        if not (dirty and _record_at(content, end) and _number(content, end) == number + 1):
            return Chunk(place, content, count)
    elif sound and not count and last == _NOTHING:
        return Chunk(place, content, 0)
    elif not sound and not count and not _next(content, _FIRST, 0):
        return Chunk(place, content, 0, 1, f"neither header nor records in chunk {place}", whole=False)
    return _mend(place, content, first, last, cut)


def _walk(content: bytes, at: int, number: int = 0, until: int = SIZE) -> tuple[int, int, int]:
    """Step from record to record while numbers rise: how many, where they end, and the last one's number."""
    count = 0
    while at < until and (size := _record_at(content, at)) and (found := _number(content, at)) > number:
        count, at, number = count + 1, at + size, found
    return count, at, number


def _record_at(content: bytes, at: int) -> int:
    """The size of the record that stands there; 0 where none does. A record's size stands at both its ends."""
    if content[at : at + 4] != _RECORD or at + _SMALLEST > SIZE:
        return 0
    (size,) = struct.unpack_from("<I", content, at + 4)
    if size < _SMALLEST or at + size > SIZE or content[at + size - 4 : at + size] != content[at + 4 : at + 8]:
        return 0
    return int(size)


def _next(content: bytes, at: int, number: int) -> int:
    """Where the next record with a higher number stands; 0 where there is none."""
    at = content.find(_RECORD, at)
    while at > 0:
        if _record_at(content, at) and number < struct.unpack_from("<Q", content, at + 8)[0] < number + SIZE * 1024:
            return at
        at = content.find(_RECORD, at + 1)
    return 0


def _mend(place: int, content: bytes, first: int, last: int, cut: bool) -> Chunk:
    """Put a filler where records are damaged, and write the header anew."""
    mended = bytearray(content)
    at, records, lost, number = _FIRST, 0, 0, 0
    holes = []
    while True:
        count, end, number = _walk(content, at, number)
        records += count
        again = _next(content, end, number)
        if not again:
            break
        missing = _number(content, again) - (number + 1 if number else first)
        lost += min(max(missing, 1), _MOST_LOST)
        if again - end >= _SMALLEST:
            holes.append((end, again))
            _fill(mended, end, again)
        at = again
    tail = last - (number if records else first - 1)
    lost += tail if 0 < tail < _MOST_LOST else 0
    if records:
        _write_header(mended, first or number, number, end, holes)
    why = "the file breaks off" if cut else "damaged"
    return Chunk(place, bytes(mended), records, lost, f"{why} in chunk {place}", whole=False)


def _number(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<Q", content, at + 8)[0])


def _fill(mended: bytearray, start: int, end: int) -> None:
    mended[start:end] = bytes(end - start)
    struct.pack_into("<4sIQ", mended, start, _RECORD, end - start, FILLER)
    struct.pack_into("<I", mended, end - 4, end - start)


def _write_header(mended: bytearray, first: int, last: int, end: int, holes: list[tuple[int, int]]) -> None:
    mended[:8] = _MAGIC
    struct.pack_into("<QQQQI", mended, 8, first, last, first, last, 128)
    struct.pack_into("<I", mended, 48, end)
    # The tables of names and templates: pointers into what is gone would make the whole chunk unreadable.
    for place in range(128, _FIRST, 4):
        (pointer,) = struct.unpack_from("<I", mended, place)
        if pointer >= end or any(start <= pointer < stop for start, stop in holes):
            struct.pack_into("<I", mended, place, 0)
