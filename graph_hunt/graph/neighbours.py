"""What an entity is related to, by kind of relation and direction: how many, and the newest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_hunt.errors import InputError
from graph_hunt.graph.entity import Entity, Graph
from graph_hunt.schema import EDGES, EdgeKind

COLUMNS = ("kind", "outgoing", "label", "key", "name", "first_seen", "last_seen", "count")
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One neighbour, with the edges of a kind to it taken together."""

    kind: str
    outgoing: bool
    entity: Entity
    first_seen: int
    last_seen: int
    count: int
    properties: Mapping[str, Any]
    """Of the newest edge: those of its discriminators that are known."""

    def as_json(self) -> dict[str, Any]:
        """The neighbour as the command line and the API show it."""
        return {
            "kind": self.kind,
            "outgoing": self.outgoing,
            **self.entity.as_json(),
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "count": self.count,
            "properties": dict(self.properties),
        }


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of relation of one entity, to one label."""

    kind: str
    outgoing: bool
    label: str
    total: int
    """Neighbours, those not listed counted."""
    neighbours: tuple[Neighbour, ...]

    def as_json(self) -> dict[str, Any]:
        """The relation as the command line and the API show it."""
        return {
            "kind": self.kind,
            "outgoing": self.outgoing,
            "label": self.label,
            "total": self.total,
            "neighbours": [one.as_json() for one in self.neighbours],
        }


def neighbours(graph: Graph, entity: Entity, *, kinds: Sequence[str] = (), limit: int = 15) -> list[Relation]:
    """The entity's relations, in the schema's order, each with its newest neighbours."""
    for kind in kinds:
        if kind not in EDGES:
            raise InputError(f"{kind!r} is no kind of relation", where="--kind", expected=", ".join(EDGES))
    wanted = [EDGES[kind] for kind in kinds] or list(EDGES.values())
    return [found for kind in wanted for found in _relations(graph, entity, kind, limit)]


def relation(
    graph: Graph, entity: Entity, kind: str, label: str, outgoing: bool, *, limit: int = 15, skip: int = 0
) -> Relation:
    """One relation of the entity, and a page of its neighbours."""
    edge = EDGES[kind]
    here, there = (edge.sources, edge.targets) if outgoing else (edge.targets, edge.sources)
    if entity.label not in here or label not in there:
        return Relation(kind, outgoing, label, 0, ())
    total = _count(graph, entity, edge, label, outgoing)
    found = _newest(graph, entity, edge, label, outgoing, limit, skip) if total > skip else ()
    return Relation(kind, outgoing, label, total, tuple(found))


def _relations(graph: Graph, entity: Entity, kind: EdgeKind, limit: int) -> Iterator[Relation]:
    for outgoing, here, there in ((True, kind.sources, kind.targets), (False, kind.targets, kind.sources)):
        if entity.label not in here:
            continue
        for label in there:
            total = _count(graph, entity, kind, label, outgoing)
            if total:
                yield Relation(
                    kind.type, outgoing, label, total, tuple(_newest(graph, entity, kind, label, outgoing, limit))
                )


def _pattern(entity: Entity, kind: EdgeKind, label: str, outgoing: bool) -> str:
    # Labels and types cannot be parameters; these come from the schema, never from telemetry.
    left, right = ("", ">") if outgoing else ("<", "")
    return f"MATCH (here:{entity.label} {{key: $key}}){left}-[edge:{kind.type}]-{right}(there:{label})"


def _count(graph: Graph, entity: Entity, kind: EdgeKind, label: str, outgoing: bool) -> int:
    text = f"{_pattern(entity, kind, label, outgoing)} RETURN count(DISTINCT there.key) AS total"
    rows = graph.query(text, {"key": entity.key}, timeout=_TIMEOUT, limit=None)
    return int(rows[0]["total"]) if rows else 0


def _newest(
    graph: Graph, entity: Entity, kind: EdgeKind, label: str, outgoing: bool, limit: int, skip: int = 0
) -> Iterator[Neighbour]:
    if not limit:
        return
    text = (
        f"{_pattern(entity, kind, label, outgoing)} WITH there.key AS key, there.name AS name, "
        "min(edge.first_seen) AS first_seen, max(edge.last_seen) AS last_seen, sum(edge.count) AS times "
        "RETURN key AS key, name AS name, first_seen AS first_seen, last_seen AS last_seen, times AS times "
        f"ORDER BY last_seen DESC, key SKIP {int(skip)} LIMIT {int(limit)}"
    )
    rows = graph.query(text, {"key": entity.key}, timeout=_TIMEOUT, limit=None)
    latest = newest_properties(graph, entity, kind, label, outgoing, [row["key"] for row in rows])
    for row in rows:
        yield Neighbour(
            kind.type,
            outgoing,
            Entity(label, row["key"], row["name"] or row["key"]),
            row["first_seen"],
            row["last_seen"],
            row["times"],
            latest.get(row["key"], {}),
        )


def newest_properties(
    graph: Graph, entity: Entity, kind: EdgeKind, label: str, outgoing: bool, keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """For each neighbour, what its newest edge says of itself."""
    if not kind.properties or not keys:
        return {}
    names = [one.name for one in kind.properties]
    returned = ", ".join(f"edge.{name} AS {name}" for name in names)
    text = (
        f"{_pattern(entity, kind, label, outgoing)} WHERE there.key IN $keys "
        f"RETURN there.key AS neighbour_key, edge.last_seen AS edge_seen, {returned} ORDER BY edge_seen, neighbour_key"
    )
    rows = graph.query(text, {"key": entity.key, "keys": list(keys)}, timeout=_TIMEOUT, limit=None)
    return {row["neighbour_key"]: {name: row[name] for name in names if row[name] not in (None, "")} for row in rows}
