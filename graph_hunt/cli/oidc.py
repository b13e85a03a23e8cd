"""Options of `serve` for an OpenID Connect provider, and the provider that they name."""

from collections.abc import Sequence
from typing import Annotated

import typer

from graph_hunt.casework.access import Role
from graph_hunt.casework.oidc import Provider
from graph_hunt.errors import InputError

IssuerOption = Annotated[
    str | None,
    typer.Option(
        "--oidc-issuer", help="Take this OpenID Connect issuer's tokens too.", envvar="GRAPH_HUNT_OIDC_ISSUER"
    ),
]
AudienceOption = Annotated[
    str, typer.Option("--oidc-audience", help="For whom its tokens must be.", envvar="GRAPH_HUNT_OIDC_AUDIENCE")
]
JwksOption = Annotated[
    str,
    typer.Option("--oidc-jwks", help="Where its keys are; else its discovery says.", envvar="GRAPH_HUNT_OIDC_JWKS"),
]
ClaimOption = Annotated[
    str,
    typer.Option(
        "--oidc-claim", help="The claim that holds roles, as realm_access.roles.", envvar="GRAPH_HUNT_OIDC_CLAIM"
    ),
]
RolesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--oidc-role",
        help="What a value of the claim means, as soc-team=analyst; may be repeated. Else the roles' own names.",
        envvar="GRAPH_HUNT_OIDC_ROLES",
    ),
]


def provider_of(issuer: str | None, audience: str, jwks: str, claim: str, roles: Sequence[str]) -> Provider | None:
    """The provider that the options name, if any."""
    if not issuer:
        return None
    meant = {}
    for one in roles:
        value, _, role = one.rpartition("=")
        if not value or role not in list(Role):
            raise InputError(f"{one!r} says no role", where="--oidc-role", expected=f"VALUE={'|'.join(Role)}")
        meant[value] = Role(role)
    return Provider(issuer, audience, jwks, claim, meant or {role.value: role for role in Role})
