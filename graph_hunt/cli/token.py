"""`token create`, `token list`, `token revoke`: who may use the API."""

import getpass
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework import access
from graph_hunt.casework.access import Role
from graph_hunt.casework.state import State
from graph_hunt.cli.options import WorkspaceOption, settings
from graph_hunt.cli.output import err, iso, out, print_json, row, shown, table
from graph_hunt.errors import InputError
from graph_hunt.hunting.parameter import parse_duration, parse_time

app = typer.Typer(no_args_is_help=True, help="Tokens for the API: made, listed, ended.")
NEVER = "never"


@contextmanager
def store(workspace: WorkspaceOption) -> Iterator[State]:
    """The state store of the workspace, until the block is left."""
    state = State.open(settings(workspace, None).state_store)
    try:
        yield state
    finally:
        state.close()


def local_user() -> str:
    """What the trail calls the user of this machine who gave a command."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):
        # A container may run as a number that has no name.
        return f"local:{os.getuid()}"


@app.command()
def create(
    role: Annotated[Role, typer.Option(help="What its holder may do; each role may do all that those before it may.")],
    expires: Annotated[str, typer.Option(help="A span (90d), a time (2027-01-31), or never.")] = "90d",
    name: Annotated[str, typer.Option(help="Whose it is; the audit trail shows it.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Make a token and print it, this once."""
    with store(workspace) as state:
        token, text = access.create(state, role=role, expires=_end(expires), who=local_user(), name=name)
    ends = f"until {iso(token.expires)}" if token.expires is not None else "without end"
    err.print(Text(f"token {token.id}, {role.value}, {ends}; it is shown only now: send it as Authorization: Bearer"))
    out.print(text, soft_wrap=True)


@app.command("list")
def list_tokens(
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False, workspace: WorkspaceOption = None
) -> None:
    """List the tokens, never their secrets."""
    with store(workspace) as state:
        found = access.tokens(state)
    if json:
        print_json(
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "role": one.role.value,
                    "state": one.state(),
                    "created": iso(one.created),
                    "expires": iso(one.expires) or None,
                    "last_used": iso(one.last_used) or None,
                }
                for one in found
            ]
        )
        return
    made = table("id", "name", "role", "state", "created", "expires", "last used")
    for one in found:
        row(
            made,
            one.id,
            shown(one.name),
            one.role.value,
            one.state(),
            iso(one.created),
            iso(one.expires) or NEVER,
            iso(one.last_used),
        )
    out.print(made)


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="A token's id, as `token list` shows it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """End a token at once."""
    with store(workspace) as state:
        access.revoke(state, id, who=local_user())
    out.print(Text(f"token {shown(id)} is revoked"))


def _end(text: str) -> int | None:
    if text == NEVER:
        return None
    now = time.time_ns() // 1_000_000
    for parse in (lambda one: now + parse_duration(one), parse_time):
        try:
            return parse(text)
        except (ValueError, TypeError, OverflowError):
            continue
    raise InputError(f"{text!r} is no end", where="--expires", expected="a span (90d), a time (2027-01-31) or never")
