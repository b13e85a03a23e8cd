"""Runs of hunts: kept, filled hunt by hunt, taken up by the next server when theirs was killed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.casework.runs import Asked, Kept, Runs
from graph_hunt.casework.state import State
from graph_hunt.errors import HuntError, Overloaded, ParameterError, UnknownRun
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

LOGONS = [windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)]


@pytest.fixture
def settings(own_settings: Settings, tmp_path: Path) -> Settings:
    """A loaded workspace."""
    with Workspace.open(own_settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", LOGONS)])
    return own_settings


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    """The workspace, to read."""
    with Workspace.open(settings, read_only=True) as opened:
        yield opened


@pytest.fixture
def state(settings: Settings) -> Iterator[State]:
    """Its state store."""
    opened = State.open(settings.state_store)
    yield opened
    opened.close()


def _over(runs: Runs, id: str) -> Kept:
    heard = threading.Event()
    end = runs.listen(id, heard.set)
    while not (kept := runs.get(id)).over:
        assert heard.wait(60)
        heard.clear()
    end()
    return kept


def _window(workspace: Workspace) -> Window:
    return resolve(*workspace.span())


def test_a_run_is_kept_with_what_each_hunt_found(state: State, workspace: Workspace) -> None:
    runs = Runs(state, lambda: workspace)
    begun = runs.begin(Asked(("fan-out", "dcsync"), _window(workspace), {"minimum": 10}), "tester")
    kept = _over(runs, begun.id)
    assert (kept.state, kept.who, kept.total) == ("done", "tester", 2)
    assert [(one["hunt"], one["state"]) for one in kept.outcomes] == [("fan-out", "done"), ("dcsync", "cannot_see")]
    found, total = runs.findings(begun.id, 10)
    assert total == len(found) == kept.outcomes[0]["findings"]
    runs.close()
    assert Runs(state, lambda: workspace).findings(begun.id, 10)[0] == found
    assert [one.id for one in Runs(state, lambda: workspace).recent(5)[0]] == [begun.id]


def test_what_cannot_run_is_not_acknowledged(state: State, workspace: Workspace) -> None:
    runs = Runs(state, lambda: workspace)
    with pytest.raises(HuntError):
        runs.begin(Asked(("frist-logon",), _window(workspace), {}), "tester")
    with pytest.raises(ParameterError):
        runs.begin(Asked(("fan-out",), _window(workspace), {"nonsense": 1}), "tester")
    with pytest.raises(UnknownRun):
        runs.get("none")
    assert runs.recent(5) == ([], 0)


def test_open_runs_are_bounded_and_can_be_cancelled(state: State, workspace: Workspace) -> None:
    ready = threading.Event()

    def waits() -> Workspace:
        ready.wait()
        return workspace

    runs = Runs(state, waits)
    asked = Asked(("dcsync",), _window(workspace), {})
    begun = [runs.begin(asked, "tester") for _ in range(100)]
    with pytest.raises(Overloaded):
        runs.begin(asked, "tester")
    for one in begun:
        assert runs.cancel(one.id).state == "cancelled"
    ready.set()
    runs.close()
    assert {runs.get(one.id).outcomes for one in begun} == {()}


def test_a_run_outlives_its_server(settings: Settings, state: State, workspace: Workspace) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_runs", str(settings.workspace)], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 9, done.stderr
    id = done.stdout.strip()
    runs = Runs(state, lambda: workspace)
    assert runs.get(id).state == "queued"
    assert runs.resume() == [id]
    kept = _over(runs, id)
    assert (kept.state, [one["hunt"] for one in kept.outcomes]) == ("done", ["fan-out", "dcsync"])
    assert runs.resume() == []
    runs.close()


def test_old_runs_are_let_go_of_and_open_ones_never(state: State, workspace: Workspace) -> None:
    ready = threading.Event()

    def waits() -> Workspace:
        ready.wait()
        return workspace

    runs = Runs(state, waits, most=2)
    asked = Asked(("fan-out",), _window(workspace), {})
    begun = [runs.begin(asked, "tester").id for _ in range(5)]
    assert len(runs.recent(10)[0]) == 5
    ready.set()
    for id in begun:
        _over(runs, id)
    last = runs.begin(asked, "tester").id
    assert {one.id for one in runs.recent(10)[0]} == {*begun[3:], last}
    _over(runs, last)
    runs.close()
    now = Runs(state, lambda: workspace, keep=-60_000)
    (begun[0],) = (now.begin(asked, "tester").id,)
    assert [one.id for one in now.recent(10)[0]] == [begun[0]]
    assert now.findings(last, 10) == ([], 0)
    _over(now, begun[0])
    now.close()


def test_all_that_a_run_found_and_the_newest_run(state: State, workspace: Workspace) -> None:
    runs = Runs(state, lambda: workspace)
    assert runs.newest() is None
    one = runs.begin(Asked(("fan-out", "dcsync"), _window(workspace), {"minimum": 10}), "tester")
    _over(runs, one.id)
    other = runs.begin(Asked(("dcsync",), _window(workspace), {}), "tester")
    _over(runs, other.id)
    assert list(runs.all_findings(one.id)) == runs.findings(one.id, 100)[0]
    assert runs.all_findings(other.id) == ()
    newest, of_two = runs.newest(), runs.newest(hunts=2)
    assert newest and of_two and (newest.id, of_two.id) == (other.id, one.id)
    runs.close()
