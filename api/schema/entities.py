"""Entities: one interface, a type a label with the properties that the schema declares, and their neighbours."""

import asyncio
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import relay

from graph_hunt.api.schema.batches import Facts
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.events import EventType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.graph.around import Around, Edge, Way, edges, near
from graph_hunt.graph.entity import Entity as Found
from graph_hunt.graph.entity import facts as facts_of
from graph_hunt.graph.neighbours import Neighbour, Relation
from graph_hunt.graph.rarity import RANKED, Relationship
from graph_hunt.graph.store import Graph
from graph_hunt.hunting.tracing import rarity_of
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

    name: str = strawberry.field(description="Which, as in the graph's schema.")
    value: str = strawberry.field(description="Its value.")


@strawberry.enum(name="Direction", description="Where an edge leads, seen from an entity.")
class Direction(Enum):
    """Where an edge leads."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    ANY = "any"


@strawberry.enum(
    name="NeighborOrder", description="Which neighbours come first; how much is done with one never counts."
)
class NeighborOrder(Enum):
    """Which neighbours come first."""

    RECENT = strawberry.enum_value("recent", description="Those seen last.")
    RARE = strawberry.enum_value(
        "rare",
        description=f"Those that the fewest entities are related to in the same way; of more than {RANKED} neighbours, "
        "those seen last are ranked so.",
    )


Kinds = Annotated[list[str] | None, strawberry.argument(description="Kinds of relation, such as LOGGED_ON; else all.")]
Labels = Annotated[list[str] | None, strawberry.argument(description="Kinds of entity at the other end; else all.")]
Since = Annotated[DateTime | None, strawberry.argument(description="Edges that last to this time or longer.")]
Until = Annotated[DateTime | None, strawberry.argument(description="Edges that begin before this time.")]
_Old = "Ask with `kinds`, `labels` and `direction`."


@strawberry.interface(name="Entity", description="A node of the graph: a user, host, address, message …")
class EntityType(relay.Node):
    """What all entities have."""

    key: relay.NodeID[str]
    entity_key: str = strawberry.field(name="key", description="Unique among entities of its label.")
    name: str = strawberry.field(description="As the telemetry writes it.")
    label: str = strawberry.field(description="The kind of node, such as User.")
    facts: strawberry.Private[Facts | None]

    @strawberry.field(description="Its first event.")
    async def first_seen(self, info: Info) -> DateTime | None:
        """Tell when it was first seen."""
        return await known(self, info, "first_seen")  # type: ignore[no-any-return]

    @strawberry.field(description="Its last event.")
    async def last_seen(self, info: Info) -> DateTime | None:
        """Tell when it was last seen."""
        return await known(self, info, "last_seen")  # type: ignore[no-any-return]

    @strawberry.field(description="What people, a directory or the telemetry tagged it with.")
    async def tags(self, info: Info) -> list[str]:
        """Tell its tags."""
        return [tag for tag in (await known(self, info, "tags") or "").split(",") if tag]

    @strawberry.field(description="How many neighbours there are, by kind of relation, direction and label.")
    async def relations(
        self, info: Info, kinds: Kinds = None, since: Since = None, until: Until = None
    ) -> list["RelationType"]:
        """Count neighbours by kind."""
        around = meant(kinds, None, Direction.ANY, since, until)
        found = await info.context.batches.relations.load(((self.label, self.entity_key), around))
        here = Found(self.label, self.entity_key, self.name)
        return [RelationType.of(one, here, around) for one in found]

    @strawberry.field(description="The neighbours; one by several kinds of relation is several.")
    async def neighbors(
        self,
        info: Info,
        kinds: Kinds = None,
        labels: Labels = None,
        direction: Direction = Direction.ANY,
        since: Since = None,
        until: Until = None,
        order: NeighborOrder = NeighborOrder.RECENT,
        first: int = 25,
        after: str | None = None,
        kind: Annotated[str | None, strawberry.argument(deprecation_reason=_Old)] = None,
        label: Annotated[str | None, strawberry.argument(deprecation_reason=_Old)] = None,
        outgoing: Annotated[bool | None, strawberry.argument(deprecation_reason=_Old)] = None,
    ) -> Connection["NeighborType"]:
        """List neighbours."""
        if outgoing is not None:
            direction = Direction.OUTGOING if outgoing else Direction.INCOMING
        around = meant([kind] if kind else kinds, [label] if label else labels, direction, since, until)
        window_of(first, after)
        counted = info.context.batches.relations.load(((self.label, self.entity_key), around))
        entity = Found(self.label, self.entity_key, self.name)
        shown, relations = await asyncio.gather(neighbours(info, entity, around, order, first, after), counted)
        return page(shown, window_of(first, after)[0], sum(one.total for one in relations))

    @strawberry.field(description="The edges, those seen last first, each with its own facts and evidence.")
    async def edges(
        self,
        info: Info,
        kinds: Kinds = None,
        labels: Labels = None,
        direction: Direction = Direction.ANY,
        to: Annotated[str | None, strawberry.argument(description="The key of the entity at the other end.")] = None,
        since: Since = None,
        until: Until = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection["EdgeType"]:
        """List edges."""
        around = meant(kinds, labels, direction, since, until, to)
        offset, length = window_of(first, after)
        entity, graph = Found(self.label, self.entity_key, self.name), info.context.workspace.graph
        found, total = await aside(lambda: edges(graph, entity, around, length, offset))
        return page([EdgeType.of(one) for one in found], offset, total)

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

    kind: str = strawberry.field(description="The kind of relation.")
    outgoing: bool = strawberry.field(description="Whether it leads from the entity, or to it.")
    label: str = strawberry.field(description="The kind of entity at the other end.")
    total: int = strawberry.field(description="How many entities are there.")
    here: strawberry.Private[Found]
    around: strawberry.Private[Around]

    @strawberry.field(description="Those entities, a page of them.")
    async def neighbors(
        self, info: Info, order: NeighborOrder = NeighborOrder.RARE, first: int = 5, after: str | None = None
    ) -> Connection["NeighborType"]:
        """List the neighbours of the relation."""
        way = Way.OUTGOING if self.outgoing else Way.INCOMING
        around = Around((self.kind,), (self.label,), way, self.around.since, self.around.until)
        shown = await neighbours(info, self.here, around, order, first, after)
        return page(shown, window_of(first, after)[0], self.total)

    @classmethod
    def of(cls, found: Relation, here: Found, around: Around) -> "RelationType":
        """Show a relation."""
        return cls(
            kind=found.kind, outgoing=found.outgoing, label=found.label, total=found.total, here=here, around=around
        )


@strawberry.type(name="Neighbor", description="A neighbour, with the edges of one kind to it taken together.")
class NeighborType:
    """A neighbour."""

    entity: EntityType = strawberry.field(description="Who or what it is.")
    kind: str = strawberry.field(description="The kind of relation.")
    outgoing: bool = strawberry.field(description="Whether the edges lead to it, or from it.")
    first_seen: DateTime = strawberry.field(description="The first of the edges' events.")
    last_seen: DateTime = strawberry.field(description="The last of the edges' events.")
    count: int = strawberry.field(description="How many events the edges stand for.")
    here: strawberry.Private[Found]

    @strawberry.field(description="How many entities are related to it in the same way, this one among them.")
    async def others(self, info: Info) -> int:
        """Tell how rare it is."""
        how = Relationship(self.kind, self.outgoing, self.entity.label)
        return await info.context.batches.others.load((how, self.entity.entity_key))

    @strawberry.field(description="What the newest of the edges says of itself.")
    async def properties(self, info: Info) -> list[PropertyType]:
        """Tell the newest edge's properties."""
        here, other = (self.here.label, self.here.key), (self.entity.label, self.entity.entity_key)
        return told(await info.context.batches.properties.load((here, self.kind, self.outgoing, other)))

    @classmethod
    def of(cls, found: Neighbour, here: Found) -> "NeighborType":
        """Show a neighbour."""
        return cls(
            entity=plain(found.entity.label, found.entity.key, found.entity.name),
            kind=found.kind,
            outgoing=found.outgoing,
            first_seen=DateTime(found.first_seen),
            last_seen=DateTime(found.last_seen),
            count=found.count,
            here=here,
        )


@strawberry.type(name="GraphEdge", description="One edge of the graph, seen from an entity.")
class EdgeType:
    """An edge."""

    key: str = strawberry.field(description="Unique among edges; the same after the graph is made anew.")
    kind: str = strawberry.field(description="The kind of relation.")
    outgoing: bool = strawberry.field(description="Whether it leads to the other end, or from it.")
    other: EntityType = strawberry.field(description="The other end.")
    first_seen: DateTime = strawberry.field(description="Its first event.")
    last_seen: DateTime = strawberry.field(description="Its last event.")
    count: int = strawberry.field(description="How many events it stands for.")
    bucket: DateTime | None = strawberry.field(description="Where its bucket of time begins, for kinds that have one.")
    properties: list[PropertyType] = strawberry.field(description="What sets it apart from others of its kind.")
    evidence_ids: list[str] = strawberry.field(description="Up to three of its events, the earliest.")

    @strawberry.field(description="Up to three of its events, the earliest, with their original records.")
    async def evidence(self, info: Info, first: int = 3) -> list[EventType]:
        """Show evidence."""
        _, length = window_of(first, None)
        rows = await info.context.batches.events.load_many(self.evidence_ids[:length])
        return [EventType.of(row) for those in rows for row in those]

    @classmethod
    def of(cls, found: Edge) -> "EdgeType":
        """Show an edge."""
        return cls(
            key=found.key,
            kind=found.kind,
            outgoing=found.outgoing,
            other=plain(found.other.label, found.other.key, found.other.name),
            first_seen=DateTime(found.first_seen),
            last_seen=DateTime(found.last_seen),
            count=found.count,
            bucket=None if found.bucket is None else DateTime(found.bucket),
            properties=told(found.properties),
            evidence_ids=list(found.evidence),
        )


async def neighbours(
    info: Info, entity: Found, around: Around, order: NeighborOrder, first: int, after: str | None
) -> list[NeighborType]:
    """Give a page of neighbours."""
    offset, length = window_of(first, after)
    workspace, batches = info.context.workspace, info.context.batches
    if order is NeighborOrder.RECENT:
        found = await aside(lambda: near(workspace.graph, entity, around, length, offset))
        return [NeighborType.of(one, entity) for one in found]
    ranked = await aside(lambda: rarity_of(workspace).rarest(workspace.graph, entity, around, length, offset))
    for one, others in ranked:
        batches.others.prime((Relationship(one.kind, one.outgoing, one.entity.label), one.entity.key), others)
    return [NeighborType.of(one, entity) for one, _ in ranked]


def told(properties: Facts) -> list[PropertyType]:
    """Show properties."""
    return [PropertyType(name=name, value=str(value)) for name, value in properties.items()]


def meant(
    kinds: list[str] | None,
    labels: list[str] | None,
    direction: Direction,
    since: DateTime | None,
    until: DateTime | None,
    other: str | None = None,
) -> Around:
    """Read which edges are meant; refuse what the schema does not have."""
    for given, known_ones, argument in ((kinds, EDGES, "kinds"), (labels, NODES, "labels")):
        for one in given or ():
            if one not in known_ones:
                raise refused(f"{one!r} is not in the graph's schema; there are {', '.join(known_ones)}", argument)
    return Around(tuple(kinds or ()), tuple(labels or ()), Way(direction.value), since, until, other)


async def known(entity: EntityType, info: Info, name: str) -> Any:
    """What the graph knows of an entity; those of one answer are looked up together."""
    if entity.facts is None:
        entity.facts = await info.context.batches.facts.load((entity.label, entity.entity_key)) or {}
    return entity.facts.get(name)


def _resolver(name: str, returned: Any) -> Any:
    async def resolve(self: EntityType, info: Info) -> Any:
        return await known(self, info, name)

    resolve.__annotations__["return"] = returned
    return resolve


def _type_of(kind: NodeKind) -> type[EntityType]:
    """The GraphQL type of a label, with its declared properties."""
    fields = {
        one.name: strawberry.field(
            resolver=_resolver(one.name, _TYPES[one.type] | None), description=one.doc or one.name.replace("_", " ")
        )
        for one in kind.properties
    }
    made = type(f"{kind.label}Type", (EntityType,), {**fields, "__doc__": kind.doc})
    return strawberry.type(made, name=kind.label, description=f"{kind.doc} Key: {kind.key}.")


ENTITY_TYPES: Mapping[str, type[EntityType]] = {label: _type_of(kind) for label, kind in NODES.items()}


def plain(label: str, key: str, name: str, facts: Facts | None = None) -> EntityType:
    """An entity; what is not known of it yet is looked up when it is asked for."""
    return ENTITY_TYPES[label](key=key, entity_key=key, name=name, label=label, facts=facts)


def by_keys(graph: Graph, label: str, keys: list[str]) -> dict[str, EntityType]:
    """Entities of a label by their keys, properties and all."""
    found = facts_of(graph, label, keys)
    return {key: plain(label, key, row["name"] or key, row) for key, row in found.items()}
