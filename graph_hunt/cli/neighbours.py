"""`export ocsf`: what hunts find, as OCSF Detection Findings for a SIEM, XDR or SOAR."""

from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework.neighbours import as_ocsf
from graph_hunt.cli.options import Neo4jOption, ScopeOption, SinceOption, UntilOption, WorkspaceOption, settings
from graph_hunt.cli.output import err, print_jsonl
from graph_hunt.hunting import library
from graph_hunt.hunting.runner import run_all
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace


def ocsf(
    hunts: Annotated[list[str] | None, typer.Argument(help="Ids of hunts; all of them without any.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    scope: ScopeOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Run hunts, and write what they find as OCSF Detection Findings, one a line."""
    chosen = library.find(hunts) if hunts else library.all_hunts()
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        window = resolve(*opened.span(), bucket=opened.preferences.bucket, since=since, until=until)
        runs = run_all(
            chosen,
            opened.graph,
            opened.events.codes(),
            window=window,
            scope=opened.scope(scope or []),
            surprise=surprise_of(opened, chosen),
        )
        for one in runs:
            print_jsonl(as_ocsf(finding) for finding in one.findings)
            for note in one.notes:
                err.print(Text.assemble((one.hunt.id, "bold"), f": {note}"))
