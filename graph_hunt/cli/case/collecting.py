"""`case collection`, `case hosts`: what the case would need to see, and which machines it knows."""

from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework import cases
from graph_hunt.casework.cases import collection as checking
from graph_hunt.casework.cases import custody
from graph_hunt.casework.cases.template import FOLDER, find
from graph_hunt.cli.case.opening import CaseArgument, JsonOption, VersionOption
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.workspace import Workspace


def collection(case: CaseArgument, json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Say which telemetry the case's hypotheses need, what of it is missing, and how to turn it on."""
    place = settings(workspace, None)
    with store(workspace) as state:
        found = cases.get(state, case)
    laid = find(found.head.template, place.workspace / FOLDER) if found.head.template else None
    needs = checking.check(found, Workspace.codes_of(place), laid)
    if json:
        print_json(
            [
                {
                    "there": need.there,
                    "rows": need.rows,
                    "kinds": [kind.as_json() for kind in need.kinds],
                    "asked_by": list(need.asked_by),
                    "hypotheses": list(need.hypotheses),
                }
                for need in needs
            ]
        )
        return
    made = table("there", "records:n", "telemetry", "asked by", "how to turn it on")
    for need in needs:
        there = Text("yes", style="green") if need.there else Text("no", style="red")
        opens = "" if need.there else "; or ".join(kind.opens for kind in need.kinds)
        titles = " or ".join(kind.title for kind in need.kinds)
        row(made, there, count(need.rows), titles, ", ".join(need.asked_by), opens)
    out.print(made)


def hosts(
    case: CaseArgument,
    clear: Annotated[str | None, typer.Option(help="This machine is clean: only a person says so.")] = None,
    suspect: Annotated[str | None, typer.Option(help="Take back that this machine is clean.")] = None,
    because: Annotated[str, typer.Option(help="Why.")] = "",
    version: VersionOption = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """List the case's machines: collected, merely referenced, or cleared by a person."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        if clear is not None:
            custody.clear(state, case, clear, because, who=local_user(), version=version)
        if suspect is not None:
            custody.suspect(state, opened, case, suspect, who=local_user())
        found = custody.list_hosts(state, opened, case, who=local_user())
    if json:
        print_json([{"number": one.number, "version": one.version, **one.entry.said()} for one in found])
        return
    made = table("state", "host", "first", "last", "because")
    for one in found:
        entry = one.entry
        row(made, entry.state, shown(entry.name), iso(entry.since), iso(entry.until), shown(entry.because))
    out.print(made)
