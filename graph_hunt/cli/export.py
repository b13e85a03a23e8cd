"""`export`: the graph as files that other programs read."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.cli.load import progress_bars
from graph_hunt.cli.options import WorkspaceOption, settings
from graph_hunt.cli.output import err, many, out, shown
from graph_hunt.graph.neo4j.admin import SCRIPT, AdminFiles
from graph_hunt.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Write the graph as files that other programs read.")


@app.callback()
def exports() -> None:
    """Write the graph as files that other programs read."""


@app.command("neo4j-admin")
def neo4j_admin(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty, or not there yet.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write the files that `neo4j-admin database import full` reads, and the script that runs it."""
    files = AdminFiles(folder)
    with Workspace.open(settings(workspace, None), read_only=True) as opened, progress_bars() as (_, writing):
        applied = opened.export(files, writing)
    err.print(Text(f"{many(sum(applied.edges.values()), 'edge')} written to {shown(str(folder))}"), soft_wrap=True)
    err.print("run it on the server while its database is stopped; loads with --neo4j go on from what it imported")
    out.print(Text(shown(str(folder / SCRIPT))), soft_wrap=True)
