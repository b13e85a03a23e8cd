"""What would settle a finding: which events to pull, and which that were never loaded cannot be looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph_hunt.hunting import visibility
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.summary import iso
from graph_hunt.hunting.visibility import Codes, Telemetry

AROUND = 3_600_000
"""How long before a finding and after it events are worth pulling, in ms."""
_NAMED = 5
"""Entities that a line names at most."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Events to pull: of a kind of telemetry, by the codes that were loaded, about entities by name, within a span."""

    telemetry: str
    title: str
    codes: tuple[str, ...]
    about: tuple[str, ...]
    since: int
    until: int

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it."""
        return {
            "telemetry": self.telemetry,
            "title": self.title,
            "codes": list(self.codes),
            "about": list(self.about),
            "since": iso(self.since),
            "until": iso(self.until),
        }

    @property
    def words(self) -> str:
        """It in one line."""
        about = ", ".join(self.about[:_NAMED]) + (" …" if len(self.about) > _NAMED else "")
        return f"{self.title} ({', '.join(self.codes)}) of {about}, {iso(self.since)} to {iso(self.until)}"


def pulls(hunt: Hunt, codes: Codes, about: Sequence[str], first: int, last: int) -> tuple[Pull, ...]:
    """What to look at around a finding: all that its hunt looks at, as far as it was loaded."""
    span = first - AROUND, last + AROUND
    return tuple(
        Pull(kind.name, kind.title, loaded, tuple(about), *span)
        for kind in _kinds(hunt)
        if (loaded := tuple(code for code in kind.codes if codes.get((kind.table, code), 0)))
    )


def not_evaluable(hunt: Hunt, codes: Codes) -> tuple[Telemetry, ...]:
    """What would say more and was never loaded."""
    return tuple(kind for kind in _kinds(hunt) if not kind.seen_in(codes))


def _kinds(hunt: Hunt) -> Iterator[Telemetry]:
    names = dict.fromkeys([*(name for group in hunt.needs for name in group), *hunt.helps])
    return (visibility.catalogue()[name] for name in names)
