"""The embedded graph: reading, writing, and who may do so."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from graph_hunt.errors import QueryError, StoreBusy, StoreError
from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.store import Ends, Mark, marks

HOSTS = pa.table({"key": ["h1", "h2"], "name": ["H1", "H2"], "domain": ["d", None]})
CLEARED = pa.table(
    {
        "key": ["a", "b"],
        "source_key": ["h1", "h1"],
        "target_key": ["h2", "h2"],
        "log": ["Security", "System"],
        "first_seen": [1, 2],
        "last_seen": [1, 2],
        "count": [1, 1],
        "evidence": [["e1"], ["e2"]],
    }
)
CLEARED_LOG = Ends("CLEARED_LOG", "Host", "Host")


def fill(store: KgliteStore) -> None:
    with store.writing() as writer:
        writer.nodes("Host", [HOSTS])
        writer.edges(CLEARED_LOG, [CLEARED], known=False)
        writer.mark(Mark("00000001", ("one",), 3_600_000, 1))


def logs(store: KgliteStore) -> list[dict[str, object]]:
    return store.query(
        "MATCH (source:Host)-[edge:CLEARED_LOG]->(target:Host) "
        "RETURN source.key AS source, edge.log AS log, edge.evidence AS evidence ORDER BY log"
    )


def test_parallel_edges_stay_apart_on_a_first_and_on_a_later_write() -> None:
    store = KgliteStore.open()
    fill(store)
    later = CLEARED.set_column(0, "key", pa.array(["c", "d"]))
    with store.writing() as writer:
        writer.edges(CLEARED_LOG, [later], known=False)
    assert [row["log"] for row in logs(store)] == ["Security", "Security", "System", "System"]


def test_a_known_edge_is_set_by_its_key() -> None:
    store = KgliteStore.open()
    fill(store)
    with store.writing() as writer:
        writer.edges(CLEARED_LOG, [CLEARED.slice(0, 1).set_column(7, "evidence", pa.array([["e0", "e1"]]))], known=True)
    assert logs(store) == [
        {"source": "h1", "log": "Security", "evidence": ["e0", "e1"]},
        {"source": "h1", "log": "System", "evidence": ["e2"]},
    ]


def test_nothing_never_replaces_a_known_property() -> None:
    store = KgliteStore.open()
    fill(store)
    with store.writing() as writer:
        writer.nodes("Host", [pa.table({"key": ["h1"], "name": ["H1"], "domain": pa.array([None], pa.string())})])
    assert store.query("MATCH (host:Host {key: 'h1'}) RETURN host.domain AS domain") == [{"domain": "d"}]


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    first = KgliteStore.open(tmp_path / "graph.kgl")
    fill(first)
    first.close()
    again = KgliteStore.open(tmp_path / "graph.kgl", read_only=True)
    assert [row["log"] for row in logs(again)] == ["Security", "System"]
    assert marks(again) == [Mark("00000001", ("one",), 3_600_000, 1)]


def test_an_error_leaves_the_graph_before(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl")
    fill(store)
    with pytest.raises(RuntimeError), store.writing(anew=True) as writer:
        writer.nodes("Host", [HOSTS])
        raise RuntimeError
    assert len(logs(store)) == 2


def test_a_query_during_a_write_sees_the_graph_before() -> None:
    store = KgliteStore.open(serving=True)
    fill(store)
    with store.writing() as writer:
        writer.edges(CLEARED_LOG, [CLEARED.set_column(0, "key", pa.array(["c", "d"]))], known=False)
        assert len(logs(store)) == 2
    assert len(logs(store)) == 4


def test_a_second_writer_is_told_who_holds_the_graph(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl")
    with pytest.raises(StoreBusy, match=str(os.getpid())):
        KgliteStore.open(tmp_path / "graph.kgl")
    store.close()
    KgliteStore.open(tmp_path / "graph.kgl").close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl", read_only=True)
    with pytest.raises(StoreError, match="reading only"), store.writing():
        pass


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "graph.kgl").write_bytes(b"no graph")
    with pytest.raises(StoreError, match=r"graph\.kgl"):
        KgliteStore.open(tmp_path / "graph.kgl").query("RETURN 1 AS one")


def test_a_bad_query_is_a_query_error() -> None:
    with pytest.raises(QueryError):
        KgliteStore.open().query("MATCH (")


def test_a_limit_bounds_the_rows() -> None:
    assert KgliteStore.open().query("UNWIND range(1, 9) AS n RETURN n", limit=2) == [{"n": 1}, {"n": 2}]
