"""What a person decided about identities by hand: joins and splits, kept in the workspace and reversible."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision about two identifiers: they are one (join), are not (split), or what the telemetry says (undo)."""

    action: str
    kind: str
    """account, host, domain, or address (of an address, left, and a host, right)."""
    left: str
    right: str
    reason: str = ""
    author: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Edits:
    """The decisions in force; a later one about the same pair replaces an earlier one."""

    decided: tuple[Edit, ...] = ()

    def in_force(self) -> list[Edit]:
        """Give the decisions that hold, an order of their own apart from when they were made."""
        last = {(edit.kind, *sorted((edit.left, edit.right))): edit for edit in self.decided}
        return [edit for _, edit in sorted(last.items()) if edit.action != "undo"]

    def pairs(self, action: str, kind: str) -> list[tuple[str, str]]:
        """Give the pairs of a kind that are joined, or split."""
        return [(edit.left, edit.right) for edit in self.in_force() if (edit.action, edit.kind) == (action, kind)]

    def rule(self, kind: str) -> Callable[[frozenset[str], frozenset[str]], str]:
        """Give a rule that says why two sets of identifiers stay apart, '' where no split wants it."""
        splits = self.pairs("split", kind)

        def apart(one: frozenset[str], other: frozenset[str]) -> str:
            for left, right in splits:
                if (left in one and right in other) or (left in other and right in one):
                    return "split by hand"
            return ""

        return apart
