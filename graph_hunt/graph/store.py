"""What graph-hunt asks of a graph engine, and how one is opened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Ends:
    """A relationship type between two labels: what one write of edges holds."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Which batches of events a write has put into the graph, and how."""

    load: str
    batches: tuple[str, ...]
    bucket: int
    """The length of a bucket of time, in ms."""
    projection: int
    """The version of the projection."""


class Graph(Protocol):
    """A graph that answers Cypher in the portable subset (`dialect.py`)."""

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Give the rows that a text returns, at most `limit`; raise `QueryTimeout` after `timeout` seconds."""


class GraphWriter(Protocol):
    """Writes absolute values: writing a thing twice, or after a kill half-way, gives the same graph."""

    def nodes(self, label: str, tables: Iterable[pa.Table]) -> None:
        """Make or update nodes by `key`; a null property leaves what is known."""

    def edges(self, ends: Ends, tables: Iterable[pa.Table], *, known: bool) -> None:
        """Set edges by `key`, between nodes `source_key` and `target_key`; `known` says whether they may be there."""

    def mark(self, mark: Mark) -> None:
        """Say what is now in the graph; the last step of a write."""


class GraphStore(Graph, Protocol):
    """A graph that is kept."""

    def alone(self, name: str, *, wait: bool = False) -> AbstractContextManager[object]:
        """Keep other processes from writing while this one looks and writes; `wait` for one, or raise `StoreBusy`.

        `name` is that of a lock that this process holds: a former holder of that name is gone.
        """

    def writing(self, *, anew: bool = False) -> AbstractContextManager[GraphWriter]:
        """Write; `anew` begins with an empty graph. What an error interrupts is not marked."""

    def close(self) -> None:
        """Let go of the engine."""


PURPOSE: ContextVar[str] = ContextVar("PURPOSE", default="")
"""What queries are for, such as a hunt's id; a server shows it beside them."""


ASKER: ContextVar[str] = ContextVar("ASKER", default="")
"""For whom queries are, such as a token's owner; a server shows it beside them."""


def purpose(text: str) -> AbstractContextManager[None]:
    """Say what the queries within are for."""
    return _said(PURPOSE, text)


def asking(who: str) -> AbstractContextManager[None]:
    """Say for whom the queries within are."""
    return _said(ASKER, who)


@contextmanager
def _said(what: ContextVar[str], text: str) -> Iterator[None]:
    token = what.set(text)
    try:
        yield
    finally:
        what.reset(token)


MARK_LABEL = "AppliedLoad"
"""The label of the nodes that hold marks. They are no entities."""


def marks(graph: Graph) -> list[Mark]:
    """Read what was marked as applied."""
    rows = graph.query(
        f"MATCH (mark:{MARK_LABEL}) RETURN mark.key AS load, mark.batches AS batches, mark.bucket AS bucket, "
        "mark.projection AS projection ORDER BY load"
    )
    return [Mark(row["load"], tuple(row["batches"]), row["bucket"], row["projection"]) for row in rows]


def open_store(path: Path, *, read_only: bool = False) -> GraphStore:
    """Open the embedded graph in a file, which is made where it is not there."""
    from graph_hunt.graph.kglite import KgliteStore

    return KgliteStore.open(path, read_only=read_only)


def batched(tables: Iterable[pa.Table], rows: int) -> Iterable[pa.Table]:
    """Cut tables into pieces of at most so many rows."""
    for table in tables:
        for start in range(0, table.num_rows, rows):
            yield table.slice(start, rows)


def columns(table: pa.Table, without: Sequence[str] = ()) -> list[str]:
    """Name a table's columns but some."""
    return [name for name in table.column_names if name not in without]
