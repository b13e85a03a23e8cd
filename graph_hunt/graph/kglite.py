"""The embedded graph, in one file, over kglite.

The file is written whole and swapped in at the end of a write, so it always holds what its marks say, and a kill
half-way leaves the graph before. kglite's own log would write every edge twice for no more safety.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.errors import QueryError, QueryTimeout, StoreBusy, StoreError, WorkspaceBusy
from graph_hunt.events import lock
from graph_hunt.graph.store import MARK_LABEL, Ends, GraphWriter, Mark, batched

if TYPE_CHECKING:
    import kglite

_AT_ONCE = 20_000
"""Rows that one Cypher statement writes."""
_FIRST = 2_500_000
"""Edges that the first load of a type takes in one call, which kglite does fastest but with two copies in memory."""
_SPLIT = 100_000
"""Edges whose evidence one statement turns from text to lists, for a statement holds its rows in memory."""
_SEPARATOR = "\x1f"
_ENDS = ("source_key", "target_key")
_INTEGERS = (pa.int64(), pa.int32())


class KgliteStore:
    """A kglite graph, in memory or in a file. One writer; any thread may query.

    `serving` lets queries go on while a write is under way, on the graph before it, which costs a copy of the graph
    in memory; without it they wait for the write.
    """

    def __init__(self, path: Path | None, lease: ExitStack | None, serving: bool) -> None:
        self._path, self._lease, self._serving = path, lease, serving
        self._writable = lease is not None
        self._kept: kglite.KnowledgeGraph | None = None
        self._state: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._settled = False
        self._before: kglite.Session | None = None

    @classmethod
    def open(cls, path: Path | None = None, *, read_only: bool = False, serving: bool = False) -> KgliteStore:
        """Open the graph in a file, or a new one in memory; `read_only` takes no lock and sees each finished write."""
        import kglite

        kglite.set_query_warning_policy("silent")
        lease = ExitStack()
        if path is not None and not read_only:
            try:
                lease.enter_context(lock.held(path.with_suffix(".writer")))
            except WorkspaceBusy as error:
                raise StoreBusy(str(error)) from error
        return cls(path, None if read_only else lease, serving)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Give the rows that a text returns, as of the last finished write."""
        import kglite

        # kglite takes 0 for no time-out, and None for its own of three minutes.
        milliseconds = 0 if timeout is None else max(1, int(timeout * 1000))
        try:
            result = self._snapshot().cypher(
                text, params=dict(parameters or {}), timeout_ms=milliseconds, row_limit=limit
            )
            rows: list[dict[str, Any]] = result.to_dicts()
        except kglite.CypherTimeoutError as error:
            raise QueryTimeout(f"the query took longer than {timeout:g} s") from error
        except (kglite.KgError, ValueError, TypeError, OverflowError) as error:
            raise QueryError(str(error)) from error
        return rows

    def alone(self, name: str, *, wait: bool = False) -> AbstractContextManager[object]:
        """Keep others from writing: one process at a time can open the file for that."""
        return nullcontext()

    @contextmanager
    def writing(self, *, anew: bool = False) -> Iterator[GraphWriter]:
        """Write, and publish it whole at the end; an error leaves the graph as it was (in memory: empty)."""
        import kglite

        if not self._writable:
            raise StoreError(f"{self._path}: opened for reading only")
        with self._lock:
            if self._serving:
                self._before = self._graph().session()
            graph = kglite.KnowledgeGraph() if anew else self._graph()
            # Dropped first, so that an error half-way, and a graph made anew, leave nothing of it.
            self._kept = None
            try:
                yield _Writer(graph)
                if self._path is not None:
                    _save(graph, self._path)
                self._kept = graph
            finally:
                self._before = None
        kglite.trim_memory()

    def close(self) -> None:
        """Let go of the file's lock; all is saved already."""
        self._writable = False
        if self._lease is not None:
            self._lease.close()

    def settle(self) -> None:
        """Read the graph, if that is yet to be done, and from now on answer from it, whatever another writes."""
        with self._lock:
            self._graph()
            self._settled = True

    def _snapshot(self) -> kglite.Session:
        before = self._before
        if before is not None:
            return before
        # A session that is kept makes the next write copy the graph: each query has its own, for as long as it runs.
        with self._lock:
            return self._graph().session()

    def _graph(self) -> kglite.KnowledgeGraph:
        """Read the file when it is first needed (making the graph anew never does), and when another wrote it since."""
        if self._settled and self._kept is not None:
            return self._kept
        state = None if self._writable else _state(self._path)
        if self._kept is None or state != self._state:
            self._kept, self._state = _load(self._path), state
        return self._kept


def _state(path: Path | None) -> tuple[int, int] | None:
    """Tell one content of a file from the next: each write puts a new file in its place."""
    if path is None or not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def _load(path: Path | None) -> kglite.KnowledgeGraph:
    import kglite

    if path is None or not path.exists():
        return kglite.KnowledgeGraph()
    try:
        return kglite.load(str(path), write_budget=None)
    except (kglite.KgError, OSError) as error:
        raise StoreError(f"{path}: {error}; `graph-hunt rebuild` makes it anew from the events") from error


def _save(graph: kglite.KnowledgeGraph, path: Path) -> None:
    import kglite

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        graph.save(str(path))
    except (kglite.KgError, OSError) as error:
        raise StoreError(f"{path}: {error}") from error


class _Writer:
    """Writes to one kglite graph."""

    def __init__(self, graph: kglite.KnowledgeGraph) -> None:
        self._graph = graph

    def nodes(self, label: str, tables: Iterable[pa.Table]) -> None:
        for table in tables:
            if table.num_rows:
                self._graph.add_nodes(
                    _frame(table), label, "key", "name", conflict_handling="update", column_types=_types(table)
                )

    def edges(self, ends: Ends, tables: Iterable[pa.Table], *, known: bool) -> None:
        if known:
            self._set(ends, tables)
            return
        rest = iter(tables)
        if self._first(ends):
            self._load(ends, _up_to(_FIRST, rest))
        for piece in batched(rest, _AT_ONCE):
            self._run(_create(ends, piece.column_names), piece)

    def mark(self, mark: Mark) -> None:
        self._graph.cypher(
            f"MERGE (mark:{MARK_LABEL} {{key: $load}}) "
            "SET mark.batches = $batches, mark.bucket = $bucket, mark.projection = $projection",
            params={
                "load": mark.load,
                "batches": list(mark.batches),
                "bucket": mark.bucket,
                "projection": mark.projection,
            },
        )

    def _first(self, ends: Ends) -> bool:
        """Tell whether no edge of the type leaves this label: then rows are appended, later ones would be merged."""
        return len(self._graph.cypher(f"MATCH (:{ends.source})-[edge:{ends.type}]->() RETURN 1 AS one LIMIT 1")) == 0

    def _load(self, ends: Ends, table: pa.Table | None) -> None:
        if table is None or not table.num_rows:
            return
        types = _types(table)
        leaving = table.column("source_key").value_counts().to_pylist()
        lists = _joinable(table)
        for name in lists:
            joined = pc.binary_join(table.column(name), _SEPARATOR)
            table = table.set_column(table.schema.get_field_index(name), name, joined)
        frame = table.to_pandas(integer_object_nulls=True, self_destruct=True, split_blocks=True)
        del table
        names = "source_key", ends.target, "target_key"
        self._graph.add_relationships(frame, ends.type, ends.source, *names, column_types=types)
        del frame
        if lists:
            self._split(ends, lists, leaving)

    def _split(self, ends: Ends, lists: list[str], leaving: list[dict[str, Any]]) -> None:
        """Turn joined texts into lists: a third quicker, and with a quarter less memory, than giving kglite lists."""
        properties = ", ".join(f"edge.`{name}` = split(edge.`{name}`, $separator)" for name in lists)
        text = (
            f"UNWIND $keys AS key MATCH (:{ends.source} {{key: key}})-[edge:{ends.type}]->(:{ends.target}) "
            f"SET {properties}"
        )
        keys: list[str] = []
        edges = 0
        for place, source in enumerate(leaving, start=1):
            keys.append(source["values"])
            edges += source["counts"]
            if edges >= _SPLIT or place == len(leaving):
                self._graph.cypher(text, params={"keys": keys, "separator": _SEPARATOR}, timeout_ms=0)
                keys, edges = [], 0

    def _run(self, text: str, piece: pa.Table) -> None:
        if piece.num_rows:
            self._graph.cypher(text, params={"rows": piece.to_pylist()}, timeout_ms=0)

    def _set(self, ends: Ends, tables: Iterable[pa.Table]) -> None:
        # An index that stays would be built anew at each opening of the file; ranges, such as of buckets, use none.
        index = f"{ends.type}_key"
        self._graph.cypher(f"CREATE INDEX {index} IF NOT EXISTS FOR ()-[edge:{ends.type}]-() ON (edge.key)")
        for piece in batched(tables, _AT_ONCE):
            self._run(_update(ends, piece.column_names), piece)
        self._graph.cypher(f"DROP INDEX {index} IF EXISTS")


def _joinable(table: pa.Table) -> list[str]:
    """Name the columns of lists that come back whole when they are joined and split."""
    names = [field.name for field in table.schema if pa.types.is_list(field.type)]
    return [name for name in names if _splits(table.column(name))]


def _splits(lists: pa.ChunkedArray) -> bool:
    texts = pc.list_flatten(lists)
    empty = lists.null_count or texts.null_count or pc.min(pc.list_value_length(lists)).as_py() == 0
    return not empty and not pc.any(pc.match_substring(texts, _SEPARATOR)).as_py()


def _up_to(rows: int, tables: Iterator[pa.Table]) -> pa.Table | None:
    """Take so many rows, or all there are, as one table."""
    taken: list[pa.Table] = []
    while rows > 0 and (table := next(tables, None)) is not None:
        taken.append(table)
        rows -= table.num_rows
    return pa.concat_tables(taken) if taken else None


def _frame(table: pa.Table) -> Any:
    return table.to_pandas(integer_object_nulls=True)


def _types(table: pa.Table) -> dict[str, str]:
    """Say which columns hold integers where pandas does not, for there are nulls among them."""
    gaps = (field for field in table.schema if field.type in _INTEGERS and table[field.name].null_count)
    return {field.name: "integer" for field in gaps}


def _create(ends: Ends, names: list[str]) -> str:
    properties = ", ".join(f"`{name}`: row.`{name}`" for name in names if name not in _ENDS)
    return (
        f"UNWIND $rows AS row MATCH (source:{ends.source} {{key: row.source_key}}) "
        f"MATCH (target:{ends.target} {{key: row.target_key}}) "
        f"CREATE (source)-[:{ends.type} {{{properties}}}]->(target)"
    )


def _update(ends: Ends, names: list[str]) -> str:
    properties = ", ".join(f"edge.`{name}` = row.`{name}`" for name in names if name not in (*_ENDS, "key"))
    return f"UNWIND $rows AS row MATCH ()-[edge:{ends.type} {{key: row.key}}]->() SET {properties}"
