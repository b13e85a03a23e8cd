"""Lists of entities: filters that may grow, and orders."""

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Optional

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.graph.entity import Entity
from graph_hunt.graph.listing import TESTS, Comparison, Order, Test, Where, called, listed
from graph_hunt.graph.search import search
from graph_hunt.graph.store import Graph
from graph_hunt.schema import NODES

_DEEPEST = 8
_Tests = Iterator[tuple[Comparison, object]]


@strawberry.input(name="TextFilter", description="What must hold of a text, in any case; all that is given must.")
class TextFilter:
    """Tests of a text."""

    equals: str | None = strawberry.field(default=None, description="It is this.")
    one_of: list[str] | None = strawberry.field(default=None, name="in", description="It is one of these.")
    starts_with: str | None = strawberry.field(default=None, description="It begins so.")
    contains: str | None = strawberry.field(default=None, description="This is part of it.")

    def tests(self) -> _Tests:
        """Read them."""
        if self.equals is not None:
            yield Comparison.IN, [self.equals]
        if self.one_of is not None:
            yield Comparison.IN, self.one_of
        if self.starts_with is not None:
            yield Comparison.STARTS, self.starts_with
        if self.contains is not None:
            yield Comparison.CONTAINS, self.contains


@strawberry.input(name="TimeFilter", description="A span that a time lies in.")
class TimeFilter:
    """Tests of a time."""

    since: DateTime | None = strawberry.field(default=None, description="It is this, or later.")
    until: DateTime | None = strawberry.field(default=None, description="It is before this.")

    def tests(self) -> _Tests:
        """Read them."""
        if self.since is not None:
            yield Comparison.FROM, int(self.since)
        if self.until is not None:
            yield Comparison.BELOW, int(self.until)


@strawberry.input(name="NumberFilter", description="What must hold of a whole number.")
class NumberFilter:
    """Tests of a number."""

    equals: int | None = strawberry.field(default=None, description="It is this.")
    at_least: int | None = strawberry.field(default=None, description="It is this, or more.")
    below: int | None = strawberry.field(default=None, description="It is less than this.")

    def tests(self) -> _Tests:
        """Read them."""
        if self.equals is not None:
            yield Comparison.IN, [self.equals]
        if self.at_least is not None:
            yield Comparison.FROM, self.at_least
        if self.below is not None:
            yield Comparison.BELOW, self.below


@strawberry.input(name="PropertyFilter", description="What must hold of a property that the label has, such as domain.")
class PropertyFilter:
    """Tests of a property."""

    name: str = strawberry.field(description="Which, as in the graph's schema; `tags` any label has.")
    text: TextFilter | None = strawberry.field(default=None, description="Of a text, or of one of several texts.")
    number: NumberFilter | None = strawberry.field(default=None, description="Of a number.")
    time: TimeFilter | None = strawberry.field(default=None, description="Of a time.")
    flag: bool | None = strawberry.field(default=None, description="It is so, or not.")
    known: bool | None = strawberry.field(default=None, description="It is known, or not.")

    def tests(self) -> _Tests:
        """Read them."""
        for one in (self.text, self.number, self.time):
            if one is not None:
                yield from one.tests()
        if self.flag is not None:
            yield Comparison.IN, [self.flag]
        if self.known is not None:
            yield Comparison.KNOWN, self.known


@strawberry.input(
    name="EntityFilter", description=f"What must hold of an entity: all that is given; at most {TESTS} tests."
)
class EntityFilter:
    """Tests of an entity."""

    key: TextFilter | None = strawberry.field(default=None, description="Of its key.")
    name: TextFilter | None = strawberry.field(default=None, description="Of its name.")
    first_seen: TimeFilter | None = strawberry.field(default=None, description="Of its first event.")
    last_seen: TimeFilter | None = strawberry.field(default=None, description="Of its last event.")
    properties: list[PropertyFilter] | None = strawberry.field(default=None, description="Of its properties.")
    any: Optional[list["EntityFilter"]] = strawberry.field(default=None, description="At least one of these holds.")  # noqa: UP045  # a name in quotes
    none: Optional[list["EntityFilter"]] = strawberry.field(default=None, description="None of these holds.")  # noqa: UP045

    def where(self, deep: int = 0) -> Where:
        """Read what must hold."""
        if deep > _DEEPEST:
            raise refused(f"a filter may be {_DEEPEST} deep", "filter")
        own = (("key", self.key), ("name", self.name), ("first_seen", self.first_seen), ("last_seen", self.last_seen))
        tests = [Test(name, *one) for name, those in own if those is not None for one in those.tests()]
        tests += [Test(one.name, *test) for one in self.properties or () for test in one.tests()]
        return Where(
            tuple(tests),
            any=tuple(one.where(deep + 1) for one in self.any or ()),
            none=tuple(one.where(deep + 1) for one in self.none or ()),
        )


@strawberry.enum(name="EntityOrderField", description="What entities are ordered by.")
class OrderField(Enum):
    """What a list is ordered by."""

    KEY = "key"
    NAME = "name"
    FIRST_SEEN = "first_seen"
    LAST_SEEN = "last_seen"


@strawberry.enum(name="OrderDirection", description="Which end of an order comes first.")
class OrderDirection(Enum):
    """Which end comes first."""

    ASC = "asc"
    DESC = "desc"


@strawberry.input(name="EntityOrder", description="How a list of entities is ordered; what is equal, by key.")
class EntityOrder:
    """An order."""

    field: OrderField = strawberry.field(default=OrderField.KEY, description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="From which end.")


Search = Annotated[
    str,
    strawberry.argument(description="Part of a key, name, address, subject …; where none has it, one much like it."),
]


@strawberry.type
class ListingQuery:
    """Asking for lists of entities."""

    @strawberry.field(description="The entities of a label: those a filter leaves, in an order.")
    async def entities(
        self,
        info: Info,
        label: Annotated[str, strawberry.argument(description="The kind of entity, such as User.")],
        search: Search = "",
        filter: EntityFilter | None = None,
        order: EntityOrder | None = None,
        first: int = 25,
        after: str | None = None,
        search_text: Annotated[str, strawberry.argument(deprecation_reason="Ask with `search`.")] = "",
    ) -> Connection[EntityType]:
        """List entities."""
        if label not in NODES:
            raise refused(f"{label!r} is no label; those are {', '.join(NODES)}", "label")
        offset, length = window_of(first, after)
        where = filter.where() if filter else Where()
        how = Order(order.field.value, order.direction is OrderDirection.DESC) if order else Order()
        text, graph = (search or search_text).strip(), info.context.workspace.graph

        def work() -> tuple[list[Entity], int]:
            wanted = Where(all=(called(label, text), where)) if text else where
            found, total = listed(graph, label, wanted, how, limit=length, skip=offset)
            return (found, total) if total or not text or filter else _alike(graph, label, text, offset, length)

        found, total = await aside(work, "filter" if filter else "search")
        return page([plain(one.label, one.key, one.name) for one in found], offset, total)


def _alike(graph: Graph, label: str, text: str, offset: int, length: int) -> tuple[list[Entity], int]:
    found = [one.entity for one in search(graph, text, [label])]
    return found[offset : offset + length], len(found)
