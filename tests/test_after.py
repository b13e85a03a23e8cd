"""Sightings and what is drawn of them are right after each load, follow, undo and prune, and after a kill between."""

import signal
import subprocess
from pathlib import Path

import pytest

from graph_hunt.casework.after import after_change
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.repository import give, kept
from graph_hunt.casework.indicators.value import read
from graph_hunt.casework.state import State
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.preferences import Preferences
from tests.commands import COMMAND, answer, environment, run
from tests.paths import ROOT
from tests.telemetry import Event, add

DAY = 86_400_000
ADDRESS = "198.51.100.7"
DRAWN = (
    "MATCH (:Indicator)-[met:MATCHES]->(:IP) RETURN met.count AS times, met.first_seen AS first, met.last_seen AS last"
)


def sign_in(time: int) -> Event:
    return "authentication", {
        "time": time,
        "kind": "sign_in",
        "outcome": "success",
        "user_upn": "a@b.c",
        "source_ip": ADDRESS,
    }


@pytest.fixture
def workspace(tmp_path: Path, graph_store: GraphStore) -> Workspace:
    """A workspace on each engine in turn, without events."""
    root = tmp_path / "w"
    return Workspace(root, Preferences(), EventStore.open(root / "events"), graph_store)


def test_sightings_and_edges_follow_what_comes_and_goes(workspace: Workspace, tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    give(state, [Indicator(read(ADDRESS), ("me",))], who="me")

    def counted() -> tuple[int, list[dict[str, object]]]:
        after_change(workspace, state)
        return kept(state)[0].sightings, workspace.graph.query(DRAWN)

    for day in (1, 5, 9):
        # As after a kill: the events are there, and nothing followed.
        add(workspace.events, tmp_path, [sign_in(day * DAY)])
    workspace.apply()
    assert counted() == (3, [{"times": 3, "first": DAY, "last": 9 * DAY}])
    workspace.prune(4 * DAY)
    assert counted() == (2, [{"times": 2, "first": 5 * DAY, "last": 9 * DAY}])
    workspace.undo(workspace.events.entries()[-1].load)
    assert counted() == (1, [{"times": 1, "first": 5 * DAY, "last": 5 * DAY}])
    add(workspace.events, tmp_path, [sign_in(7 * DAY)])
    workspace.apply()
    assert counted() == (2, [{"times": 2, "first": 5 * DAY, "last": 7 * DAY}])
    state.close()


def test_what_is_followed_is_looked_through(tmp_path: Path) -> None:
    case, log = tmp_path / "case", tmp_path / "auth.log"
    assert run("indicator", "add", ADDRESS, "-w", case).returncode == 0
    log.write_text(f"2030-03-04T08:00:00Z web1 sshd[7]: Accepted password for ann from {ADDRESS} port 50100 ssh2\n")
    with subprocess.Popen(
        [*COMMAND, "load", "--follow", str(log), "-w", str(case)],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as following:  # fmt: skip
        assert following.stderr is not None
        assert following.stderr.readline().startswith("1 record")
        following.send_signal(signal.SIGINT)
        told = following.stderr.read()
    assert "indicators: 1 new sighting" in told and "alerts: 1 new" in told
    [one] = answer("indicator", "list", "--json", "-w", case)
    assert one["sightings"] == 1
