"""The blast radius of what a case is about, as a finding of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_hunt.casework.cases.template import Step
from graph_hunt.graph.entity import Entity
from graph_hunt.hunting.finding import EVIDENCE, Finding, Involved, named_by
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.spread import BlastRadius, blast_radius
from graph_hunt.hunting.spread import Entity as Start
from graph_hunt.hunting.summary import iso
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.hunting.window import Window
from graph_hunt.workspace import Workspace

SHOWN = 30
"""Reached entities that a case keeps, the likeliest."""
_WEEK = 7 * 86_400_000
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """A blast radius as a case keeps it, and the finding that it makes, where anything is reached."""

    told: Mapping[str, Any]
    finding: Finding | None


def spread(
    workspace: Workspace,
    template: str,
    step: Step,
    start: Entity,
    known: Sequence[Finding],
    window: Window,
    more: Sequence[Finding] = (),
) -> Spread:
    """Trace what an entity could reach from the first time that a finding is about it, in the week that follows."""
    times = [one.first_seen for one in (*known, *more) if _about(one, start) and one.hunt != _id(template)]
    at = min(times, default=window.since)
    found = blast_radius(activity_of(workspace), Start(start.label, start.key), at, window=_WEEK, limit=SHOWN)
    return Spread(found.to_json(), _finding(template, step, found) if found.reached else None)


def _about(finding: Finding, entity: Entity) -> bool:
    """A finding that says something grave of an entity, and not merely that it was there."""
    named = any((one.label, one.key) == (entity.label, entity.key) for one in finding.entities)
    return named and finding.level.rank >= Level.MEDIUM.rank


def _id(template: str) -> str:
    return f"{template}/blast-radius"


def _finding(template: str, step: Step, found: BlastRadius) -> Finding:
    start, reached = found.start, found.reached
    evidence = sorted({hop.evidence for one in reached for hop in one.path if hop.evidence})[:EVIDENCE]
    names = ", ".join(one.name for one in reached[:_NAMED])
    more = f", +{sum(found.total.values()) - _NAMED}" if sum(found.total.values()) > _NAMED else ""
    counted = ", ".join(f"{number} {label}" for label, number in found.total.items())
    return Finding(
        id=named_by(_id(template), start.label, start.key, str(found.at)),
        hunt=_id(template),
        title=step.title["en"],
        level=Level.MEDIUM,
        attack=(),
        summary=f"From {start.name} at {iso(found.at)} on, {counted} could be reached ({names}{more})",
        entities=(
            Involved(start.label, start.key, start.name, "start"),
            *(Involved(one.label, one.key, one.name, "reached") for one in reached),
        ),
        first_seen=found.at,
        last_seen=max((one.first_time for one in reached), default=found.at),
        score=50.0,
        evidence=tuple(evidence),
        details={"total": dict(found.total), "fr": {"title": step.title["fr"]}},
    )
