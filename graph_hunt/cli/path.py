"""`path`: how one entity could be reached from another, step by step in order of time."""

from typing import Annotated

import typer

from graph_hunt.cli.options import (
    FormatOption,
    Neo4jOption,
    SinceOption,
    UntilOption,
    WorkspaceOption,
    settings,
)
from graph_hunt.cli.output import Format, err, iso, out, print_csv, print_json, print_jsonl, row, table
from graph_hunt.hunting.path import path as find_path
from graph_hunt.hunting.spread import Entity
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace

_COLUMNS = ("at", "source", "target", "rule", "words", "evidence", "likelihood")


def path(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A user, host or address, by any of its names.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="Likewise.")],
    since: SinceOption = None,
    until: UntilOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Find the most likely way from one entity to another that goes forward in time."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        one, other = (Entity(found.label, found.key) for found in opened.entities([start, end]))
        window = resolve(*opened.span(), bucket=1, since=since, until=until)
        found = find_path(activity_of(opened), one, other, window.since, window.until)
    match format:
        case Format.JSON:
            print_json(found.as_json())
        case Format.JSONL:
            print_jsonl(hop.as_json() for hop in found.hops)
        case Format.CSV:
            print_csv((hop.as_json() for hop in found.hops), _COLUMNS)
        case Format.TABLE:
            made = table("at", "from", "to", "likely:n", "how")
            for hop in found.hops:
                row(made, iso(hop.at), hop.source.name, hop.target.name, f"{hop.likelihood:.2f}", hop.words)
            if found.hops:
                out.print(made)
            else:
                err.print("no way leads there in this span of time")
