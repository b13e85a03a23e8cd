"""The most likely way from one entity to another that goes forward in time, each step with the event that shows it."""

from dataclasses import dataclass
from typing import Any

from graph_hunt.errors import ParameterError
from graph_hunt.hunting.spread import Entity, Hop, Named, blast_radius
from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.blast import named
from graph_hunt.hunting.summary import iso

LEAST = 1e-6
"""A way that is less likely is not told."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way between two entities; without hops where there is none."""

    start: Named
    end: Named
    since: int
    until: int
    likelihood: float
    hops: tuple[Hop, ...]

    def as_json(self) -> dict[str, Any]:
        """The path as the command line shows it."""
        return {
            "from": {"label": self.start.label, "key": self.start.key, "name": self.start.name},
            "to": {"label": self.end.label, "key": self.end.key, "name": self.end.name},
            "since": iso(self.since),
            "until": iso(self.until),
            "likelihood": self.likelihood,
            "hops": [hop.as_json() for hop in self.hops],
        }


def path(activity: Activity, start: Entity, end: Entity, since: int, until: int) -> Path:
    """Find how `end` could be reached from `start` from `since` up to, not including, `until`."""
    if until <= since:
        raise ParameterError(f"the span is empty: it would begin at {iso(since)} and end at {iso(until)}")
    if start == end:
        raise ParameterError("a path leads from one entity to another; these two are the same")
    found = blast_radius(
        activity, start, since, window=until - since - 1, targets=[end], limit=0, minimum_likelihood=LEAST
    )
    target = named(activity, activity.entities.number(end))
    if not found.reached:
        return Path(found.start, target, since, until, 0.0, ())
    return Path(found.start, target, since, until, found.reached[0].likelihood, found.reached[0].path)
