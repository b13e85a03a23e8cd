"""The cheapest set of entities that has one on every path of a collection."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

Path = tuple[int, ...]
"""The entities that may be cut on a way from the start to a goal, in order."""

BRANCHES = 2_000
"""Choices that the exact search may make before it gives up."""


def cheapest(paths: Collection[Path], cost: Mapping[int, int], branches: int = BRANCHES) -> tuple[frozenset[int], bool]:
    """Give a cheapest set that meets every path, and whether it is proved to be one.

    A minimum cut of the graph that the paths make together meets them all, but also ways that are put together of
    parts of them, which time may not allow; an exact search then looks for less.
    """
    if not paths:
        return frozenset(), True
    known = _minimum_cut(paths, cost)
    search = _Search(cost, _price(known, cost), known, branches)
    search.go(_least_sets(paths), frozenset(), 0)
    return search.best, search.left > 0


def _price(chosen: Collection[int], cost: Mapping[int, int]) -> int:
    return sum(cost[one] for one in chosen)


def _least_sets(paths: Collection[Path]) -> list[frozenset[int]]:
    """Leave out paths that hold another one's entities: who meets that one meets them."""
    kept: list[frozenset[int]] = []
    for one in sorted({frozenset(path) for path in paths}, key=lambda s: (len(s), sorted(s))):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept


def _minimum_cut(paths: Collection[Path], cost: Mapping[int, int]) -> frozenset[int]:
    """Cut the graph of all paths between their beginnings and their ends; each entity is an edge of its cost."""
    # A blast radius that is not contained does without this import, a tenth of a new process's time.
    import networkx as nx

    graph: nx.DiGraph[object] = nx.DiGraph()
    for path in paths:
        for one in path:
            graph.add_edge((one, "in"), (one, "out"), capacity=cost[one])
        for one, other in pairwise(path):
            graph.add_edge((one, "out"), (other, "in"))
        graph.add_edge("start", (path[0], "in"))
        graph.add_edge((path[-1], "out"), "goal")
    _, (near, _) = nx.minimum_cut(graph, "start", "goal")
    return frozenset(one for path in paths for one in path if (one, "in") in near and (one, "out") not in near)


class _Search:
    """Branch and bound; the bound is the cheapest members of sets that have none in common."""

    def __init__(self, cost: Mapping[int, int], price: int, best: frozenset[int], branches: int) -> None:
        self.cost, self.price, self.best, self.left = cost, price, best, branches

    def go(self, sets: Sequence[frozenset[int]], chosen: frozenset[int], price: int) -> None:
        """Look for what is cheaper than the best known."""
        if self.left <= 0:
            return
        self.left -= 1
        if not sets:
            if price < self.price:
                self.price, self.best = price, chosen
            return
        if price + self._bound(sets) >= self.price:
            return
        smallest = min(sets, key=lambda one: (len(one), sorted(one)))
        barred: set[int] = set()
        for one in self._order(smallest, sets):
            rest = [other - barred for other in sets if one not in other]
            if all(rest):
                self.go(rest, chosen | {one}, price + self.cost[one])
            barred.add(one)

    def _bound(self, sets: Sequence[frozenset[int]]) -> int:
        total, used = 0, set[int]()
        for one in sorted(sets, key=len):
            if used.isdisjoint(one):
                used |= one
                total += min(self.cost[member] for member in one)
        return total

    def _order(self, members: frozenset[int], sets: Sequence[frozenset[int]]) -> Iterator[int]:
        yield from sorted(members, key=lambda one: (-sum(one in other for other in sets), self.cost[one], one))
