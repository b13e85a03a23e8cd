"""What is around entities, on both engines: counts of many at once, several kinds, directions, spans, edges."""

import pyarrow as pa
import pytest

from graph_hunt.errors import InputError
from graph_hunt.graph.around import Around, Way, counts, edges, near
from graph_hunt.graph.entity import Entity
from graph_hunt.graph.store import Ends, GraphStore

ALICE = Entity("User", "alice", "ALICE")


def _filled(store: GraphStore) -> GraphStore:
    logons = [("alice", "srv1", 100, 500, "s"), ("alice", "srv2", 200, 600, "f"), ("bob", "srv1", 300, 700, "s")]
    with store.writing(anew=True) as writer:
        for label, keys in (("User", ["alice", "bob"]), ("Host", ["srv1", "srv2"]), ("Process", ["p"])):
            writer.nodes(label, [pa.table({"key": keys, "name": [key.upper() for key in keys]})])
        names = ("source_key", "target_key", "first_seen", "last_seen", "outcome")
        columns = dict(zip(names, zip(*logons, strict=True), strict=True))
        table = pa.table({**columns, "key": ["1", "2", "3"], "count": [1, 2, 3], "evidence": [["x"], ["y"], ["z"]]})
        writer.edges(Ends("LOGGED_ON", "User", "Host"), [table], known=False)
        ran = {"source_key": ["alice"], "target_key": ["p"], "key": ["4"], "first_seen": [900], "last_seen": [900]}
        table = pa.table({**ran, "count": [1], "evidence": [["w"]]})
        writer.edges(Ends("RAN", "User", "Process"), [table], known=False)
    return store


def test_many_entities_are_counted_at_once(graph_store: GraphStore) -> None:
    found = counts(_filled(graph_store), "User", ["alice", "bob", "nobody"], Around())
    told = {key: [(one.kind, one.outgoing, one.label, one.total) for one in of] for key, of in found.items()}
    assert told == {
        "alice": [("LOGGED_ON", True, "Host", 2), ("RAN", True, "Process", 1)],
        "bob": [("LOGGED_ON", True, "Host", 1)],
        "nobody": [],
    }
    late = counts(graph_store, "User", ["alice"], Around(since=550))
    assert [(one.kind, one.total) for one in late["alice"]] == [("LOGGED_ON", 1), ("RAN", 1)]


@pytest.mark.parametrize(
    ("around", "keys"),
    [
        (Around(), ["p", "srv2", "srv1"]),
        (Around(kinds=("LOGGED_ON",)), ["srv2", "srv1"]),
        (Around(labels=("Process",)), ["p"]),
        (Around(way=Way.INCOMING), []),
        (Around(since=501, until=900), ["srv2"]),
        (Around(other="srv1"), ["srv1"]),
    ],
)
def test_neighbours_of_several_kinds(graph_store: GraphStore, around: Around, keys: list[str]) -> None:
    graph = _filled(graph_store)
    assert [one.entity.key for one in near(graph, ALICE, around, 10)] == keys
    assert [one.entity.key for one in near(graph, ALICE, around, 10, 1)] == keys[1:]
    assert [one.other.key for one in edges(graph, ALICE, around, 10)[0]] == keys


def test_edges_tell_their_own_facts(graph_store: GraphStore) -> None:
    (edge,), total = edges(_filled(graph_store), Entity("Host", "srv1", "SRV1"), Around(kinds=("LOGGED_ON",)), 1)
    assert total == 2
    assert (edge.kind, edge.outgoing, edge.other, edge.count) == ("LOGGED_ON", False, Entity("User", "bob", "BOB"), 3)
    assert (edge.first_seen, edge.last_seen, edge.evidence, edge.properties) == (300, 700, ("z",), {"outcome": "s"})


def test_what_the_schema_lacks_is_refused() -> None:
    with pytest.raises(InputError):
        Around(kinds=("KNEW",))
    with pytest.raises(InputError):
        Around(labels=("Spy",))
