"""Blast radius, ranking and baselines on a workspace: what they read is kept between calls beside the events."""

import threading
from collections.abc import Iterable
from pathlib import Path

from graph_hunt.graph.rarity import Rarity
from graph_hunt.hunting import baselines, ranking
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.runner import SURPRISING, Surprise
from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.storage import kept
from graph_hunt.workspace import Workspace

FOLDER = "activity"
LOGONS, BASELINES = "logons", "baselines"
_LOCK = threading.Lock()
_LAST: dict[Path, tuple[str, Activity]] = {}
"""Of each workspace that this process traced in: the last state, and its activity."""
_RANKED: dict[Path, tuple[str, ranking.Ranked]] = {}
"""And its logons, ranked: a pass over all of them, which no question changes."""
_RARITY: dict[Path, tuple[str, Rarity]] = {}
"""And how rare its neighbours are."""


def rarity_of(workspace: Workspace) -> Rarity:
    """How rare neighbours are in the workspace's graph: counted as it is asked, and kept until its events change."""
    root, state = workspace.root.resolve(), workspace.state
    with _LOCK:
        known = _RARITY.get(root)
        if known is None or known[0] != state:
            known = _RARITY[root] = state, Rarity()
    return known[1]


def activity_of(workspace: Workspace) -> Activity:
    """The workspace's activity: collected from the events once, then mapped from disk until they change."""
    root, state = workspace.root.resolve(), workspace.state
    with _LOCK:
        known = _LAST.get(root)
        if known is None or known[0] != state:
            known = _LAST[root] = state, kept(root / FOLDER, state, workspace.resolved)
    return known[1]


def ranked(workspace: Workspace) -> ranking.Ranked:
    """The workspace's logons, ranked: collected from the events once, then mapped from disk until they change."""
    root, state = workspace.root.resolve(), workspace.state
    with _LOCK:
        known = _RANKED.get(root)
        if known is None or known[0] != state:
            found = ranking.Ranked(ranking.kept(root / LOGONS, state, workspace.resolved))
            known = _RANKED[root] = state, found
    return known[1]


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
