"""Blast radius on a workspace: its activity, kept between calls beside the events."""

from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.storage import kept
from graph_hunt.workspace import Workspace

FOLDER = "activity"


def activity_of(workspace: Workspace) -> Activity:
    """The workspace's activity: collected from the events once, then mapped from disk until they change."""
    return kept(workspace.root / FOLDER, workspace.state, workspace.resolved)
