"""Blast radius, ranking and baselines on a workspace: what they read is kept between calls beside the events."""

from collections.abc import Iterable

from graph_hunt.hunting import baselines, ranking
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.runner import SURPRISING, Surprise
from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.storage import kept
from graph_hunt.workspace import Workspace

FOLDER = "activity"
LOGONS, BASELINES = "logons", "baselines"


def activity_of(workspace: Workspace) -> Activity:
    """The workspace's activity: collected from the events once, then mapped from disk until they change."""
    return kept(workspace.root / FOLDER, workspace.state, workspace.resolved)


def ranked(workspace: Workspace) -> ranking.Ranked:
    """The workspace's logons, ranked: collected from the events once, then mapped from disk until they change."""
    return ranking.Ranked(ranking.kept(workspace.root / LOGONS, workspace.state, workspace.resolved))


def surprise_of(workspace: Workspace, hunts: Iterable[Hunt]) -> Surprise | None:
    """What the runner orders findings by; nothing where no hunt's findings are ordered so."""
    if all(hunt.tactic != SURPRISING for hunt in hunts):
        return None
    found = ranked(workspace)

    def surprise(finding: Finding) -> float:
        return found.surprise({one.key for one in finding.entities}, finding.first_seen, finding.last_seen)

    return surprise


def baselines_of(workspace: Workspace) -> baselines.Baselines:
    """What is usual in the workspace; only what was loaded since the last call is counted."""
    return baselines.updated(workspace.root / BASELINES, workspace.events, workspace.edits)
