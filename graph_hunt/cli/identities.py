"""`identities`: which identifiers are one, why, and deciding otherwise."""

import getpass
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.cli.load import progress_bars
from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import (
    Format,
    count,
    err,
    iso,
    many,
    out,
    print_csv,
    print_json,
    print_jsonl,
    row,
    shown,
    table,
)
from graph_hunt.events.identity import EDITS, Link, decide, give_directory, identifiers_of, links_of, record
from graph_hunt.workspace import Workspace

app = typer.Typer(help="Which identifiers are one user, host or address, and why.", rich_markup_mode=None)
_COLUMNS = ("kind", "left", "right", "reason", "confidence", "refused", "first", "last", "count", "sample")
_SHOWN = 200

OfOption = Annotated[str | None, typer.Option("--of", help="Only what concerns this user, host, domain or address.")]
ReasonOption = Annotated[str, typer.Option(help="Why.")]
One = Annotated[str, typer.Argument(help="An identifier: an account, host, domain or address.")]


@app.callback(invoke_without_command=True)
def identities(
    context: typer.Context,
    of: OfOption = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only what was seen together but kept apart.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List what makes identifiers one: reason, confidence, when, and an event that shows it."""
    if context.invoked_subcommand:
        return
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        ledger = opened.ledger()
        if of and not identifiers_of(ledger, of) and not links_of(ledger, of):
            of = opened.entities([of])[0].key
    links = links_of(ledger, of) if of else list(ledger.links)
    names = identifiers_of(ledger, of) if of else []
    _print([link for link in links if link.refused or not refused], names, format)


def _print(links: Sequence[Link], names: Sequence[str], format: Format) -> None:
    rows = [_as_json(link) for link in links]
    match format:
        case Format.JSON:
            print_json({"identifiers": names, "links": rows})
        case Format.JSONL:
            print_jsonl(rows)
        case Format.CSV:
            print_csv(rows, _COLUMNS)
        case Format.TABLE:
            if names:
                out.print(Text.assemble(("known as ", "dim"), shown(", ".join(names))))
            made = table("kind", "left", "right", "why", "conf.:n", "first", "last", "times:n")
            for link in links[:_SHOWN]:
                why = f"kept apart: {link.refused}" if link.refused else link.reason
                times = iso(link.first), iso(link.last), count(link.count) if link.count else ""
                row(made, link.kind, link.left, link.right, why, f"{link.confidence:.2f}", *times)
            out.print(made)
            if len(links) > _SHOWN:
                out.print(f"showing {_SHOWN} of {count(len(links))}; --of NAME or --format json", style="dim")


def _as_json(link: Link) -> dict[str, Any]:
    found = {name: getattr(link, name) for name in _COLUMNS}
    return {**found, "first": iso(link.first) or None, "last": iso(link.last) or None, "sample": link.sample or None}


def _decide(action: str, pair: tuple[str, str], reason: str, workspace: Path | None, neo4j: str | None) -> None:
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        author, at = getpass.getuser(), time.time_ns() // 1_000_000
        edit = decide(opened.ledger(), action, *pair, reason=reason, author=author, at=at)
        record(opened.root / EDITS, edit)
        opened.rebuild(writing)
    err.print(f"{action}: {edit.kind} {shown(edit.left)} and {shown(edit.right)}; the graph was built anew")


@app.command()
def join(
    one: One, other: One, reason: ReasonOption = "", workspace: WorkspaceOption = None, neo4j: Neo4jOption = None
) -> None:
    """Make two identifiers one."""
    _decide("join", (one, other), reason, workspace, neo4j)


@app.command()
def split(
    one: One, other: One, reason: ReasonOption = "", workspace: WorkspaceOption = None, neo4j: Neo4jOption = None
) -> None:
    """Keep two identifiers apart."""
    _decide("split", (one, other), reason, workspace, neo4j)


@app.command()
def undo(
    one: One, other: One, reason: ReasonOption = "", workspace: WorkspaceOption = None, neo4j: Neo4jOption = None
) -> None:
    """Take back a join or split of two identifiers."""
    _decide("undo", (one, other), reason, workspace, neo4j)


@app.command()
def directory(
    files: Annotated[
        list[Path], typer.Argument(help="Exports: CSV of users or computers, LDIF, JSON of Entra's users.")
    ],
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Give the organisation's directory, in the place of the one given before."""
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        found = give_directory(opened.root, files)
        opened.apply(writing)
    left_out = f"; {many(found.skipped, 'record')} named nobody" if found.skipped else ""
    err.print(f"{many(len(found.entries), 'entry')} kept{left_out}")
