"""Writes a graph out in one canonical order: two graphs are the same if these lines are."""

from collections.abc import Iterator
from typing import Any

import orjson

from graph_hunt.graph.projection.reduce import edge_columns, node_properties
from graph_hunt.graph.store import Graph
from graph_hunt.schema import EDGES, NODES

_PARTS = [f"{part:x}" for part in range(16)]
"""The first digits of edges' keys: asking for one after the other bounds the memory."""


def export_nodes(graph: Graph) -> Iterator[bytes]:
    """Give each node as a line of JSON, by label and key; properties that are not known are left out."""
    for label in NODES:
        names = ["key", *node_properties(label), "tags", "first_seen", "last_seen"]
        columns = ", ".join(f"node.{name} AS {name}" for name in names)
        for row in graph.query(f"MATCH (node:{label}) RETURN {columns} ORDER BY key"):
            yield _line({"label": label, **row})


def export_edges(graph: Graph) -> Iterator[bytes]:
    """Give each edge as a line of JSON, by type and key."""
    for type, kind in EDGES.items():
        own = [name for name in edge_columns(kind) if not name.startswith(("source_", "target_"))]
        columns = ", ".join(f"edge.`{name}` AS `{name}`" for name in own)
        text = (
            f"MATCH (source)-[edge:{type}]->(target) WHERE edge.key STARTS WITH $part "
            f"RETURN {columns}, labels(source)[0] AS source_label, source.key AS source_key, "
            "labels(target)[0] AS target_label, target.key AS target_key ORDER BY key"
        )
        for part in _PARTS:
            for row in graph.query(text, {"part": part}):
                yield _line({"type": type, **row})


def _line(row: dict[str, Any]) -> bytes:
    return orjson.dumps(
        {name: value for name, value in row.items() if value is not None},
        option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
