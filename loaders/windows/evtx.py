"""Event log files (EVTX)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

import orjson
from evtx import PyEvtxParser

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.loaders._records import filled
from graph_hunt.loaders._workers import Workers, processors
from graph_hunt.loaders.windows.chunks import FILLER, HEADER_SIZE, Chunk, chunks
from graph_hunt.loaders.windows.clock import happened, milliseconds
from graph_hunt.loaders.windows.event import Event
from graph_hunt.loaders.windows.mapping import mapper_of, store
from graph_hunt.loaders.windows.rendered import SYSMON, event_of, fields

MAGIC = b"ElfFile\x00"


_TOGETHER = 64
"""Chunks parsed at once (4 MiB)."""
_FLAGS = 120
_DIRTY = 1
_WORTH_WORKERS = 64 << 20
"""A log of fewer bytes is read sooner than workers start."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some chunks of a log, with its header, and how many records came before."""

    source: str
    file: str
    header: bytes
    chunks: list[Chunk]
    before: int

    @property
    def records(self) -> int:
        """How many records it has, those lost included."""
        return sum(chunk.records + chunk.lost for chunk in self.chunks)

    def run(self) -> list[Batch]:
        """Read it by itself."""
        rows = Rows(self.source, self.file)
        keep_portion(self, rows)
        return list(rows.batches(last=True))


def read(stream: BinaryIO, rows: Rows, size: int | None = None, workers: int | None = None) -> Iterator[Batch]:
    """Yield the batches of an event log; what cannot be read is quarantined, and the rest goes on.

    A log of `size` bytes that is long enough is read by as many processes as there are processors, or `workers`.
    """
    header = filled(stream, HEADER_SIZE)
    if len(header) < HEADER_SIZE:
        raise UnreadableInput("the event log breaks off in its header", where=rows.file, expected="4096 bytes")
    if workers is None:
        workers = processors() if size is not None and size >= _WORTH_WORKERS else 1
    portions = _portions(stream, header, rows)
    try:
        if workers > 1:
            with Workers(workers) as hired:
                for batches in hired.results(portions):
                    yield from batches
            return
        for portion in portions:
            keep_portion(portion, rows)
            yield from rows.batches()
    except UnreadableInput:
        yield from rows.batches(last=True)
        raise
    yield from rows.batches(last=True)


def _portions(stream: BinaryIO, header: bytes, rows: Rows) -> Iterator[Portion]:
    """Sound chunks together, a mended one alone, so that what it does to the parser stays its own."""
    dirty = bool(int.from_bytes(header[_FLAGS : _FLAGS + 4], "little") & _DIRTY)
    before = 0
    group: list[Chunk] = []
    for chunk in chunks(stream, dirty=dirty):
        if group and (len(group) == _TOGETHER or not (chunk.whole and group[0].whole)):
            portion = Portion(rows.source, rows.file, header, group, before)
            before += portion.records
            yield portion
            group = []
        group.append(chunk)
    if group:
        yield Portion(rows.source, rows.file, header, group, before)


def keep_portion(portion: Portion, rows: Rows) -> None:
    """Store the records of some chunks."""
    position, group = portion.before, portion.chunks
    expected = sum(chunk.records for chunk in group)
    given = 0
    if expected:
        for record in _records(portion.header, group):
            if isinstance(record, dict):
                if record["event_record_id"] == FILLER:
                    continue
                given += 1
                keep(record["data"], rows, position + given)
            elif given < expected:
                given += 1
                rows.reject(position + given, f"a record that cannot be read: {record}"[:500], "")
    for number in range(given + 1, expected + 1):
        # Nothing is known that leads here, but nothing is lost without a word.
        rows.reject(position + number, "a record that the parser passed over", "")
    for number in range(expected + 1, portion.records + 1):
        rows.reject(position + number, f"a lost record: {group[0].why}", "")


def _records(header: bytes, group: list[Chunk]) -> Iterator[dict[str, Any] | RuntimeError]:
    content = io.BytesIO(b"".join([header, *(chunk.content for chunk in group)]))
    try:
        records = PyEvtxParser(content, number_of_threads=1, indent=False).records_json()
    except (RuntimeError, OSError) as error:
        yield RuntimeError(str(error))
        return
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except RuntimeError as error:
            yield error
            continue
        if record is not None:
            yield record


def keep(raw: str, rows: Rows, position: int) -> None:
    """Store one record rendered as JSON; one of a kind that is not used is not even parsed."""
    kind = _kind(raw)
    if kind is not None:
        code, mapper = mapper_of(*kind)
        if mapper is None and (glance := _glance(raw)) is not None:
            rows.seen(glance[0], kind[1], glance[1])
            rows.skip(code)
            return
    try:
        node = orjson.loads(raw)["Event"]
        event = (_event(node, kind[2]) if kind is not None else None) or event_of(node)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        rows.reject(position, f"not an event: {type(error).__name__}: {error}", raw)
        return
    store(event, rows, position, raw)


@lru_cache(maxsize=1024)
def _provider(beginning: str) -> str:
    """The provider in what stands before EventID; few differ, so each is parsed once."""
    _, found, rest = beginning.partition('"Provider":{"#attributes":{"Name":"')
    return rest.partition('"')[0] if found else ""


def _kind(raw: str) -> tuple[str, str, int] | None:
    """A record's provider, channel and id, cut from its text, since the library writes System's parts in one order.

    None where it is not as expected: then the whole is parsed.
    """
    at = raw.find('"EventID":')
    start = raw.find('"Channel":"', at)
    end = raw.find('"', start + 11)
    if at < 0 or start < 0 or end > 8192:
        return None
    number = raw[at + 10 : raw.find(",", at)]
    provider, channel = _provider(raw[:at]), raw[start + 11 : end]
    return (provider, channel, int(number)) if number.isdecimal() and provider and "\\" not in channel else None


def _glance(raw: str) -> tuple[str, int] | None:
    """The computer that wrote a record, and when, cut from its text as its kind is."""
    time = raw.find('"SystemTime":"')
    computer = raw.find('"Computer":"', time)
    end = raw.find('"', computer + 12)
    if time < 0 or computer < 0 or end > 8192:
        return None
    at = milliseconds(raw[time + 14 : raw.find('"', time + 14)])
    name = raw[computer + 12 : end]
    return None if at is None or not name or "\\" in name else (name, at)


def _event(node: dict[str, Any], number: int) -> Event | None:
    """Read a record's parts as the library writes nearly all; none where it is not as expected."""
    system = node["System"]
    provider = system["Provider"]["#attributes"]["Name"]
    at = milliseconds(system["TimeCreated"]["#attributes"]["SystemTime"])
    computer, security, execution = system["Computer"], system.get("Security"), system.get("Execution")
    if at is None or type(computer) is not str or not computer:
        return None
    values: tuple[str, ...] = ()
    data = node.get("EventData")
    if type(data) is not dict or "Data" in data:
        data, values = fields(node)
    if provider in SYSMON:
        at = happened(at, milliseconds(data.get("UtcTime")))
    return Event(
        provider,
        system.get("Channel") or "",
        number,
        computer,
        at,
        system.get("EventRecordID"),
        data,
        security["#attributes"].get("UserID") if security else None,
        pid=execution["#attributes"].get("ProcessID") if execution else None,
        values=values,
        keywords=system.get("Keywords"),
    )
