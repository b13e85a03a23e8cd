"""What commands that bring or take events do afterwards: indicators, detections, notifications."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from graph_hunt.casework.after import After, after_change, any_state
from graph_hunt.casework.custody import note_load
from graph_hunt.cli.options import settings
from graph_hunt.cli.output import err, many, shown
from graph_hunt.cli.token import local_user, store
from graph_hunt.workspace import Workspace


def follow_up(opened: Workspace, workspace: Path | None) -> After:
    """Bring what is kept beside the events up to them, and say on stderr what came of it."""
    if not any_state(settings(workspace, None)):
        return After()
    with store(workspace) as state:
        after = after_change(opened, state)
    print_after(after)
    return after


def note_loaded(opened: Workspace, workspace: Path | None, batches: Sequence[str]) -> None:
    """Write on the trail who loaded this."""
    if batches:
        with store(workspace) as state:
            note_load(state, opened.events, batches, who=local_user())


def print_after(after: After) -> None:
    """Say what came of it."""
    if after.sightings:
        err.print(f"indicators: {many(after.sightings, 'new sighting')}; `graph-hunt indicator list` shows them")
    for one in after.looked.ran:
        if one.done.state not in ("done", "cut"):
            notes = "; ".join(one.done.notes)
            err.print(Text.assemble((f"detection {one.detection}", "bold"), f": {one.done.state}: {shown(notes)}"))
    if after.looked.new:
        err.print(f"alerts: {after.looked.new} new; `graph-hunt alert list` shows them")
