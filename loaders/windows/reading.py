"""How a source holds its events, told by its head, and the records of each way."""

import codecs
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Protocol
from zoneinfo import ZoneInfo

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source, look_ahead
from graph_hunt.loaders import _records, _table
from graph_hunt.loaders.windows import splunk_form
from graph_hunt.loaders.windows.clock import Clock
from graph_hunt.loaders.windows.event import Event
from graph_hunt.loaders.windows.json_forms import behind, recognise
from graph_hunt.loaders.windows.mapping import store
from graph_hunt.loaders.windows.rendered import Malformed
from graph_hunt.loaders.windows.text_form import carries_event, parse_line
from graph_hunt.loaders.windows.xml_form import NAMESPACE, elements, parse

_HEADING = re.compile(rb"^Record \d+\s*$")
_LOOKED_AT = 20
_LOOKED_THROUGH = 4 << 20
"""How much is read ahead for records of Sysmon, which tell how the others' times stand to UTC."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A record before it is understood: its number, its text, and how to read it, or why that cannot be."""

    number: int
    raw: str
    read: Callable[[], Event] | None
    fault: str = ""


class _Way(Protocol):
    def __call__(self, source: Source, clock: Clock) -> Iterator[Piece]: ...


def way(head: bytes) -> _Way | None:
    """The way a source that begins so is read; none where it holds no Windows events."""
    plain = _unheaded_head(head)
    text = plain.decode(_records.text_encoding(plain), "replace").lstrip(" \t\r\n\ufeff\0")
    if text.startswith(("{", "[")):
        return _json if _is_json(plain, text) else None
    if text.startswith("<") and (NAMESPACE in text or "<Event><System><Provider Name=" in text):
        return _xml if text.startswith(("<Event", "<?xml", "<!--")) or "<Events" in text[:512] else None
    if splunk_form.BEGINNING.match(text):
        return _splunk
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    if lines and sum(carries_event(line) for line in lines) * 2 > len(lines):
        return _text
    return _csv if _is_csv(head) else None


def _is_json(head: bytes, text: str) -> bool:
    first = _records.first_records(head, _LOOKED_AT)
    if first:
        return any(recognise(record) for record in first)
    # The first record alone is longer than the head.
    return all(f'"{name}"' in text for name in ("EventID", "Channel", "Computer"))


def _is_csv(head: bytes) -> bool:
    names = {_column(name) for name in _table.header(head)}
    return recognise(dict.fromkeys(names, "4624")) is not None


def _column(name: str) -> str:
    return name.removesuffix(" [UTC]").removesuffix(" [Local Time]")


def clock_of(source: Source, options: Options) -> Clock:
    """How to read the source's times: as the user says, else as its first records that tell UTC show."""
    if options.timezone != "UTC":
        return Clock(ZoneInfo(options.timezone))
    if not source.head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n").startswith((b"{", b"[")):
        return Clock()
    with look_ahead(source) as stream:
        beginning = b""
        while len(beginning) < _LOOKED_THROUGH and (piece := stream.read(_LOOKED_THROUGH - len(beginning))):
            beginning += piece
    return Clock(behind=behind(_records.first_records(beginning, _LOOKED_THROUGH)))


def read(source: Source, options: Options, rows: Rows) -> Iterator[Batch]:
    """Yield the batches of a source of text."""
    chosen = way(source.head)
    if chosen is None:
        raise UnreadableInput("has no form in which Windows events come", where=source.name)
    pieces = chosen(source, clock_of(source, options))
    yield from _records.batches(pieces, rows, lambda piece: _keep(piece, rows))


def _keep(piece: Piece, rows: Rows) -> None:
    if piece.read is None:
        rows.reject(piece.number, piece.fault, piece.raw)
        return
    try:
        event = piece.read()
    except Malformed as error:
        rows.reject(piece.number, str(error), piece.raw)
        return
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        rows.reject(piece.number, f"not as its form prescribes: {type(error).__name__}: {error}", piece.raw)
        return
    store(event, rows, piece.number, piece.raw)


def _json(source: Source, clock: Clock) -> Iterator[Piece]:
    head = _unheaded_head(source.head)
    with source.open() as stream:
        plain = stream if head == source.head else _Unheaded(stream)
        for record in _records.json_records(plain, head):
            yield _piece(record.number, record.raw, record.fields, record.fault, clock)


def _piece(number: int, raw: str, fields: dict[str, Any] | None, fault: str, clock: Clock) -> Piece:
    if fields is None:
        return Piece(number, raw, None, fault)
    reader = recognise(fields)
    if reader is None:
        return Piece(number, raw, None, "not a Windows event")
    return Piece(number, raw, partial(reader, fields, clock))


def _csv(source: Source, clock: Clock) -> Iterator[Piece]:
    with source.open() as stream:
        for row in _table.rows(stream, source.head):
            fields = {_column(name): value for name, value in row.fields.items()}
            yield _piece(row.number, row.raw, None if row.fault else fields, row.fault, clock)


def _xml(source: Source, clock: Clock) -> Iterator[Piece]:
    with source.open() as stream:
        texts = _texts(stream, _records.text_encoding(source.head))
        for number, (text, whole) in enumerate(elements(texts, _records.LONGEST), start=1):
            yield Piece(number, text, partial(parse, text) if whole else None, "an event without an end")


def _text(source: Source, clock: Clock) -> Iterator[Piece]:
    with source.open() as stream:
        for number, line in enumerate(_lines(stream, _records.text_encoding(source.head)), start=1):
            if line.strip():
                yield Piece(number, line, partial(parse_line, line, clock))


def _splunk(source: Source, clock: Clock) -> Iterator[Piece]:
    with source.open() as stream:
        lines = _lines(stream, _records.text_encoding(source.head))
        for number, block in splunk_form.blocks(lines, _records.LONGEST):
            yield Piece(number, block, partial(splunk_form.parse_block, block, clock))


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while piece := stream.read(1 << 18):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    rest = ""
    for text in _texts(stream, encoding):
        *whole, rest = (rest + text).split("\n")
        yield from (line.rstrip("\r") for line in whole)
        if len(rest) > _records.LONGEST:
            yield rest[:65536]
            rest = ""
    if rest:
        yield rest.rstrip("\r")


def _unheaded_head(head: bytes) -> bytes:
    """The head without the `Record 1` lines that evtx_dump sets above its records."""
    start = head[:64].lstrip(b"\xef\xbb\xbf\r\n ")
    return b"".join(_unheaded(head.splitlines(keepends=True))) if start.startswith(b"Record ") else head


def _unheaded(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if not (line.startswith(b"Record ") and _HEADING.match(line)))


class _Unheaded(io.BytesIO):
    """A stream without the `Record 1` lines."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream, self._rest = stream, b""

    def readline(self, size: int | None = -1, /) -> bytes:
        while line := self._stream.readline(-1 if size is None else size):
            if not (line.startswith(b"Record ") and _HEADING.match(line)):
                return line
        return b""

    def read(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None or size < 0 else size
        while (size < 0 or len(self._rest) < size) and (line := self.readline(_records.LONGEST)):
            self._rest += line
        size = len(self._rest) if size < 0 else size
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece
