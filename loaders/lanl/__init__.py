"""LANL telemetry: the text files of Los Alamos' Comprehensive, Multi-Source Cyber-Security Events, read in bulk.

No record becomes a Python object: chunks of whole lines go through Arrow's CSV reader, and every text column is worked
on once for each distinct value. LANL collects centrally, so what a file covers is one span, not one for each computer.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Quarantined, Span
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders.lanl.columns import event_columns
from graph_hunt.loaders.lanl.identity import Occurrences, digests, identities
from graph_hunt.loaders.lanl.kind import Kind, kind_of
from graph_hunt.loaders.lanl.lines import CHUNK_BYTES, Chunk, Parsed, chunks, parse
from graph_hunt.schema import TABLES

__all__ = ["LOADER", "LanlLoader"]

_WORKERS = 2
_AHEAD = 2
"""Chunks parsed beyond the one that is being handed over; memory grows with it."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A chunk's event columns, all but the identity, which needs the chunk before."""

    columns: dict[str, pa.Array]
    at: np.ndarray
    digests: np.ndarray
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class LanlLoader:
    """Reads auth.txt, proc.txt, flows.txt, dns.txt and redteam.txt."""

    name: str = "lanl"
    chunk_bytes: int = CHUNK_BYTES

    def claims(self, source: Source) -> bool:
        """Tell by the columns of the first lines."""
        return kind_of(source.head) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield one batch for each chunk of lines, in order, parsed ahead on two threads."""
        kind = kind_of(source.head)
        if kind is None:
            return
        occurrences = Occurrences()
        pending: deque[Future[_Ready]] = deque()
        with ThreadPoolExecutor(_WORKERS) as pool:
            try:
                with source.open() as stream:
                    for chunk in chunks(stream, source.name, self.chunk_bytes):
                        pending.append(pool.submit(_prepare, chunk, kind, source.name, options.epoch))
                        if len(pending) > _AHEAD:
                            yield _batch(pending.popleft().result(), kind, source.name, occurrences)
            except GeneratorExit:
                pool.shutdown(cancel_futures=True)
                raise
            except UnreadableInput:
                # What was read before the break still counts.
                while pending:
                    yield _batch(pending.popleft().result(), kind, source.name, occurrences)
                raise
            while pending:
                yield _batch(pending.popleft().result(), kind, source.name, occurrences)


def _prepare(chunk: Chunk, kind: Kind, file: str, epoch: datetime) -> _Ready:
    parsed = parse(chunk, kind)
    seconds = parsed.integers(kind.columns[0])
    at = (seconds - 1) * 1000 + round(epoch.timestamp() * 1000)
    if not len(at):
        return _Ready({}, at, np.empty(0, np.uint64), parsed)
    return _Ready(event_columns(kind, parsed, file), at, digests(kind, parsed), parsed)


def _batch(ready: _Ready, kind: Kind, file: str, occurrences: Occurrences) -> Batch:
    parsed = ready.parsed
    rows = len(ready.at)
    rejects = tuple(Quarantined(file, line, reason, raw) for line, reason, raw in parsed.rejected)
    if not rows:
        return Batch({}, len(rejects), 0, quarantined=rejects)
    columns = ready.columns
    columns["time"] = pa.array(ready.at)
    columns["event_id"] = identities(ready.at, ready.digests, occurrences.number(ready.at, ready.digests))
    nulls: dict[pa.DataType, pa.Array] = {}
    arrays = []
    for column in TABLES[kind.table].schema:
        if column.type not in nulls:
            nulls[column.type] = pa.nulls(rows, column.type)
        arrays.append(columns.get(column.name, nulls[column.type]))
    table = pa.Table.from_arrays(arrays, schema=TABLES[kind.table].schema)
    span = Span("LANL", kind.code, int(ready.at.min()), int(ready.at.max()), rows)
    return Batch({kind.table: table}, rows + len(rejects), rows, quarantined=rejects, spans=(span,))


LOADER = LanlLoader()
