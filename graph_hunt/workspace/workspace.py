"""The workspace as the command line, the API and the tests use it."""

import shutil
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import duckdb

from graph_hunt.errors import InputError, WorkspaceError
from graph_hunt.events.geo import locate
from graph_hunt.events.identity import Edits, Ledger, said_in, sight
from graph_hunt.events.removal import Removed
from graph_hunt.events.resolve import resolve
from graph_hunt.events.source import Loader, Options
from graph_hunt.events.store import EventStore
from graph_hunt.graph import projection
from graph_hunt.graph.entity import Entity, find
from graph_hunt.graph.scope import scope_of
from graph_hunt.graph.store import GraphStore, open_store
from graph_hunt.settings import Settings
from graph_hunt.workspace import place, preferences
from graph_hunt.workspace.loading import LoadReport, Progress, load
from graph_hunt.workspace.place import GEO, Common, open_events
from graph_hunt.workspace.preferences import Preferences, parse_bucket

GRAPH = "graph"
GRAPH_FILE, DELTAS, BOOKMARKS = "graph.kgl", "deltas", "bookmarks.json"

_LOCK = threading.Lock()
_LEDGERS: dict[Path, tuple[str, Ledger]] = {}
"""Of each workspace that this process asked who is who: the last state, and its ledger, which nothing changes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did to the events and to the graph."""

    report: LoadReport
    applied: projection.Applied
    seconds: float
    """How long the projection took."""


class Workspace(AbstractContextManager["Workspace"]):
    """An open workspace; use it in a `with` block."""

    def __init__(
        self, root: Path, own: Preferences, events: EventStore, graph: GraphStore, common: Common | None = None
    ) -> None:
        self.root, self.preferences, self.events, self.graph = root, own, events, graph
        self._common = common

    @classmethod
    def open(cls, settings: Settings, *, bucket: str | None = None, read_only: bool = False) -> "Workspace":
        """Open it; a folder that is none yet becomes one, unless `read_only`.

        Raises `WorkspaceError` where there is none to read, `StoreBusy` or `WorkspaceBusy` where another writes.
        """
        root = settings.workspace
        common = place.common(settings, read_only=read_only)
        if common:
            common.agree()
        own = preferences.read(root)
        if own is None and read_only:
            raise WorkspaceError(f"{root}: there is no workspace; `graph-hunt load PATH -w {root}` makes one")
        wanted = parse_bucket(bucket) if bucket else None
        if own is None:
            own = Preferences(wanted) if wanted else Preferences()
            preferences.write(root, own)
            if common:
                common.agree()
                own = preferences.read(root) or own
        elif wanted not in (None, own.bucket):
            raise InputError(
                f"{root} was made with another bucket", where=f"--bucket {bucket}", expected=f"{own.bucket // 60_000}m"
            )
        events = open_events(settings, read_only=read_only)
        return cls(root, own, events, _graph(root, settings, read_only), common)

    @staticmethod
    def codes_of(settings: Settings) -> dict[tuple[str, str], int]:
        """Rows by (event table, code) without opening the graph; nothing where there is no workspace."""
        if preferences.read(settings.workspace) is None and not settings.events:
            return {}
        return open_events(settings, read_only=True).codes()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the graph."""
        self.close()

    def close(self) -> None:
        """Let go of the graph; what was said here is then said to all."""
        self.graph.close()
        if self._common and not self.events.read_only:
            self._common.agree()

    @staticmethod
    def graph_file(root: Path) -> Path:
        """Where the embedded graph of the workspace in a folder is."""
        return root / GRAPH / GRAPH_FILE

    def load(
        self,
        paths: Iterable[str | Path],
        options: Options | None = None,
        *,
        loader: Loader | None = None,
        stdin: BinaryIO | None = None,
        progress: Progress | None = None,
        advance: projection.Progress | None = None,
    ) -> Loaded:
        """Load telemetry into the events, then put what is new into the graph."""
        report = load(self.events, paths, options or Options(), loader=loader, stdin=stdin, progress=progress)
        begun = time.monotonic()
        applied = self.apply(advance)
        return Loaded(report, applied, time.monotonic() - begun)

    def apply(self, progress: projection.Progress | None = None, *, wait: bool = True) -> projection.Applied:
        """Put the events that are not yet in the graph there.

        Where several processes load, `wait` for the one that is at it; else `WorkspaceBusy` or `StoreBusy` is raised.
        """
        terms, deltas = self._terms(), self._common.deltas if self._common else None
        shown = progress or _silent
        return projection.apply(
            self.events, self.graph, self._deltas, terms, shown, common=deltas, wait=wait and self.events.shared
        )

    def rebuild(self, progress: projection.Progress | None = None) -> projection.Applied:
        """Project all events into the graph anew."""
        return self.export(self.graph, progress)

    def export(self, graph: GraphStore, progress: projection.Progress | None = None) -> projection.Applied:
        """Project all events into another graph, from which the workspace then goes on as from one that it built."""
        terms, deltas = self._terms(), self._common.deltas if self._common else None
        shown = progress or _silent
        return projection.rebuild(
            self.events, graph, self._deltas, terms, shown, common=deltas, wait=self.events.shared
        )

    def prune(self, before: int, progress: projection.Progress | None = None) -> Removed:
        """Take out the days that ended before a moment (epoch ms), and make the graph anew."""
        removed = self.events.prune(before)
        if removed.batches:
            self.rebuild(progress)
        return removed

    def undo(self, load: str, progress: projection.Progress | None = None) -> Removed:
        """Take out what a load brought, and make the graph anew."""
        removed = self.events.undo(load)
        self.rebuild(progress)
        return removed

    def repair(self, progress: projection.Progress | None = None) -> Removed:
        """Take out the batches that are damaged, and make the graph anew."""
        damaged = [one.batch for one in self.events.doctor(deep=True) if one.batch]
        removed = self.events.drop(list(dict.fromkeys(damaged)))
        self.events.sweep()
        self.rebuild(progress)
        return removed

    @property
    def _deltas(self) -> Path:
        return self.root / GRAPH / DELTAS

    def _terms(self) -> projection.Terms:
        return projection.Terms(self.preferences.bucket, self.edits, self.geo)

    @property
    def geo(self) -> tuple[Path, ...]:
        """The MaxMind DB files that were given, which are heard before the bundled one."""
        return tuple(sorted((self.root / GEO).glob("*.mmdb")))

    def give_geo(self, files: Sequence[Path]) -> None:
        """Keep MaxMind DB files with the workspace; the graph knows of them once it is rebuilt."""
        locate((), files)
        (self.root / GEO).mkdir(exist_ok=True)
        for file in files:
            shutil.copyfile(file, self.root / GEO / f"{file.stem}.mmdb")

    @property
    def edits(self) -> Edits:
        """What people say of identities: decisions by hand, the directory, tags."""
        if self._common:
            self._common.agree(now=False)
        return said_in(self.root)

    def resolved(self) -> duckdb.DuckDBPyConnection:
        """A connection to all events with their identifiers resolved (`<table>_resolved`); close it after use."""
        connection = self.events.connection()
        resolve(connection, self.ledger())
        return connection

    def ledger(self) -> Ledger:
        """Who is who in all events, and why."""
        root, state = self.root.resolve(), self.state
        with _LOCK:
            known = _LEDGERS.get(root)
            if known is None or known[0] != state:
                with closing(self.events.connection()) as connection:
                    known = _LEDGERS[root] = state, Ledger.of(sight(connection), self.edits)
        return known[1]

    @property
    def state(self) -> str:
        """Names what `resolved` gives: it changes when events or decisions about identities do."""
        text = "\n".join([*self.events.batches(), *self.events.removals(), self.edits.digest])
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def span(self) -> tuple[int, int]:
        """The times of the first and the last event; raises where nothing was loaded."""
        parts = [part for entry in self.events.entries() for part in entry.parts]
        if not parts:
            raise WorkspaceError(f"{self.root}: nothing was loaded into it yet; `graph-hunt load PATH` does that")
        return min(part.first for part in parts), max(part.last for part in parts)

    def entities(self, names: Sequence[str]) -> list[Entity]:
        """The entities that these names stand for."""
        return [find(self.graph, name) for name in names]

    def scope(self, names: Sequence[str]) -> tuple[str, ...]:
        """The keys that these names, and tags (`tag:finance`), stand for."""
        return scope_of(self.graph, names)


def _graph(root: Path, settings: Settings, read_only: bool) -> GraphStore:
    if settings.neo4j is None:
        return open_store(Workspace.graph_file(root), read_only=read_only)
    from graph_hunt.graph.neo4j import Neo4jStore

    server = settings.neo4j
    return Neo4jStore.open(
        server.uri,
        server.user,
        server.password,
        server.database,
        read_only=read_only,
        bookmarks=root / GRAPH / BOOKMARKS,
    )


def _silent(what: str, done: int, of: int) -> None:
    return
