"""What a blast radius says: the entities reached, each with its likelihood and its most likely path."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from graph_hunt.hunting.summary import iso


class Direction(StrEnum):
    """Which way a compromise is followed."""

    REACHES = "reaches"
    """What could be compromised after, and through, the start."""
    REACHED_BY = "reached_by"
    """What could have led to the start's compromise."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its name as the telemetry writes it."""

    label: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, with the event that shows it."""

    at: int
    """When the step can be taken: the act's time, or when its start was reached where the act left something."""
    source: Named
    target: Named
    rule: str
    act: str
    words: str
    evidence: str
    likelihood: float

    def as_json(self) -> dict[str, Any]:
        """The hop as JSON shows it."""
        return {**asdict(self), "at": iso(self.at), "likelihood": _rounded(self.likelihood)}


@dataclass(frozen=True, slots=True)
class Reached:
    """An entity that the compromise could reach, or could have come from."""

    label: str
    key: str
    name: str
    hop: int
    """Steps on its most likely path."""
    first_time: int
    """The first time at which it could be compromised; backwards, the last from which it could reach the start."""
    likelihood: float
    path: tuple[Hop, ...]
    """The most likely one, in order of time."""

    def as_json(self) -> dict[str, Any]:
        """The entity as JSON shows it."""
        return {
            "label": self.label,
            "key": self.key,
            "name": self.name,
            "hop": self.hop,
            "first_time": iso(self.first_time),
            "likelihood": _rounded(self.likelihood),
            "path": [hop.as_json() for hop in self.path],
        }


@dataclass(frozen=True, slots=True)
class Branch:
    """An entity in the tree of most likely paths, with those that are reached through it, the likeliest first."""

    entity: Named
    reached: Reached | None
    """None at the root."""
    children: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Everything reached from a start, the likeliest first."""

    start: Named
    at: int
    window: int
    direction: Direction
    minimum_likelihood: float
    reached: tuple[Reached, ...]
    total: Mapping[str, int]
    """By label: how many were reached, those over the limit counted."""
    not_reached: tuple[Named, ...]
    """Those of the targets asked about."""
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The blast radius as the command line and the API show it."""
        return {
            "start": asdict(self.start),
            "at": iso(self.at),
            "window": self.window,
            "direction": self.direction.value,
            "minimum_likelihood": self.minimum_likelihood,
            "reached": [one.as_json() for one in self.reached],
            "total": dict(self.total),
            "not_reached": [asdict(one) for one in self.not_reached],
            "notes": list(self.notes),
        }

    def tree(self) -> Branch:
        """Hang each entity under the one before it on its most likely path."""
        under: dict[tuple[str, str], list[Reached]] = {}
        for one in self.reached:
            near = one.path[-1].source if self.direction is Direction.REACHES else one.path[0].target
            under.setdefault((near.label, near.key), []).append(one)
        return _branch(self.start, None, under)


def _branch(entity: Named, reached: Reached | None, under: dict[tuple[str, str], list[Reached]]) -> Branch:
    children = under.pop((entity.label, entity.key), [])
    return Branch(entity, reached, tuple(_branch(Named(one.label, one.key, one.name), one, under) for one in children))


def _rounded(likelihood: float) -> float:
    """Keep four significant digits."""
    return float(f"{likelihood:.4g}")
