"""Writes the absolute values of all that a load touched."""

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pyarrow as pa

from graph_hunt.graph.projection.deltas import Delta, files
from graph_hunt.graph.projection.reduce import (
    IDENTITIES,
    edge_columns,
    edges_together,
    kinds,
    node_properties,
    nodes_together,
)
from graph_hunt.graph.store import Ends, GraphWriter
from graph_hunt.schema import NODES, EdgeKind

_ROWS = 100_000
"""Rows of one piece given to a writer."""


def write(
    connection: duckdb.DuckDBPyConnection,
    writer: GraphWriter,
    before: Sequence[Delta],
    delta: Delta,
    progress: Callable[[str, int, int], None],
) -> dict[str, int]:
    """Write nodes, then edges; give how many edges of each type were written."""
    for label in NODES:
        _nodes(connection, writer, before, delta, label)
    written: dict[str, int] = {}
    found = [kind for kind in kinds() if delta.edges(kind.type).exists()]
    for done, kind in enumerate(found):
        progress(f"writing {kind.type}", done, len(found))
        written[kind.type] = _edges(connection, writer, before, delta, kind)
    return written


def _nodes(
    connection: duckdb.DuckDBPyConnection, writer: GraphWriter, before: Sequence[Delta], delta: Delta, label: str
) -> None:
    touched = delta.nodes(label)
    olds = [d.nodes(label) for d in before if d.nodes(label).exists()]
    parts = []
    if touched.exists():
        new = files([touched])
        parts.append(f"SELECT * FROM {new}")
        if olds:
            parts.append(f"SELECT * FROM {files(olds)} WHERE key IN (SELECT key FROM {new})")
    rows = nodes_together(label, f"({' UNION ALL BY NAME '.join(parts)})") if parts else None
    if label in IDENTITIES:
        text = _identified(before, delta, label, rows)
    elif rows:
        text = f"SELECT key, {_values(label)}, first_seen, last_seen FROM ({rows})"
    else:
        return
    if text:
        writer.nodes(label, _read(connection, f"{text} ORDER BY key"))


def _values(label: str) -> str:
    values = [f'"{name}".value AS "{name}"' for name in node_properties(label)]
    values[0] = "coalesce(name.value, key) AS name"
    return ", ".join(values)


def _identified(before: Sequence[Delta], delta: Delta, label: str, rows: str | None) -> str | None:
    """Give the nodes that a load touched, and those of which identity now says something else."""
    if not delta.identities(label).exists():
        return None
    now = f"SELECT * FROM {files([delta.identities(label)])}"
    olds = [d.identities(label) for d in before if d.identities(label).exists()]
    changed = f"SELECT * FROM ({now} EXCEPT SELECT * FROM {files([olds[-1]])})" if olds else now
    if rows is None:
        return f"SELECT *, NULL::BIGINT AS first_seen, NULL::BIGINT AS last_seen FROM ({changed})"
    told = f"SELECT * FROM ({now}) WHERE key IN (SELECT key FROM ({rows}) UNION SELECT key FROM ({changed}))"
    return (
        "SELECT coalesce(told.key, touched.key) AS key, coalesce(told.name, touched.key) AS name, "
        "told.* EXCLUDE (key, name), touched.first_seen, touched.last_seen "
        f"FROM ({told}) told FULL JOIN (SELECT key, first_seen, last_seen FROM ({rows})) touched USING (key)"
    )


def _edges(
    connection: duckdb.DuckDBPyConnection,
    writer: GraphWriter,
    before: Sequence[Delta],
    delta: Delta,
    kind: EdgeKind,
) -> int:
    new = files([delta.edges(kind.type)])
    olds = [d.edges(kind.type) for d in before if d.edges(kind.type).exists()]
    fresh, changed = f"SELECT * FROM {new}", None
    if olds:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE _again AS SELECT key FROM {new} WHERE key IN (SELECT key FROM {files(olds)})"
        )
        fresh = f"SELECT * FROM {new} WHERE key NOT IN (SELECT key FROM _again)"
        both = " UNION ALL ".join(
            f"SELECT * FROM {rows} WHERE key IN (SELECT key FROM _again)" for rows in (new, files(olds))
        )
        changed = edges_together(kind, f"({both})")
    pairs = connection.execute(
        f"SELECT source_label, target_label, count(*) FROM {new} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    columns = ", ".join(f'"{name}"' for name in edge_columns(kind) if not name.endswith("_label"))
    for source, target, _ in pairs:
        ends = Ends(kind.type, source, target)
        where = f"WHERE source_label = '{source}' AND target_label = '{target}'"
        writer.edges(ends, _read(connection, f"SELECT {columns} FROM ({fresh}) {where}"), known=False)
        if changed:
            writer.edges(ends, _read(connection, f"SELECT {columns} FROM ({changed}) {where}"), known=True)
    return sum(count for _, _, count in pairs)


def _read(connection: duckdb.DuckDBPyConnection, text: str) -> Iterator[pa.Table]:
    for batch in connection.sql(text).to_arrow_reader(_ROWS):
        yield pa.Table.from_batches([batch])
