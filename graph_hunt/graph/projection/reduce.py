"""The SQL that turns projected rows into deltas, and deltas into absolute values; the same for every kind."""

from collections.abc import Sequence

from graph_hunt.graph.projection.kinds import EDGE_READINGS, NODE_READINGS
from graph_hunt.schema import EDGES, NODES, EdgeKind, Grain, Type

EVIDENCE = 3
"""Event ids that an edge keeps: the smallest, which are the earliest."""
_SEPARATOR = "chr(31)"
_DISTINCT = "DISTINCT "
_SQL = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.TIME: "BIGINT",
    Type.FLAG: "BOOLEAN",
    Type.TEXTS: "VARCHAR[]",
}


IDENTITIES = {"User": "user_nodes", "Host": "host_nodes", "IP": "ip_nodes"}
"""The labels whose nodes identity names, and the tables where it does."""


def discriminators(kind: EdgeKind) -> list[str]:
    """Name what tells edges between the same ends apart, `bucket` included."""
    return [p.name for p in kind.properties] + (["bucket"] if kind.grain is Grain.BUCKETED else [])


def edge_columns(kind: EdgeKind) -> list[str]:
    """Name the columns of a kind's deltas."""
    ends = ["key", "source_label", "source_key", "target_label", "target_key"]
    return [*ends, *discriminators(kind), "first_seen", "last_seen", "count", "evidence"]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


def edge_delta(kind: EdgeKind, tables: Sequence[str], bucket: int) -> str | None:
    """Write the query that gives a kind's delta over the tables that hold rows, or nothing."""
    readings = [read() for table, read in EDGE_READINGS[kind.type] if table in tables]
    if not readings:
        return None
    told_apart = discriminators(kind)
    texts = [f"coalesce(\"{name}\"::VARCHAR, '')" for name in told_apart]
    by = ["source_label", "source_key", "target_label", "target_key", *told_apart]
    if kind.grain is Grain.EVENT:
        by.append("event_id")
        texts.append("event_id")
    named = ["source_label", "source_key", "target_label", "target_key", *texts]
    key = f"md5(concat_ws({_SEPARATOR}, '{kind.type}', {', '.join(named)}))"
    start = f", seen - ((seen % {bucket}) + {bucket}) % {bucket} AS bucket" if kind.grain is Grain.BUCKETED else ""
    rows = " UNION ALL BY NAME ".join(f"({text})" for text in readings)
    return (
        f"SELECT {key} AS key, {_quoted(by[: 4 + len(told_apart)])}, min(seen) AS first_seen, max(seen) AS last_seen, "
        f"count(*) AS count, min({_DISTINCT if _repeats(readings) else ''}event_id, {EVIDENCE}) AS evidence "
        f"FROM (SELECT * REPLACE (bounded(source_key) AS source_key, bounded(target_key) AS target_key){start} "
        f"FROM ({rows}) WHERE source_key IS NOT NULL AND target_key IS NOT NULL "
        f"AND source_label IN ({_listed(kind.sources)}) AND target_label IN ({_listed(kind.targets)})) "
        f"GROUP BY {_quoted(by)}"
    )


def _repeats(readings: Sequence[str]) -> bool:
    """Tell whether one event may make one edge twice: both its ends, or two of its links, may be the same."""
    return any("unnest" in text or "UNION" in text for text in readings)


def edges_together(kind: EdgeKind, deltas: str) -> str:
    """Write the query that adds up deltas of a kind, given as the FROM of a query."""
    by = edge_columns(kind)[:-4]
    return (
        f"SELECT {_quoted(by)}, min(first_seen) AS first_seen, max(last_seen) AS last_seen, "
        f"sum(count)::BIGINT AS count, list_slice(list_sort(list_distinct(flatten(list(evidence)))), 1, {EVIDENCE}) "
        f"AS evidence FROM {deltas} GROUP BY {_quoted(by)}"
    )


def node_properties(label: str) -> list[str]:
    """Name what a node of a label has besides `key` and its times, `name` first."""
    return ["name", *(p.name for p in NODES[label].properties)]


def node_delta(label: str, tables: Sequence[str]) -> str | None:
    """Write the query that gives the newest known value of each property, with its time, or nothing."""
    readings = [read() for table, read in NODE_READINGS.get(label, ()) if table in tables]
    if not readings:
        return None
    values = ", ".join(
        _newest(name, f'struct_pack(seen := seen, value := "{name}")') for name in node_properties(label)
    )
    rows = " UNION ALL BY NAME ".join(f"({text})" for text in readings)
    return (
        f"SELECT key, {values}, min(seen) AS first_seen, max(seen) AS last_seen "
        f"FROM (SELECT * REPLACE (bounded(key) AS key) FROM ({rows}) WHERE key IS NOT NULL) GROUP BY key"
    )


def _newest(name: str, pair: str) -> str:
    return f'max({pair}) FILTER ("{name}" IS NOT NULL) AS "{name}"'


def nodes_together(label: str, deltas: str) -> str:
    """Write the query that adds up deltas of a label's nodes, given as the FROM of a query."""
    values = ", ".join(_newest(name, f'"{name}"') for name in node_properties(label))
    return (
        f"SELECT key, {values}, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM {deltas} GROUP BY key"
    )


def ends_of(kind: EdgeKind, label: str, deltas: str) -> list[str]:
    """Write the queries that give the keys of a label that stand at a kind's ends, and when they were seen."""
    times = "min(first_seen) AS first_seen, max(last_seen) AS last_seen"
    found = []
    for end, labels in (("source", kind.sources), ("target", kind.targets)):
        if label in labels:
            found.append(
                f"SELECT {end}_key AS key, {times} FROM {deltas} WHERE {end}_label = '{label}' GROUP BY {end}_key"
            )
    return found


def empty_nodes(label: str) -> str:
    """Write a query that gives no row of a label's node deltas."""
    types = {"name": Type.TEXT} | {p.name: p.type for p in NODES[label].properties}
    values = ", ".join(
        f'NULL::STRUCT(seen BIGINT, value {_SQL[types[name]]}) AS "{name}"' for name in node_properties(label)
    )
    return f"SELECT NULL::VARCHAR AS key, {values}, NULL::BIGINT AS first_seen, NULL::BIGINT AS last_seen WHERE false"


def kinds() -> list[EdgeKind]:
    """Give the kinds that events become."""
    return [kind for type, kind in EDGES.items() if EDGE_READINGS[type]]
