"""Entities by a part of what they are called: names, addresses, hashes, subjects; the nearest first, and bounded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from graph_hunt.errors import InputError
from graph_hunt.graph.entity import Entity, Graph
from graph_hunt.schema import NODES

MOST = 200
"""Entities that a search finds at most; a longer text finds fewer."""
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "User": ("upn",),
    "Host": ("short_name",),
    "Message": ("subject", "sender"),
    "Process": ("image",),
    "Persistence": ("path",),
}
"""Texts that an entity is looked for by, beside its key and its name."""
_TIMEOUT = 30.0
_FUZZY_FROM = 4
"""Letters from which a text that is nowhere is taken for a slip."""
_CANDIDATES = 1_000
_ALIKE = 0.75
_FUZZY = ("User", "Host", "Mailbox", "Domain", "App", "Group")


@dataclass(frozen=True, slots=True)
class Match:
    """What was found, and how near it is: exact, prefix, part or similar."""

    entity: Entity
    how: str


_ORDER = ("exact", "prefix", "part", "similar")


def search(graph: Graph, text: str, labels: Sequence[str] = (), *, limit: int = MOST) -> list[Match]:
    """Find entities; only where none has the text in it, those that are written much like it."""
    for label in labels:
        if label not in NODES:
            raise InputError(f"{label!r} is no label", where="labels", expected=", ".join(NODES))
    wanted, folded = list(dict.fromkeys(labels)) or list(NODES), text.strip().casefold()
    if not folded:
        raise InputError("there is nothing to look for", where="text", expected="a part of a name")
    found = list(_parts(graph, folded, wanted, limit)) or list(_similar(graph, folded, wanted, limit))
    places = {label: place for place, label in enumerate(NODES)}

    def order(match: Match) -> tuple[int, int, int, str]:
        entity = match.entity
        return _ORDER.index(match.how), places[entity.label], len(entity.key), entity.key

    return sorted(found, key=order)[:limit]


def _parts(graph: Graph, folded: str, labels: Iterable[str], limit: int) -> Iterator[Match]:
    for label in labels:
        begun = _ask(graph, label, "entity.key STARTS WITH $text", {"text": folded}, limit)
        known = {row["key"] for row in begun}
        others = "".join(f" OR toLower(entity.{name}) CONTAINS $text" for name in ("name", *SEARCHED.get(label, ())))
        # Parts are looked for only where beginnings leave room: those an index answers, these are a scan.
        room = limit - len(begun)
        test = f"(toLower(entity.key) CONTAINS $text{others})"
        rest = _ask(graph, label, test, {"text": folded}, limit) if room else []
        for row in [*begun, *(row for row in rest if row["key"] not in known)]:
            yield Match(_entity(label, row), _how(folded, row))


def _how(folded: str, row: Mapping[str, Any]) -> str:
    names = {row["key"].casefold(), (row["name"] or "").casefold()}
    # An account is also known without its domain, a machine without its own.
    names |= {name.rpartition("\\")[2] for name in names} | {name.partition("@")[0] for name in names}
    if folded in names or any(name.partition(".")[0] == folded for name in names):
        return "exact"
    return "prefix" if any(name.startswith(folded) for name in names) else "part"


def _similar(graph: Graph, folded: str, labels: Iterable[str], limit: int) -> Iterator[Match]:
    """A slip leaves one half of a text as it was, by which candidates are found; those alike enough are given."""
    bare = folded.rpartition("\\")[2].partition("@")[0]
    if len(bare) < _FUZZY_FROM:
        return
    middle = len(bare) // 2
    given = {"left": bare[:middle], "right": bare[middle:]}
    test = "(entity.key CONTAINS $left OR entity.key CONTAINS $right)"
    alike: list[tuple[float, Match]] = []
    for label in labels:
        if label not in _FUZZY:
            continue
        for row in _ask(graph, label, test, given, _CANDIDATES):
            entity = _entity(label, row)
            ratio = max(SequenceMatcher(None, bare, name).ratio() for name in _names(entity.key))
            if ratio >= _ALIKE:
                alike.append((-ratio, Match(entity, "similar")))
    alike.sort(key=lambda one: (one[0], one[1].entity.label, one[1].entity.key))
    yield from (match for _, match in alike[:limit])


def _names(key: str) -> tuple[str, ...]:
    account = key.rpartition("\\")[2].partition("@")[0]
    return account, account.partition(".")[0]


def _ask(graph: Graph, label: str, test: str, given: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
    # Labels and tests stand in this module and the schema, never in telemetry; no order, so that a limit ends a scan.
    text = f"MATCH (entity:{label}) WHERE {test} RETURN entity.key AS key, entity.name AS name LIMIT {int(limit)}"
    return graph.query(text, given, timeout=_TIMEOUT, limit=None)


def _entity(label: str, row: Mapping[str, Any]) -> Entity:
    return Entity(label, row["key"], row["name"] or row["key"])
