"""Blast radius and ranking on a workspace: its activity and logons, kept between calls beside the events."""

from graph_hunt.hunting import ranking
from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.storage import kept
from graph_hunt.workspace import Workspace

FOLDER = "activity"
LOGONS = "logons"


def activity_of(workspace: Workspace) -> Activity:
    """The workspace's activity: collected from the events once, then mapped from disk until they change."""
    return kept(workspace.root / FOLDER, workspace.state, workspace.resolved)


def ranked(workspace: Workspace) -> ranking.Ranked:
    """The workspace's logons, ranked: collected from the events once, then mapped from disk until they change."""
    return ranking.Ranked(ranking.kept(workspace.root / LOGONS, workspace.state, workspace.resolved))
