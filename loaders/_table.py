"""Rows of CSV sources, each with its number and its text.

Not a loader. A row is what the csv module makes of it, line breaks in quotes included; a quote that is never closed
costs its own line only, for the lines that it swallowed are read again.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from graph_hunt.events.source import Source
from graph_hunt.loaders._records import Record, json_records, text_encoding

__all__ = ["Row", "entries", "header", "rows"]

_LONGEST_FIELD = 8 << 20
_LONGEST_LINE = 16 << 20
_KEPT = 65536
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number, the header being none; its text; its fields by column, or why it has none."""

    number: int
    raw: str
    fields: dict[str, str]
    fault: str = ""


def header(head: bytes) -> tuple[str, ...]:
    """The names of the columns that a source begins with; none where its first line is no header."""
    text = head.decode(text_encoding(head), "replace").lstrip("\ufeff")
    for line in text.splitlines():
        # PowerShell writes this line unless told not to.
        if line.strip() and not line.startswith("#TYPE"):
            return _split(line)
    return ()


def _split(line: str, delimiter: str = "") -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter or _delimiter(line)), [])
    except csv.Error:
        return ()
    return tuple(cell.strip().strip('"') for cell in cells)


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def entries(source: Source, *, json: bool) -> Iterator[Record | Row]:
    """Give every record of a source that is JSON, or every row of one that is a table."""
    with source.open() as stream:
        yield from json_records(stream, source.head) if json else rows(stream, source.head)


def rows(stream: BinaryIO, head: bytes, delimiter: str = "") -> Iterator[Row]:
    """Give every row of a stream by the names in its header, which tells the delimiter where none is given."""
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _Lines(stream, text_encoding(head))
    names: tuple[str, ...] = ()
    for line in lines:
        line = line.lstrip("\ufeff")
        if line.strip() and not line.startswith("#TYPE"):
            delimiter = delimiter or _delimiter(line)
            names = _split(line, delimiter)
            break
    lines.taken.clear()
    reader = csv.reader(lines, delimiter=delimiter or ",")
    number = 0
    while True:
        fault = ""
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells, fault = [], str(error)
        if cells is None:
            return
        taken, lines.taken = lines.taken, []
        if not cells and not fault:
            continue
        number += 1
        if not fault and len(taken) > 1 and sum(line.count('"') for line in taken) % 2:
            fault = "a quote is not closed"
        if fault or len(cells) != len(names):
            fault = fault or f"{len(cells)} columns, expected {len(names)}"
            # A quote left open has swallowed the lines after the first.
            lines.waiting.extendleft(reversed(taken[1:]))
            yield Row(number, taken[0][:_KEPT].rstrip("\r\n"), {}, fault)
            reader = csv.reader(lines, delimiter=reader.dialect.delimiter)
        else:
            yield Row(number, "".join(taken).rstrip("\r\n"), dict(zip(names, cells, strict=True)))


class _Lines:
    """The lines of a stream; `taken` are those given out, `waiting` those to be given out again."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._plain = encoding == "utf-8-sig"
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest, self._ended = "", False
        self.taken: list[str] = []
        self.waiting: deque[str] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else self._next()
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line.replace("\0", "")

    def _next(self) -> str:
        if self._plain:
            content = self._stream.readline(_LONGEST_LINE)
            if not content:
                self._stream.read(1)
            return content.decode("utf-8", "replace")
        while "\n" not in self._rest and not self._ended and len(self._rest) < _LONGEST_LINE:
            piece = self._stream.read(1 << 18)
            self._ended = not piece
            self._rest += self._decoder.decode(piece, final=self._ended)
        cut = self._rest.find("\n") + 1 or len(self._rest)
        line, self._rest = self._rest[:cut], self._rest[cut:]
        if not line:
            self._stream.read(1)
        return line
