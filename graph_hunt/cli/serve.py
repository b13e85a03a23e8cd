"""`serve`: the GraphQL API of a workspace, on this machine; `schema`: its types."""

import sys
from typing import Annotated

import typer

from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import err
from graph_hunt.errors import InputError


def serve(
    host: Annotated[str, typer.Option(help="An address of this machine's own (loopback).")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8080,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Serve GraphQL at /graphql."""
    import uvicorn

    from graph_hunt.api.app import LOOPBACK, create_app

    if host not in LOOPBACK:
        raise InputError(
            f"{host} can be reached from other machines, and there are no tokens yet",
            where="--host",
            expected=f"one of {', '.join(LOOPBACK)}; an SSH tunnel brings others here",
        )
    app = create_app(settings(workspace, neo4j))
    err.print(f"GraphQL: http://{host}:{port}/graphql")
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def schema() -> None:
    """Print the GraphQL schema."""
    from graph_hunt.api.schema import SCHEMA

    sys.stdout.write(SCHEMA.as_str() + "\n")
