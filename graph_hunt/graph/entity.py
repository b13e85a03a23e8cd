"""Entities by any of their names: key, `DOMAIN\\name`, `name@domain`, SID, short or full host name, address."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graph_hunt.errors import UnknownEntity
from graph_hunt.schema import NODES

_TIMEOUT = 30.0
_NEAR = 5
_PRINCIPAL = ("User", "Host", "IP", "Mailbox")
"""Meant rather than a Domain, a File or a Process of the same name."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A node of the graph, named."""

    label: str
    key: str
    name: str

    def as_json(self) -> dict[str, str]:
        """The entity as the command line and the API show it."""
        return {"label": self.label, "key": self.key, "name": self.name}


class Graph(Protocol):
    """What a look-up asks of a graph store."""

    def query(
        self, text: str, parameters: Mapping[str, Any], *, timeout: float | None, limit: int | None
    ) -> list[dict[str, Any]]:
        """The rows that a Cypher text returns."""


def find(graph: Graph, text: str) -> Entity:
    """The one entity that `text` names; `Label:name` says which label is meant.

    Raises `UnknownEntity` with near names where there is none, or with the candidates where there are several.
    """
    label, name = _split(text)
    first = [label] if label else list(_PRINCIPAL)
    rest = [] if label else [one for one in NODES if one not in _PRINCIPAL]
    ways: tuple[Callable[[], list[Entity]], ...] = (
        lambda: _by_key(graph, name, first),
        lambda: _by_other_names(graph, name, label),
        lambda: _by_key(graph, name, rest),
    )
    for way in ways:
        found = way()
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownEntity(text, [f"{one.label}:{one.key}" for one in found[:_NEAR]])
    raise UnknownEntity(text, [f"{one.label}:{one.key}" for one in near(graph, name, label)])


def near(graph: Graph, name: str, label: str | None = None) -> list[Entity]:
    """A few entities whose key holds what was asked for."""
    part = name.rpartition("\\")[2].partition("@")[0].casefold()
    found: list[Entity] = []
    for one in (label,) if label else _PRINCIPAL:
        found += _ask(graph, one, "entity.key CONTAINS $value", {"value": part}, limit=_NEAR)
    return found[:_NEAR]


def facts(graph: Graph, label: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the graph knows of entities of a label, by their keys: name, times seen, tags, the label's properties."""
    names = ("key", "name", "first_seen", "last_seen", "tags", *(one.name for one in NODES[label].properties))
    columns = ", ".join(f"entity.{name} AS {name}" for name in names)
    # A label cannot be a parameter; this one comes from the schema.
    text = f"MATCH (entity:{label}) WHERE entity.key IN $keys RETURN {columns}"
    rows = graph.query(text, {"keys": list(keys)}, timeout=_TIMEOUT, limit=None)
    return {row["key"]: row for row in rows}


def _split(text: str) -> tuple[str | None, str]:
    head, colon, rest = text.partition(":")
    labels = {label.casefold(): label for label in NODES}
    if colon and rest and head.casefold() in labels:
        return labels[head.casefold()], rest
    return None, text


def _keys(name: str) -> Iterator[str]:
    """The keys that a name may stand for, the likeliest first."""
    folded = name.strip().casefold()
    yield name.strip()
    yield folded
    if "\\" in folded:
        domain, _, account = folded.partition("\\")
        yield f"{domain.partition('.')[0]}\\{account}"
    elif "@" in folded:
        account, _, domain = folded.rpartition("@")
        yield f"{domain}\\{account}"
        yield f"{domain.partition('.')[0]}\\{account}"


def _by_key(graph: Graph, name: str, labels: Sequence[str]) -> list[Entity]:
    keys = list(dict.fromkeys(_keys(name)))
    found: dict[tuple[str, str], Entity] = {}
    for one in labels:
        for entity in _ask(graph, one, "entity.key IN $value", {"value": keys}):
            found[entity.label, entity.key] = entity
    best = min((keys.index(entity.key) for entity in found.values()), default=0)
    return [entity for entity in found.values() if entity.key == keys[best]] if found else []


def _by_other_names(graph: Graph, name: str, label: str | None) -> list[Entity]:
    folded = name.strip().casefold()
    tests = (
        ("User", "entity.key ENDS WITH $value", "\\" + folded),
        ("User", "entity.key STARTS WITH $value", folded + "@"),
        ("User", "entity.sid = $value", name.strip().upper()),
        ("User", "entity.upn = $value", folded),
        ("Host", "entity.short_name = $value", folded),
        ("Host", "entity.key STARTS WITH $value", folded + "."),
        ("Host", "entity.key = $value", folded.partition(".")[0]),
    )
    found: dict[tuple[str, str], Entity] = {}
    for one, test, value in tests:
        if label in (None, one):
            for entity in _ask(graph, one, test, {"value": value}, limit=_NEAR + 1):
                found[entity.label, entity.key] = entity
    return list(found.values())


def _ask(
    graph: Graph, label: str, test: str, parameters: Mapping[str, Any], *, limit: int | None = None
) -> Sequence[Entity]:
    # A label and a test cannot be parameters; both stand in this module, never in telemetry.
    text = f"MATCH (entity:{label}) WHERE {test} RETURN entity.key AS key, entity.name AS name ORDER BY key"
    if limit is not None:
        text += f" LIMIT {limit}"
    rows = graph.query(text, parameters, timeout=_TIMEOUT, limit=None)
    return [Entity(label, row["key"], row["name"] or row["key"]) for row in rows]
