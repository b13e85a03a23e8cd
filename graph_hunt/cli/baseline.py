"""`baseline`: what is usual for a user, a machine or a mailbox."""

from typing import Annotated

import typer

from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import (
    Format,
    count,
    err,
    iso,
    many,
    out,
    print_csv,
    print_json,
    print_jsonl,
    row,
    table,
)
from graph_hunt.errors import ParameterError
from graph_hunt.hunting.baselines import Baseline
from graph_hunt.hunting.parameter import parse_time
from graph_hunt.hunting.tracing import baselines_of
from graph_hunt.workspace import Workspace

COLUMNS = ("trait", "value", "count", "days", "first_seen", "last_seen", "others")


def baseline_command(
    entity: Annotated[str, typer.Argument(help="A user, host or mailbox, by any of its names.")],
    before: Annotated[str | None, typer.Option(help="What was usual before this time; else in all telemetry.")] = None,
    limit: Annotated[int, typer.Option(help="Values to print of each habit, the most usual first.")] = 10,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Show what is usual for an entity: hosts, sources, hours, countries, clients, volumes."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        (found,) = opened.entities([entity])
        kept = baselines_of(opened)
        try:
            usual = (
                kept.of(found.label, found.key)
                if before is None
                else kept.of(found.label, found.key, parse_time(before))
            )
        except ValueError as error:
            raise ParameterError(f"--before must be a time such as 2024-01-02T03:04:05Z, not {before!r}") from error
    match format:
        case Format.JSON:
            print_json(usual.as_json())
        case Format.JSONL:
            print_jsonl(usual.as_json()["usual"])
        case Format.CSV:
            print_csv(usual.as_json()["usual"], COLUMNS)
        case Format.TABLE:
            _print(usual, limit)
    if usual.cold_start:
        err.print(f"cold start: {many(usual.days, 'day')} of telemetry; what is usual is not known yet")


def _print(usual: Baseline, limit: int) -> None:
    made = table("habit", "value", "days:n", "count:n", "others:n", "first seen", "last seen")
    shown: dict[str, int] = {}
    for one in usual.usual:
        shown[one.trait] = shown.get(one.trait, 0) + 1
        if shown[one.trait] <= limit:
            cells = (count(one.days), count(one.count), count(one.others), iso(one.first_seen), iso(one.last_seen))
            row(made, one.trait, one.value, *cells)
    if usual.usual:
        out.print(made)
    volumes = table("a day", "median:n", "deviation:n", "most:n", "days:n")
    for volume in usual.volumes:
        a_day = (f"{volume.median:g}", f"{volume.deviation:g}", count(volume.most), count(volume.days))
        row(volumes, volume.trait, *a_day)
    if usual.volumes:
        out.print(volumes)
    hidden = sum(max(0, number - limit) for number in shown.values())
    if hidden:
        err.print(f"{many(hidden, 'less usual value')} not shown (--limit)")
    err.print(f"active on {usual.active_days} of {many(usual.days, 'day')} of telemetry")
