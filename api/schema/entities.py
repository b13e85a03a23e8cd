"""Entities: one interface, a type a label with the properties that the schema declares, and their neighbours."""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry
from strawberry import relay

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.graph.entity import Entity as Found
from graph_hunt.graph.neighbours import Neighbour, Relation, neighbours, relation
from graph_hunt.graph.store import Graph
from graph_hunt.schema import EDGES, NODES, NodeKind
from graph_hunt.schema.tables import Type

_TYPES: Mapping[Type, Any] = {
    Type.TEXT: str,
    Type.INTEGER: int,
    Type.TIME: DateTime,
    Type.FLAG: bool,
    Type.TEXTS: list[str],
}


@strawberry.type(name="Property", description="One property of an edge, as text.")
class PropertyType:
    """A property of an edge."""

    name: str
    value: str


@strawberry.interface(name="Entity", description="A node of the graph: a user, host, address, message …")
class EntityType(relay.Node):
    """What all entities have."""

    key: relay.NodeID[str]
    entity_key: str = strawberry.field(name="key", description="Unique among entities of its label.")
    name: str = strawberry.field(description="As the telemetry writes it.")
    label: str = strawberry.field(description="The kind of node, such as User.")
    first_seen: DateTime | None = strawberry.field(description="Its first event.")
    last_seen: DateTime | None = strawberry.field(description="Its last event.")

    @strawberry.field(description="How many neighbours there are, by kind of relation, direction and label.")
    async def relations(self, info: Info, kinds: list[str] | None = None) -> list["RelationType"]:
        """Count neighbours by kind."""
        entity, graph = Found(self.label, self.entity_key, self.name), info.context.workspace.graph
        found = await aside(lambda: neighbours(graph, entity, kinds=kinds or (), limit=0), "kinds")
        return [RelationType.of(one) for one in found]

    @strawberry.field(description="The neighbours by one kind of relation, the newest first.")
    async def neighbors(
        self, info: Info, kind: str, label: str, outgoing: bool = True, first: int = 25, after: str | None = None
    ) -> Connection["NeighborType"]:
        """List neighbours."""
        if kind not in EDGES:
            raise refused(f"{kind!r} is no kind of relation; those are {', '.join(EDGES)}", "kind")
        offset, length = window_of(first, after)
        entity, graph = Found(self.label, self.entity_key, self.name), info.context.workspace.graph
        found = await aside(lambda: relation(graph, entity, kind, label, outgoing, limit=length, skip=offset), "label")
        return page([NeighborType.of(one) for one in found.neighbours], offset, found.total)

    @classmethod
    def resolve_nodes(cls, *, info: Info, node_ids: Iterable[str], required: bool = False) -> Any:
        """Find the nodes of global ids of this type."""
        return _nodes(info, cls.__strawberry_definition__.name, list(node_ids))  # type: ignore[attr-defined]


async def _nodes(info: Info, label: str, keys: list[str]) -> list[Any]:
    found = await aside(lambda: by_keys(info.context.workspace.graph, label, keys))
    return [found.get(key) for key in keys]


@strawberry.type(name="Relation", description="How many neighbours an entity has by one kind of relation.")
class RelationType:
    """A kind of relation with its count."""

    kind: str
    outgoing: bool
    label: str
    total: int

    @classmethod
    def of(cls, found: Relation) -> "RelationType":
        """Show a relation."""
        return cls(kind=found.kind, outgoing=found.outgoing, label=found.label, total=found.total)


@strawberry.type(name="Neighbor", description="A neighbour, with the edges of one kind to it taken together.")
class NeighborType:
    """A neighbour."""

    entity: EntityType
    kind: str
    outgoing: bool
    first_seen: DateTime
    last_seen: DateTime
    count: int
    properties: list[PropertyType]

    @classmethod
    def of(cls, found: Neighbour) -> "NeighborType":
        """Show a neighbour."""
        return cls(
            entity=plain(found.entity.label, found.entity.key, found.entity.name),
            kind=found.kind,
            outgoing=found.outgoing,
            first_seen=DateTime(found.first_seen),
            last_seen=DateTime(found.last_seen),
            count=found.count,
            properties=[PropertyType(name=name, value=str(value)) for name, value in found.properties.items()],
        )


def _type_of(kind: NodeKind) -> type[EntityType]:
    """The GraphQL type of a label, with its declared properties."""
    annotations = {one.name: _TYPES[one.type] | None for one in kind.properties}
    fields: dict[str, Any] = {
        one.name: strawberry.field(description=one.doc or one.name.replace("_", " "), default=None)
        for one in kind.properties
    }
    made = type(f"{kind.label}Type", (EntityType,), {"__annotations__": annotations, **fields, "__doc__": kind.doc})
    return strawberry.type(made, name=kind.label, description=f"{kind.doc} Key: {kind.key}.")


ENTITY_TYPES: Mapping[str, type[EntityType]] = {label: _type_of(kind) for label, kind in NODES.items()}


def plain(label: str, key: str, name: str) -> EntityType:
    """An entity of which no more than its name is known here."""
    return ENTITY_TYPES[label](key=key, entity_key=key, name=name, label=label, first_seen=None, last_seen=None)


def by_keys(graph: Graph, label: str, keys: list[str]) -> dict[str, EntityType]:
    """Entities of a label by their keys, properties and all."""
    own = [one.name for one in NODES[label].properties]
    columns = ", ".join(f"entity.{name} AS {name}" for name in ("key", "name", "first_seen", "last_seen", *own))
    # A label cannot be a parameter; this one comes from the schema.
    rows = graph.query(f"MATCH (entity:{label}) WHERE entity.key IN $keys RETURN {columns}", {"keys": keys}, timeout=30)
    return {row["key"]: _made(label, row, own) for row in rows}


def _made(label: str, row: Mapping[str, Any], own: list[str]) -> EntityType:
    return ENTITY_TYPES[label](
        key=row["key"],
        entity_key=row["key"],
        name=row["name"] or row["key"],
        label=label,
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        **{name: row[name] for name in own},
    )


def search(graph: Graph, label: str, text: str, offset: int, length: int) -> tuple[list[EntityType], int]:
    """A page of a label's entities whose key or name holds a text (all, where it is empty), by key."""
    own = [one.name for one in NODES[label].properties]
    columns = ", ".join(f"entity.{name} AS {name}" for name in ("key", "name", "first_seen", "last_seen", *own))
    where = "WHERE entity.key CONTAINS $text " if text else ""
    match = f"MATCH (entity:{label}) {where}"
    given = {"text": text.casefold()}
    total = graph.query(f"{match}RETURN count(entity) AS total", given, timeout=30)[0]["total"]
    rows = graph.query(f"{match}RETURN {columns} ORDER BY key SKIP {offset} LIMIT {length}", given, timeout=30)
    return [_made(label, row, own) for row in rows], int(total)
