"""What is around entities: counts by kind of relation, neighbours and edges of several kinds, within a span of time.

An edge is within a span where it overlaps it; one that lasts a lifetime (`Grain.LIFETIME`) may do so without an event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph_hunt.errors import InputError
from graph_hunt.graph.entity import Entity, Graph
from graph_hunt.graph.neighbours import Neighbour, Relation
from graph_hunt.schema import EDGES, NODES

_TIMEOUT = 60.0


class Way(StrEnum):
    """Where an edge leads, seen from an entity."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    ANY = "any"

    @property
    def both(self) -> tuple[bool, ...]:
        """Outgoing, incoming or both, as flags."""
        return {Way.OUTGOING: (True,), Way.INCOMING: (False,)}.get(self, (True, False))


@dataclass(frozen=True, slots=True)
class Around:
    """Which edges are meant: of these kinds and to these labels (all, where empty), within a span."""

    kinds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    way: Way = Way.ANY
    since: int | None = None
    until: int | None = None
    other: str | None = None
    """The key at the other end."""

    def __post_init__(self) -> None:
        """Refuse what the schema does not have."""
        for given, known, where in ((self.kinds, EDGES, "kinds"), (self.labels, NODES, "labels")):
            for one in given:
                if one not in known:
                    raise InputError(f"{one!r} is none of the schema's {where}", expected=", ".join(known))


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge, seen from an entity."""

    key: str
    kind: str
    outgoing: bool
    other: Entity
    first_seen: int
    last_seen: int
    count: int
    bucket: int | None
    evidence: tuple[str, ...]
    properties: Mapping[str, Any]


def counts(graph: Graph, label: str, keys: Sequence[str], around: Around) -> dict[str, list[Relation]]:
    """Count the neighbours of any number of entities of a label, in the schema's order."""
    found: dict[str, list[Relation]] = {key: [] for key in keys}
    for outgoing in around.way.both:
        pattern = _pattern(label, around, outgoing, "here.key IN $keys")
        if pattern is None:
            continue
        text = (
            f"{pattern} RETURN here.key AS here_key, type(edge) AS kind, labels(there)[0] AS label, "
            "count(DISTINCT there.key) AS total"
        )
        for row in graph.query(text, _given(around, keys=list(keys)), timeout=_TIMEOUT, limit=None):
            found[row["here_key"]].append(Relation(row["kind"], outgoing, row["label"], row["total"], ()))
    kinds, labels = list(EDGES), list(NODES)
    for relations in found.values():
        relations.sort(key=lambda one: (kinds.index(one.kind), not one.outgoing, labels.index(one.label)))
    return found


def near(graph: Graph, entity: Entity, around: Around, limit: int, skip: int = 0) -> list[Neighbour]:
    """Give a page of neighbours, those seen last first; each kind of relation to one counts as another."""
    found: list[Neighbour] = []
    for outgoing in around.way.both:
        pattern = _pattern(entity.label, around, outgoing, "here.key = $key")
        if pattern is None:
            continue
        text = (
            f"{pattern} WITH type(edge) AS kind, labels(there)[0] AS label, there.key AS key, there.name AS name, "
            "min(edge.first_seen) AS first_seen, max(edge.last_seen) AS last_seen, sum(edge.count) AS times "
            "RETURN kind AS kind, label AS label, key AS key, name AS name, first_seen AS first_seen, "
            f"last_seen AS last_seen, times AS times ORDER BY last_seen DESC, kind, label, key LIMIT {skip + limit}"
        )
        for row in graph.query(text, _given(around, key=entity.key), timeout=_TIMEOUT, limit=None):
            other = Entity(row["label"], row["key"], row["name"] or row["key"])
            span = row["first_seen"], row["last_seen"]
            found.append(Neighbour(row["kind"], outgoing, other, *span, row["times"], {}))
    found.sort(key=lambda one: (-one.last_seen, one.kind, not one.outgoing, one.entity.label, one.entity.key))
    return found[skip : skip + limit]


def edges(graph: Graph, entity: Entity, around: Around, limit: int, skip: int = 0) -> tuple[list[Edge], int]:
    """Give a page of edges, those seen last first, and how many there are."""
    found: list[Edge] = []
    total = 0
    for outgoing in around.way.both:
        pattern = _pattern(entity.label, around, outgoing, "here.key = $key")
        if pattern is None:
            continue
        given = _given(around, key=entity.key)
        total += int(
            graph.query(f"{pattern} RETURN count(edge) AS total", given, timeout=_TIMEOUT, limit=None)[0]["total"]
        )
        found += _edges(graph, f"{pattern} {_returned(around)} LIMIT {skip + limit}", given, outgoing)
    found.sort(key=lambda one: (-one.last_seen, one.key, not one.outgoing))
    return found[skip : skip + limit], total


def _returned(around: Around) -> str:
    names = sorted({one.name for kind in around.kinds or EDGES for one in EDGES[kind].properties})
    own = "".join(f", edge.{name} AS own_{name}" for name in names)
    return (
        "RETURN edge.key AS edge_key, type(edge) AS kind, labels(there)[0] AS label, there.key AS there_key, "
        "there.name AS there_name, edge.first_seen AS first_seen, edge.last_seen AS last_seen, edge.count AS times, "
        f"edge.bucket AS bucket, edge.evidence AS evidence{own} ORDER BY last_seen DESC, edge_key"
    )


def _edges(graph: Graph, text: str, given: Mapping[str, Any], outgoing: bool) -> Iterator[Edge]:
    for row in graph.query(text, given, timeout=_TIMEOUT, limit=None):
        names = [one.name for one in EDGES[row["kind"]].properties]
        own = {name: row[f"own_{name}"] for name in names if row.get(f"own_{name}") not in (None, "")}
        other = Entity(row["label"], row["there_key"], row["there_name"] or row["there_key"])
        span = row["first_seen"], row["last_seen"], row["times"]
        yield Edge(
            row["edge_key"], row["kind"], outgoing, other, *span, row["bucket"], tuple(row["evidence"] or ()), own
        )


def _pattern(label: str, around: Around, outgoing: bool, here: str) -> str | None:
    """Write what is matched, or nothing where the schema has no such edge. Labels and types are the schema's own."""
    kinds = []
    for kind in around.kinds or EDGES:
        near, far = EDGES[kind].sources, EDGES[kind].targets
        near, far = (near, far) if outgoing else (far, near)
        if label in near and (not around.labels or set(around.labels) & set(far)):
            kinds.append(kind)
    if not kinds:
        return None
    left, right = ("", ">") if outgoing else ("<", "")
    tests = [here]
    if around.labels:
        tests.append("(" + " OR ".join(f"there:{one}" for one in around.labels) + ")")
    tests += [
        test
        for test, value in (
            ("edge.last_seen >= $since", around.since),
            ("edge.first_seen < $until", around.until),
            ("there.key = $other", around.other),
        )
        if value is not None
    ]
    return f"MATCH (here:{label}){left}-[edge:{'|'.join(kinds)}]-{right}(there) WHERE {' AND '.join(tests)}"


def _given(around: Around, **more: Any) -> dict[str, Any]:
    asked = {"since": around.since, "until": around.until, "other": around.other, **more}
    return {name: value for name, value in asked.items() if value is not None}
