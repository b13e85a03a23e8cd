"""Chunks of whole lines, and their columns: bulk where every line is sound, line by line only where one is not."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graph_hunt.errors import UnreadableInput
from graph_hunt.loaders.lanl.kind import Kind

CHUNK_BYTES = 16 << 20
"""A quarter of a million lines of auth.txt; ten times as many bytes lie in memory while they are worked on."""

_BLOCK_BYTES = 4 << 20
_PIECE = 1 << 20
_LONGEST_LINE = 1 << 20
_KEPT = 65536
"""How much of a bad line is kept."""
_LATEST = 99_999_999_999
"""A second beyond this, or before 0, is no time."""
_MISSING = "?"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a file; `first` is the number of the first, from 1."""

    text: bytes
    first: int
    oversized: bool = False
    """It is the beginning of one line too long to be kept."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A chunk's columns, its lines' numbers, and the lines that could not be used."""

    table: pa.Table
    numbers: np.ndarray
    rejected: tuple[tuple[int, str, str], ...] = ()

    def integers(self, name: str) -> np.ndarray:
        """An integer column that has no nulls."""
        return cast(np.ndarray, self.table.column(name).to_numpy())

    def column(self, name: str) -> pa.Array:
        """A column in one piece; text is dictionary-encoded, with `?` still in it."""
        column = self.table.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def chunks(stream: BinaryIO, name: str, size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Cut a stream after whole lines; raise `UnreadableInput`, after what came before, where it breaks off."""
    first, rest, skipping = 1, b"", False
    for piece, fault in _pieces(stream, size):
        if skipping:
            # The rest of a line that was too long.
            end = piece.find(b"\n")
            piece, skipping = piece[end + 1 :] if end >= 0 else b"", end < 0
        text = rest + piece
        cut = len(text) if fault else text.rfind(b"\n") + 1
        rest = text[cut:]
        if cut:
            yield Chunk(text[:cut], first)
            first += text.count(b"\n", 0, cut)
        if len(rest) > _LONGEST_LINE:
            yield Chunk(rest[:_KEPT], first, oversized=True)
            first, rest, skipping = first + 1, b"", True
        if fault:
            raise UnreadableInput(f"breaks off after line {first - 1}: {fault}", where=name) from fault
    if rest:
        yield Chunk(rest, first)


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, Exception | None]]:
    """Yield what the stream gives, up to `size` at a time; a fault comes with what was read before it."""
    read = getattr(stream, "read1", stream.read)
    while True:
        parts: list[bytes] = []
        got = 0
        try:
            while got < size and (part := read(min(_PIECE, size - got))):
                parts.append(part)
                got += len(part)
            if not parts:
                # Where content breaks off, a stream ends first, and says so when it is read once more.
                read(1)
                return
        except (OSError, EOFError, zlib.error, UnreadableInput) as fault:
            yield b"".join(parts), fault
            return
        yield b"".join(parts), None


def parse(chunk: Chunk, kind: Kind) -> Parsed:
    """Read a chunk's columns in bulk; fall back to its single lines where one of them is bad."""
    if chunk.oversized:
        raw = chunk.text.decode("utf-8", "replace")
        return Parsed(_nothing(kind), np.empty(0, np.int64), ((chunk.first, "a line of over 1 MiB", raw),))
    text = chunk.text
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    try:
        table = _columns(text, kind)
    except pa.ArrowInvalid:
        return _careful(chunk, kind)
    span = pc.min_max(table.column("time"))
    if table.num_rows != lines or span["min"].as_py() < 0 or span["max"].as_py() > _LATEST:
        return _careful(chunk, kind)
    return Parsed(table, np.arange(chunk.first, chunk.first + lines, dtype=np.int64))


def _careful(chunk: Chunk, kind: Kind) -> Parsed:
    rejected: list[tuple[int, str, str]] = []
    good: list[bytes] = []
    numbers: list[int] = []
    for number, line in enumerate(chunk.text.split(b"\n"), start=chunk.first):
        line = line.removesuffix(b"\r")
        if not line.strip():
            continue
        if reason := kind.fault(line):
            rejected.append((number, reason, line[:_KEPT].decode("utf-8", "replace")))
        else:
            good.append(line)
            numbers.append(number)
    table = _columns(b"\n".join(good), kind) if good else _nothing(kind)
    return Parsed(table, np.array(numbers, np.int64), tuple(rejected))


def _types(kind: Kind) -> dict[str, pa.DataType]:
    text = pa.dictionary(pa.int32(), pa.string())
    return {name: pa.int64() if name in kind.integers else text for name in kind.columns}


def _nothing(kind: Kind) -> pa.Table:
    return pa.schema(_types(kind).items()).empty_table()


def _columns(text: bytes, kind: Kind) -> pa.Table:
    # Threads read chunks, not blocks of one chunk; and blocks that fit a cache are read nearly twice as fast.
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(use_threads=False, column_names=kind.columns, block_size=_BLOCK_BYTES),
        parse_options=csv.ParseOptions(quote_char=False, ignore_empty_lines=False, newlines_in_values=False),
        convert_options=csv.ConvertOptions(
            column_types=_types(kind), null_values=[_MISSING], strings_can_be_null=False
        ),
    )
    return table.unify_dictionaries().combine_chunks()
