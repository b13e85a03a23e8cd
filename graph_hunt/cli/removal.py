"""`prune`, `loads`, `undo`: taking events out of a workspace; its graph is made anew from what stays."""

from collections import Counter
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework.custody import note_undo
from graph_hunt.cli.after import follow_up
from graph_hunt.cli.load import progress_bars
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, many, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.errors import InputError
from graph_hunt.events.removal import Removed
from graph_hunt.hunting.parameter import parse_time
from graph_hunt.workspace import Workspace


def prune(
    before: Annotated[str, typer.Option(help="A date: the days before it go, that day and later ones stay.")],
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Take out the events of days before a date, from the event store and from the graph."""
    try:
        limit = parse_time(before)
    except ValueError as error:
        raise InputError(f"{before!r} is no date", where="--before", expected="ISO 8601, such as 2024-01-31") from error
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        removed = opened.prune(limit, writing)
        follow_up(opened, workspace)
    print_removed(removed)


def loads(
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """List the loads: when each was, what it read, and what it is called (for `undo`)."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        entries = opened.events.entries()
    rows, files, times = Counter[str](), dict[str, set[str]](), dict[str, int]()
    for entry in entries:
        rows[entry.load] += sum(part.rows for part in entry.parts)
        files.setdefault(entry.load, set()).update(reading.name for reading in entry.readings)
        times[entry.load] = min(entry.at, times.get(entry.load, entry.at))
    listed = sorted(times, key=lambda load: (times[load], load))
    if json:
        print_json(
            [{"load": one, "at": iso(times[one]), "rows": rows[one], "files": sorted(files[one])} for one in listed]
        )
        return
    made = table("load", "at", "rows:n", "files")
    for one in listed:
        names = sorted(files[one])
        more = f" and {count(len(names) - 3)} more" if len(names) > 3 else ""
        row(made, one, iso(times[one]), count(rows[one]), ", ".join(shown(name) for name in names[:3]) + more)
    out.print(made)


def undo(
    load: Annotated[str, typer.Argument(help="A load, as `loads` names it.")],
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Take out what one load brought, from the event store and from the graph; the rest stays."""
    with Workspace.open(settings(workspace, neo4j)) as opened, progress_bars() as (_, writing):
        removed = opened.undo(load, writing)
        with store(workspace) as state:
            note_undo(state, load, removed.rows, who=local_user())
        follow_up(opened, workspace)
    print_removed(removed)


def print_removed(removed: Removed) -> None:
    """Say what was taken out, and what to load again."""
    out.print(f"taken out: {many(removed.rows, 'row')}; the graph is made anew from what stays")
    for reading in removed.again:
        out.print(Text(f"load again, it gave some of the same events: {shown(reading.path or reading.name)}"))
