"""A damaged event log gives what can be read of it, and every record that is lost is counted."""

import struct
from io import BytesIO

import pyarrow as pa
import pytest

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Rows
from graph_hunt.events.source import Options
from graph_hunt.loaders._workers import Workers
from graph_hunt.loaders.windows import LOADER, evtx
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

_LOG = (SAMPLES / "windows" / "kerberos_users.evtx").read_bytes()
_RECORDS = 52
_CHUNK = 4096


def _log(*chunks: bytes) -> bytes:
    return _LOG[:_CHUNK] + b"".join(chunks)


def _chunk() -> bytearray:
    return bytearray(_LOG[_CHUNK : _CHUNK + 65536])


def _record(chunk: bytearray, number: int) -> int:
    """Where the record with this place stands in the chunk."""
    at = 512
    for _ in range(number):
        at += struct.unpack_from("<I", chunk, at + 4)[0]
    return at


def _read(content: bytes) -> Reading:
    return read(LOADER, Content(content))


def _account(content: bytes) -> tuple[int, int, int]:
    reading = _read(content)
    return reading.records, reading.used, len(reading.quarantined)


def test_a_sound_log_gives_every_record() -> None:
    assert _account(_LOG) == (_RECORDS, _RECORDS, 0)


def test_chunks_of_nothing_are_no_records() -> None:
    assert _account(_log(_chunk(), bytes(65536), bytes(65536))) == (_RECORDS, _RECORDS, 0)


def test_a_log_cut_within_a_chunk_gives_its_whole_records_and_counts_the_rest() -> None:
    chunk = _chunk()
    cut = _record(chunk, 20) + 100
    reading = _read(_log(chunk, chunk[:cut]))
    assert (reading.records, reading.used) == (2 * _RECORDS, _RECORDS + 20)
    assert {entry.reason for entry in reading.quarantined} == {"a lost record: the file breaks off in chunk 2"}
    assert [entry.record for entry in reading.quarantined] == list(range(73, 105))


def test_records_overwritten_in_the_middle_cost_themselves_only() -> None:
    chunk = _chunk()
    start, end = _record(chunk, 30), _record(chunk, 33)
    chunk[start:end] = b"\xff" * (end - start)
    reading = _read(_log(chunk))
    assert (reading.records, reading.used) == (_RECORDS, _RECORDS - 3)
    assert {entry.reason for entry in reading.quarantined} == {"a lost record: damaged in chunk 1"}


def test_a_chunk_without_its_header_still_gives_its_records() -> None:
    chunk = _chunk()
    chunk[:512] = bytes(512)
    assert _account(_log(chunk)) == (_RECORDS, _RECORDS, 0)


def test_a_chunk_of_noise_is_one_quarantined_record_and_the_others_are_read() -> None:
    reading = _read(_log(_chunk(), b"\xaa" * 65536, _chunk()))
    assert (reading.records, reading.used) == (2 * _RECORDS + 1, 2 * _RECORDS)
    assert [entry.reason for entry in reading.quarantined] == ["a lost record: neither header nor records in chunk 2"]


def test_a_log_that_was_not_closed_gives_the_records_its_chunks_header_does_not_know() -> None:
    header, chunk = bytearray(_LOG[:_CHUNK]), _chunk()
    struct.pack_into("<I", header, 120, 1)
    first = struct.unpack_from("<Q", chunk, 24)[0]
    struct.pack_into("<Q", chunk, 32, first + 9)
    struct.pack_into("<I", chunk, 48, _record(chunk, 10))
    assert _account(bytes(header + chunk)) == (_RECORDS, _RECORDS, 0)


def test_what_an_older_log_left_in_a_chunk_is_not_read() -> None:
    chunk = _chunk()
    first = struct.unpack_from("<Q", chunk, 24)[0]
    struct.pack_into("<Q", chunk, 32, first + 9)
    struct.pack_into("<I", chunk, 48, _record(chunk, 10))
    assert _account(_log(chunk)) == (10, 10, 0)


def test_a_record_that_cannot_be_parsed_is_quarantined_with_the_parsers_reason() -> None:
    chunk = _chunk()
    at = _record(chunk, 40)
    chunk[at + 24 : at + 60] = b"\xff" * 36
    reading = _read(_log(chunk))
    assert (reading.records, reading.used) == (_RECORDS, _RECORDS - 1)
    assert reading.quarantined[0].record == 41
    assert reading.quarantined[0].reason.startswith("a record that cannot be read: ")


def test_workers_read_the_same_in_the_same_order() -> None:
    chunk = _chunk()
    damaged = bytearray(chunk)
    damaged[_record(chunk, 30) : _record(chunk, 33)] = bytes(_record(chunk, 33) - _record(chunk, 30))
    log = _log(*[chunk, damaged, b"\xaa" * 65536] * 3, chunk[:9000])
    alone = list(evtx.read(BytesIO(log), Rows("windows", "log"), workers=1))
    together = list(evtx.read(BytesIO(log), Rows("windows", "log"), workers=2))
    assert len(together) == 10
    for name in alone[0].tables:
        assert pa.concat_tables([b.tables[name] for b in alone if name in b.tables]).equals(
            pa.concat_tables([b.tables[name] for b in together if name in b.tables])
        )
    assert [entry for b in alone for entry in b.quarantined] == [entry for b in together for entry in b.quarantined]
    assert sum(b.records for b in alone) == sum(b.records for b in together)


def test_workers_that_die_cost_no_record() -> None:
    portions = list(evtx._portions(BytesIO(_log(*[_chunk()] * 200)[_CHUNK:]), _LOG[:_CHUNK], Rows("windows", "log")))
    with Workers(2) as workers:
        for process in workers._processes:
            process.kill()
        batches = [batch for given in workers.results(portions) for batch in given]
    assert sum(batch.used for batch in batches) == 200 * _RECORDS


def test_a_log_that_ends_in_its_header_is_unreadable() -> None:
    with pytest.raises(UnreadableInput, match="breaks off in its header"):
        list(LOADER.read(Content(_LOG[:2000]), Options()))
