"""Old days, a load or damaged batches go from events and graph alike, on both engines; the rest stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.settings import Neo4jTarget, Settings
from graph_hunt.workspace import Workspace
from tests import engines
from tests.written import windows_logon, write_lines

LATER = {"@timestamp": "2024-03-05T09:00:00.000Z"}
DAY_FOUR = 1_709_510_400_000  # 2024-03-04


@pytest.fixture(params=engines.ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A workspace on each engine in turn."""
    if request.param == "kglite":
        yield Settings(tmp_path / "w")
        return
    server: Neo4jTarget = request.getfixturevalue("neo4j_server")
    with engines.empty_neo4j(server):
        yield Settings(tmp_path / "w", server)


def exported(workspace: Workspace) -> list[bytes]:
    return [*export_nodes(workspace.graph), *export_edges(workspace.graph)]


def old(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "old.json", [windows_logon(1, "alice"), windows_logon(2, "bob")])


def new(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "new.json", [windows_logon(3, "alice", **LATER), windows_logon(4, "carol", **LATER)])


def test_pruned_days_are_gone_and_later_ones_stay(settings: Settings, tmp_path: Path) -> None:
    with Workspace.open(Settings(tmp_path / "only-new")) as only:
        only.load([new(tmp_path)])
        expected = exported(only)
    with Workspace.open(settings) as workspace:
        workspace.load([old(tmp_path), new(tmp_path)])
        assert exported(workspace) != expected
        before = workspace.state
        assert workspace.prune(DAY_FOUR).rows == 2
        assert workspace.state != before, "what is kept of the pruned days would go on to count"
        assert exported(workspace) == expected
        assert workspace.prune(DAY_FOUR).rows == 0
        assert workspace.events.status().pruned == 2


def test_an_undone_load_leaves_what_others_brought(settings: Settings, tmp_path: Path) -> None:
    with Workspace.open(settings) as workspace:
        workspace.load([old(tmp_path)])
        expected = exported(workspace)
        workspace.load([new(tmp_path)])
        load = workspace.events.entries()[-1].load
        assert workspace.undo(load).rows == 2
        assert exported(workspace) == expected
        assert workspace.load([new(tmp_path)]).report.total("used") == 2


def test_a_damaged_batch_is_taken_out_and_can_be_loaded_again(settings: Settings, tmp_path: Path) -> None:
    with Workspace.open(settings) as workspace:
        workspace.load([old(tmp_path)])
        workspace.load([new(tmp_path)])
        expected = exported(workspace)
        part = workspace.events.entries()[-1].parts[0].path
        (workspace.events.root / part).write_bytes(b"not Parquet")
        assert [one.path for one in workspace.events.doctor() if one.batch] == [part]
        assert workspace.repair().rows == 2
        assert workspace.events.doctor(deep=True) == []
        workspace.load([new(tmp_path)])
        assert exported(workspace) == expected


def test_a_removal_that_was_killed_before_the_graph_followed_is_made_good(settings: Settings, tmp_path: Path) -> None:
    with Workspace.open(settings) as workspace:
        workspace.load([old(tmp_path), new(tmp_path)])
        workspace.events.prune(DAY_FOUR)
        applied = workspace.apply()
        assert (applied.rebuilt, applied.edges["LOGGED_ON"]) == ("events were taken out", 2)
        assert workspace.apply().batches == 0
