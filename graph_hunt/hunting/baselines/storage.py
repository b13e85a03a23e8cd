"""Keeps what is usual as Parquet, a file for each time that telemetry came in; only what came since is counted.

What came later may change who an earlier identifier is: then all is counted anew.
"""

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pyarrow.parquet as pq

from graph_hunt.errors import WorkspaceError
from graph_hunt.events import lock
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
_DIGITS = 4
_NUMBER = "[0-9]" * _DIGITS
"""A part's folder is named by two of them: which count of everything it belongs to, and its place in it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What was counted at one time, of which batches."""

    path: Path
    batches: list[str]


def updated(folder: Path, events: EventStore, edits: Edits) -> Baselines:
    """Give what is usual by all events, counting what came since the last time; one process counts, others wait."""
    batches = events.batches()
    parts = _parts(folder, edits)
    if _lacking(parts, batches) and batches:
        try:
            with lock.held(folder / "lock", wait=True):
                # Another may have counted meanwhile, even more than was there when it was asked.
                batches, parts = events.batches(), _parts(folder, edits)
                pending = _lacking(parts, batches)
                parts = _added(folder, events, edits, parts, pending) if pending else parts
        except OSError as error:
            raise WorkspaceError(f"{folder}: what is usual cannot be kept there ({error.strerror})") from error
    elif not batches:
        parts = []
    return Baselines(tuple(part.path / "usual.parquet" for part in parts))


def _lacking(parts: Sequence[_Part], batches: Sequence[str]) -> list[str]:
    """The batches to count: those of no part, or all where a part counts what is no more or they are many."""
    known = {batch for part in parts for batch in part.batches}
    if known - set(batches) or len(parts) >= _MOST:
        return list(batches)
    return [batch for batch in batches if batch not in known]


def _parts(folder: Path, edits: Edits) -> list[_Part]:
    """Give what is kept, oldest first; nothing where it is of another format or of other decisions about identities."""
    found = []
    for path in _folders(folder):
        try:
            contents = json.loads((path / "contents.json").read_text())
        except (OSError, ValueError):
            return []
        if contents["format"] != _FORMAT or contents["edits"] != edits.digest:
            return []
        found.append(_Part(path, contents["batches"]))
    return found


def _folders(folder: Path) -> list[Path]:
    """The folders of the newest count of everything, in order."""
    paths = sorted(folder.glob(f"{_NUMBER}-{_NUMBER}"))
    return [path for path in paths if path.name[:_DIGITS] == paths[-1].name[:_DIGITS]]


def _added(folder: Path, events: EventStore, edits: Edits, parts: list[_Part], pending: list[str]) -> list[_Part]:
    anew = bool({batch for part in parts for batch in part.batches} & set(pending)) or len(parts) >= _MOST
    if not anew:
        with closing(events.connection(pending)) as connection:
            seen = sight(connection)
            before = [_sightings(part.path) for part in parts]
            ledger = Ledger.of(together([*before, seen]), edits)
            if not (before and differs(Ledger.of(together(before), edits), ledger)):
                resolve(connection, ledger)
                return [*parts, _kept(folder, connection, seen, edits, pending, anew=not parts)]
    batches = events.batches()
    with closing(events.connection(batches)) as connection:
        seen = sight(connection)
        resolve(connection, Ledger.of(seen, edits))
        return [_kept(folder, connection, seen, edits, list(batches), anew=True)]


def _sightings(path: Path) -> Sightings:
    return Sightings(**{one.name: pq.read_table(path / f"sighting-{one.name}.parquet") for one in fields(Sightings)})


def _kept(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    seen: Sightings,
    edits: Edits,
    batches: list[str],
    *,
    anew: bool,
) -> _Part:
    """Count and write beside the place, then rename."""
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
        path = _place(folder, anew)
        made.rename(path)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return _Part(path, batches)


def _place(folder: Path, anew: bool) -> Path:
    """Where the next part goes: after those of the newest count, or where a count of everything begins.

    The count before the newest stays, for those who read in it; what is older goes.
    """
    there = _folders(folder)
    count = int(there[-1].name[:_DIGITS]) if there else -1
    if not anew:
        return folder / f"{count:0{_DIGITS}}-{len(there):0{_DIGITS}}"
    for old in folder.glob("[0-9]*"):
        if not old.name[:_DIGITS].isdigit() or int(old.name[:_DIGITS]) < count or "-" not in old.name:
            shutil.rmtree(old, ignore_errors=True)
    return folder / f"{count + 1:0{_DIGITS}}-{0:0{_DIGITS}}"
