"""Measures what a load adds: one delta a kind of edge and a label, written as Parquet."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from graph_hunt.graph.projection import macros
from graph_hunt.graph.projection.deltas import Delta, copy, files
from graph_hunt.graph.projection.reduce import (
    IDENTITIES,
    edge_delta,
    empty_nodes,
    ends_of,
    kinds,
    node_delta,
    nodes_together,
)
from graph_hunt.schema import NODES, TABLES


def measure(
    connection: duckdb.DuckDBPyConnection, delta: Delta, bucket: int, progress: Callable[[str, int, int], None]
) -> None:
    """Write the deltas of a resolved connection's events."""
    macros.define(connection)
    tables = [table for table in TABLES if _some(connection, f'"{table}"')]
    found = kinds()
    for done, kind in enumerate(found):
        text = edge_delta(kind, tables, bucket)
        if text is not None:
            progress(f"grouping {kind.type}", done, len(found))
            _put(connection, text, delta.edges(kind.type))
    for label in NODES:
        parts = [empty_nodes(label)]
        named = node_delta(label, tables)
        if named is not None:
            parts.append(named)
        for kind in found:
            if (path := delta.edges(kind.type)).exists():
                parts += ends_of(kind, label, files([path]))
        together = " UNION ALL BY NAME ".join(f"({part})" for part in parts)
        _put(connection, nodes_together(label, f"({together})"), delta.nodes(label))
    for label, table in IDENTITIES.items():
        copy(connection, f"SELECT * FROM {table}", delta.identities(label))


def _some(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone() is not None


def _put(connection: duckdb.DuckDBPyConnection, text: str, path: Path) -> None:
    """Write a query's rows, and no file where there are none."""
    copy(connection, text, path)
    if not _some(connection, files([path])):
        path.unlink()
