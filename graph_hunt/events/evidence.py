"""The records behind event ids: the normalised row and the original record, verbatim."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from graph_hunt.errors import InputError
from graph_hunt.events.event_id import time_of
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.journal import Entry, Part, Reading
from graph_hunt.events.storage import Storage
from graph_hunt.schema import TABLES

Row = dict[str, Any]
Unchanged = set[tuple[str, str, int, int, str]]

_BLOCK = 1 << 20


def rows_of(
    ids: Sequence[str], entries: Sequence[Entry], storage: Storage, connection: duckdb.DuckDBPyConnection
) -> list[Row]:
    """Find the events' rows, in the order of the ids; reads only files whose time says that they may hold one."""
    moments = {_moment(event) for event in ids} - {None}
    found: list[Row] = []
    for table in TABLES:
        parts = [part for entry in entries for part in entry.parts if part.table == table and _holds(part, moments)]
        if parts:
            found += _read(table, parts, ids, storage, connection)
    place = {event: number for number, event in reversed(list(enumerate(ids)))}
    return sorted(found, key=lambda row: (place[row["event_id"]], row["table"]))


def _moment(event: str) -> int | None:
    try:
        return time_of(event)
    except ValueError:
        return None


def _holds(part: Part, moments: Collection[int | None]) -> bool:
    return any(moment is not None and part.first <= moment <= part.last for moment in moments)


def _read(
    table: str, parts: Sequence[Part], ids: Sequence[str], storage: Storage, connection: duckdb.DuckDBPyConnection
) -> list[Row]:
    result = connection.execute(
        "SELECT *, parse_filename(filename, true) AS batch "
        "FROM read_parquet($paths, filename = true, union_by_name = true, hive_partitioning = false) "
        "WHERE event_id IN (SELECT unnest($ids))",
        {"paths": [storage.url(part.path) for part in parts], "ids": list(dict.fromkeys(ids))},
    )
    names = [column[0] for column in result.description or []]
    rows = []
    for values in result.fetchall():
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        row.pop("filename")
        rows.append({"table": table, **row})
    return rows


def add_originals(rows: Sequence[Row], entries: Sequence[Entry], unchanged: Unchanged) -> None:
    """Give rows without `raw` the line of the file they were read from, or say in `raw_missing` why not.

    `unchanged` gathers the states in which files were found to be what they were, so that each is checked once.
    """
    batches = {entry.batch: entry for entry in entries}
    wanted: dict[str, tuple[Reading, list[Row]]] = {}
    for row in rows:
        if "raw" in row:
            continue
        reading = _reading(batches.get(row["batch"]), row.get("file", ""))
        if reading is None or "record" not in row:
            row["raw_missing"] = "the source keeps no record of its own"
        else:
            wanted.setdefault(reading.digest, (reading, []))[1].append(row)
    for reading, those in wanted.values():
        _fill(reading, those, unchanged)


def _fill(reading: Reading, rows: Sequence[Row], unchanged: Unchanged) -> None:
    lines = _lines(reading, {row["record"] for row in rows}, unchanged)
    for row in rows:
        if isinstance(lines, str):
            row["raw_missing"] = lines
        elif row["record"] in lines:
            row["raw"] = lines[row["record"]]
        else:
            row["raw_missing"] = f"{reading.name} has no line {row['record']}"


def _reading(entry: Entry | None, file: str) -> Reading | None:
    return next((reading for reading in entry.readings if reading.name == file), None) if entry else None


def _lines(reading: Reading, numbers: Collection[int], unchanged: Unchanged) -> Mapping[int, str] | str:
    """Read lines again, if the file is what it was."""
    if not reading.path:
        return "it was read from standard input"
    try:
        seen = Path(reading.path).stat()
        state = (reading.path, reading.name, seen.st_size, seen.st_mtime_ns, reading.digest)
        for source in find_sources([reading.path]):
            if isinstance(source, InputError) or not reading.name.endswith(source.name[len(reading.path) :]):
                continue
            if state in unchanged or source.digest == reading.digest:
                unchanged.add(state)
                with source.open() as stream:
                    return lines_of(stream, numbers)
    except OSError:
        return f"{reading.path} is no longer there"
    except InputError as error:
        return str(error)
    return f"{reading.path} has changed since it was loaded"


def lines_of(stream: BinaryIO, numbers: Collection[int]) -> dict[int, str]:
    """Read the lines of these numbers, from 1; blocks without any of them are only counted through."""
    wanted = sorted(numbers, reverse=True)
    lines: dict[int, str] = {}
    line, begun = 1, b""
    while wanted and (block := stream.read(_BLOCK)):
        after = line + block.count(b"\n")
        if wanted[-1] < after:
            pieces = (begun + block).split(b"\n")
            while wanted and wanted[-1] < after:
                number = wanted.pop()
                lines[number] = _text(pieces[number - line])
            begun = pieces[-1]
        elif wanted[-1] == after:
            begun = begun + block if after == line else block.rpartition(b"\n")[2]
        line = after
    if wanted and wanted[-1] == line and begun:
        lines[line] = _text(begun)
    return lines


def _text(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")
