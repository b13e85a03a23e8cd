"""Puts indicators and where they were met into the graph, from the sightings; done again, it changes nothing."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pyarrow as pa
from sqlalchemy import select

from graph_hunt.casework.indicators.repository import INDICATORS, SIGHTINGS
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.graph.store import Ends, GraphStore

LABELS = {
    Kind.IP: "IP",
    Kind.NETWORK: "IP",
    Kind.DOMAIN: "Domain",
    Kind.URL: "Url",
    Kind.MAIL: "Mailbox",
    Kind.HASH: "File",
}
"""What a met value is in the graph; file names and subjects are seen in events only."""
_EVIDENCE = 3
_EDGE = pa.schema(
    [
        *((name, pa.string()) for name in ("key", "source_key", "target_key")),
        *((name, pa.int64()) for name in ("first_seen", "last_seen", "count")),
        ("evidence", pa.list_(pa.string())),
    ]
)
_NODE = pa.schema(
    [
        *((name, pa.string()) for name in ("key", "name", "kind", "value", "source")),
        ("first_seen", pa.int64()),
        ("last_seen", pa.int64()),
    ]
)
Row = dict[str, object]


def draw(state: State, graph: GraphStore) -> int:
    """Write what the graph lacks of the sightings; give the edges that belong there."""
    nodes, edges = _wanted(state, graph)
    total = sum(int(str(edge["count"])) for group in edges.values() for edge in group)
    there = graph.query("MATCH (:Indicator)-[met:MATCHES]->() RETURN sum(met.count) AS total")
    if total and (not there or there[0]["total"] != total):
        # What is there is asked for before the write begins: within it, a query does not see the graph.
        parts = {label: _parted(graph, label, group) for label, group in edges.items() if group}
        with graph.writing() as writer:
            writer.nodes("Indicator", [pa.Table.from_pylist(nodes, _NODE)])
            for label, (new, known) in parts.items():
                ends = Ends("MATCHES", "Indicator", label)
                writer.edges(ends, [pa.Table.from_pylist(new, _EDGE)] if new else [], known=False)
                writer.edges(ends, [pa.Table.from_pylist(known, _EDGE)] if known else [], known=True)
    return sum(map(len, edges.values()))


def _parted(graph: GraphStore, label: str, edges: list[Row]) -> tuple[list[Row], list[Row]]:
    rows = graph.query(f"MATCH (:Indicator)-[met:MATCHES]->(:{label}) RETURN met.key AS key")
    there = {row["key"] for row in rows}
    return [one for one in edges if one["key"] not in there], [one for one in edges if one["key"] in there]


def _wanted(state: State, graph: GraphStore) -> tuple[list[Row], dict[str, list[Row]]]:
    met: dict[str, dict[tuple[str, str], Row]] = {}
    nodes: dict[str, Row] = {}
    for key, node, label, target, at, event in _sightings(state):
        nodes.setdefault(key, node)
        edges = met.setdefault(label, {})
        edge = edges.setdefault(
            (key, target),
            {
                "key": f"MATCHES|{key}|{target}", "source_key": key, "target_key": target,
                "first_seen": at, "last_seen": at, "count": 0, "evidence": [],
            },
        )  # fmt: skip
        edge["last_seen"], edge["count"] = at, int(str(edge["count"])) + 1
        evidence = edge["evidence"]
        if isinstance(evidence, list) and len(evidence) < _EVIDENCE:
            evidence.append(event)
    found = {label: _present(graph, label, edges) for label, edges in met.items()}
    drawn = {str(edge["source_key"]) for group in found.values() for edge in group}
    return [node for key, node in nodes.items() if key in drawn], found


def _present(graph: GraphStore, label: str, edges: dict[tuple[str, str], Row]) -> list[Row]:
    """Keep the edges whose target is in the graph: what an undone load brought is not."""
    there = _urls(graph, edges) if label == "Url" else _same(graph, label, edges)
    found = []
    for (key, target), edge in edges.items():
        if (node := there.get(target)) is not None:
            # The graph keeps a URL as it was written; the indicator's is in one form.
            found.append({**edge, "target_key": node, "key": f"MATCHES|{key}|{node}"})
    return found


def _same(graph: GraphStore, label: str, edges: dict[tuple[str, str], Row]) -> dict[str, str]:
    keys = sorted({target for _, target in edges})
    rows = graph.query(f"MATCH (met:{label}) WHERE met.key IN $keys RETURN met.key AS key", {"keys": keys})
    return {str(row["key"]): str(row["key"]) for row in rows}


def _urls(graph: GraphStore, edges: dict[tuple[str, str], Row]) -> dict[str, str]:
    hosts = sorted({host for _, target in edges if (host := _host(target))})
    text = "MATCH (met:Url) WHERE met.host IN $hosts RETURN met.key AS key ORDER BY key DESC"
    found = {}
    for row in graph.query(text, {"hosts": hosts}):
        with suppress(InputError):
            found[read(str(row["key"]), Kind.URL).text] = str(row["key"])
    return found | _same(graph, "Url", edges)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _sightings(state: State) -> Iterator[tuple[str, Row, str, str, int, str]]:
    wanted = (
        select(
            SIGHTINGS.c.value, SIGHTINGS.c.at, SIGHTINGS.c.event, INDICATORS.c.kind, INDICATORS.c.value.label("text")
        )
        .add_columns(INDICATORS.c.sources)
        .join_from(SIGHTINGS, INDICATORS, SIGHTINGS.c.indicator == INDICATORS.c.id)
        .order_by(SIGHTINGS.c.at, SIGHTINGS.c.event)
    )
    with state.read() as connection:
        for row in connection.execute(wanted):
            label = LABELS.get(Kind(row.kind))
            if label is None:
                continue
            key = f"{row.kind}|{row.text}"
            node: Row = {"key": key, "name": row.text, "kind": row.kind, "value": row.text}
            node |= {"source": ", ".join(row.sources), "first_seen": None, "last_seen": None}
            yield key, node, label, row.value, row.at, row.event
