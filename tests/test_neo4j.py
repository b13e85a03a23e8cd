"""Neo4j: migrations, and what goes wrong with a server."""

import getpass
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest

from graph_hunt.errors import StoreError, StoreUnavailable, WorkspaceVersion
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.neo4j.migrations import missing, steps
from graph_hunt.graph.neo4j.writer import AT_ONCE
from graph_hunt.graph.projection import apply
from graph_hunt.graph.store import Ends, GraphStore, asking, purpose
from graph_hunt.settings import Neo4jTarget
from tests.engines import ENGINES, empty_kglite
from tests.telemetry import stored
from tests.test_graph import CLEARED, CLEARED_LOG, HOSTS, fill, logs
from tests.test_projection import EVENTS

pytestmark = pytest.mark.skipif("neo4j" not in ENGINES, reason="left out by the developer")


@pytest.fixture
def store(neo4j_store: GraphStore) -> Neo4jStore:
    return cast(Neo4jStore, neo4j_store)


def run(store: Neo4jStore, text: str, **parameters: object) -> None:
    with store.session("WRITE") as session:
        session.run(text, parameters).consume()


def again(server: Neo4jTarget, **said: object) -> Neo4jStore:
    return Neo4jStore.open(server.uri, server.user, server.password, server.database, **said)  # type: ignore[arg-type]


def test_the_steps_make_what_the_schema_asks_for() -> None:
    assert missing() == [], "run: python -m graph_hunt.graph.neo4j.migrations"


def test_steps_are_numbered_from_one_without_gaps() -> None:
    assert list(steps()) == list(range(1, len(steps()) + 1))


def test_constraints_and_indexes_are_there(store: Neo4jStore) -> None:
    names = {row["name"] for row in store.query("SHOW CONSTRAINTS YIELD name RETURN name")}
    assert {"User_key", "Host_key", "LOGON_TO_key", "RAN_key"} <= names
    indexes = {row["name"] for row in store.query("SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name")}
    assert {"LOGON_TO_bucket", "LOGGED_ON_last_seen"} <= indexes


def test_opening_again_migrates_nothing_again(store: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    fill(store)
    second = again(neo4j_server)
    assert second.query("MATCH (schema:GraphHuntSchema) RETURN schema.version AS version") == [
        {"version": max(steps())}
    ]
    assert len(logs(second)) == 2
    second.close()


def test_a_newer_programs_database_is_refused(store: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    run(store, "MATCH (schema:GraphHuntSchema) SET schema.version = 1000")
    try:
        with pytest.raises(WorkspaceVersion, match=r"newer graph-hunt \(schema 1000"):
            again(neo4j_server)
    finally:
        run(store, "MATCH (schema:GraphHuntSchema) SET schema.version = $version", version=max(steps()))


def test_another_programs_database_is_refused_and_left_alone(store: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    run(store, "MATCH (schema:GraphHuntSchema) SET schema:Aside REMOVE schema:GraphHuntSchema")
    run(store, "CREATE (:Movie {title: 'Alien'})")
    try:
        with pytest.raises(StoreError, match="another program's graph"):
            again(neo4j_server)
        assert store.query("MATCH (movie:Movie) RETURN movie.title AS title") == [{"title": "Alien"}]
    finally:
        run(store, "MATCH (movie:Movie) DELETE movie")
        run(store, "MATCH (schema:Aside) SET schema:GraphHuntSchema REMOVE schema:Aside")


def test_a_wrong_password_names_the_server(neo4j_server: Neo4jTarget) -> None:
    with pytest.raises(StoreUnavailable, match=re.escape(neo4j_server.uri) + ".*refuses the account"):
        Neo4jStore.open(neo4j_server.uri, "nobody", "wrong")


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:1", "neo4j://127.0.0.1:1", "http://127.0.0.1", "nonsense"])
def test_a_wrong_uri_is_named(uri: str) -> None:
    with pytest.raises(StoreUnavailable, match=re.escape(uri)):
        Neo4jStore.open(uri, "neo4j", "password", retry=0.1)


def test_a_routing_uri_works(store: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    fill(store)
    routed = Neo4jStore.open(neo4j_server.uri.replace("bolt://", "neo4j://"), "neo4j", neo4j_server.password)
    assert len(logs(routed)) == 2
    routed.close()


def test_the_server_is_told_who_asks_and_what_for(store: Neo4jStore) -> None:
    text = (
        "SHOW TRANSACTIONS YIELD metaData WHERE metaData.purpose = 'hunt dcsync' "
        "RETURN metaData.purpose AS purpose, metaData.who AS who"
    )
    with purpose("hunt dcsync"), asking("ann"):
        assert store.query(text) == [{"purpose": "hunt dcsync", "who": "ann"}]
    with purpose("hunt dcsync"):
        assert store.query(text) == [{"purpose": "hunt dcsync", "who": getpass.getuser()}]


def test_the_next_process_knows_how_far_a_server_must_be(
    store: Neo4jStore, neo4j_server: Neo4jTarget, tmp_path: Path
) -> None:
    file = tmp_path / "bookmarks.json"
    writer = again(neo4j_server, bookmarks=file)
    fill(writer)
    writer.close()
    assert json.loads(file.read_text())
    reader = again(neo4j_server, bookmarks=file, read_only=True)
    assert len(logs(reader)) == 2
    with pytest.raises(StoreError, match="reading only"), reader.writing():
        pass
    reader.close()


def test_more_than_one_transaction_of_edges(store: Neo4jStore) -> None:
    count = 3 * AT_ONCE
    keys = [f"k{n:06d}" for n in range(count)]
    edges = pa.table(
        {
            "key": keys,
            "source_key": [f"h{n % 50}" for n in range(count)],
            "target_key": [f"h{n % 7}" for n in range(count)],
            "log": keys,
            "first_seen": range(count),
            "last_seen": range(count),
            "count": [1] * count,
            "evidence": [[key] for key in keys],
        }
    )
    hosts = [f"h{n}" for n in range(50)]
    with store.writing() as writer:
        writer.nodes("Host", [pa.table({"key": hosts, "name": hosts})])
        writer.edges(Ends("CLEARED_LOG", "Host", "Host"), [edges], known=False)
    assert store.query(
        "MATCH (:Host)-[edge:CLEARED_LOG]->(:Host) RETURN count(edge) AS n, sum(edge.first_seen) AS s"
    ) == [{"n": count, "s": count * (count - 1) // 2}]


def test_transactions_that_wait_for_each_other_are_tried_again(store: Neo4jStore) -> None:
    fill(store)
    barrier = threading.Barrier(2)
    tries = []

    def cross(first: str, second: str) -> None:
        met = False

        def work(transaction: object) -> None:
            nonlocal met
            tries.append(first)
            move = "MATCH (host:Host {key: $key}) SET host.moved = coalesce(host.moved, 0) + 1"
            transaction.run(move, key=first).consume()  # type: ignore[attr-defined]
            if not met:
                met = True
                barrier.wait(30)
            transaction.run(move, key=second).consume()  # type: ignore[attr-defined]

        with store.session("WRITE") as session:
            session.execute_write(work)

    threads = [threading.Thread(target=cross, args=pair) for pair in (("h1", "h2"), ("h2", "h1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) == 3
    assert store.query("MATCH (host:Host) RETURN host.moved AS moved ORDER BY host.key") == [{"moved": 2}, {"moved": 2}]


class Proxy:
    """Passes bytes to a server, and cuts the connection after the answer to a commit was kept back."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut_at: bytes | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                armed = threading.Event()
                threading.Thread(target=self._up, args=(client, server, armed), daemon=True).start()
                threading.Thread(target=self._down, args=(client, server, armed), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, armed: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut_at is not None and self.cut_at in data:
                    armed.set()
                    self.cut_at = None
                server.sendall(data)
        _shut(client, server)

    def _down(self, client: socket.socket, server: socket.socket, armed: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if armed.is_set():
                    self.cuts += 1
                    break
                client.sendall(data)
        _shut(client, server)


def _shut(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def proxied(server: Neo4jTarget) -> Iterator[tuple[Proxy, Neo4jStore]]:
    proxy = Proxy(int(server.uri.rpartition(":")[2]))
    store = Neo4jStore.open(f"bolt://127.0.0.1:{proxy.port}", server.user, server.password)
    try:
        yield proxy, store
    finally:
        store.close()
        proxy.close()


COMMIT = b"\x00\x02\xb0\x12"
"""A COMMIT message of the Bolt protocol, with its chunk's length."""


def test_a_commit_whose_answer_is_lost_counts_once(store: Neo4jStore, neo4j_server: Neo4jTarget) -> None:
    with proxied(neo4j_server) as (proxy, through):
        with through.writing() as writer:
            writer.nodes("Host", [HOSTS])
            proxy.cut_at = COMMIT
            writer.edges(CLEARED_LOG, [CLEARED], known=False)
        assert proxy.cuts == 1
    assert [row["log"] for row in logs(store)] == ["Security", "System"]


def test_a_load_over_a_bad_line_gives_the_same_graph(
    store: Neo4jStore, neo4j_server: Neo4jTarget, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    good = empty_kglite()
    apply(stored(tmp_path / "other", EVENTS), good, tmp_path / "other" / "deltas")
    with proxied(neo4j_server) as (proxy, through):

        def progress(what: str, done: int, of: int) -> None:
            if what.startswith(("writing", "marking")):
                proxy.cut_at = COMMIT

        apply(stored(tmp_path, EVENTS), through, tmp_path / "deltas", progress=progress)
        assert proxy.cuts > 3
    assert [*export_nodes(store), *export_edges(store)] == [*export_nodes(good), *export_edges(good)]
