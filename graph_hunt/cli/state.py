"""`status`, `doctor` and `rebuild`: what a workspace holds, whether it is sound, and making its graph anew."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.cli.after import follow_up
from graph_hunt.cli.load import progress_bars
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, many, out, print_json, row, shown, table
from graph_hunt.cli.removal import print_removed
from graph_hunt.events.batch import Span
from graph_hunt.events.doctor import Severity
from graph_hunt.events.status import Status
from graph_hunt.schema import NODES
from graph_hunt.workspace import Workspace

JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_SHOWN = 15


def status(
    json: JsonOption = False,
    spans: Annotated[bool, typer.Option("--spans", help="All recorders and channels.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Say what is loaded: rows, time span, sources, what was quarantined, and how far each host's logs reach."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        found = opened.events.status()
        nodes = dict(_nodes(opened))
    if json:
        print_json(as_json(found, nodes))
    else:
        print_status(found, nodes, all_spans=spans)


def _nodes(opened: Workspace) -> Iterator[tuple[str, int]]:
    for label in NODES:
        # A label cannot be a parameter; this one comes from the schema.
        rows = opened.graph.query(f"MATCH (entity:{label}) RETURN count(entity) AS total")
        if rows and rows[0]["total"]:
            yield label, int(rows[0]["total"])


def as_json(found: Status, nodes: dict[str, int]) -> dict[str, Any]:
    """The account of a workspace."""
    return {
        "first": iso(found.first) or None,
        "last": iso(found.last) or None,
        "tables": dict(found.tables),
        "codes": {f"{name} {code}": number for (name, code), number in found.codes.items()},
        "records": found.records,
        "used": found.used,
        "not_used": dict(found.unused),
        "quarantined": dict(found.quarantined),
        "duplicates": found.duplicates,
        "pruned": found.pruned,
        "bytes": found.size,
        "nodes": nodes,
        "sources": found.sources,
        "files": [
            {
                "name": file.name,
                "sha256": file.digest,
                "loader": file.loader,
                "records": file.records,
                "used": file.used,
                "not_used": sum(file.unused.values()),
                "quarantined": sum(file.quarantined.values()),
                "problem": file.problem or None,
            }
            for file in found.files
        ],
        "spans": [
            {
                "recorder": span.recorder,
                "channel": span.channel,
                "first": iso(span.first),
                "last": iso(span.last),
                "records": span.count,
            }
            for span in found.spans
        ],
    }


def print_status(found: Status, nodes: dict[str, int], *, all_spans: bool) -> None:
    """Print the account as tables."""
    reach = f"{iso(found.first)} to {iso(found.last)}" if found.first is not None else "nothing"
    sources = ", ".join(f"{many(number, 'file')} of {loader}" for loader, number in found.sources.items())
    out.print(Text(f"loaded: {reach}; {sources or 'no files'}; {count(found.size)} bytes"))
    out.print(Text("graph:  " + (", ".join(many(number, label) for label, number in nodes.items()) or "empty")))
    out.print()
    made = table("records:n", "used:n", "not used:n", "quarantined:n", "given twice:n")
    numbers = (found.records, found.used, sum(found.unused.values()), sum(found.quarantined.values()), found.duplicates)
    row(made, *map(count, numbers))
    out.print(made)
    out.print()
    made = table("event table", "rows:n", "of which")
    for name, rows in found.tables.items():
        codes = [(number, code) for (owner, code), number in found.codes.items() if owner == name]
        row(made, name, count(rows), ", ".join(f"{code} {count(number)}" for number, code in sorted(codes)[::-1][:6]))
    out.print(made)
    for reason, number in list(found.quarantined.items())[:_SHOWN]:
        out.print(Text("quarantined", style="yellow"), Text(f"{count(number)}  {shown(reason)}"))
    _print_spans(found.spans if all_spans else found.spans[:_SHOWN], len(found.spans))


def _print_spans(spans: Sequence[Span], total: int) -> None:
    out.print()
    made = table("recorder", "channel", "from", "to", "records:n", title="How far each log reaches")
    for span in spans:
        row(made, span.recorder, span.channel, iso(span.first), iso(span.last), count(span.count))
    out.print(made)
    if len(spans) < total:
        out.print(f"and {count(total - len(spans))} more (--spans)", style="dim")


def doctor(
    json: JsonOption = False,
    deep: Annotated[bool, typer.Option("--deep", help="Read every file wholly.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Take out what is damaged; say what to load again.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Check the workspace's files, and say what to do about what is wrong."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        complaints = opened.events.doctor(deep=deep)
    if json:
        print_json(
            [
                {"severity": one.severity.value, "path": one.path, "what": one.what, "remedy": one.remedy}
                for one in complaints
            ]
        )
    for one in complaints if not json else ():
        out.print(Text.assemble((one.severity.value, "red"), f" {shown(one.path)}: {shown(one.what)}; {one.remedy}"))
    if not complaints and not json:
        out.print("the workspace is sound")
    if repair:
        with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
            removed = opened.repair(writing)
            follow_up(opened, workspace)
        print_removed(removed)
    elif any(one.severity is Severity.ERROR for one in complaints):
        raise typer.Exit(1)


def rebuild(workspace: WorkspaceOption = None, neo4j: Neo4jOption = None) -> None:
    """Make the graph anew from the events."""
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        applied = opened.rebuild(writing)
        follow_up(opened, workspace)
    out.print(Text(f"graph built anew: {many(sum(applied.edges.values()), 'edge')}"))
