"""A graph store, on each engine: reading and writing."""

import pyarrow as pa
import pytest

from graph_hunt.errors import QueryError, QueryTimeout
from graph_hunt.graph.store import Ends, GraphStore, Mark, marks

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


def fill(store: GraphStore) -> None:
    with store.writing() as writer:
        writer.nodes("Host", [HOSTS])
        writer.edges(CLEARED_LOG, [CLEARED], known=False)
        writer.mark(Mark("00000001", ("one",), 3_600_000, 1))


def logs(store: GraphStore) -> list[dict[str, object]]:
    return store.query(
        "MATCH (source:Host)-[edge:CLEARED_LOG]->(target:Host) "
        "RETURN source.key AS source, edge.log AS log, edge.evidence AS evidence ORDER BY log"
    )


def test_what_is_written_is_read(graph_store: GraphStore) -> None:
    fill(graph_store)
    assert logs(graph_store) == [
        {"source": "h1", "log": "Security", "evidence": ["e1"]},
        {"source": "h1", "log": "System", "evidence": ["e2"]},
    ]
    assert marks(graph_store) == [Mark("00000001", ("one",), 3_600_000, 1)]


def test_parallel_edges_stay_apart_on_a_first_and_on_a_later_write(graph_store: GraphStore) -> None:
    fill(graph_store)
    with graph_store.writing() as writer:
        writer.edges(CLEARED_LOG, [CLEARED.set_column(0, "key", pa.array(["c", "d"]))], known=False)
    assert [row["log"] for row in logs(graph_store)] == ["Security", "Security", "System", "System"]


@pytest.mark.parametrize(
    "evidence",
    [[["e1", "e2"], ["e3"]], [["e1"], []], [["e1", "with\x1fseparator"], ["e2"]], [[""], ["e2", ""]]],
    ids=["full", "empty list", "separator in a text", "empty texts"],
)
def test_lists_come_back_as_they_were_given(graph_store: GraphStore, evidence: list[list[str]]) -> None:
    with graph_store.writing() as writer:
        writer.nodes("Host", [HOSTS])
        given = CLEARED.set_column(7, "evidence", pa.array(evidence, pa.list_(pa.string())))
        writer.edges(CLEARED_LOG, [given], known=False)
    assert [row["evidence"] for row in logs(graph_store)] == evidence


def test_a_known_edge_is_set_by_its_key(graph_store: GraphStore) -> None:
    fill(graph_store)
    with graph_store.writing() as writer:
        changed = CLEARED.slice(0, 1).set_column(7, "evidence", pa.array([["e0", "e1"]]))
        writer.edges(CLEARED_LOG, [changed], known=True)
    assert [row["evidence"] for row in logs(graph_store)] == [["e0", "e1"], ["e2"]]


def test_nothing_never_replaces_a_known_property(graph_store: GraphStore) -> None:
    fill(graph_store)
    with graph_store.writing() as writer:
        writer.nodes("Host", [pa.table({"key": ["h1"], "name": ["H1"], "domain": pa.array([None], pa.string())})])
    assert graph_store.query("MATCH (host:Host {key: 'h1'}) RETURN host.domain AS domain") == [{"domain": "d"}]


def test_a_property_that_others_set_stays(graph_store: GraphStore) -> None:
    fill(graph_store)
    with graph_store.writing() as writer:
        writer.nodes("Host", [pa.table({"key": ["h1"], "name": ["H1"], "tags": pa.array([["crown jewels"]])})])
    fill(graph_store)
    assert graph_store.query("MATCH (host:Host {key: 'h1'}) RETURN host.tags AS tags") == [{"tags": ["crown jewels"]}]


def test_a_graph_is_made_anew(graph_store: GraphStore) -> None:
    fill(graph_store)
    with graph_store.writing(anew=True) as writer:
        writer.nodes("Host", [HOSTS.slice(0, 1)])
        writer.mark(Mark("00000002", ("two",), 3_600_000, 1))
    assert graph_store.query("MATCH (host:Host) RETURN host.key AS key") == [{"key": "h1"}]
    assert logs(graph_store) == []
    assert [mark.load for mark in marks(graph_store)] == ["00000002"]


def test_integers_with_gaps_stay_integers(graph_store: GraphStore) -> None:
    with graph_store.writing() as writer:
        table = pa.table({"key": ["p1", "p2"], "name": ["p1", "p2"], "pid": pa.array([4, None], pa.int64())})
        writer.nodes("Process", [table])
    rows = graph_store.query("MATCH (process:Process) RETURN process.pid AS pid ORDER BY process.key")
    assert [repr(row["pid"]) for row in rows] == ["4", "None"]


@pytest.mark.parametrize("text", ['O\'Brien, "Bob" \\ 50%', "ünïcödé \U0001f98a", "a\tb\nc", "{{$x}}`;//"])
def test_text_is_only_ever_text(graph_store: GraphStore, text: str) -> None:
    with graph_store.writing() as writer:
        writer.nodes("Host", [pa.table({"key": [text], "name": [text]})])
    rows = graph_store.query("MATCH (host:Host) WHERE host.key = $key RETURN host.name AS name", {"key": text})
    assert rows == [{"name": text}]


def test_a_query_cannot_write(graph_store: GraphStore) -> None:
    with pytest.raises(QueryError):
        graph_store.query("CREATE (:Host {key: 'x'})")
    assert graph_store.query("MATCH (host:Host) RETURN host.key AS key") == []


def test_a_bad_query_is_a_query_error(graph_store: GraphStore) -> None:
    with pytest.raises(QueryError):
        graph_store.query("MATCH (")


def test_a_limit_bounds_the_rows(graph_store: GraphStore) -> None:
    assert graph_store.query("UNWIND range(1, 9) AS n RETURN n", limit=2) == [{"n": 1}, {"n": 2}]


def test_a_query_over_its_time_says_so(graph_store: GraphStore) -> None:
    with pytest.raises(QueryTimeout, match=r"0\.2 s"):
        graph_store.query(
            "UNWIND range(1, 300000) AS a UNWIND range(1, 300000) AS b WITH a, b WHERE (a * b) % 7 = 8 "
            "RETURN count(*) AS found",
            timeout=0.2,
        )


def test_labels_and_types_that_nothing_has_are_no_error(graph_store: GraphStore) -> None:
    text = "MATCH (user:User)-[edge:LOGGED_ON]->(host:Host) WHERE edge.last_seen > 0 RETURN user.key AS user"
    assert graph_store.query(text) == []
