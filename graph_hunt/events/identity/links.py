"""Sets of identifiers that mean the same, joined one observed equality at a time unless a rule forbids it."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

ALWAYS = 1 << 61
"""No event is that far from 1970: what a person or a directory says has no time."""


@dataclass(frozen=True, slots=True)
class Link:
    """One observed equality of two identifiers, or one that was refused."""

    kind: str
    """account, host, domain or address."""
    left: str
    right: str
    reason: str
    confidence: float
    first: int | None = None
    last: int | None = None
    count: int = 0
    sample: str | None = None
    refused: str = ""
    """Why the two are kept apart although they were seen together; '' where they are joined."""

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            at = getattr(self, name)
            if at is not None and abs(at) >= ALWAYS:
                object.__setattr__(self, name, None)


Item = TypeVar("Item", bound=Hashable)


class Sets(Generic[Item]):
    """Disjoint sets of items; the order of joining matters only where `allowed` refuses, so callers sort first."""

    def __init__(self, allowed: Callable[[frozenset[Item], frozenset[Item]], str] | None = None) -> None:
        self._allowed = allowed
        self._of: dict[Item, set[Item]] = {}

    def add(self, item: Item) -> set[Item]:
        """Know the item, alone if it is new, and give its set."""
        found = self._of.get(item)
        if found is None:
            found = self._of[item] = {item}
        return found

    def join(self, left: Item, right: Item) -> str:
        """Join the sets of both; the answer says why not, and is '' where it was done."""
        one, other = self.add(left), self.add(right)
        if one is other:
            return ""
        if self._allowed and (why := self._allowed(frozenset(one), frozenset(other))):
            return why
        if len(one) < len(other):
            one, other = other, one
        one |= other
        for item in other:
            self._of[item] = one
        return ""

    def of(self, item: Item) -> frozenset[Item]:
        """Give the set that holds the item."""
        return frozenset(self._of.get(item, {item}))

    def __contains__(self, item: Item) -> bool:
        return item in self._of

    def __iter__(self) -> Iterator[frozenset[Item]]:
        seen: set[int] = set()
        for group in self._of.values():
            if id(group) not in seen:
                seen.add(id(group))
                yield frozenset(group)


def first_written(names: Iterable[tuple[str, int]]) -> str:
    """Choose among spellings the most frequent, the least by code point where equal."""
    return min(names, key=lambda pair: (-pair[1], pair[0]))[0]
