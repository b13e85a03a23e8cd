"""Appending to the event store: batches gather into commits, each of which is there wholly or not at all."""

import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph_hunt import __version__
from graph_hunt.events import partition
from graph_hunt.events.batch import Batch, Quarantined
from graph_hunt.events.journal import BATCH_NAME, Entry, Journal, Part, Reading, next_name, readings
from graph_hunt.events.quarantine import path_of as quarantine_path
from graph_hunt.events.quarantine import table_of
from graph_hunt.events.source import Source
from graph_hunt.events.storage import UNFINISHED, Storage
from graph_hunt.schema import TABLES

COMMIT_ROWS = 1_000_000
COMMIT_BYTES = 256 << 20
"""A commit is due at so many rows, or so many bytes of them in memory."""

_ROW_GROUP = 122_880
"""DuckDB's own size, so that its threads share a file well."""
_LONG = ("event_id", "raw", "time", "record", "command_line", "details", "guid", "parent_guid", "logon_id")
"""Columns whose values hardly repeat: a dictionary of them would only cost time."""
_DICTIONARY = {name: [c.name for c in table.columns if c.name not in _LONG] for name, table in TABLES.items()}
_ENCODING = {"event_id": "DELTA_BYTE_ARRAY", "time": "DELTA_BINARY_PACKED", "record": "DELTA_BINARY_PACKED"}


@dataclass(slots=True)
class Pending:
    """What waits for the next commit."""

    rows: dict[str, list[pa.Table]] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    readings: dict[str, Reading] = field(default_factory=dict)
    quarantined: list[tuple[str, Quarantined]] = field(default_factory=list)


class Appender:
    """The one writer of a store; made by `EventStore.appender`, which holds the lock around it."""

    def __init__(self, storage: Storage, journal: Journal, connection: duckdb.DuckDBPyConnection) -> None:
        self._storage, self._journal, self._connection = storage, journal, connection
        self._entries = journal.entries()
        self._loaded = readings(self._entries)
        self._writer = _writer()
        self._pending = Pending()
        self.load = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self._writer}"
        self.batches: list[str] = []
        """What it has committed so far."""
        self._clean()

    def loaded(self, digest: str) -> Reading | None:
        """Tell how a file of this digest was loaded before, if it was read to its end."""
        reading = self._loaded.get(digest)
        return reading if reading is not None and reading.complete else None

    def begin(self, source: Source, loader: str, options: str = "") -> Reading:
        """Start an account of a source; its batches are then appended under it."""
        return Reading(
            name=source.name,
            digest=source.digest,
            loader=loader,
            load=self.load,
            size=source.size or 0,
            path=source.path,
            options=options,
        )

    def append(self, reading: Reading, batch: Batch) -> None:
        """Add a batch; it is safe once `commit` has come back, or a later batch has filled a commit."""
        self._account(
            replace(
                reading,
                records=batch.records,
                used=batch.used,
                unused=dict(batch.unused),
                quarantined=dict(Counter(record.reason for record in batch.quarantined)),
                given={name: rows.num_rows for name, rows in batch.tables.items() if rows.num_rows},
                spans=batch.spans,
            )
        )
        self._pending.quarantined += [(reading.digest, record) for record in batch.quarantined]
        for name, rows in batch.tables.items():
            conformed = partition.conform(name, rows)
            for start in range(0, conformed.num_rows, COMMIT_ROWS):
                self._gather(name, conformed.slice(start, COMMIT_ROWS))

    def finish(self, reading: Reading, problem: str = "") -> None:
        """Note that the source was read to its end, or to where it breaks off."""
        self._account(replace(reading, complete=True, problem=problem))

    def commit(self) -> str | None:
        """Make what was appended part of the store; give the batch's name, or nothing where nothing was pending."""
        pending, self._pending = self._pending, Pending()
        if not pending.readings:
            return None
        batch = next_name((entry.batch for entry in self._entries), self._writer)
        written: list[str] = []
        try:
            entry = self._write(batch, pending, written)
            self._storage.settle(written)
            self._journal.publish(entry)
        except BaseException:
            for path in written:
                with suppress(OSError):
                    self._storage.remove(path)
            raise
        self._entries.append(entry)
        self._loaded = readings(self._entries)
        self.batches.append(batch)
        return batch

    def _account(self, reading: Reading) -> None:
        so_far = self._pending.readings.get(reading.digest)
        self._pending.readings[reading.digest] = so_far.plus(reading) if so_far else reading

    def _gather(self, name: str, rows: pa.Table) -> None:
        pending = self._pending
        pending.rows.setdefault(name, []).append(rows)
        pending.count += rows.num_rows
        pending.size += rows.nbytes
        if pending.count >= COMMIT_ROWS or pending.size >= COMMIT_BYTES:
            self.commit()

    def _write(self, batch: str, pending: Pending, written: list[str]) -> Entry:
        parts: list[Part] = []
        codes: dict[str, dict[str, int]] = {}
        duplicates: dict[str, int] = {}
        for name, chunks in pending.rows.items():
            given = pa.concat_tables(chunks)
            kept = self._new(name, partition.once(partition.in_time(given)))
            if kept.num_rows < given.num_rows:
                duplicates[name] = given.num_rows - kept.num_rows
            if kept.num_rows:
                codes[name] = _counts(kept.column("code"))
                parts += [self._part(batch, name, day, rows, written) for day, rows in partition.by_day(kept)]
        return Entry(
            batch=batch,
            program=__version__,
            load=self.load,
            at=time.time_ns() // 1_000_000,
            parts=tuple(parts),
            columns={name: TABLES[name].names for name in codes},
            codes=codes,
            duplicates=duplicates,
            readings=tuple(pending.readings.values()),
            quarantine=self._quarantine(batch, pending, written),
        )

    def _new(self, name: str, rows: pa.Table) -> pa.Table:
        if not rows.num_rows:
            return rows
        first, last = rows.column("time")[0].as_py(), rows.column("time")[-1].as_py()
        near = [
            self._storage.path(part.path)
            for entry in self._entries
            for part in entry.parts
            if part.table == name and part.first <= last and part.last >= first
        ]
        return partition.absent(rows, near, self._connection)

    def _part(self, batch: str, name: str, day: str, rows: pa.Table, written: list[str]) -> Part:
        path = f"{name}/day={day}/{batch}.parquet"
        self._storage.folder(path.rpartition("/")[0])
        written.append(path)
        with self._storage.writing():
            pq.write_table(
                rows,
                self._storage.path(path),
                filesystem=self._storage.files,
                compression="zstd",
                row_group_size=_ROW_GROUP,
                use_dictionary=_DICTIONARY[name],
                column_encoding=_ENCODING,
                store_schema=False,
            )
        times = rows.column("time")
        return Part(path, name, day, rows.num_rows, times[0].as_py(), times[-1].as_py(), self._storage.size(path) or 0)

    def _quarantine(self, batch: str, pending: Pending, written: list[str]) -> str:
        if not pending.quarantined:
            return ""
        path = quarantine_path(batch)
        self._storage.folder(path.rpartition("/")[0])
        written.append(path)
        with self._storage.writing():
            pq.write_table(
                table_of(pending.quarantined, self.load),
                self._storage.path(path),
                filesystem=self._storage.files,
                compression="zstd",
            )
        return path

    def _clean(self) -> None:
        """Remove what a writer that was cut short has left."""
        for path in orphans(self._storage, self._entries):
            self._storage.remove(path)


def orphans(storage: Storage, entries: Iterable[Entry]) -> list[str]:
    """List the files that look like the store's own but that no entry names."""
    named = {path for entry in entries for path in (entry.quarantine, *(part.path for part in entry.parts))}
    found = []
    for path in storage.names(""):
        folder, _, file = path.rpartition("/")
        within = folder.partition("/")[0] in TABLES or folder == "quarantine"
        rows = within and file.endswith(".parquet") and BATCH_NAME.fullmatch(file.removesuffix(".parquet"))
        unfinished = folder == "journal" and file.endswith(UNFINISHED)
        if path not in named and (rows or unfinished):
            found.append(path)
    return found


def _counts(codes: pa.ChunkedArray) -> dict[str, int]:
    counted = pc.value_counts(codes)
    pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    return {code or "": count for code, count in sorted(pairs, key=lambda pair: pair[0] or "")}


def _writer() -> str:
    host = "".join(letter for letter in socket.gethostname().lower() if letter.isascii() and letter.isalnum())[:24]
    return f"{host or os.name}{secrets.token_hex(4)}"
