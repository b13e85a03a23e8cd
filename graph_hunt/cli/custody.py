"""`custody`: who loaded which file when, with its digest, and what was taken out again."""

from dataclasses import asdict
from typing import Annotated

import typer

from graph_hunt.casework.after import any_state
from graph_hunt.casework.custody import brought
from graph_hunt.cli.options import WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, out, print_json, row, shown, table
from graph_hunt.cli.token import store
from graph_hunt.workspace.place import open_events


def custody(
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False, workspace: WorkspaceOption = None
) -> None:
    """List who loaded which file when, with its SHA-256, and what was taken out again (`undo`)."""
    place = settings(workspace, None)
    events = open_events(place, read_only=True)
    if any_state(place):
        with store(workspace) as state:
            found = brought(events, state)
    else:
        found = brought(events, None)
    if json:
        print_json([{**asdict(one), "at": iso(one.at)} for one in found])
        return
    made = table("loaded", "by", "file", "SHA-256", "records:n", "load", "taken out by")
    for one in found:
        row(made, iso(one.at), shown(one.who), shown(one.file), one.sha256, count(one.records), one.load, one.undone)
    out.print(made)
