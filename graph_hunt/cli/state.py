"""`status`, `doctor` and `rebuild`: what a workspace holds, whether it is sound, and making its graph anew."""

from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.cli.load import progress_bars
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, out, print_json
from graph_hunt.workspace import Workspace

JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def status(json: JsonOption = False, workspace: WorkspaceOption = None, neo4j: Neo4jOption = None) -> None:
    """Say what is loaded: rows, time span, sources, what is quarantined, and how far each host's logs reach."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        print_json(opened.events.status())


def doctor(json: JsonOption = False, workspace: WorkspaceOption = None, neo4j: Neo4jOption = None) -> None:
    """Check the workspace's files, and say what to do about what is wrong."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        print_json(opened.events.doctor())


def rebuild(workspace: WorkspaceOption = None, neo4j: Neo4jOption = None) -> None:
    """Make the graph anew from the events."""
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        applied = opened.rebuild(writing)
    out.print(Text(f"graph built anew: {count(sum(applied.edges.values()))} edges of {applied.batches} batches"))
