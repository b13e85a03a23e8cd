"""`serve`: the GraphQL API of a workspace; `schema`: its types."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graph_hunt.casework.access import any_live
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import err
from graph_hunt.cli.token import store
from graph_hunt.errors import InputError


def serve(
    host: Annotated[
        str,
        typer.Option(help="The address to answer at; one that others reach demands tokens.", envvar="GRAPH_HUNT_HOST"),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", envvar="GRAPH_HUNT_PORT", min=0, max=65535)] = 8080,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A name that requests may call this server by, as hunt.example or *.example; may be repeated.",
            envvar="GRAPH_HUNT_ALLOWED_HOSTS",
        ),
    ] = None,
    require_token: Annotated[
        bool,
        typer.Option("--require-token", help="Demand tokens on loopback too.", envvar="GRAPH_HUNT_REQUIRE_TOKEN"),
    ] = False,
    rate: Annotated[
        int, typer.Option(help="Requests a minute for one token; 0: any.", envvar="GRAPH_HUNT_RATE", min=0)
    ] = 6000,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Serve GraphQL at /graphql, deliveries at /ingest; to other machines only with tokens."""
    import uvicorn

    from graph_hunt.api.access import Access, is_loopback
    from graph_hunt.api.app import create_app

    demanded = require_token or not is_loopback(host)
    if demanded:
        _some_token(host, workspace)
    names = tuple(allowed_host or ())
    wrong = [name for name in names if "*" in name and name != "*" and not name.startswith("*.")]
    if wrong:
        raise InputError(f"{wrong[0]} is no name", where="--allowed-host", expected="hunt.example, *.example or *")
    if demanded and host not in ("0.0.0.0", "::", ""):
        names = (*names, f"[{host}]" if ":" in host else host)
    app = create_app(settings(workspace, neo4j), Access(demanded, names, rate))
    err.print(f"GraphQL: http://{host}:{port}/graphql" + (", for those with a token" if demanded else ""))
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _some_token(host: str, workspace: Path | None) -> None:
    with store(workspace) as state:
        if any_live(state):
            return
    raise InputError(
        f"{host} demands tokens, and there is none that is live",
        where="--host",
        expected="one made with `graph-hunt token create --role analyst`; or 127.0.0.1, to which an SSH tunnel leads",
    )


def schema() -> None:
    """Print the GraphQL schema."""
    from graph_hunt.api.schema import SCHEMA

    sys.stdout.write(SCHEMA.as_str() + "\n")
