"""What a loader yields: rows of event tables, and an account of every record it read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._blocks: dict[str, list[pa.Table]] = {}
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
        self.put(table, row)

    def put(self, table: str, row: dict[str, Any]) -> None:
        """Add a row as `add` does; the mapping is given away, which spares two copies of it."""
        raw = row.get("raw")
        if raw:
            self._letters += len(raw)
        self._used.add(row["record"])
        rows = self._rows.get(table)
        if rows is None:
            rows = self._rows[table] = []
        rows.append(row)
        if len(rows) == _BLOCK:
            self._settle(table)

    def _settle(self, name: str) -> None:
        """Turn a table's waiting rows into columns; those that do not fit wait on, to be looked at one by one."""
        rows = self._rows[name]
        with suppress(*_MISFITS):
            self._blocks.setdefault(name, []).append(self._table(name, rows))
            self._rows[name] = []

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
        # Asked after each record: not by way of `records`.
        gathered = len(self._used) + self._skipped + len(self._quarantined)
        return gathered >= self.size or self._letters >= BATCH_LETTERS

    def take(self) -> Batch:
        """Hand over what was gathered and begin anew; a record whose values fit no column is quarantined."""
        for name in self._rows:
            self._settle(name)
        if any(self._rows.values()):
            self._reject_misfits()
            for name in self._rows:
                self._settle(name)
        batch = Batch(
            tables={name: pa.concat_tables(blocks).combine_chunks() for name, blocks in self._blocks.items()},
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
        for name, rows in self._rows.items():
            for row in rows:
                _mend(row)
                if row["record"] not in reasons and (reason := _misfit(name, row)):
                    reasons[row["record"]] = reason
        for name, rows in self._rows.items():
            raws = {row["record"]: row.get("raw") for row in rows if row["record"] in reasons}
            for record, raw in raws.items():
                if record in self._used:
                    self._used.remove(record)
                    self.reject(record, reasons[record], raw if isinstance(raw, str) else "")
            self._rows[name] = [row for row in rows if row["record"] not in reasons]
        rejected = pa.array(reasons, pa.int64())
        for name, blocks in self._blocks.items():
            self._blocks[name] = [
                block.filter(pc.invert(pc.is_in(block.column("record"), value_set=rejected))) for block in blocks
            ]

    def _table(self, name: str, rows: list[dict[str, Any]]) -> pa.Table:
        schema = _schema(name)
        given: set[str] = set().union(*rows)
        if unknown := given.difference(schema.names):
            raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
        constant = {"source": self.source, "file": self.file}
        arrays = []
        for column in schema:
            if (value := constant.get(column.name)) is not None:
                arrays.append(pa.repeat(pa.scalar(value, column.type), len(rows)))
            elif column.name in given:
                arrays.append(pa.array([row.get(column.name) for row in rows], column.type))
            else:
                arrays.append(pa.nulls(len(rows), column.type))
        table = pa.Table.from_arrays(arrays, schema=schema)
        if any(table.column(column).null_count for column in _REQUIRED):
            raise ValueError(f"{name}: a row without {' or '.join(_REQUIRED)}")
        return table

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


_BLOCK = 1024
"""Rows turned into columns at a time: so few that they are still in the processor's cache."""


@cache
def _schema(name: str) -> pa.Schema:
    return TABLES[name].schema
