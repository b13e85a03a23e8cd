"""Killed at any step and done again, the projection counts every event once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.projection import apply
from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Neo4jTarget
from tests.engines import ENGINES, empty_kglite
from tests.telemetry import add, stored
from tests.test_projection import EVENTS, HOUR, logon

FIRST, SECOND = EVENTS[:4], EVENTS[4:]
THIRD = [logon(HOUR + 20), logon(2 * HOUR + 30, outcome="failure", reason="locked")]
STEPS = (
    "resolving identities",
    "grouping RAN",
    "writing LOGGED_ON",
    "writing LOGON_TO",
    "writing SPAWNED",
    "marking",
    "publishing",
)


def lines(graph: GraphStore) -> list[bytes]:
    return [*export_nodes(graph), *export_edges(graph)]


def expected(folder: Path) -> list[bytes]:
    folder.mkdir()
    graph = empty_kglite()
    apply(stored(folder, [*FIRST, *SECOND, *THIRD]), graph, folder / "deltas")
    return lines(graph)


def killed(folder: Path, step: str, engine: str, **environment: str) -> bool:
    """Apply in a process of its own; tell whether it was killed."""
    command = [sys.executable, "-m", "tests.killed_apply", str(folder), step, engine]
    done = subprocess.run(command, env={**os.environ, **environment}, cwd=Path(__file__).parents[1], check=False)
    assert done.returncode in (0, -9)
    return done.returncode == -9


def test_a_kill_at_any_step_is_made_good_on_kglite(tmp_path: Path) -> None:
    if "kglite" not in ENGINES:
        pytest.skip("left out by the developer")
    wanted = expected(tmp_path / "reference")
    events = stored(tmp_path, FIRST)
    assert not killed(tmp_path, "", "kglite")
    add(events, tmp_path, SECOND)
    assert [step for step in STEPS[:4] if not killed(tmp_path, step, "kglite")] == []
    add(events, tmp_path, THIRD)
    assert [step for step in STEPS[4:] if not killed(tmp_path, step, "kglite")] == []
    assert not killed(tmp_path, "", "kglite")
    assert lines(KgliteStore.open(tmp_path / "graph.kgl", read_only=True)) == wanted


def test_a_kill_at_any_step_is_made_good_on_neo4j(
    neo4j_store: GraphStore, neo4j_server: Neo4jTarget, tmp_path: Path
) -> None:
    if "neo4j" not in ENGINES:
        pytest.skip("left out by the developer")
    wanted = expected(tmp_path / "reference")
    events = stored(tmp_path, FIRST)
    said = {"URI": neo4j_server.uri, "PASSWORD": neo4j_server.password}
    assert not killed(tmp_path, "", "neo4j", **said)
    add(events, tmp_path, SECOND)
    assert [step for step in STEPS[:4] if not killed(tmp_path, step, "neo4j", **said)] == []
    # What is half there was made of fewer events than what is now to be written over it.
    add(events, tmp_path, THIRD)
    assert [step for step in STEPS[4:] if not killed(tmp_path, step, "neo4j", **said)] == []
    assert lines(neo4j_store) == wanted
