"""Keeps what is usual as Parquet, a file for each time that telemetry came in; only what came since is counted.

What came later may change who an earlier identifier is: then all is counted anew.
"""

import json
import shutil
from contextlib import closing
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pyarrow.parquet as pq

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.identity import Edits, Ledger, Sightings, sight, together
from graph_hunt.events.identity.difference import differs
from graph_hunt.events.resolve import resolve
from graph_hunt.events.store import EventStore
from graph_hunt.hunting.baselines.baseline import Baselines
from graph_hunt.hunting.baselines.traits import TRAITS, counted
from graph_hunt.schema import TABLES

_VERSION = 1
_FORMAT = blake2b(repr((_VERSION, TRAITS)).encode(), digest_size=8).hexdigest()
_MOST = 16
"""Parts beyond which all is counted anew into one."""


def updated(folder: Path, events: EventStore, edits: Edits) -> Baselines:
    """Give what is usual by all events, counting what came since the last time."""
    batches = events.batches()
    parts = _parts(folder, edits)
    known = {batch for part in parts for batch in part[1]}
    pending = [batch for batch in batches if batch not in known]
    if known - set(batches) or len(parts) >= _MOST:
        parts, pending = [], batches
    if pending:
        try:
            parts = _added(folder, events, edits, parts, pending)
        except OSError as error:
            raise WorkspaceError(f"{folder}: what is usual cannot be kept there ({error.strerror})") from error
    elif not batches:
        parts = []
    return Baselines(tuple(path / "usual.parquet" for path, _ in parts))


def _parts(folder: Path, edits: Edits) -> list[tuple[Path, list[str]]]:
    """Give what is kept, oldest first; nothing where it is of another format or of other decisions about identities."""
    found = []
    for path in sorted(folder.glob("[0-9]*")):
        try:
            contents = json.loads((path / "contents.json").read_text())
        except (OSError, ValueError):
            return []
        if contents["format"] != _FORMAT or contents["edits"] != edits.digest:
            return []
        found.append((path, contents["batches"]))
    return found


def _added(
    folder: Path, events: EventStore, edits: Edits, parts: list[tuple[Path, list[str]]], pending: list[str]
) -> list[tuple[Path, list[str]]]:
    with closing(events.connection(pending)) as connection:
        seen = sight(connection)
        before = [_sightings(path) for path, _ in parts]
        ledger = Ledger.of(together([*before, seen]), edits)
        if not (before and differs(Ledger.of(together(before), edits), ledger)):
            resolve(connection, ledger)
            return [*parts, _kept(folder, connection, seen, edits, pending, len(parts))]
    batches = events.batches()
    with closing(events.connection(batches)) as connection:
        seen = sight(connection)
        resolve(connection, Ledger.of(seen, edits))
        return [_kept(folder, connection, seen, edits, batches, 0)]


def _sightings(path: Path) -> Sightings:
    return Sightings(**{one.name: pq.read_table(path / f"sighting-{one.name}.parquet") for one in fields(Sightings)})


def _kept(
    folder: Path, connection: duckdb.DuckDBPyConnection, seen: Sightings, edits: Edits, batches: list[str], place: int
) -> tuple[Path, list[str]]:
    """Count and write beside the place, then rename; where the first part is written, what stood there goes."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=folder, prefix=".making-"))
    try:
        there = frozenset(table for table in TABLES if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone())
        empty = """SELECT ''::VARCHAR AS label, ''::VARCHAR AS key, ''::VARCHAR AS trait, ''::VARCHAR AS value,
            0::INTEGER AS day, 0::BIGINT AS count, 0::BIGINT AS first_seen, 0::BIGINT AS last_seen WHERE false"""
        select = " UNION ALL ".join([empty, *counted(there)])
        file = str(made / "usual.parquet").replace("'", "''")
        connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
        for one in fields(Sightings):
            pq.write_table(getattr(seen, one.name), made / f"sighting-{one.name}.parquet", compression="zstd")
        said = {"format": _FORMAT, "edits": edits.digest, "batches": batches}
        (made / "contents.json").write_text(json.dumps(said))
        if place == 0:
            for old in folder.glob("[0-9]*"):
                shutil.rmtree(old)
        path = folder / f"{place:04d}"
        shutil.rmtree(path, ignore_errors=True)
        made.rename(path)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return path, batches
