"""Incidents as they are printed: a headline, and below it what happened in order of time."""

from collections.abc import Sequence

from rich.text import Text

from graph_hunt.cli.arguments import print_argument
from graph_hunt.cli.output import (
    LEVEL_STYLES,
    Format,
    iso,
    level_text,
    many,
    out,
    print_csv,
    print_json,
    print_jsonl,
    shown,
)
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.incidents import Incident

COLUMNS = (
    "title", "level", "score", "first_seen", "last_seen", "summary", "tactics", "attack", "entities", "telling",
    "findings", "id",
)  # fmt: skip
_STEPS = 12
_WHO = 5


def print_incidents(incidents: Sequence[Incident], format: Format) -> None:
    """Print incidents, the most telling first."""
    match format:
        case Format.JSON:
            print_json([one.as_json() for one in incidents])
        case Format.JSONL:
            print_jsonl(one.as_json() for one in incidents)
        case Format.CSV:
            print_csv((_flat(one) for one in incidents), COLUMNS)
        case Format.TABLE:
            for place, one in enumerate(incidents, 1):
                _print_incident(place, one)


def _flat(one: Incident) -> dict[str, object]:
    return {**one.as_json(), "findings": [finding.id for finding in one.findings]}


def _print_incident(place: int, incident: Incident) -> None:
    who = ", ".join(shown(one.name) for one in incident.entities[:_WHO])
    more = len(incident.entities) - _WHO
    out.print(
        Text.assemble(
            (f"{place}. ", "bold"),
            level_text(incident.level),
            (f" {incident.score:.0f}  {shown(incident.title)}", "bold"),
        )
    )
    span = iso(incident.first_seen)
    if incident.last_seen != incident.first_seen:
        span += f" to {iso(incident.last_seen)}"
    out.print(Text(f"   {span}; {who}" + (f" and {more} more" if more > 0 else ""), style="dim"))
    for finding in _steps(incident):
        mark = "*" if finding.id == incident.telling else " "
        out.print(
            Text.assemble(
                (f"   {iso(finding.first_seen)} {mark} ", "dim"),
                (finding.hunt, LEVEL_STYLES.get(finding.level, "")),
                f"  {shown(finding.summary)}",
            )
        )
    left = len(incident.findings) - _STEPS
    if left > 0:
        out.print(Text(f"   and {many(left, 'finding')} more that say less", style="dim"))
    print_argument(next(one for one in incident.findings if one.id == incident.telling))
    out.print()


def _steps(incident: Incident) -> list[Finding]:
    """What an incident's findings say, in order of time; of many, those that say most."""
    chosen = sorted(incident.findings, key=lambda one: one.order)[:_STEPS]
    return [one for one in incident.findings if one in chosen]
