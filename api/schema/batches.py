"""What many resolvers ask one after the other, asked of the engine at once."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from strawberry.dataloader import DataLoader

from graph_hunt.graph.around import Around, counts
from graph_hunt.graph.entity import Entity, facts
from graph_hunt.graph.neighbours import Relation, newest_properties
from graph_hunt.graph.rarity import Relationship
from graph_hunt.hunting.tracing import rarity_of
from graph_hunt.schema import EDGES
from graph_hunt.workspace import Workspace

Facts = Mapping[str, Any]
Asked = tuple[str, str]
"""The label and the key of an entity."""
T = TypeVar("T")
Group = TypeVar("Group", bound=Hashable)


class Aside(Protocol):
    """Does blocking work off the event loop."""

    def __call__(self, work: Callable[[], T], argument: str = "") -> Awaitable[T]: ...


class Batches:
    """The batches of one request."""

    def __init__(self, workspace: Workspace, aside: Aside) -> None:
        self._workspace, self._aside = workspace, aside
        self.facts: DataLoader[Asked, Facts | None] = DataLoader(self._facts)
        self.relations: DataLoader[tuple[Asked, Around], list[Relation]] = DataLoader(self._relations)
        self.properties: DataLoader[tuple[Asked, str, bool, Asked], Facts] = DataLoader(self._properties)
        self.others: DataLoader[tuple[Relationship, str], int] = DataLoader(self._others)
        self.events: DataLoader[str, list[dict[str, Any]]] = DataLoader(self._events)

    async def _facts(self, wanted: list[Asked]) -> Sequence[Facts | None]:
        def work() -> list[Facts | None]:
            found: dict[str, dict[str, dict[str, Any]]] = {
                label: facts(self._workspace.graph, label, [key for _, key in those])
                for label, those in _grouped(wanted, lambda one: one[0])
            }
            return [found[label].get(key) for label, key in wanted]

        return await self._aside(work)

    async def _relations(self, wanted: list[tuple[Asked, Around]]) -> Sequence[list[Relation]]:
        def work() -> list[list[Relation]]:
            found = {
                group: counts(self._workspace.graph, group[0], [key for (_, key), _ in those], group[1])
                for group, those in _grouped(wanted, lambda one: (one[0][0], one[1]))
            }
            return [found[label, around][key] for (label, key), around in wanted]

        return await self._aside(work, "kinds")

    async def _properties(self, wanted: list[tuple[Asked, str, bool, Asked]]) -> Sequence[Facts]:
        def work() -> list[Facts]:
            found: dict[Any, dict[str, dict[str, Any]]] = {}
            for group, those in _grouped(wanted, lambda one: (*one[:3], one[3][0])):
                (label, key), kind, outgoing, other = group
                keys = [far for _, _, _, (_, far) in those]
                here = Entity(label, key, key)
                found[group] = newest_properties(self._workspace.graph, here, EDGES[kind], other, outgoing, keys)
            return [found[*one[:3], one[3][0]].get(one[3][1], {}) for one in wanted]

        return await self._aside(work)

    async def _others(self, wanted: list[tuple[Relationship, str]]) -> Sequence[int]:
        def work() -> list[int]:
            rarity = rarity_of(self._workspace)
            found = {
                how: rarity.others(self._workspace.graph, how, [key for _, key in those])
                for how, those in _grouped(wanted, lambda one: one[0])
            }
            return [found[how].get(key, 0) for how, key in wanted]

        return await self._aside(work)

    async def _events(self, wanted: list[str]) -> Sequence[list[dict[str, Any]]]:
        def work() -> list[list[dict[str, Any]]]:
            rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in self._workspace.events.evidence(wanted):
                rows[row["event_id"]].append(row)
            return [rows[event] for event in wanted]

        return await self._aside(work)


def _grouped(wanted: Iterable[T], by: Callable[[T], Group]) -> Iterable[tuple[Group, list[T]]]:
    groups: dict[Group, list[T]] = defaultdict(list)
    for one in wanted:
        groups[by(one)].append(one)
    return groups.items()
