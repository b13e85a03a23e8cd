"""The event store: event tables in Parquet, a folder a day, with a journal that says what is there.

events/<table>/day=YYYY-MM-DD/<batch>.parquet
events/journal/<number>.json         written last; a batch without it is not there
events/quarantine/<batch>.parquet
"""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from graph_hunt.errors import WorkspaceError
from graph_hunt.events import lock, quarantine, removal
from graph_hunt.events.append import Appender, Due
from graph_hunt.events.batch import Quarantined, Span
from graph_hunt.events.doctor import Complaint, examine
from graph_hunt.events.evidence import Unchanged, add_originals, rows_of
from graph_hunt.events.journal import Entry, Journal, Part
from graph_hunt.events.removal import Removed
from graph_hunt.events.status import Status, codes, spans, status
from graph_hunt.events.storage import Root, Storage, is_url
from graph_hunt.schema import TABLES, Type

_SAFE = 24 * 3600.0
"""Seconds that no commit takes: a file that no entry names for so long is no one's."""
_SQL = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.TIME: "BIGINT",
    Type.FLAG: "BOOLEAN",
    Type.TEXTS: "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Resources:
    """What a query of the event store may take of the machine."""

    threads: int | None = None
    memory: str = "60%"
    """A size such as 4GB, or a share of the machine's."""
    spill: Path | None = None
    """The folder for what does not fit in memory; the system's own for temporary files where not said."""


class EventStore:
    """What was loaded. Any number of readers; one writer at a time, or any number where it is `shared`."""

    def __init__(
        self, root: Root, resources: Resources | None = None, *, read_only: bool = False, shared: bool = False
    ) -> None:
        self.root, self.read_only = root, read_only
        self.shared = shared or is_url(root)
        self._resources = resources or Resources()
        self._storage = Storage.at(root)
        self._journal = Journal(self._storage)
        self._unchanged: Unchanged = set()
        self._agreed = False
        """The storage was found to let one of several create a file."""

    @classmethod
    def open(
        cls, root: Root, resources: Resources | None = None, *, read_only: bool = False, shared: bool = False
    ) -> "EventStore":
        """Open the store in a folder or a bucket, made at the first append; check that this program can read it.

        Into a `shared` one several processes load at once; a bucket always is.
        """
        store = cls(root, resources, read_only=read_only, shared=shared)
        store.entries()
        return store

    @property
    def storage(self) -> Storage:
        """Where its files are."""
        return self._storage

    def entries(self) -> list[Entry]:
        """The journal's entries, in commit order."""
        return self._journal.entries()

    def batches(self) -> list[str]:
        """The names of what was committed, in commit order."""
        return [entry.batch for entry in self.entries()]

    def removals(self) -> list[str]:
        """The names of the journal's entries that took events out."""
        return self._journal.removals()

    @contextmanager
    def appender(self, due: Due | None = None, load: str = "") -> Iterator[Appender]:
        """Write to the store; what is not committed when an error leaves the block is dropped, else it is committed."""
        with self._writing(shared=self.shared), self._engine() as connection:
            if self.shared and not self._agreed:
                self._storage.check()
                self._agreed = True
            appender = Appender(self._storage, self._journal, connection, due, load, alone=not self.shared)
            yield appender
            appender.commit()

    def connection(self, batches: Sequence[str] | None = None) -> duckdb.DuckDBPyConnection:
        """Open a DuckDB connection with a view for each event table, over these batches or all; close it after use.

        A view has all columns of its table and `batch`.
        """
        wanted = None if batches is None else set(batches)
        entries = [entry for entry in self.entries() if wanted is None or entry.batch in wanted]
        if wanted is not None and (missing := wanted - {entry.batch for entry in entries}):
            raise WorkspaceError(f"{self.root}: no batch {', '.join(sorted(missing))}")
        connection = self._engine()
        for table in TABLES:
            _view(connection, table, entries, self._storage)
        return connection

    def codes(self) -> dict[tuple[str, str], int]:
        """Count rows by table and code, from the journal alone."""
        return codes(self.entries())

    def spans(self) -> tuple[Span, ...]:
        """Say how far each recorder's each channel reaches in what was read."""
        return spans(self.entries())

    def status(self) -> Status:
        """Give an account of all that is loaded."""
        return status(self.entries())

    def quarantine(self) -> Iterator[Quarantined]:
        """Give the records that could not be used."""
        yield from quarantine.read(self._storage, self.entries())

    def evidence(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Give the rows of these events, in their order, each with its table and what is known of it.

        `raw` is the original record; a bulk source's is read from its file again if that is still what it was, else
        `raw_missing` says why it is not.
        """
        entries = self.entries()
        with self._engine() as connection:
            rows = rows_of(ids, entries, self._storage, connection)
        add_originals(rows, entries, self._unchanged)
        return rows

    def doctor(self, *, deep: bool = False) -> list[Complaint]:
        """Check that what the journal names is there and whole; `deep` reads everything."""
        return list(examine(self._storage, deep=deep, shared=self.shared))

    def sweep(self) -> list[str]:
        """Remove what loads that were cut short left; of a shared store, what is older than a day."""
        with self._writing(shared=self.shared):
            return removal.sweep(self._storage, self._journal, _SAFE if self.shared else 0)

    def undo(self, load: str) -> Removed:
        """Take out what a load brought; files of other loads that had events in common must be loaded again."""
        entries = self.entries()
        batches = [entry.batch for entry in entries if entry.load == load]
        if not batches:
            loads = sorted({entry.load for entry in entries})
            raise WorkspaceError(f"{self.root}: no load is called {load}; there are {', '.join(loads) or 'none'}")
        return self.drop(batches)

    def drop(self, batches: Sequence[str]) -> Removed:
        """Take batches out, such as those that `doctor` found damaged."""
        with self._writing():
            return removal.drop(self._storage, self._journal, batches)

    def prune(self, before: int) -> Removed:
        """Take out the days that ended before a moment (epoch ms)."""
        with self._writing():
            return removal.prune(self._storage, self._journal, before)

    @contextmanager
    def _writing(self, *, shared: bool = False) -> Iterator[None]:
        if self.read_only:
            raise WorkspaceError(f"{self.root}: opened for reading only")
        if not self._storage.local:
            yield
            return
        root = Path(self.root)
        with self._storage.writing():
            root.mkdir(parents=True, exist_ok=True)
        with lock.held(root / "lock", shared=shared):
            yield

    def _engine(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET memory_limit = $memory", {"memory": self._resources.memory})
        if self._resources.threads:
            connection.execute("SET threads = $threads", {"threads": self._resources.threads})
        # DuckDB's own default lies in whatever folder the program was started in.
        spill = (self._resources.spill or Path(tempfile.gettempdir())) / f"graph-hunt-{secrets.token_hex(8)}"
        connection.execute("SET temp_directory = $spill", {"spill": str(spill)})
        self._storage.attach(connection)
        return connection


def _view(connection: duckdb.DuckDBPyConnection, table: str, entries: Sequence[Entry], storage: Storage) -> None:
    columns = TABLES[table].columns
    shapes: dict[tuple[str, ...], list[Part]] = {}
    for entry in entries:
        parts = [part for part in entry.parts if part.table == table]
        if parts:
            shapes.setdefault(entry.columns[table], []).extend(parts)
    relation: duckdb.DuckDBPyRelation | None = None
    for names, parts in shapes.items():
        # A store outlives versions of the program: a column that its files lack is null in them.
        picked = [c.name if c.name in names else f"CAST(NULL AS {_SQL[c.type]}) AS {c.name}" for c in columns]
        files = connection.read_parquet([storage.url(part.path) for part in parts], filename=True)
        rows = files.project(", ".join([*picked, "parse_filename(filename, true) AS batch"]))
        relation = rows if relation is None else relation.union(rows)
    if relation is None:
        typed = ", ".join([*(f"{c.name} {_SQL[c.type]}" for c in columns), "batch VARCHAR"])
        connection.execute(f"CREATE TABLE {table} ({typed})")
    else:
        relation.create_view(table)
