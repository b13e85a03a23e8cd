"""What a loader yields: rows of event tables, and an account of every record it read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from graph_hunt.schema import TABLES

BATCH_RECORDS = 50_000
"""Records that a nested loader gathers into one batch."""
BATCH_LETTERS = 64 << 20
"""Letters of original records that it gathers at most, a few more for the last."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be used: where it stood, why, and the record itself (cut at 64 KiB)."""

    file: str
    record: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Span:
    """How far one recorder's one channel reaches in what was read, used records and others alike."""

    recorder: str
    channel: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows by event table, and what became of each record read.

    `records` = `used` + the sum of `unused` + the length of `quarantined`; a used record gave one row or more.
    """

    tables: Mapping[str, pa.Table]
    records: int
    used: int
    unused: Mapping[str, int] = field(default_factory=dict)
    quarantined: tuple[Quarantined, ...] = ()
    spans: tuple[Span, ...] = ()


GATHERING: "ContextVar[list[Rows] | None]" = ContextVar("GATHERING", default=None)
"""Where one is set, all `Rows` made are noted in it: a follower takes what a loader has gathered when it waits."""


class Rows:
    """Gathers one source's records into batches; a loader calls `add`, `skip` or `reject` once or more a record."""

    def __init__(self, source: str, file: str, size: int = BATCH_RECORDS) -> None:
        self.source, self.file, self.size = source, file, size
        self._reset()
        if (noted := GATHERING.get()) is not None:
            noted.append(self)

    def _reset(self) -> None:
        self._tables: dict[str, list[dict[str, Any]]] = {}
        self._unused: Counter[str] = Counter()
        self._skipped = 0
        self._quarantined: list[Quarantined] = []
        self._spans: dict[tuple[str, str], list[int]] = {}
        self._used: set[int] = set()
        self._letters = 0

    def add(self, table: str, **row: Any) -> None:
        """Add a row to an event table; `event_id`, `time`, `code` and `record` are the loader's to give.

        A second row of one event in one table needs its own `event_id` (see `event_id(…, row=1)`).
        """
        row["source"], row["file"] = self.source, self.file
        self._letters += len(row.get("raw") or "")
        self._used.add(row["record"])
        rows = self._tables.get(table)
        if rows is None:
            rows = self._tables[table] = []
        rows.append(row)

    def skip(self, code: str) -> None:
        """Count a record of a kind that no table keeps."""
        self._unused[code] += 1
        self._skipped += 1

    def reject(self, record: int, reason: str, raw: str) -> None:
        """Quarantine a record."""
        self._quarantined.append(Quarantined(self.file, record, reason, raw[:65536]))
        self._letters += min(len(raw), 65536)

    def seen(self, recorder: str, channel: str, at: int) -> None:
        """Note that a recorder's channel reaches to `at`; call it for every record with a time, used or not."""
        key = (recorder, channel)
        span = self._spans.get(key)
        if span is None:
            self._spans[key] = [at, at, 1]
        else:
            if at < span[0]:
                span[0] = at
            if at > span[1]:
                span[1] = at
            span[2] += 1

    @property
    def records(self) -> int:
        """Records gathered since the last batch."""
        return len(self._used) + self._skipped + len(self._quarantined)

    @property
    def full(self) -> bool:
        """It is time to take a batch."""
        return self.records >= self.size or self._letters >= BATCH_LETTERS

    def take(self) -> Batch:
        """Hand over what was gathered and begin anew; a record whose values fit no column is quarantined."""
        try:
            tables = {name: _table(name, rows) for name, rows in self._tables.items()}
        except _MISFITS:
            self._reject_misfits()
            tables = {name: _table(name, rows) for name, rows in self._tables.items()}
        batch = Batch(
            tables=tables,
            records=self.records,
            used=len(self._used),
            unused=dict(self._unused),
            quarantined=tuple(self._quarantined),
            spans=tuple(Span(*key, *span) for key, span in self._spans.items()),
        )
        self._reset()
        return batch

    def _reject_misfits(self) -> None:
        """Find the rows that Arrow refuses, and reject their records with all that they gave."""
        reasons: dict[int, str] = {}
        for name, rows in self._tables.items():
            for row in rows:
                _mend(row)
                if row["record"] not in reasons and (reason := _misfit(name, row)):
                    reasons[row["record"]] = reason
        for name, rows in self._tables.items():
            raws = {row["record"]: row.get("raw") for row in rows if row["record"] in reasons}
            for record, raw in raws.items():
                if record in self._used:
                    self._used.remove(record)
                    self.reject(record, reasons[record], raw if isinstance(raw, str) else "")
            self._tables[name] = [row for row in rows if row["record"] not in reasons]

    def batches(self, *, last: bool = False) -> Iterator[Batch]:
        """Yield a batch if one is due (`yield from rows.batches()` after each record, `last=True` at the end)."""
        if self.full or (last and self.records):
            yield self.take()


_MISFITS = (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError, ValueError)


_REQUIRED = ("event_id", "time", "code")


def _mend(row: dict[str, Any]) -> None:
    """Replace what UTF-8 cannot hold: a lone surrogate must not hide an event."""
    for name, value in row.items():
        if isinstance(value, str):
            row[name] = _sound(value)
        elif isinstance(value, list):
            row[name] = [_sound(one) if isinstance(one, str) else one for one in value]


def _sound(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _misfit(name: str, row: dict[str, Any]) -> str:
    """Name the first column that a row's value does not fit."""
    for column in TABLES[name].columns:
        if column.name in _REQUIRED and row.get(column.name) is None:
            return f"{column.name}: missing"
        try:
            pa.array([row.get(column.name)], column.type.arrow)
        except _MISFITS as error:
            return f"{column.name}: {type(error).__name__}: {error}"[:200]
    return ""


_BLOCK = 256
"""Rows turned into columns at a time: few enough to stay in the processor's cache, which makes it 2.5 times as fast."""


def _columns(rows: list[dict[str, Any]], names: set[str]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        for name, column in columns.items():
            column.extend([row.get(name) for row in block])
    return columns


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = TABLES[name].schema
    known = set(schema.names)
    given: set[str] = set().union(*rows)
    if unknown := given - known:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    columns = _columns(rows, given)
    arrays = [
        pa.array(columns[column.name], column.type) if column.name in given else pa.nulls(len(rows), column.type)
        for column in schema
    ]
    table = pa.Table.from_arrays(arrays, schema=schema)
    if any(table.column(column).null_count for column in _REQUIRED):
        raise ValueError(f"{name}: a row without {' or '.join(_REQUIRED)}")
    return table
