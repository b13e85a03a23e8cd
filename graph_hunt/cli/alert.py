"""`alert`: what detections raised, and what people made of it."""

from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework.detections import alerts as kept
from graph_hunt.casework.detections.alerts import Alert, AlertState, Verdict
from graph_hunt.cli.options import WorkspaceOption
from graph_hunt.cli.output import count, err, iso, level_text, many, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store

app = typer.Typer(no_args_is_help=True, help="Alerts: listed, acknowledged, closed with a verdict.")
IdArgument = Annotated[str, typer.Argument(help="An alert's id.")]
NoteOption = Annotated[str | None, typer.Option(help="What was found out.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list")
def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    detection: Annotated[str | None, typer.Option(help="Only this detection's.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the alerts, the newest first."""
    states = () if every else (AlertState.NEW, AlertState.ACKNOWLEDGED)
    with store(workspace) as state:
        found, total = kept.alerts(state, detection=detection, states=states, limit=limit)
    if json:
        print_json([as_json(one) for one in found])
        return
    made = table("id", "state", "level", "raised", "detection", "alert", "repeats:n")
    for one in found:
        level = level_text(one.finding.level)
        row(made, one.id, one.state, level, iso(one.created), one.detection, one.finding.summary, count(one.repeats))
    out.print(made)
    if total > len(found):
        err.print(f"and {count(total - len(found))} older ones (--limit)")


@app.command()
def show(id: IdArgument, workspace: WorkspaceOption = None) -> None:
    """Show an alert, and how it was told, as JSON."""
    with store(workspace) as state:
        print_json(as_json(kept.alert(state, id)))


@app.command()
def acknowledge(id: IdArgument, note: NoteOption = None, workspace: WorkspaceOption = None) -> None:
    """Say that somebody is at it."""
    with store(workspace) as state:
        kept.settle(state, id, AlertState.ACKNOWLEDGED, who=local_user(), note=note)
    out.print(Text(f"alert {shown(id)} is acknowledged"))


@app.command()
def close(
    ids: Annotated[list[str], typer.Argument(help="Alerts' ids.")],
    verdict: Annotated[Verdict, typer.Option(help="What it was.")],
    note: NoteOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Close alerts with a verdict."""
    with store(workspace) as state:
        for id in ids:
            kept.settle(state, id, AlertState.CLOSED, who=local_user(), verdict=verdict, note=note)
    out.print(f"{many(len(ids), 'alert')} closed: {verdict.value}")


@app.command("reopen")
def reopen(id: IdArgument, note: NoteOption = None, workspace: WorkspaceOption = None) -> None:
    """Have an alert be new again."""
    with store(workspace) as state:
        kept.settle(state, id, AlertState.NEW, who=local_user(), note=note)
    out.print(Text(f"alert {shown(id)} is new again"))


def as_json(one: Alert) -> dict[str, Any]:
    """An alert as the command line shows it."""
    return {
        "id": one.id,
        "number": one.number,
        "detection": one.detection,
        "state": one.state.value,
        "verdict": one.verdict.value if one.verdict else None,
        "note": one.note,
        "who": one.who,
        "created": iso(one.created),
        "changed": iso(one.changed),
        "last": iso(one.last),
        "repeats": one.repeats,
        "version": one.version,
        "finding": one.finding.as_json(),
        "deliveries": [
            {
                "channel": sent.channel,
                "state": sent.state,
                "attempts": sent.attempts,
                "problem": sent.problem,
                "ended": iso(sent.ended) or None,
            }
            for sent in one.deliveries
        ],
    }
