"""From events to the graph, on each engine: the same edges whatever the order, the cutting and the interruptions."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.errors import StoreError
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.projection import Terms, apply, rebuild
from graph_hunt.graph.projection.add_up import add_up
from graph_hunt.graph.projection.deltas import Deltas
from graph_hunt.graph.store import GraphStore, marks
from tests.engines import empty_kglite
from tests.telemetry import Event, add, stored

HOUR = 3_600_000


def logon(at: int, **said: Any) -> Event:
    """A network logon of CORP\\alice from WS1 on SRV1."""
    row = {
        "time": at,
        "code": "Security/4624",
        "recorder": "srv1.corp.example",
        "kind": "logon",
        "outcome": "success",
        "user": "alice",
        "user_domain": "CORP",
        "user_sid": "S-1-5-21-1-2-3-1001",
        "source_host": "WS1",
        "source_ip": "10.0.0.1",
        "target_host": "srv1.corp.example",
        "logon_type": "network",
        "package": "Kerberos",
    }
    return "authentication", {**row, **said}


def started(at: int, guid: str, **said: Any) -> Event:
    row = {
        "time": at,
        "code": "Sysmon/1",
        "recorder": "srv1.corp.example",
        "kind": "start",
        "host": "srv1.corp.example",
        "user": "alice",
        "user_domain": "CORP",
        "guid": guid,
        "pid": 44,
        "image": "C:\\Windows\\System32\\cmd.exe",
        "command_line": "cmd /c whoami",
    }
    return "process", {**row, **said}


EVENTS: Sequence[Event] = (
    logon(1 * HOUR + 5),
    logon(1 * HOUR + 9),
    logon(2 * HOUR + 1),
    logon(2 * HOUR + 2, outcome="failure", reason="bad_password"),
    logon(3 * HOUR, source_host=None, source_ip="10.0.0.9", user="bob", user_sid="S-1-5-21-1-2-3-1002"),
    started(2 * HOUR, "{A}"),
    started(2 * HOUR + 1, "{B}", parent_guid="{A}", parent_image="C:\\Windows\\System32\\cmd.exe"),
)


def lines(graph: GraphStore) -> list[str]:
    return [line.decode() for line in (*export_nodes(graph), *export_edges(graph))]


def reference(folder: Path, events: Sequence[Event] = EVENTS) -> list[str]:
    """What one load of all events gives on the embedded engine."""
    folder.mkdir()
    graph = empty_kglite()
    apply(stored(folder, events), graph, folder / "deltas")
    return lines(graph)


def test_logons_become_lifetime_and_hourly_edges(graph_store: GraphStore, tmp_path: Path) -> None:
    apply(stored(tmp_path, EVENTS), graph_store, tmp_path / "deltas")
    assert graph_store.query(
        "MATCH (user:User)-[edge:LOGGED_ON]->(host:Host) RETURN user.key AS user, user.name AS name, host.key AS host, "
        "edge.source AS source, edge.outcome AS outcome, edge.first_seen AS first, edge.last_seen AS last, "
        "edge.count AS count, size(edge.evidence) AS shown ORDER BY user, outcome"
    ) == [
        {
            "user": "corp\\alice",
            "name": "CORP\\alice",
            "host": "srv1.corp.example",
            "source": "ws1",
            "outcome": "failure",
            "first": 2 * HOUR + 2,
            "last": 2 * HOUR + 2,
            "count": 1,
            "shown": 1,
        },
        {
            "user": "corp\\alice",
            "name": "CORP\\alice",
            "host": "srv1.corp.example",
            "source": "ws1",
            "outcome": "success",
            "first": HOUR + 5,
            "last": 2 * HOUR + 1,
            "count": 3,
            "shown": 3,
        },
        {
            "user": "corp\\bob",
            "name": "CORP\\bob",
            "host": "srv1.corp.example",
            "source": "10.0.0.9",
            "outcome": "success",
            "first": 3 * HOUR,
            "last": 3 * HOUR,
            "count": 1,
            "shown": 1,
        },
    ]
    assert graph_store.query(
        "MATCH (source)-[edge:LOGON_TO]->(host:Host) RETURN labels(source)[0] AS label, source.key AS source, "
        "edge.user AS user, edge.via AS via, edge.reason AS reason, edge.bucket AS bucket, edge.count AS count "
        "ORDER BY bucket, reason"
    ) == [
        {
            "label": "Host",
            "source": "ws1",
            "user": "corp\\alice",
            "via": "logon",
            "reason": "",
            "bucket": HOUR,
            "count": 2,
        },
        {
            "label": "Host",
            "source": "ws1",
            "user": "corp\\alice",
            "via": "logon",
            "reason": "",
            "bucket": 2 * HOUR,
            "count": 1,
        },
        {
            "label": "Host",
            "source": "ws1",
            "user": "corp\\alice",
            "via": "logon",
            "reason": "bad_password",
            "bucket": 2 * HOUR,
            "count": 1,
        },
        {
            "label": "IP",
            "source": "10.0.0.9",
            "user": "corp\\bob",
            "via": "logon",
            "reason": "",
            "bucket": 3 * HOUR,
            "count": 1,
        },
    ]


def test_processes_are_chained(graph_store: GraphStore, tmp_path: Path) -> None:
    apply(stored(tmp_path, EVENTS), graph_store, tmp_path / "deltas")
    assert graph_store.query(
        "MATCH (parent:Process)-[:SPAWNED]->(child:Process)-[:RAN_ON]->(host:Host) "
        "MATCH (user:User)-[:RAN]->(child) RETURN parent.key AS parent, child.key AS child, child.name AS name, "
        "child.command_line AS line, child.pid AS pid, host.key AS host, user.key AS user"
    ) == [
        {
            "parent": "srv1.corp.example|{a}",
            "child": "srv1.corp.example|{b}",
            "name": "cmd.exe",
            "line": "cmd /c whoami",
            "pid": 44,
            "host": "srv1.corp.example",
            "user": "corp\\alice",
        }
    ]


def test_nodes_know_when_they_were_seen(graph_store: GraphStore, tmp_path: Path) -> None:
    apply(stored(tmp_path, EVENTS), graph_store, tmp_path / "deltas")
    assert graph_store.query(
        "MATCH (user:User) RETURN user.key AS user, user.sid AS sid, user.first_seen AS first, user.last_seen AS last "
        "ORDER BY user"
    ) == [
        {"user": "corp\\alice", "sid": "S-1-5-21-1-2-3-1001", "first": HOUR + 5, "last": 2 * HOUR + 2},
        {"user": "corp\\bob", "sid": "S-1-5-21-1-2-3-1002", "first": 3 * HOUR, "last": 3 * HOUR},
    ]


def test_a_day_may_be_the_bucket(graph_store: GraphStore, tmp_path: Path) -> None:
    apply(stored(tmp_path, EVENTS), graph_store, tmp_path / "deltas", Terms(bucket=24 * HOUR))
    rows = graph_store.query(
        "MATCH (:Host)-[edge:LOGON_TO]->(:Host) WHERE edge.outcome = 'success' "
        "RETURN edge.bucket AS bucket, edge.count AS count"
    )
    assert rows == [{"bucket": 0, "count": 3}]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=str)
def test_the_order_of_loads_does_not_matter(graph_store: GraphStore, tmp_path: Path, order: tuple[int, ...]) -> None:
    loads = (EVENTS[:3], EVENTS[3:5], EVENTS[5:])
    events = stored(tmp_path)
    for number in order:
        add(events, tmp_path, loads[number])
        apply(events, graph_store, tmp_path / "deltas")
    assert lines(graph_store) == reference(tmp_path / "reference")


def test_events_that_are_loaded_again_change_nothing(graph_store: GraphStore, tmp_path: Path) -> None:
    events = stored(tmp_path, EVENTS)
    apply(events, graph_store, tmp_path / "deltas")
    add(events, tmp_path, EVENTS[2:])
    apply(events, graph_store, tmp_path / "deltas")
    assert apply(events, graph_store, tmp_path / "deltas").batches == 0
    assert lines(graph_store) == reference(tmp_path / "reference")


def test_a_rebuilt_graph_is_the_same(graph_store: GraphStore, tmp_path: Path) -> None:
    events = stored(tmp_path, EVENTS[:2], EVENTS[2:])
    apply(events, graph_store, tmp_path / "deltas")
    before = lines(graph_store)
    done = rebuild(events, graph_store, tmp_path / "deltas")
    assert (done.batches, done.rebuilt) == (2, "asked for")
    assert lines(graph_store) == before == reference(tmp_path / "reference")
    assert [mark.load[:8] for mark in marks(graph_store)] == ["00000001"]


def test_loads_that_were_added_up_go_on_the_same(graph_store: GraphStore, tmp_path: Path) -> None:
    events = stored(tmp_path)
    for load in (EVENTS[:1], EVENTS[1:3], EVENTS[3:4]):
        add(events, tmp_path, load)
        apply(events, graph_store, tmp_path / "deltas")
    add_up(Deltas(tmp_path / "deltas"))
    assert len(Deltas(tmp_path / "deltas").all()) == 1
    assert len(Deltas(tmp_path / "deltas").marks) == 3
    add(events, tmp_path, EVENTS[4:])
    assert apply(events, graph_store, tmp_path / "deltas").rebuilt == ""
    assert lines(graph_store) == reference(tmp_path / "reference")


def test_a_sum_that_a_kill_left_beside_its_loads_counts_once(tmp_path: Path) -> None:
    events, graph = stored(tmp_path), empty_kglite()
    for load in (EVENTS[:1], EVENTS[1:4]):
        add(events, tmp_path, load)
        apply(events, graph, tmp_path / "deltas")
    shutil.copytree(tmp_path / "deltas", tmp_path / "before")
    add_up(Deltas(tmp_path / "deltas"))
    shutil.copytree(tmp_path / "before", tmp_path / "deltas", dirs_exist_ok=True)
    assert len(Deltas(tmp_path / "deltas").all()) == 1
    add(events, tmp_path, EVENTS[4:])
    apply(events, graph, tmp_path / "deltas")
    assert lines(graph) == reference(tmp_path / "reference")


def test_a_rebuild_that_was_interrupted_is_made_good(graph_store: GraphStore, tmp_path: Path) -> None:
    events = stored(tmp_path, EVENTS[:2])
    apply(events, graph_store, tmp_path / "deltas")
    add(events, tmp_path, EVENTS[2:])

    def interrupt(what: str, done: int, of: int) -> None:
        if what == "writing LOGGED_ON":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(events, graph_store, tmp_path / "deltas", progress=interrupt)
    apply(events, graph_store, tmp_path / "deltas")
    assert lines(graph_store) == reference(tmp_path / "reference")


def test_a_lost_delta_makes_the_graph_anew(graph_store: GraphStore, tmp_path: Path) -> None:
    events = stored(tmp_path, EVENTS[:2])
    apply(events, graph_store, tmp_path / "deltas")
    shutil.rmtree(tmp_path / "deltas")
    add(events, tmp_path, EVENTS[2:])
    assert apply(events, graph_store, tmp_path / "deltas").rebuilt == "the deltas of some loads are gone"
    assert lines(graph_store) == reference(tmp_path / "reference")


def test_what_is_learned_of_an_earlier_account_makes_the_graph_anew(graph_store: GraphStore, tmp_path: Path) -> None:
    nameless = logon(HOUR, user=None, user_domain=None)
    named = logon(5 * HOUR)
    events = stored(tmp_path, [nameless])
    apply(events, graph_store, tmp_path / "deltas")
    assert [row["user"] for row in _users(graph_store)] == ["S-1-5-21-1-2-3-1001"]
    add(events, tmp_path, [named])
    assert apply(events, graph_store, tmp_path / "deltas").rebuilt
    assert [row["user"] for row in _users(graph_store)] == ["corp\\alice"]
    assert lines(graph_store) == reference(tmp_path / "reference", [named, nameless])


def _users(graph: GraphStore) -> list[dict[str, Any]]:
    return graph.query("MATCH (user:User)-[:LOGGED_ON]->(:Host) RETURN DISTINCT user.key AS user ORDER BY user")


def test_a_graph_of_other_events_is_refused(graph_store: GraphStore, tmp_path: Path) -> None:
    apply(stored(tmp_path, EVENTS), graph_store, tmp_path / "deltas")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(StoreError, match="another workspace's"):
        apply(stored(other, EVENTS), graph_store, other / "deltas")


def test_an_event_that_makes_an_edge_twice_is_its_evidence_once(graph_store: GraphStore, tmp_path: Path) -> None:
    mail = {"time": HOUR, "message_id": "1@x", "sender": "a@corp.example", "recipient": "A@corp.example"}
    apply(stored(tmp_path, [("mail", mail)]), graph_store, tmp_path / "deltas")
    (row,) = graph_store.query(
        "MATCH (:Mailbox)-[edge:IN_DOMAIN]->(domain:Domain) RETURN domain.key AS domain, edge.evidence AS evidence"
    )
    assert (row["domain"], len(row["evidence"])) == ("corp.example", 1)
