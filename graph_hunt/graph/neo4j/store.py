"""A graph on a Neo4j server: one, a cluster, or Aura."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph_hunt import __version__
from graph_hunt.errors import StoreError, StoreUnavailable
from graph_hunt.graph.neo4j.errors import translated
from graph_hunt.graph.neo4j.lease import SECONDS, Lease
from graph_hunt.graph.neo4j.migrations import migrate
from graph_hunt.graph.neo4j.transaction import surely
from graph_hunt.graph.neo4j.writer import SESSIONS, Writer
from graph_hunt.graph.store import ASKER, PURPOSE, GraphWriter

if TYPE_CHECKING:
    import neo4j

_CONNECT = 10.0
"""Seconds that a connection may take."""
_RETRY = 30.0
"""Seconds for which a transaction is tried again after what may pass: a new leader, a deadlock, a lost connection."""
_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_ROWS = 1_000
"""Rows that the driver asks for at once."""


class Neo4jStore:
    """A graph in one database of a server. Any thread may query and write."""

    def __init__(self, driver: neo4j.Driver, uri: str, database: str | None, bookmarks: Path | None) -> None:
        import neo4j

        self._driver, self.uri, self._database = driver, uri, database
        self._kept = bookmarks
        # Whoever reads through this store sees what it wrote, on whichever server of a cluster.
        known = neo4j.Bookmarks.from_raw_values(_read(bookmarks))
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager(known)
        self._writable = True
        self._lease: Lease | None = None
        self.seconds = SECONDS
        """How long it keeps others from writing where this process ends without a word."""

    @classmethod
    def open(
        cls,
        uri: str,
        user: str,
        password: str,
        database: str | None = None,
        *,
        read_only: bool = False,
        bookmarks: Path | None = None,
        retry: float = _RETRY,
    ) -> Neo4jStore:
        """Connect, and bring the database's constraints and indexes up to date (not where `read_only`).

        `bookmarks` is a file that tells the next process how far a cluster's member must be to answer it.
        """
        import neo4j

        if uri.partition("://")[0] not in _SCHEMES:
            raise StoreUnavailable(f"{uri}: not a Neo4j server's URI; expected one of {', '.join(_SCHEMES)} and ://")
        try:
            driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(user, password),
                connection_timeout=_CONNECT,
                connection_acquisition_timeout=60.0,
                max_transaction_retry_time=retry,
                fetch_size=_ROWS,
                notifications_min_severity="OFF",
                user_agent=f"graph-hunt/{__version__}",
            )
        except (neo4j.exceptions.DriverError, ValueError) as error:
            raise StoreUnavailable(f"{uri}: {error}") from error
        store = cls(driver, uri, database, bookmarks)
        store._writable = not read_only
        try:
            with translated(uri):
                driver.verify_connectivity()
            migrate(store, uri, read_only=read_only)
        except BaseException:
            driver.close()
            raise
        return store

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Give the rows that a text returns; it can not write."""
        import neo4j

        @neo4j.unit_of_work(timeout=timeout, metadata=_metadata())
        def ask(transaction: neo4j.ManagedTransaction) -> list[dict[str, Any]]:
            found = transaction.run(text, dict(parameters or {}))
            return [record.data() for record in islice(found, limit)]

        with translated(self.uri, timeout), self.session(neo4j.READ_ACCESS) as session:
            rows: list[dict[str, Any]] = session.execute_read(ask)
            return rows

    @contextmanager
    def alone(self, name: str, *, wait: bool = False) -> Iterator[None]:
        """Keep other processes from writing, on whichever machine; `wait` for one, or raise `StoreBusy`."""
        with Lease(self._surely, self.uri, name, SESSIONS, wait=wait, seconds=self.seconds) as lease:
            self._lease = lease
            try:
                yield
            finally:
                self._lease = None

    @contextmanager
    def writing(self, *, anew: bool = False) -> Iterator[GraphWriter]:
        """Write; what an error or a kill interrupts is half there, unmarked, and set right by writing it again."""
        if not self._writable:
            raise StoreError(f"{self.uri}: opened for reading only")
        with translated(self.uri), Writer(self, self._lease, anew=anew) as writer:
            yield writer
        self._keep()

    def session(self, access: str) -> neo4j.Session:
        """Open a session; close it after use."""
        return self._driver.session(
            database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks
        )

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def _surely(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run a text that may write, and may be run twice."""
        with translated(self.uri), self.session("WRITE") as session:
            return surely(session, lambda transaction: [row.data() for row in transaction.run(text, dict(parameters))])

    def _keep(self) -> None:
        if self._kept is not None:
            new = self._kept.with_suffix(".new")
            new.write_text(json.dumps(sorted(self._bookmarks.get_bookmarks())))
            new.replace(self._kept)


def _read(bookmarks: Path | None) -> list[str]:
    if bookmarks is None or not bookmarks.exists():
        return []
    return [str(bookmark) for bookmark in json.loads(bookmarks.read_text())]


def _metadata() -> dict[str, str]:
    """Say in the server's list of transactions whose they are and what for."""
    own = getpass.getuser()
    return {"app": f"graph-hunt {__version__}", "user": own, "who": ASKER.get() or own, "purpose": PURPOSE.get()}
