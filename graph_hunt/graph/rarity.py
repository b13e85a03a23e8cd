"""How rare a neighbour is: how many entities are related to it in the same way; how much is done never counts."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from graph_hunt.graph.around import Around, near
from graph_hunt.graph.entity import Entity, Graph
from graph_hunt.graph.neighbours import Neighbour

RANKED = 2_000
"""Neighbours that are ranked by rarity, those seen last; what an entity has beyond them follows, the newest first."""
_TIMEOUT = 60.0
_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Relationship:
    """One way of being related to entities of a label: a kind of edge, from there or to there."""

    kind: str
    outgoing: bool
    """The edges lead to the neighbour."""
    label: str


class Rarity:
    """Counts, kept while the graph stays as it is: a machine that all log on to is counted once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[Relationship, str], int] = OrderedDict()

    def others(self, graph: Graph, how: Relationship, keys: Sequence[str]) -> dict[str, int]:
        """Tell of each neighbour how many entities are related to it so."""
        with self._lock:
            found = {key: self._known[how, key] for key in keys if (how, key) in self._known}
        wanted = [key for key in dict.fromkeys(keys) if key not in found]
        if wanted:
            counted = _counted(graph, how, wanted)
            found.update(counted)
            with self._lock:
                self._known.update({(how, key): number for key, number in counted.items()})
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return found

    def rarest(
        self, graph: Graph, entity: Entity, around: Around, limit: int, skip: int = 0
    ) -> list[tuple[Neighbour, int]]:
        """Give a page of neighbours, those that fewest are related to first, each with that number."""
        ranked = self._told(graph, near(graph, entity, around, RANKED)) if skip < RANKED else []
        ranked.sort(key=lambda one: (one[1], -one[0].last_seen, one[0].kind, one[0].entity.label, one[0].entity.key))
        shown = ranked[skip : skip + limit]
        if len(shown) < limit and (len(ranked) == RANKED or skip >= RANKED):
            begin = max(skip, RANKED)
            shown += self._told(graph, near(graph, entity, around, skip + limit - begin, begin))
        return shown

    def _told(self, graph: Graph, found: Sequence[Neighbour]) -> list[tuple[Neighbour, int]]:
        groups: dict[Relationship, list[str]] = {}
        for one in found:
            groups.setdefault(_how(one), []).append(one.entity.key)
        numbers = {how: self.others(graph, how, keys) for how, keys in groups.items()}
        return [(one, numbers[_how(one)][one.entity.key]) for one in found]


def _how(one: Neighbour) -> Relationship:
    return Relationship(one.kind, one.outgoing, one.entity.label)


def _counted(graph: Graph, how: Relationship, keys: Sequence[str]) -> dict[str, int]:
    # Labels and kinds are the schema's own.
    left, right = ("<", "") if how.outgoing else ("", ">")
    text = (
        f"MATCH (there:{how.label}){left}-[edge:{how.kind}]-{right}(other) WHERE there.key IN $keys "
        "RETURN there.key AS there_key, count(DISTINCT other.key) AS total"
    )
    rows = graph.query(text, {"keys": list(keys)}, timeout=_TIMEOUT, limit=None)
    return {row["there_key"]: row["total"] for row in rows}
