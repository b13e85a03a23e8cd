"""What a hunt is narrowed to: entities by name, all that carry a tag, and what is near an entity."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from graph_hunt.errors import ParameterError, UnknownEntity
from graph_hunt.graph.around import Around, counts
from graph_hunt.graph.entity import Entity, Graph, find
from graph_hunt.schema import EDGES, NODES

MOST_HOPS = 4
HUB = 50
"""Neighbours of one kind, above which an entity is a hub: what is beyond it has nothing to do with what came to it."""
_TAG = ("tag", "zone", "population")
"""Words before a colon that mean a tag."""
_TAGGED = ("User", "Host", "IP")
_TIMEOUT = 60.0
_AT_ONCE = 500


def scope_of(graph: Graph, names: Iterable[str]) -> tuple[str, ...]:
    """Give the keys that names stand for: `CORP\\ann`, `host:srv1`; `tag:finance`, `zone:ot` are all that carry it."""
    keys: dict[str, None] = {}
    for name in names:
        word, colon, tag = name.partition(":")
        if colon and word.casefold() in _TAG:
            keys.update(dict.fromkeys(tagged(graph, tag)))
        else:
            keys[find(graph, name).key] = None
    return tuple(keys)


def tagged(graph: Graph, tag: str) -> tuple[str, ...]:
    """Give the keys of the users, hosts and addresses that carry a tag, and of the users' mailboxes."""
    found: dict[str, None] = {}
    for label in _TAGGED:
        text = f"MATCH (entity:{label}) WHERE entity.tags CONTAINS $tag RETURN entity.key AS key, entity.tags AS tags"
        rows = graph.query(text, {"tag": tag}, timeout=_TIMEOUT, limit=None)
        found.update({row["key"]: None for row in rows if tag in row["tags"].split(",")})
    if not found:
        raise UnknownEntity(f"tag:{tag}", [f"tag:{one}" for one in _tags(graph)])
    text = "MATCH (owner:User)-[:OWNS]->(box:Mailbox) WHERE owner.key IN $keys RETURN DISTINCT box.key AS key"
    rows = graph.query(text, {"keys": list(found)}, timeout=_TIMEOUT, limit=None)
    return tuple(dict.fromkeys([*found, *(row["key"] for row in rows)]))


def vicinity(
    graph: Graph, start: Sequence[Entity], hops: int, since: int | None = None, until: int | None = None
) -> dict[Entity, int]:
    """Give what is within so many steps of entities, with how many; nothing beyond a hub."""
    if not 1 <= hops <= MOST_HOPS:
        raise ParameterError(f"--hops must be from 1 to {MOST_HOPS}, not {hops}")
    reached = {(one.label, one.key): (one, 0) for one in start}
    edge = list(reached)
    for hop in range(1, hops + 1):
        met: dict[tuple[str, str], Entity] = {}
        by_label: dict[str, list[str]] = defaultdict(list)
        for label, key in edge:
            by_label[label].append(key)
        for label, keys in by_label.items():
            for begin, end in pairwise([*range(0, len(keys), _AT_ONCE), len(keys)]):
                met.update(_step(graph, label, keys[begin:end], since, until))
        edge = [node for node in met if node not in reached]
        reached.update({node: (met[node], hop) for node in edge})
    return dict(reached.values())


def _step(
    graph: Graph, label: str, keys: list[str], since: int | None, until: int | None
) -> dict[tuple[str, str], Entity]:
    """The neighbours of entities of a label, but of those kinds of which one has too many."""
    groups: dict[tuple[str, bool, str], list[str]] = defaultdict(list)
    for key, relations in counts(graph, label, keys, Around(since=since, until=until)).items():
        for one in relations:
            if one.total <= HUB:
                groups[one.kind, one.outgoing, one.label].append(key)
    found: dict[tuple[str, str], Entity] = {}
    for (kind, outgoing, other), members in groups.items():
        for row in _neighbours(graph, label, kind, other, outgoing, members, since, until):
            found[other, row["key"]] = Entity(other, row["key"], row["name"] or row["key"])
    return found


def _neighbours(
    graph: Graph,
    label: str,
    kind: str,
    other: str,
    outgoing: bool,
    keys: list[str],
    since: int | None,
    until: int | None,
) -> list[dict[str, Any]]:
    # Labels and types cannot be parameters; these are the schema's.
    assert label in NODES and other in NODES and kind in EDGES
    left, right = ("", ">") if outgoing else ("<", "")
    tests = ["here.key IN $keys"]
    tests += ["edge.last_seen >= $since"] if since is not None else []
    tests += ["edge.first_seen < $until"] if until is not None else []
    text = (
        f"MATCH (here:{label}){left}-[edge:{kind}]-{right}(there:{other}) WHERE {' AND '.join(tests)} "
        "RETURN DISTINCT there.key AS key, there.name AS name ORDER BY key"
    )
    given = {name: value for name, value in (("since", since), ("until", until)) if value is not None}
    return graph.query(text, {"keys": keys, **given}, timeout=_TIMEOUT, limit=None)


def _tags(graph: Graph) -> list[str]:
    """All tags that anything carries."""
    found: set[str] = set()
    for label in _TAGGED:
        text = f"MATCH (entity:{label}) WHERE entity.tags <> '' RETURN DISTINCT entity.tags AS tags"
        for row in graph.query(text, {}, timeout=_TIMEOUT, limit=None):
            found.update(row["tags"].split(","))
    return sorted(found)
