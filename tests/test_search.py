"""Search over all labels, on both engines: the nearest first, in bounds, and slips forgiven."""

import pyarrow as pa
import pytest

from graph_hunt.errors import InputError
from graph_hunt.graph.search import search
from graph_hunt.graph.store import GraphStore


def _filled(store: GraphStore) -> GraphStore:
    nodes = {
        "User": [("corp\\alice", "CORP\\Alice", "upn", "a.smith@corp.example"), ("corp\\malice", "CORP\\malice")],
        "Host": [("alice-pc.corp.example", "ALICE-PC.corp.example", "short_name", "alice-pc")],
        "File": [("ABCDEF0123", "ABCDEF0123", "sha256", "ABCDEF0123")],
        "Message": [("m1", "m1", "subject", "Invoice 42")],
        "IP": [("10.1.2.3", "10.1.2.3"), ("10.1.2.30", "10.1.2.30")],
    }
    with store.writing(anew=True) as writer:
        for label, rows in nodes.items():
            for key, name, *more in rows:
                columns = {"key": [key], "name": [name], **({more[0]: [more[1]]} if more else {})}
                writer.nodes(label, [pa.table(columns)])
    return store


def test_the_nearest_come_first(graph_store: GraphStore) -> None:
    graph = _filled(graph_store)
    found = [(match.entity.key, match.how) for match in search(graph, "Alice")]
    assert found == [("corp\\alice", "exact"), ("alice-pc.corp.example", "prefix"), ("corp\\malice", "part")]
    assert [(match.entity.key, match.how) for match in search(graph, "10.1.2.3")] == [
        ("10.1.2.3", "exact"),
        ("10.1.2.30", "prefix"),
    ]


@pytest.mark.parametrize(
    ("text", "key"), [("abcdef", "ABCDEF0123"), ("invoice", "m1"), ("a.smith", "corp\\alice"), ("alcie", "corp\\alice")]
)
def test_hashes_subjects_other_names_and_slips_are_found(graph_store: GraphStore, text: str, key: str) -> None:
    assert search(_filled(graph_store), text)[0].entity.key == key


def test_labels_and_bounds_hold(graph_store: GraphStore) -> None:
    graph = _filled(graph_store)
    assert [match.entity.label for match in search(graph, "alice", ["Host"])] == ["Host"]
    assert len(search(graph, "1", limit=1)) == 1
    assert search(graph, "zzz") == []
    for text, labels in (("alice", ["Spy"]), (" ", [])):
        with pytest.raises(InputError):
            search(graph, text, labels)
