"""What a person decided about identities by hand: joins and splits, kept in the workspace and reversible."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision: two identifiers of a kind are one, or are not."""

    action: str
    """join or split."""
    kind: str
    """account or host."""
    left: str
    right: str
    reason: str = ""
    author: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Edits:
    """The decisions in force, the latest last; a later one about the same pair replaces an earlier one."""

    decided: tuple[Edit, ...] = ()

    def joined(self, kind: str) -> Iterator[tuple[str, str]]:
        """Give the pairs that are one."""
        for edit in self._last():
            if edit.kind == kind and edit.action == "join":
                yield edit.left, edit.right

    def forbid(self, kind: str, one: frozenset[str], other: frozenset[str]) -> bool:
        """Tell whether a split keeps two sets of identifiers apart."""
        return any(
            edit.kind == kind
            and edit.action == "split"
            and ((edit.left in one and edit.right in other) or (edit.left in other and edit.right in one))
            for edit in self._last()
        )

    def _last(self) -> Iterator[Edit]:
        last = {(edit.kind, *sorted((edit.left, edit.right))): edit for edit in self.decided}
        yield from last.values()
