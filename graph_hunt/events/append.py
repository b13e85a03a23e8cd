"""Appending to the event store: batches gather into commits, each of which is there wholly or not at all."""

import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph_hunt import __version__
from graph_hunt.errors import WorkspaceError
from graph_hunt.events import partition
from graph_hunt.events.batch import Batch, Quarantined
from graph_hunt.events.journal import BATCH_NAME, Attempt, Entry, Journal, Part, Reading, name_of, readings
from graph_hunt.events.quarantine import path_of as quarantine_path
from graph_hunt.events.quarantine import table_of
from graph_hunt.events.source import Source
from graph_hunt.events.storage import UNFINISHED, Storage
from graph_hunt.schema import TABLES


@dataclass(frozen=True, slots=True)
class Due:
    """When a commit is due: at so many rows, or so many bytes of them in memory."""

    rows: int = 1_000_000
    size: int = 256 << 20


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
    readings: dict[Attempt, Reading] = field(default_factory=dict)
    quarantined: list[tuple[Reading, Quarantined]] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """What a commit has come to so far."""

    paths: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    duplicates: dict[str, int] = field(default_factory=dict)
    leans: set[str] = field(default_factory=set)
    rows: dict[str, pa.Table] = field(default_factory=dict)
    """What is new, by table."""


class Appender:
    """A writer of a store; made by `EventStore.appender`. Where it is `alone`, it clears what cut loads left."""

    def __init__(
        self,
        storage: Storage,
        journal: Journal,
        connection: duckdb.DuckDBPyConnection,
        due: Due | None = None,
        load: str = "",
        *,
        alone: bool = True,
    ) -> None:
        self._storage, self._journal, self._connection = storage, journal, connection
        self._due = due or Due()
        self._entries, self._after = journal.state()
        self._before = readings(self._entries)
        self._finished: dict[str, Reading] = {}
        self._turns: Counter[str] = Counter()
        self._writer = writer_name()
        self._pending = Pending()
        self._failed = False
        self.load = load or f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self._writer}"
        """The name of this load."""
        self.batches: list[str] = []
        """What it has committed so far."""
        self.duplicates: Counter[str] = Counter()
        """Rows by table that were given but stood there already."""
        if alone:
            for path in orphans(storage, self._entries):
                storage.remove(path)

    def loaded(self, digest: str) -> Reading | None:
        """Tell how a file of this digest was read to its end, before or in this load, if it was."""
        before = self._before.get(digest)
        return self._finished.get(digest) or (before if before and before.complete else None)

    def begin(self, source: Source, loader: str, options: str = "") -> Reading:
        """Start an account of a source; its batches are then appended under it."""
        turn = self._turns[source.digest]
        self._turns[source.digest] += 1
        return Reading(
            name=source.name,
            digest=source.digest,
            loader=loader,
            load=self.load,
            turn=turn,
            size=source.size or 0,
            path=source.path,
            options=options,
        )

    def append(self, reading: Reading, batch: Batch) -> None:
        """Add a batch; it is safe once `commit` has come back, or a later batch has filled a commit."""
        if self._failed:
            raise WorkspaceError(f"{self._storage.name}: a commit has failed; begin the load again")
        tables = {name: partition.conform(name, rows) for name, rows in batch.tables.items()}
        self._account(
            replace(
                reading,
                records=batch.records,
                used=batch.used,
                unused=dict(batch.unused),
                quarantined=dict(Counter(record.reason for record in batch.quarantined)),
                given={name: rows.num_rows for name, rows in tables.items() if rows.num_rows},
                spans=batch.spans,
            )
        )
        self._pending.quarantined += [(reading, record) for record in batch.quarantined]
        self._pending.size += sum(len(record.raw) for record in batch.quarantined)
        for name, rows in tables.items():
            # Arrow's text columns hold 2 GiB at most, and sorting joins them.
            step = min(self._due.rows, max(self._due.size * rows.num_rows // max(rows.nbytes, 1), 1))
            for start in range(0, rows.num_rows, step):
                self._gather(reading, name, rows.slice(start, step))
        if self._pending.size >= self._due.size:
            self.commit()

    def finish(self, reading: Reading, problem: str = "") -> None:
        """Note that the source was read to its end, or to where it breaks off."""
        finished = replace(reading, complete=True, problem=problem)
        self._account(finished)
        self._finished[reading.digest] = finished

    def commit(self) -> str | None:
        """Make what was appended part of the store; give the batch's name, or nothing where nothing was pending."""
        pending, self._pending = self._pending, Pending()
        if not pending.readings:
            return None
        try:
            while (entry := self._committed(pending)) is None:
                continue
        except BaseException as error:
            self._failed = True
            if isinstance(error, Exception) and not isinstance(error, WorkspaceError):
                raise WorkspaceError(
                    f"{self._storage.name}: a commit failed ({error}); what stood before stands"
                ) from error
            raise
        self._entries.append(entry)
        self.batches.append(entry.batch)
        self.duplicates.update(entry.duplicates)
        return entry.batch

    def _committed(self, pending: Pending) -> Entry | None:
        """Write a batch and its entry; nothing where others have meanwhile committed some of its events."""
        self._take_in()
        batch = name_of(self._after + 1, self._writer)
        written = Written()
        stands = False
        try:
            entry = self._write(batch, pending, written)
            self._storage.settle(written.paths)
            after = self._after
            while news := self._journal.append(entry, after):
                if self._bears_on([one for _, one in news], written):
                    return None
                after = news[-1][0]
            stands = True
            return entry
        except BaseException:
            # An interrupt may come when the entry stands already: then its files must stand, too.
            stands = self._may_stand(batch)
            raise
        finally:
            if not stands:
                for path in written.paths:
                    with suppress(OSError):
                        self._storage.remove(path)

    def _may_stand(self, batch: str) -> bool:
        try:
            return any(entry.batch == batch for entry in self._journal.entries())
        except Exception:  # it can not be told, and files too many harm nothing
            return True

    def _take_in(self) -> None:
        """Take in what others have committed since."""
        known = len(self._entries)
        self._entries, self._after = self._journal.state()
        if len(self._entries) != known:
            self._before = readings(self._entries)

    def _bears_on(self, news: list[Entry], written: Written) -> bool:
        """Tell whether new entries hold some of the events that were written, or took out some that were left out."""
        if any(entry.removal for entry in news):
            return True
        return any(
            partition.absent(rows, self._near(name, rows, news), self._connection)[1]
            for name, rows in written.rows.items()
            if rows.num_rows
        )

    def _near(self, name: str, rows: pa.Table, entries: Iterable[Entry]) -> list[str]:
        """Name the files that may hold some of the rows, which are in order of time."""
        first, last = partition.reach(rows)
        return [
            self._storage.url(part.path)
            for entry in entries
            for part in entry.parts
            if part.table == name and part.first <= last and part.last >= first
        ]

    def _account(self, reading: Reading) -> None:
        so_far = self._pending.readings.get(reading.attempt)
        self._pending.readings[reading.attempt] = so_far.plus(reading) if so_far else reading

    def _gather(self, reading: Reading, name: str, rows: pa.Table) -> None:
        # Every commit names the files whose rows it holds, that their evidence can be found.
        self._account(reading)
        pending = self._pending
        pending.rows.setdefault(name, []).append(rows)
        pending.count += rows.num_rows
        pending.size += rows.nbytes
        if pending.count >= self._due.rows or pending.size >= self._due.size:
            self.commit()

    def _write(self, batch: str, pending: Pending, written: Written) -> Entry:
        days = []
        for name, chunks in pending.rows.items():
            days += [(name, day, rows) for day, rows in partition.by_day(self._new(name, chunks, written))]
        written.paths += [_path(name, day, batch) for name, day, _ in days]
        with ThreadPoolExecutor() as pool:
            parts = tuple(pool.map(lambda one: write_part(self._storage, batch, *one), days))
        return Entry(
            batch=batch,
            program=__version__,
            load=self.load,
            at=time.time_ns() // 1_000_000,
            parts=parts,
            columns={part.table: TABLES[part.table].names for part in parts},
            duplicates=written.duplicates,
            leans=tuple(sorted(written.leans)),
            readings=tuple(pending.readings.values()),
            quarantine=self._quarantine(batch, pending, written),
        )

    def _new(self, name: str, chunks: list[pa.Table], written: Written) -> pa.Table:
        """Give the rows in order of time, without those that stand twice or in the store."""
        given = pa.concat_tables(chunks)
        rows = partition.once(partition.in_time(given))
        if rows.num_rows:
            rows, batches = partition.absent(rows, self._near(name, rows, self._entries), self._connection)
            written.leans.update(batches)
        written.rows[name] = rows
        if rows.num_rows < given.num_rows:
            written.duplicates[name] = given.num_rows - rows.num_rows
        return rows

    def _quarantine(self, batch: str, pending: Pending, written: Written) -> str:
        if not pending.quarantined:
            return ""
        path = quarantine_path(batch)
        written.paths.append(path)
        content = pa.BufferOutputStream()
        pq.write_table(table_of(pending.quarantined), content, compression="zstd")
        self._storage.write(path, content.getvalue())
        return path


def write_part(storage: Storage, batch: str, name: str, day: str, rows: pa.Table) -> Part:
    """Write a day's rows, in order of time, as a Parquet file."""
    stream = pa.BufferOutputStream()
    pq.write_table(
        rows,
        stream,
        compression="zstd",
        row_group_size=_ROW_GROUP,
        use_dictionary=_DICTIONARY[name],
        column_encoding=_ENCODING,
        store_schema=False,
    )
    content = stream.getvalue()
    path = _path(name, day, batch)
    storage.write(path, content)
    first, last = partition.reach(rows)
    return Part(
        path=path,
        table=name,
        day=day,
        rows=rows.num_rows,
        first=first,
        last=last,
        size=content.size,
        digest=sha256(content).hexdigest(),
        codes=_counts(rows.column("code")),
    )


def _path(name: str, day: str, batch: str) -> str:
    return f"{name}/day={day}/{batch}.parquet"


def orphans(storage: Storage, entries: Iterable[Entry]) -> list[str]:
    """List the files that look like the store's own but that no entry names."""
    named = {path for entry in entries for path in entry.files}
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


def writer_name() -> str:
    """Name one writer: no two ever have the same."""
    host = "".join(letter for letter in socket.gethostname().lower() if letter.isascii() and letter.isalnum())[:24]
    return f"{host or os.name}{secrets.token_hex(4)}"
