"""`serve`: the GraphQL API of a workspace; `schema`: its types."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from graph_hunt.casework.access import any_live
from graph_hunt.cli.oidc import (
    AudienceOption,
    ClaimOption,
    IssuerOption,
    JwksOption,
    RolesOption,
    provider_of,
)
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
    allow_cypher: Annotated[
        bool,
        typer.Option("--allow-cypher", help="Let admins ask the graph in Cypher.", envvar="GRAPH_HUNT_ALLOW_CYPHER"),
    ] = False,
    largest_upload: Annotated[
        int, typer.Option(help="MiB of the largest file that is taken.", envvar="GRAPH_HUNT_LARGEST_UPLOAD", min=1)
    ] = 4096,
    oidc_issuer: IssuerOption = None,
    oidc_audience: AudienceOption = "",
    oidc_jwks: JwksOption = "",
    oidc_claim: ClaimOption = "roles",
    oidc_role: RolesOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Serve GraphQL at /graphql, deliveries at /ingest; to other machines only with tokens."""
    import uvicorn

    from graph_hunt.api.access import Access, is_loopback
    from graph_hunt.api.app import create_app

    provider = provider_of(oidc_issuer, oidc_audience, oidc_jwks, oidc_claim, oidc_role or ())
    demanded = require_token or provider is not None or not is_loopback(host)
    if demanded and provider is None:
        _some_token(host, workspace)
    names = _names(allowed_host or (), host if demanded else "")
    allowed = Access(demanded, names, rate, provider, allow_cypher)
    app = create_app(settings(workspace, neo4j), allowed, largest_upload=largest_upload << 20)
    err.print(f"GraphQL: http://{host}:{port}/graphql" + (", for those with a token" if demanded else ""))
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _names(given: Sequence[str], host: str) -> tuple[str, ...]:
    """The names that requests may use: those given, and the address itself where it is one."""
    for name in given:
        if "*" in name and name != "*" and ("*" in name[1:] or not name.startswith("*.")):
            raise InputError(f"{name} is no name", where="--allowed-host", expected="hunt.example, *.example or *")
    if host in ("0.0.0.0", "::", ""):
        return tuple(given)
    return (*given, f"[{host}]" if ":" in host else host)


def _some_token(host: str, workspace: Path | None) -> None:
    with store(workspace) as state:
        if any_live(state):
            return
    raise InputError(
        f"{host} demands tokens, and there is none that is live",
        where="--host",
        expected="one made with `graph-hunt token create --role analyst`, or --oidc-issuer; "
        "or 127.0.0.1, to which an SSH tunnel leads",
    )


def schema() -> None:
    """Print the GraphQL schema."""
    from graph_hunt.api.schema import SCHEMA

    sys.stdout.write(SCHEMA.as_str() + "\n")
