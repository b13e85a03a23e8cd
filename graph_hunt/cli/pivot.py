"""`pivot`: an entity's neighbours by kind, newest first."""

from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import Format, count, err, iso, many, out, print_csv, print_json, print_jsonl, row, table
from graph_hunt.graph.neighbours import COLUMNS, neighbours
from graph_hunt.workspace import Workspace


def pivot(
    entity: Annotated[str, typer.Argument(help="An entity, by any of its names; Label:name where it is ambiguous.")],
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind of relation; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(help="Neighbours of each kind.")] = 15,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Show what an entity is related to: counts by kind first, then the newest of each."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        found = opened.entities([entity])[0]
        groups = neighbours(opened.graph, found, kinds=kind or (), limit=limit)
    rows = [one.as_json() for group in groups for one in group.neighbours]
    match format:
        case Format.JSON:
            print_json({"entity": found.as_json(), "relations": [group.as_json() for group in groups]})
        case Format.JSONL:
            print_jsonl(rows)
        case Format.CSV:
            print_csv(rows, COLUMNS)
        case Format.TABLE:
            out.print(Text.assemble((found.label, "dim"), " ", (found.name, "bold"), f"  ({found.key})"))
            for group in groups:
                arrow = "->" if group.outgoing else "<-"
                title = f"{arrow} {group.kind}: {many(group.total, group.label)}"
                made = table("name", "first seen", "last seen", "times:n", "how", title=title)
                for one in group.neighbours:
                    how = ", ".join(f"{name}={value}" for name, value in one.properties.items())
                    row(made, one.entity.name, iso(one.first_seen), iso(one.last_seen), count(one.count), how)
                out.print()
                out.print(made)
                if group.total > len(group.neighbours):
                    out.print(f"showing {len(group.neighbours)} of {count(group.total)}", style="dim")
            if not groups:
                err.print("it has no relations")
