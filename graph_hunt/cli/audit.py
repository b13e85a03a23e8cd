"""`audit`: who did what, from the trail that is never edited."""

from typing import Annotated

import orjson
import typer

from graph_hunt.casework.state import history
from graph_hunt.cli.options import WorkspaceOption
from graph_hunt.cli.output import iso, out, print_json, row, table
from graph_hunt.cli.token import store


def audit(
    subject: Annotated[str | None, typer.Option(help="Only what was done to it: token:…, hunt:…, case:….")] = None,
    last: Annotated[int, typer.Option(min=1, help="So many lines, the newest.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List who did what and when: tokens, runs, exports, deliveries, cases."""
    with store(workspace) as state, state.read() as connection:
        found = list(history(connection, subject))[-last:]
    if json:
        print_json(
            [
                {
                    "at": iso(one.at),
                    "who": one.who,
                    "action": one.action,
                    "subject": one.subject,
                    "before": one.before,
                    "after": one.after,
                }
                for one in found
            ]
        )
        return
    made = table("at", "who", "action", "subject", "what")
    for one in found:
        what = one.after if one.after is not None else one.before
        row(made, iso(one.at), one.who, one.action, one.subject, "" if what is None else orjson.dumps(what).decode())
    out.print(made)
