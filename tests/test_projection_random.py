"""Any events, cut into any loads in any order, make the same graph on both engines, and hunts find the same there."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.projection import apply
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.visibility import catalogue
from graph_hunt.hunting.window import Window, resolve
from tests.engines import empty_kglite
from tests.telemetry import Event, add, stored

HOUR = 3_600_000
TIMES = st.integers(0, 5 * HOUR)
NAMES = st.sampled_from(["alice", "Alice", "bob", "svc_sql", 'O\'Brien, "B"', "WS1$", "ünï\\x", "-"])
DOMAINS = st.sampled_from(["CORP", "corp.example", "OTHER", None])
SIDS = st.sampled_from(["S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002", None])
HOSTS = st.sampled_from(["WS1", "ws1.corp.example", "SRV1", "srv2.corp.example", None])
IPS = st.sampled_from(["10.0.0.1", "::ffff:10.0.0.1", "203.0.113.5", "2001:DB8::1", "not an address", None])
OUTCOMES = st.sampled_from(["success", "failure"])
MAILBOXES = st.sampled_from(["a@corp.example", "A@CORP.example", "m@evil.example", None])


def event(table: str, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    own = {"time": TIMES, "recorder": st.sampled_from(["dc1.corp.example", "SRV1"]), **columns}
    return st.fixed_dictionaries(own).map(lambda row: (table, row))


ACCOUNT: dict[str, st.SearchStrategy[Any]] = {"user": NAMES, "user_domain": DOMAINS, "user_sid": SIDS}
TARGET: dict[str, st.SearchStrategy[Any]] = {
    "target_user": NAMES,
    "target_user_domain": DOMAINS,
    "target_user_sid": SIDS,
}
EVENTS = st.one_of(
    event(
        "authentication",
        **ACCOUNT,
        **TARGET,
        code=st.sampled_from(["Security/4624", "Security/4776", "TerminalServices-RDPClient/1024"]),
        kind=st.sampled_from(["logon", "explicit", "ticket_granting", "ticket_service", "sign_in", "logoff"]),
        outcome=OUTCOMES,
        source_host=HOSTS,
        source_ip=IPS,
        target_host=HOSTS,
        logon_type=st.sampled_from(["network", None]),
        preauth=st.sampled_from([0, 2, None]),
        elevated=st.sampled_from([True, False, None]),
    ),
    event(
        "process",
        **ACCOUNT,
        kind=st.sampled_from(["start", "stop", "script"]),
        host=HOSTS,
        guid=st.sampled_from(["{A}", "{b}", None]),
        pid=st.sampled_from([4, 8, None]),
        image=st.sampled_from(["C:\\Windows\\cmd.exe", "/bin/sh", None]),
        parent_guid=st.sampled_from(["{a}", None]),
        parent_pid=st.sampled_from([4, None]),
    ),
    event(
        "network",
        kind=st.sampled_from(["connection", "lookup"]),
        outcome=OUTCOMES,
        host=HOSTS,
        direction=st.sampled_from(["inbound", "outbound", None]),
        source_ip=IPS,
        target_ip=IPS,
        target_host=HOSTS,
        target_port=st.sampled_from([445, None]),
        process_guid=st.sampled_from(["{a}", None]),
    ),
    event(
        "access",
        **ACCOUNT,
        kind=st.sampled_from(["share", "pipe", "process", "directory"]),
        outcome=OUTCOMES,
        host=HOSTS,
        source_ip=IPS,
        object=st.sampled_from(["\\\\*\\IPC$", None]),
        rights=st.sampled_from(["DS-Replication-Get-Changes", None]),
        process_guid=st.sampled_from(["{a}", None]),
        target_guid=st.sampled_from(["{b}", None]),
    ),
    event(
        "change",
        **ACCOUNT,
        **TARGET,
        object_kind=st.sampled_from(["task", "service", "account", "group", "log", "app"]),
        operation=st.sampled_from(["created", "changed", "member_added", "cleared", "consented"]),
        host=HOSTS,
        object=st.sampled_from(["Evil", "evil", "Domain Admins", None]),
        path=st.sampled_from(["a.exe", "b.exe", None]),
    ),
    event(
        "mail",
        message_id=st.sampled_from(["1@x", "2@x", None]),
        sender=MAILBOXES,
        recipient=MAILBOXES,
        subject=st.sampled_from(["a", "b", None]),
        source_ip=IPS,
        urls=st.sampled_from([["https://e.example/x", "https://e.example/x"], [], None]),
        attachments=st.sampled_from([["x.doc", "y"], None]),
        attachment_hashes=st.sampled_from([["AB", ""], None]),
    ),
    event(
        "mailbox",
        user_upn=MAILBOXES,
        mailbox=MAILBOXES,
        operation=st.sampled_from(["access", "rule_created", "permission_granted", "forwarding_set"]),
        logon_kind=st.sampled_from(["owner", "delegate", None]),
        client_ip=IPS,
        rule_name=st.sampled_from([".", None]),
        forward_to=st.sampled_from([["m@evil.example"], None]),
    ),
    event("alert", product=st.just("x"), title=st.sampled_from(["t", "u"]), host=HOSTS, user=NAMES, source_ip=IPS),
)


def lines(graph: GraphStore) -> Iterator[str]:
    for line in (*export_nodes(graph), *export_edges(graph)):
        yield line.decode()


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
ALL_SEEN = {(kind.table, code): 1 for kind in catalogue().values() for code in kind.codes}
WINDOWS = st.sampled_from([resolve(0, 5 * HOUR), resolve(0, 5 * HOUR, since=2 * HOUR, until=4 * HOUR)])


def found(graph: GraphStore, window: Window, scope: Sequence[str]) -> Iterator[str]:
    """What each hunt finds, as a line."""
    for done in runner.run_all(library.all_hunts(), graph, ALL_SEEN, window=window, scope=scope):
        said = {name: value for name, value in done.as_json().items() if name != "seconds"}
        yield f"{done.hunt.id}: {json.dumps(said, sort_keys=True)}"


@pytest.mark.timeout(1800)
def test_any_events_make_the_same_graph(graph_store: GraphStore) -> None:
    # The store is emptied by each example itself, so it may be shared by all. A failing example is shown as it was
    # found: to make it smaller takes as long as all tests.
    @settings(
        max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True, phases=PHASES
    )
    @given(loads=st.lists(st.lists(EVENTS, min_size=1, max_size=12), min_size=1, max_size=3), data=st.data())
    def check(loads: list[list[Event]], data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            once, cut = folder / "once", folder / "cut"
            once.mkdir()
            cut.mkdir()
            graph = empty_kglite()
            apply(stored(once, [event for events in loads for event in events]), graph, once / "deltas")
            with graph_store.writing(anew=True):
                pass
            events = stored(cut)
            for load in data.draw(st.permutations(loads)):
                add(events, cut, load)
                apply(events, graph_store, cut / "deltas")
            assert list(lines(graph_store)) == list(lines(graph))
            window, scope = data.draw(WINDOWS), data.draw(st.sampled_from([(), ("corp\\alice",), ("ws1", "srv1")]))
            assert list(found(graph_store, window, scope)) == list(found(graph, window, scope))

    check()
