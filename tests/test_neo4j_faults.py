"""A Neo4j server that dies in the middle of a load, or has little memory."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from graph_hunt.errors import StoreUnavailable
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.projection import apply
from graph_hunt.settings import Neo4jTarget
from tests.engines import ENGINES, empty_kglite, started, stopped
from tests.telemetry import add, stored
from tests.test_projection import EVENTS

pytestmark = [
    pytest.mark.skipif("neo4j" not in ENGINES, reason="left out by the developer"),
    pytest.mark.xdist_group("neo4j faults"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server of this module's own."""
    folder = tmp_path_factory.mktemp("server") / "neo4j"
    yield folder
    stopped(folder)


def opened(server: Neo4jTarget) -> Neo4jStore:
    return Neo4jStore.open(server.uri, server.user, server.password, retry=1.0)


def test_a_transaction_that_is_too_big_is_halved(home: Path) -> None:
    store = opened(started(home, "--set", "db.memory.transaction.max=16m"))
    count = 4_000
    keys = [f"p{n}" for n in range(count)]
    lines = pa.array([f"{n} " + "x" * 10_000 for n in range(count)])
    with store.writing() as writer:
        writer.nodes("Process", [pa.table({"key": keys, "name": keys, "command_line": lines})])
    assert store.query("MATCH (process:Process) RETURN count(process) AS n") == [{"n": count}]
    with store.writing(anew=True):
        pass
    store.close()


def test_a_wrong_password_for_the_right_user_is_refused_by_name(home: Path) -> None:
    server = started(home)
    with pytest.raises(StoreUnavailable, match=server.uri + ".*refuses the account") as refused:
        Neo4jStore.open(server.uri, server.user, "not-the-password", retry=1.0)
    assert "not-the-password" not in str(refused.value)
    opened(server).close()


def test_a_load_goes_on_after_the_server_was_killed(home: Path, tmp_path: Path) -> None:
    server = started(home)
    (tmp_path / "other").mkdir()
    undisturbed = empty_kglite()
    apply(stored(tmp_path / "other", EVENTS), undisturbed, tmp_path / "other" / "deltas")
    events = stored(tmp_path, EVENTS[:3])
    store = opened(server)
    apply(events, store, tmp_path / "deltas")
    add(events, tmp_path, EVENTS[3:])

    def progress(what: str, done: int, of: int) -> None:
        if what == "writing RAN":
            os.kill(int((home / "pid").read_text()), signal.SIGKILL)

    with pytest.raises(StoreUnavailable, match=server.uri):
        apply(events, store, tmp_path / "deltas", progress=progress)
    store.close()
    with pytest.raises(StoreUnavailable, match=server.uri):
        opened(server)
    store = opened(started(home, "--port", server.uri.rpartition(":")[2]))
    apply(events, store, tmp_path / "deltas")
    assert [*export_nodes(store), *export_edges(store)] == [*export_nodes(undisturbed), *export_edges(undisturbed)]
    store.close()
