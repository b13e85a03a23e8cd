"""The entities of one label by what is known of them: chosen, ordered, a page at a time, on either engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graph_hunt.errors import InputError
from graph_hunt.graph.entity import Entity, Graph
from graph_hunt.graph.search import SEARCHED
from graph_hunt.schema import NODES
from graph_hunt.schema.tables import Type

TESTS = 50
"""Tests that one question may have."""
_ALL: Mapping[str, Type] = {
    "key": Type.TEXT,
    "name": Type.TEXT,
    "first_seen": Type.TIME,
    "last_seen": Type.TIME,
    "tags": Type.TEXTS,
}
_TIMEOUT = 30.0


class Comparison(StrEnum):
    """How a property is compared with a value."""

    IN = "in"
    STARTS = "starts with"
    CONTAINS = "contains"
    FROM = "from"
    BELOW = "below"
    KNOWN = "known"


_TEXTUAL = (Comparison.IN, Comparison.STARTS, Comparison.CONTAINS, Comparison.KNOWN)
_ORDERED = (Comparison.IN, Comparison.FROM, Comparison.BELOW, Comparison.KNOWN)
_FITTING: Mapping[Type, tuple[Comparison, ...]] = {
    Type.TEXT: _TEXTUAL,
    Type.TEXTS: _TEXTUAL,
    Type.INTEGER: _ORDERED,
    Type.TIME: _ORDERED,
    Type.FLAG: (Comparison.IN, Comparison.KNOWN),
}


@dataclass(frozen=True, slots=True)
class Test:
    """One thing that must hold of a property; texts are compared without regard to case."""

    __test__ = False
    property: str
    comparison: Comparison
    value: Any


@dataclass(frozen=True, slots=True)
class Where:
    """What must hold: all tests and all of `all`, one of `any` (where there are some), and none of `none`."""

    tests: tuple[Test, ...] = ()
    all: tuple["Where", ...] = ()
    any: tuple["Where", ...] = ()
    none: tuple["Where", ...] = ()

    def size(self) -> int:
        """How many tests there are in all."""
        return len(self.tests) + sum(one.size() for one in (*self.all, *self.any, *self.none))


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: key, name, first_seen or last_seen; what is equal, by key."""

    by: str = "key"
    descending: bool = False


@dataclass(slots=True)
class _Text:
    """A condition in the making: its text's parameters, numbered."""

    types: Mapping[str, Type]
    given: dict[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> str:
        name = f"value{len(self.given)}"
        self.given[name] = value
        return f"${name}"

    def of(self, where: Where) -> str:
        parts = [self.test(one) for one in where.tests] + [f"({self.of(one)})" for one in where.all]
        if where.any:
            parts.append("(" + " OR ".join(self.of(one) for one in where.any) + ")")
        parts += [f"NOT ({self.of(one)})" for one in where.none]
        return " AND ".join(parts) or "true"

    def test(self, test: Test) -> str:
        kind = self.types.get(test.property)
        if kind is None:
            raise InputError(f"{test.property!r} is no property of it", expected=", ".join(self.types))
        if test.comparison not in _FITTING[kind]:
            how = ", ".join(_FITTING[kind])
            raise InputError(f"{test.property} is not compared by {test.comparison.value!r}", expected=how)
        # Properties' names are the schema's own.
        column = f"entity.{test.property}"
        if test.comparison is Comparison.KNOWN:
            return f"{column} IS {'NOT ' if test.value else ''}NULL"
        if kind is Type.TEXTS:
            return f"any(one IN coalesce({column}, []) WHERE {self.text('toLower(one)', test)})"
        if kind is Type.TEXT:
            # Keys are indexed as they stand; nearly all of them are in lower case.
            folded = f"toLower(coalesce({column}, ''))"
            return self.key(test) if test.property == "key" else self.text(folded, test)
        sign = {Comparison.IN: "IN", Comparison.FROM: ">=", Comparison.BELOW: "<"}[test.comparison]
        default = "false" if kind is Type.FLAG else "-1"
        return f"coalesce({column}, {default}) {sign} {self.value(test.value)}"

    def text(self, column: str, test: Test) -> str:
        if test.comparison is Comparison.IN:
            return f"{column} IN {self.value([str(one).lower() for one in test.value])}"
        return f"{column} {test.comparison.upper()} {self.value(str(test.value).lower())}"

    def key(self, test: Test) -> str:
        if test.comparison is Comparison.CONTAINS:
            return self.text("toLower(entity.key)", test)
        if test.comparison is Comparison.IN:
            both = [form for one in test.value for form in (str(one), str(one).casefold())]
            return f"entity.key IN {self.value(list(dict.fromkeys(both)))}"
        forms = dict.fromkeys((str(test.value), str(test.value).casefold()))
        return "(" + " OR ".join(f"entity.key STARTS WITH {self.value(one)}" for one in forms) + ")"


def listed(
    graph: Graph, label: str, where: Where, order: Order, *, limit: int, skip: int = 0
) -> tuple[list[Entity], int]:
    """Give a page of a label's entities, and how many there are in all; raises `InputError` on what cannot be asked."""
    if label not in NODES:
        raise InputError(f"{label!r} is no label", where="label", expected=", ".join(NODES))
    if where.size() > TESTS:
        raise InputError(f"there are {where.size()} tests", expected=f"at most {TESTS}")
    types = {**_ALL, **{one.name: one.type for one in NODES[label].properties}}
    text = _Text(types)
    match = f"MATCH (entity:{label}) WHERE {text.of(where)}"
    total = graph.query(f"{match} RETURN count(entity) AS total", text.given, timeout=_TIMEOUT, limit=None)
    by = {"key": "entity.key", "name": "toLower(coalesce(entity.name, entity.key))"}.get(
        order.by, f"coalesce(entity.{order.by}, 0)"
    )
    way = "DESC" if order.descending else "ASC"
    rows = graph.query(
        f"{match} RETURN entity.key AS key, entity.name AS name, {by} AS place "
        f"ORDER BY place {way}, key {way} SKIP {int(skip)} LIMIT {int(limit)}",
        text.given,
        timeout=_TIMEOUT,
        limit=None,
    )
    return [Entity(label, row["key"], row["name"] or row["key"]) for row in rows], int(total[0]["total"])


def called(label: str, text: str) -> Where:
    """What is called something like a text: it is part of the key, the name, or another text that the label goes by."""
    names: Sequence[str] = ("key", "name", *SEARCHED.get(label, ()))
    return Where(any=tuple(Where((Test(name, Comparison.CONTAINS, text.strip()),)) for name in names))
