"""Options that several commands share, and the workspace they name."""

import os
from pathlib import Path
from typing import Annotated

import typer

from graph_hunt.cli.output import Format
from graph_hunt.settings import Settings, settle

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", help="The workspace's folder.", envvar="GRAPH_HUNT_WORKSPACE", show_default=False
    ),
]
Neo4jOption = Annotated[
    str | None,
    typer.Option(
        "--neo4j",
        help="Neo4j's URI; without one the embedded engine serves. User and password: GRAPH_HUNT_NEO4J_USER, "
        "GRAPH_HUNT_NEO4J_PASSWORD or GRAPH_HUNT_NEO4J_PASSWORD_FILE.",
        envvar="GRAPH_HUNT_NEO4J_URI",
        show_default=False,
    ),
]
EventsOption = Annotated[
    str | None,
    typer.Option(
        "--events",
        help="Where several machines keep the events together: s3://BUCKET/PREFIX, or a folder that all see. "
        "It takes Neo4j, and the workspace remembers it.",
        envvar="GRAPH_HUNT_EVENTS",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the results.")]
SinceOption = Annotated[
    str | None, typer.Option(help="Begin: a time (2020-08-06T00:00:00Z) or a span before the newest event (24h).")
]
UntilOption = Annotated[str | None, typer.Option(help="End, likewise.")]
ScopeOption = Annotated[
    list[str] | None,
    typer.Option(help="Only what touches this entity, by any of its names, or tag:NAME, zone:NAME; may be repeated."),
]


def settings(workspace: Path | None, neo4j: str | None, events: str | None = None) -> Settings:
    """Settle the options and the environment."""
    return settle(os.environ, workspace=workspace, neo4j=neo4j, events=events)
