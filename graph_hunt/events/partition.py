"""Making rows ready for the store: of one shape, in order of time, each event once, cut by day."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa

from graph_hunt.schema import TABLES

DAY = 86_400_000
REQUIRED = ("event_id", "time", "code")
_ID = 28
"""The length of an id without a suffix: 12 digits of time and 16 of digest."""
_MIX, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def conform(table: str, rows: pa.Table) -> pa.Table:
    """Give rows the columns of their event table, in its order; a column left out is null."""
    schema = TABLES[table].schema
    if missing := [name for name in REQUIRED if name not in rows.column_names or rows.column(name).null_count]:
        raise ValueError(f"{table}: rows without {', '.join(missing)}")
    if rows.schema.equals(schema):
        return rows
    if unknown := set(rows.column_names) - set(schema.names):
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def in_time(rows: pa.Table) -> pa.Table:
    """Put rows in order of time; rows of one moment keep theirs."""
    times = rows.column("time").to_numpy()
    if bool(np.all(times[1:] >= times[:-1])):
        return rows
    return rows.take(pa.array(np.argsort(times, kind="stable")))


def once(rows: pa.Table) -> pa.Table:
    """Keep the first row of each event."""
    ids = rows.column("event_id").combine_chunks()
    suspects = _suspects(ids)
    if not len(suspects):
        return rows
    # Codes are given in order of first appearance, so a first appearance is a code above all before it.
    codes = ids.take(pa.array(suspects)).dictionary_encode().indices.to_numpy()
    highest = np.maximum.accumulate(codes)
    kept = np.ones(len(ids), bool)
    kept[suspects[1:][codes[1:] <= highest[:-1]]] = False
    return rows if kept.all() else rows.filter(pa.array(kept))


def _suspects(ids: pa.Array) -> np.ndarray:
    """Find the rows whose id may stand more than once: a hash of the whole text would cost ten times as much."""
    starts = np.frombuffer(ids.buffers()[1], np.int32)[ids.offset : ids.offset + len(ids) + 1]
    usual = np.diff(starts) == _ID
    plain = starts[:-1][usual]
    if not len(plain):
        return np.arange(len(ids))
    text = ids.buffers()[2]
    words = np.ndarray((text.size - 7,), np.uint64, text, strides=(1,))
    mixed = words[plain + 4]
    for place in (12, 20):
        mixed = (mixed ^ (mixed >> _HALF)) * _MIX + words[plain + place]
    ordered = np.sort(mixed)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    suspect = ~usual
    if len(repeated):
        suspect[np.flatnonzero(usual)[np.isin(mixed, repeated)]] = True
    return np.flatnonzero(suspect)


def absent(
    rows: pa.Table, paths: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> tuple[pa.Table, tuple[str, ...]]:
    """Drop the rows whose events stand in these Parquet files, and name the batches they stand in.

    `rows` must be in order of time.
    """
    if not paths:
        return rows, ()
    times = rows.column("time")
    given = rows.select(["event_id"]).append_column("place", pa.array(np.arange(rows.num_rows)))
    connection.register("given", given)
    connection.execute(
        "CREATE TEMP TABLE standing AS SELECT place, filename FROM given JOIN "
        "(SELECT event_id, filename FROM read_parquet($paths, filename = true) WHERE time BETWEEN $first AND $last) "
        "USING (event_id)",
        {"paths": list(paths), "first": times[0].as_py(), "last": times[-1].as_py()},
    )
    connection.unregister("given")
    places = connection.sql("SELECT place FROM standing").fetchnumpy()["place"]
    batches = connection.sql("SELECT DISTINCT parse_filename(filename, true) FROM standing").fetchall()
    connection.execute("DROP TABLE standing")
    if len(places) == 0:
        return rows, ()
    kept = np.ones(rows.num_rows, bool)
    kept[places] = False
    return rows.filter(pa.array(kept)), tuple(sorted(batch for (batch,) in batches))


def reach(rows: pa.Table) -> tuple[int, int]:
    """Give the first and last moment of rows that are in order of time."""
    times = rows.column("time")
    return times[0].as_py(), times[-1].as_py()


def by_day(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Cut rows that are in order of time at midnight (UTC)."""
    days = rows.column("time").to_numpy() // DAY
    starts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
    for start, end in pairwise(starts):
        if end > start:
            yield day_name(int(days[start])), rows.slice(start, end - start)


def day_name(days: int) -> str:
    """Name the day that is so many days from the epoch; days beyond the calendar fall on its first or last.

    >>> day_name(0), day_name(-1), day_name(10**9)
    ('1970-01-01', '1969-12-31', '9999-12-31')
    """
    return (_EPOCH + timedelta(days=min(max(days, _FIRST), _LAST))).isoformat()


def day_of(at: int) -> str:
    """Name the day of a moment.

    >>> day_of(1_599_004_800_000)
    '2020-09-02'
    """
    return day_name(at // DAY)


def iso(at: int) -> str:
    """Write a moment in ISO 8601, UTC, to the millisecond."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return f"{at} ms"
