"""Writes nodes and edges to Neo4j, in bounded transactions, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.graph.neo4j.errors import TooBig, out_of_memory, violates
from graph_hunt.graph.neo4j.lease import LEASE_LABEL, Lease
from graph_hunt.graph.neo4j.migrations import SCHEMA_LABEL
from graph_hunt.graph.neo4j.transaction import surely
from graph_hunt.graph.store import MARK_LABEL, Ends, Mark

if TYPE_CHECKING:
    import neo4j

Row = dict[str, Any]
Values = tuple[Any, ...]
SESSIONS = 4
"""Transactions at a time; a power of two."""
AT_ONCE = 5_000
"""Rows of one transaction, to begin with; fewer after the server ran out of memory."""
_DELETED = (10_000, 500, 20)
"""Things deleted in one transaction, and fewer once the server had too little memory for that."""
_ENDS = ("source_key", "target_key")
_NODES = "UNWIND $rows AS row MERGE (node:{label} {{key: row.key}}) SET node += row.properties"
_BEGIN = (
    f"MATCH (schema:{SCHEMA_LABEL}) WITH schema, coalesce(schema.writing, false) AS unfinished "
    "SET schema.writing = true RETURN unfinished"
)
_MARK = (
    f"MERGE (mark:{MARK_LABEL} {{key: $load}}) "
    "SET mark.batches = $batches, mark.bucket = $bucket, mark.projection = $projection "
    f"WITH mark MATCH (schema:{SCHEMA_LABEL}) SET schema.writing = false"
)


class Sessions(Protocol):
    """What the writer asks of its store."""

    def session(self, access: str) -> neo4j.Session:
        """Open a session; close it after use."""


class Writer:
    """Writes to one database.

    New edges are created, which is twice as fast as merging, unless a write before this one was interrupted: then
    they may be there. The constraint on `key` finds what a commit whose answer was lost had already done.
    """

    def __init__(self, store: Sessions, lease: Lease | None = None, *, anew: bool) -> None:
        self._store, self._lease, self._anew = store, lease, anew
        self._at_once = AT_ONCE
        self._unfinished = False
        self._pool = ThreadPoolExecutor(SESSIONS, thread_name_prefix="neo4j-writer")

    def __enter__(self) -> Writer:
        """Begin; from here on the database is known to be half-written until it is marked."""
        found = self._run(_BEGIN, {})
        self._unfinished = bool(found and found[0]["unfinished"])
        if self._anew:
            self._clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is under way."""
        self._pool.shutdown(wait=True, cancel_futures=error is not None)

    def nodes(self, label: str, tables: Iterable[pa.Table]) -> None:
        """Make or update nodes by `key`."""
        text = _NODES.format(label=label)
        for table in tables:
            rows = [{"key": row.pop("key"), "properties": _known(row)} for row in table.to_pylist()]
            self._write(_cut(rows, SESSIONS), [text])

    def edges(self, ends: Ends, tables: Iterable[pa.Table], *, known: bool) -> None:
        """Set edges by `key`."""
        for table in tables:
            names = table.column_names
            merged = _merged(ends, names)
            texts = [merged] if known or self._unfinished else [_created(ends, names), merged]
            self._write(_apart(table), texts)

    def mark(self, mark: Mark) -> None:
        """Say what is now in the graph."""
        self._run(
            _MARK,
            {
                "load": mark.load,
                "batches": list(mark.batches),
                "bucket": mark.bucket,
                "projection": mark.projection,
            },
        )

    def _write(self, parts: Sequence[Sequence[Any]], texts: Sequence[str]) -> None:
        for done in [self._pool.submit(self._part, part, texts, writer) for writer, part in enumerate(parts) if part]:
            done.result()

    def _part(self, rows: Sequence[Any], texts: Sequence[str], writer: int) -> None:
        with self._store.session("WRITE") as session:
            start = 0
            while start < len(rows):
                size = self._at_once
                try:
                    self._commit(session, rows[start : start + size], texts, writer)
                    start += size
                except TooBig:
                    if size == 1:
                        raise
                    self._at_once = max(1, min(self._at_once, size // 2))

    def _commit(self, session: neo4j.Session, rows: Sequence[Any], texts: Sequence[str], writer: int) -> None:
        """Commit the rows by the first of the texts that no constraint refuses."""
        from neo4j.exceptions import ClientError, IncompleteCommit

        for text in texts[:-1]:
            try:
                session.execute_write(self._work(text, {"rows": rows}, writer))
            except IncompleteCommit:
                break
            except ClientError as error:
                if not violates(error):
                    raise
            else:
                return
        surely(session, self._work(texts[-1], {"rows": rows}, writer))

    def _run(self, text: str, parameters: Row) -> list[Row]:
        with self._store.session("WRITE") as session:
            return surely(session, self._work(text, parameters, 0))

    def _work(self, text: str, parameters: Row, writer: int) -> Callable[[neo4j.ManagedTransaction], list[Row]]:
        from neo4j.exceptions import Neo4jError

        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            if self._lease is not None:
                self._lease.fence(transaction, writer)
            try:
                return [row.data() for row in transaction.run(text, parameters)]
            except Neo4jError as error:
                if out_of_memory(error):
                    raise TooBig from error
                raise

        return work

    def _clear(self) -> None:
        """Remove all but what is known of the database itself; edges first, for a node may have millions."""
        for row in self._run("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type", {}):
            self._delete(f"MATCH ()-[thing:`{row['type']}`]->() WITH thing LIMIT $size DELETE thing")
        for row in self._run("CALL db.labels() YIELD label RETURN label", {}):
            if row["label"] not in (SCHEMA_LABEL, LEASE_LABEL):
                self._delete(f"MATCH (thing:`{row['label']}`) WITH thing LIMIT $size DETACH DELETE thing")
        self._unfinished = False

    def _delete(self, text: str) -> None:
        from neo4j.exceptions import Neo4jError

        sizes = list(_DELETED)
        while True:
            try:
                if self._run(f"{text} RETURN count(*) AS gone", {"size": sizes[0]})[0]["gone"] < sizes[0]:
                    return
            except (TooBig, Neo4jError) as error:
                # What a deletion takes may be known only when it is committed.
                if len(sizes) == 1 or not (isinstance(error, TooBig) or out_of_memory(error)):
                    raise
                sizes.pop(0)


def _matched(ends: Ends, names: Sequence[str]) -> str:
    # Rows are lists: maps would bring the names with each, which takes both sides a fifth more time.
    return (
        f"UNWIND $rows AS row MATCH (source:{ends.source} {{key: row[{names.index('source_key')}]}}) "
        f"MATCH (target:{ends.target} {{key: row[{names.index('target_key')}]}}) "
    )


def _created(ends: Ends, names: Sequence[str]) -> str:
    # Naming each property takes the server half the time of a map.
    properties = ", ".join(f"`{name}`: row[{place}]" for place, name in enumerate(names) if name not in _ENDS)
    return f"{_matched(ends, names)} CREATE (source)-[:{ends.type} {{{properties}}}]->(target)"


def _merged(ends: Ends, names: Sequence[str]) -> str:
    set_apart = (*_ENDS, "key")
    properties = ", ".join(f"edge.`{name}` = row[{place}]" for place, name in enumerate(names) if name not in set_apart)
    return (
        f"{_matched(ends, names)} MERGE (source)-[edge:{ends.type} {{key: row[{names.index('key')}]}}]->(target) "
        f"SET {properties}"
    )


def _known(row: Row) -> Row:
    """Leave out what is not known: Neo4j would erase it."""
    return {name: value for name, value in row.items() if value is not None}


def _cut(rows: list[Row], parts: int) -> list[list[Row]]:
    size = -(-len(rows) // parts) or 1
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _apart(table: pa.Table) -> list[list[Values]]:
    """Divide edges by their source, in the order of their targets: transactions then seldom wait for one another."""
    sources = table["source_key"].combine_chunks().dictionary_encode().indices
    lots = pc.bit_wise_and(sources, pa.scalar(SESSIONS - 1, pa.int32()))
    parts = [table.filter(pc.equal(lots, lot)).sort_by("target_key") for lot in range(SESSIONS)]
    return [list(zip(*(column.to_pylist() for column in part.columns), strict=True)) for part in parts]
