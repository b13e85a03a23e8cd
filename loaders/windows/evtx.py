"""Event log files (EVTX)."""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO

import orjson
from evtx import PyEvtxParser

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.loaders.windows.chunks import FILLER, HEADER_SIZE, Chunk, chunks
from graph_hunt.loaders.windows.clock import happened, milliseconds
from graph_hunt.loaders.windows.event import Event
from graph_hunt.loaders.windows.mapping import mapper_of, store
from graph_hunt.loaders.windows.rendered import SYSMON, Malformed, event_of, fields

MAGIC = b"ElfFile\x00"


_TOGETHER = 64
"""Chunks parsed at once (4 MiB)."""
_FLAGS = 120
_DIRTY = 1


def read(stream: BinaryIO, rows: Rows) -> Iterator[Batch]:
    """Yield the batches of an event log; what cannot be read is quarantined, and the rest goes on."""
    header = stream.read(HEADER_SIZE)
    if len(header) < HEADER_SIZE:
        raise UnreadableInput("the event log breaks off in its header", where=rows.file, expected="4096 bytes")
    dirty = bool(int.from_bytes(header[_FLAGS : _FLAGS + 4], "little") & _DIRTY)
    position = 0
    try:
        for group in _groups(chunks(stream, dirty=dirty)):
            position = _keep_group(header, group, rows, position)
            yield from rows.batches()
    except UnreadableInput:
        yield from rows.batches(last=True)
        raise
    yield from rows.batches(last=True)


def _groups(found: Iterator[Chunk]) -> Iterator[list[Chunk]]:
    """Sound chunks together, a mended one alone, so that what it does to the parser stays its own."""
    group: list[Chunk] = []
    for chunk in found:
        if chunk.whole:
            group.append(chunk)
        if group and (len(group) == _TOGETHER or not chunk.whole):
            yield group
            group = []
        if not chunk.whole:
            yield [chunk]
    if group:
        yield group


def _keep_group(header: bytes, group: list[Chunk], rows: Rows, position: int) -> int:
    """Store the records of some chunks; give the number of the last."""
    expected = sum(chunk.records for chunk in group)
    given = 0
    if expected:
        for record in _records(header, group):
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
    lost = sum(chunk.lost for chunk in group)
    for number in range(lost):
        rows.reject(position + expected + number + 1, f"a lost record: {group[0].why}", "")
    return position + expected + lost


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
    glance = _glance(raw)
    if glance is not None and mapper_of(glance.provider, glance.channel, glance.id)[1] is None:
        rows.seen(glance.computer, glance.channel, glance.at)
        rows.skip(mapper_of(glance.provider, glance.channel, glance.id)[0])
        return
    try:
        node = orjson.loads(raw)["Event"]
        event = event_of(node) if glance is None else _whole(glance, node)
    except (orjson.JSONDecodeError, KeyError, Malformed) as error:
        rows.reject(position, f"not an event: {error}", raw)
        return
    store(event, rows, position, raw)


@lru_cache(maxsize=1024)
def _provider(beginning: str) -> str:
    """The provider in what stands before EventID; few differ, so each is parsed once."""
    _, found, rest = beginning.partition('"Provider":{"#attributes":{"Name":"')
    return rest.partition('"')[0] if found else ""


def _glance(raw: str) -> Event | None:
    """What names a record, cut from its text, since the library writes System's parts in one order.

    None where it is not as expected: then the whole is parsed.
    """
    at = raw.find('"EventID":')
    time = raw.find('"SystemTime":"', at)
    channel = raw.find('"Channel":"', time)
    computer = raw.find('"Computer":"', channel)
    end = raw.find('"', computer + 12)
    if min(at, time, channel, computer) < 0 or end > 8192:
        return None
    number = raw[at + 10 : raw.find(",", at)]
    provider = _provider(raw[:at])
    moment = milliseconds(raw[time + 14 : raw.find('"', time + 14)])
    name = raw[computer + 12 : end]
    if not number.isdecimal() or not provider or moment is None or not name or "\\" in name:
        return None
    return Event(provider, raw[channel + 11 : raw.find('"', channel + 11)], int(number), name, moment, None, {})


def _whole(event: Event, node: dict[str, Any]) -> Event:
    system = node["System"]
    event.number = system["EventRecordID"]
    event.keywords = system["Keywords"]
    security, execution = system["Security"], system["Execution"]
    if security:
        event.user_sid = security["#attributes"].get("UserID")
    if execution:
        event.pid = execution["#attributes"].get("ProcessID")
    data = node.get("EventData")
    if type(data) is dict and "Data" not in data:
        event.data = data
    else:
        event.data, event.values = fields(node)
    if event.provider in SYSMON:
        event.at = happened(event.at, milliseconds(event.data.get("UtcTime")))
    return event
