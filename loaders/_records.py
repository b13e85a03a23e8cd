"""Records of JSON sources, however they are laid out: a line each, one array, one after another, or wrapped in one.

Not a loader. Memory is bounded by a record; a broken record costs itself only.
"""

import codecs
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO, Protocol, TypeVar

import orjson

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._values import UNLIKE

__all__ = [
    "LONGEST",
    "Record",
    "Stretch",
    "add_event",
    "batches",
    "filled",
    "first_records",
    "has_lines",
    "json_records",
    "sound",
    "text_encoding",
]

T = TypeVar("T")

LONGEST = 16 << 20
"""A record longer than this is not kept."""

_KEPT = 65536
_PIECE = 1 << 18
_WRAPPERS = ("value", "records", "Records", "items", "events", "Results", "results")
_BESIDE = ("Stats", "Schema", "schema", "kind", "etag", "nextPageToken")
"""What an API's answer has beside its records, notes of OData apart."""
_OF_PAGES = frozenset((*_WRAPPERS, *_BESIDE))
_MEMBER = re.compile(r'\s*"(@odata\.[^"]*|' + "|".join(_BESIDE) + r')"\s*:\s*')
_OPENING = re.compile(r'\s*"(' + "|".join(_WRAPPERS) + r')"\s*:\s*\[')
_COMMA = re.compile(r"\s*,")
_BETWEEN = re.compile(r"[\s,\[\]\ufeff\x00]*")
_DECODER = JSONDecoder(strict=False)
_LOOKED_AT = 5
_BROKEN = 64


@dataclass(slots=True)
class Record:
    """One record: its number (the line's, where each has its own), its text, its fields; or why it has none.

    Not frozen, since building a frozen one takes three times as long.
    """

    number: int
    raw: str
    fields: dict[str, Any] | None
    fault: str = ""


def batches(records: Iterable[T], rows: Rows, keep: Callable[[T], None]) -> Iterator[Batch]:
    """Keep every record, and yield the batches; what was read before a source breaks off is not lost."""
    try:
        for record in records:
            keep(record)
            if rows.full:
                yield rows.take()
    except UnreadableInput:
        yield from rows.batches(last=True)
        raise
    yield from rows.batches(last=True)


class Numbered(Protocol):
    """A record, or a row of a table, with its text."""

    @property
    def number(self) -> int:
        """Its number in the source."""

    @property
    def raw(self) -> str:
        """Its text."""

    @property
    def fields(self) -> dict[str, Any] | None:
        """What it holds; nothing where it could not be read."""

    @property
    def fault(self) -> str:
        """Why it could not be read, '' where it could."""


def sound(
    out: Rows,
    keep: Callable[[dict[str, Any], Rows, int, str], None],
    *,
    unlike: tuple[type[Exception], ...] = UNLIKE,
) -> Callable[[Numbered], None]:
    """Give `keep` each record's fields, number and text; quarantine what cannot be read or is laid out otherwise."""

    def kept(one: Numbered) -> None:
        if one.fault or one.fields is None:
            out.reject(one.number, one.fault, one.raw)
            return
        try:
            keep(one.fields, out, one.number, one.raw)
        except unlike as error:
            out.reject(one.number, f"laid out otherwise: {error}", one.raw)

    return kept


def add_event(
    out: Rows,
    made: Iterable[tuple[str, str, Mapping[str, Any]]],
    names: Sequence[object],
    *,
    at: int,
    recorder: str,
    number: int,
    raw: str,
) -> None:
    """Add the rows of one event, each given as code, table and columns; `names` name the event."""
    places: dict[str, int] = {}
    for code, table, columns in made:
        place = places[table] = places.get(table, -1) + 1
        row = {"event_id": event_id(at, names, place), "time": at, "code": code, "recorder": recorder}
        out.put(table, {**row, "record": number, "raw": raw, **columns})


def filled(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, fewer only at the end."""
    content = stream.read(size)
    while 0 < len(content) < size and (more := stream.read(size - len(content))):
        content += more
    return content


def text_encoding(head: bytes) -> str:
    """Tell the encoding by the byte order mark, as PowerShell writes it; UTF-8 where there is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) > 3 and head[0] and not head[1] and head[2] and not head[3]:
        return "utf-16-le"
    return "utf-8-sig"


def first_records(head: bytes, most: int = _LOOKED_AT) -> list[dict[str, Any]]:
    """The first sound records in the head of a source; none where it is no JSON."""
    text = head.decode(text_encoding(head), "replace").lstrip(" \t\r\n\ufeff")
    if text[:1] not in ("{", "["):
        return []
    found: list[dict[str, Any]] = []
    records = _by_line(head.splitlines(keepends=True)) if has_lines(head) else _by_document(iter([text]), whole=False)
    for record in records:
        if record.fields is not None:
            found.append(record.fields)
        if len(found) >= most:
            break
    return found


class Stretch(io.BytesIO):
    """Some lines of a longer stream; `last` is the number given to the last record, those before it included."""

    last = 0


def json_records(stream: BinaryIO, head: bytes) -> Iterator[Record]:
    """Give every record of a stream."""
    if has_lines(head):
        stretch = stream if isinstance(stream, Stretch) else None
        last = yield from _by_line(_lines(stream), stretch.last if stretch else 0)
        if stretch:
            stretch.last = last
    else:
        yield from _by_document(_texts(stream, text_encoding(head)), whole=True)


def has_lines(head: bytes) -> bool:
    """Tell whether each record has a line of its own."""
    if text_encoding(head) != "utf-8-sig":
        return False
    lines = [line.strip(_PADDING) for line in head.split(b"\n")[: _LOOKED_AT * 2]]
    lines = [line for line in lines if line not in (b"", b"[")]
    if not lines or lines[0][:1] not in (b"{", b"["):
        return False
    if type(_parsed(lines[0])) in (dict, list):
        return True
    # Of a record laid out over lines, the first holds little; a line that is long is a broken record.
    return len(lines[0]) > _BROKEN and any(type(_parsed(line)) is dict for line in lines[1:])


_PADDING = b" \t\r\n\x00" + codecs.BOM_UTF8


def _parsed(line: bytes) -> Any:
    line = line.strip(_PADDING).removesuffix(b",")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        # The first and last line of an array whose records have lines of their own.
        return orjson.loads(line.removeprefix(b"[").removesuffix(b"]"))
    except orjson.JSONDecodeError:
        return None


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines, of which only so much is kept that what is cut cannot be taken for a record."""
    while line := stream.readline(LONGEST):
        yield line
        while line and not line.endswith(b"\n") and len(line) == LONGEST:
            line = stream.readline(LONGEST)
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)


def _by_line(lines: Iterable[bytes], last: int = 0) -> Generator[Record, None, int]:
    """Give each line's record its number, unless lines that hold several have gone past it; give the last number."""
    for number, line in enumerate(lines, start=1):
        if number <= last:
            number = last + 1
        try:
            # The common case first: nothing but the record.
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            if not line.strip(_PADDING + b"[],"):
                continue
            value = _parsed(line)
        else:
            if type(value) is dict and not _may_wrap(value):
                last = number
                yield Record(number, line.strip().decode(), value)
                continue
        for record in _of_line(line, value, number):
            last = record.number
            yield record
    return last


def _of_line(line: bytes, value: Any, number: int) -> Iterator[Record]:
    if type(value) is dict:
        inner = _wrapped(value)
        if inner is None:
            bare = line.strip(_PADDING).removesuffix(b",").removeprefix(b"[").removesuffix(b"]")
            yield Record(number, bare.decode("utf-8", "replace"), value)
            return
        value = inner
    if type(value) is list:
        for place, element in enumerate(value, start=number):
            raw = orjson.dumps(element).decode()
            fields = element if type(element) is dict else None
            yield Record(place, raw, fields, "" if fields is not None else "not a JSON object")
    else:
        fault = "not a JSON object" if value is not None else "not JSON"
        yield Record(number, line[:_KEPT].decode("utf-8", "replace").strip(), None, fault)


def _may_wrap(value: dict[str, Any]) -> bool:
    """Tell by its first name alone what may be a page of an API's answer; nearly no record is."""
    first = next(iter(value), "")
    return first in _OF_PAGES or first[:1] == "@"


def _wrapped(value: dict[str, Any]) -> list[Any] | None:
    """What a page of an API's answer holds, where it is one."""
    for name in _WRAPPERS:
        inner = value.get(name)
        if type(inner) is list and all(key == name or _is_beside(key, name) for key in value):
            return inner
    return None


def _is_beside(key: str, wrapper: str) -> bool:
    """Tell what stands beside records from a record's own fields: a Google activity has a kind and events, too."""
    return key.startswith("@odata.") or (key in _BESIDE and wrapper != "events")


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while piece := stream.read(_PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
    stream.read(1)


def _by_document(texts: Iterator[str], *, whole: bool) -> Iterator[Record]:
    """Take one JSON object after another; `whole` says that the end of the texts is the end of the source."""
    text, at, number, ended = "", 0, 0, False
    while True:
        at = _start(text, at)
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (JSONDecodeError, RecursionError) as error:
            if not ended and len(text) - at < LONGEST and not _sure(error, text):
                more = next(texts, None)
                ended = more is None
                # Twice as much each time, so that a long record is not read over and over.
                while more is not None and len(more) < len(text) - at and (next_one := next(texts, None)) is not None:
                    more += next_one
                text, at = text[at:] + (more or ""), 0
                continue
            if not text[at:].strip() or (ended and not whole):
                return
            number += 1
            end = _resume(text, at, getattr(error, "pos", at))
            yield Record(number, text[at : min(end, at + _KEPT)].strip(), None, "not JSON")
            at = end
            continue
        number += 1
        if type(value) is dict:
            yield Record(number, text[at:end], value)
        else:
            yield Record(number, text[at:end][:_KEPT], None, "not a JSON object")
        at = end


def _start(text: str, at: int) -> int:
    """Where the next record begins, past commas, brackets and wrappers."""
    at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    while text.startswith("{", at) and (inside := _within(text, at)) is not None:
        at = _BETWEEN.match(text, inside).end()  # type: ignore[union-attr]
    if text.startswith("}", at):
        # A wrapper's end.
        return _start(text, at + 1)
    after = _past_member(text, at) if text.startswith('"', at) else None
    return at if after is None else _start(text, after[1])


def _within(text: str, at: int) -> int | None:
    """Where the records begin in an answer that begins here; null where none does."""
    at += 1
    names: list[str] = []
    while (member := _past_member(text, at)) and (comma := _COMMA.match(text, member[1])):
        names.append(member[0])
        at = comma.end()
    opening = _OPENING.match(text, at)
    if opening is None or not all(_is_beside(name, opening.group(1)) for name in names):
        return None
    return opening.end()


def _past_member(text: str, at: int) -> tuple[str, int] | None:
    """The name of what stands beside the records here, and where it ends."""
    member = _MEMBER.match(text, at)
    if member is None:
        return None
    try:
        return member.group(1), _DECODER.raw_decode(text, member.end())[1]
    except (JSONDecodeError, RecursionError):
        return None


def _sure(error: Exception, text: str) -> bool:
    """Tell whether more text could not mend it."""
    position = getattr(error, "pos", len(text))
    return "Unterminated" not in str(error) and position < len(text) - 16


def _resume(text: str, at: int, wrong: int) -> int:
    """Where to go on after a broken record: the next line that begins as its own did, or the next `{` after a `}`."""
    line = text.rfind("\n", 0, at) + 1
    indent = text[line:at] if text[line:at].isspace() else ""
    again = re.compile(r"\n" + re.escape(indent) + r"\{|\}\s*,\s*\{").search(text, max(wrong - 1, at + 1))
    return again.end() - 1 if again else len(text)
