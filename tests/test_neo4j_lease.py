"""One process at a time writes to a Neo4j graph, wherever it runs, and one that was taken for dead writes no more."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest

from graph_hunt.errors import Overtaken, StoreBusy
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.store import GraphStore, Mark, marks
from graph_hunt.settings import Neo4jTarget
from tests.engines import ENGINES
from tests.paths import ROOT

pytestmark = pytest.mark.skipif("neo4j" not in ENGINES, reason="left out by the developer")

_HOLDER = """
import sys
from graph_hunt.graph.neo4j import Neo4jStore
store = Neo4jStore.open(sys.argv[1], "neo4j", sys.argv[2])
store.seconds = 3.0
with store.alone("theirs"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(neo4j_store: GraphStore, neo4j_server: Neo4jTarget) -> Iterator[Neo4jStore]:
    """Another process's connection to the same graph."""
    store = Neo4jStore.open(neo4j_server.uri, neo4j_server.user, neo4j_server.password, neo4j_server.database)
    yield store
    store.close()


def hosts(*keys: str) -> list[pa.Table]:
    return [pa.table({"key": list(keys), "name": list(keys)})]


def keys(store: GraphStore) -> list[str]:
    return [row["key"] for row in store.query("MATCH (host:Host) RETURN host.key AS key ORDER BY key")]


def test_another_is_told_who_writes(neo4j_store: GraphStore, other: Neo4jStore) -> None:
    with neo4j_store.alone("one"), pytest.raises(StoreBusy, match=f"process {os.getpid()} on .* is writing"):
        with other.alone("two"):
            pass
    with other.alone("two"), other.writing() as writer:
        writer.nodes("Host", hosts("a"))
    assert keys(neo4j_store) == ["a"]


def test_who_is_taken_for_dead_writes_no_more(neo4j_store: GraphStore, other: Neo4jStore) -> None:
    with neo4j_store.alone("one"), pytest.raises(Overtaken, match="was held up, and another goes on with the graph"):
        with neo4j_store.writing() as writer:
            writer.nodes("Host", hosts("a"))
            with other.alone("one"), other.writing() as taken:
                taken.nodes("Host", hosts("b"))
                taken.mark(Mark("00000001-x", ("batch",), 1, 1))
            writer.nodes("Host", hosts("c"))
    assert keys(other) == ["a", "b"]
    assert [mark.load for mark in marks(other)] == ["00000001-x"]
    with neo4j_store.alone("one"), pytest.raises(Overtaken), neo4j_store.writing() as writer:
        with other.alone("one"):
            writer.mark(Mark("00000002-y", ("other",), 1, 1))
    assert [mark.load for mark in marks(other)] == ["00000001-x"]


def test_what_a_killed_process_held_runs_out(other: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    command = [sys.executable, "-c", _HOLDER, neo4j_server.uri, neo4j_server.password]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy, match=f"process {holder.pid} on "), other.alone("ours"):
            pass
        holder.kill()
        with other.alone("ours", wait=True), other.writing() as writer:
            writer.nodes("Host", hosts("a"))
    assert keys(other) == ["a"]
