"""What each kind of event becomes in the graph: every kind of edge, from the least telemetry that shows it."""

from pathlib import Path
from typing import Any

import pytest

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.projection import apply
from graph_hunt.graph.projection.kinds import EDGE_READINGS
from graph_hunt.graph.store import GraphStore
from graph_hunt.schema import EDGES, TABLES
from tests.engines import empty_kglite
from tests.telemetry import Event, stored

AT = 7_200_000
ALICE = {"user": "alice", "user_domain": "CORP", "user_sid": "S-1-5-21-1-2-3-1001"}
BOB = {"target_user": "bob", "target_user_domain": "CORP", "target_user_sid": "S-1-5-21-1-2-3-1002"}
SRV = "srv1.corp.example"


def on_srv(table: str, **said: Any) -> Event:
    return table, {"time": AT, "recorder": SRV, **said}


def mail(**said: Any) -> Event:
    row = {
        "time": AT,
        "message_id": "m1@evil.example",
        "sender": "Mallory@Evil.example",
        "recipient": "alice@corp.example",
        "subject": "Invoice",
        "direction": "inbound",
        "action": "delivered",
    }
    return "mail", {**row, **said}


def mailbox(operation: str, **said: Any) -> Event:
    row = {"time": AT, "operation": operation, "outcome": "success", "user_upn": "alice@corp.example"}
    return "mailbox", {**row, "mailbox": "Alice@corp.example", "client_ip": "203.0.113.9", **said}


CASES: dict[str, tuple[list[Event], str]] = {
    "ACTED_AS": (
        [
            on_srv(
                "authentication",
                kind="explicit",
                outcome="success",
                **ALICE,
                **BOB,
                target_host="srv2",
                process="r.exe",
            )
        ],
        "(User corp\\alice) -> (User corp\\bob) host=srv1.corp.example target=srv2 process=r.exe outcome=success",
    ),
    "REQUESTED_TICKET": (
        [
            on_srv(
                "authentication",
                code="Security/4769",
                kind="ticket_service",
                outcome="success",
                encryption="rc4",
                source_ip="10.0.0.7",
                target_service="sql",
                target_user="sql",
                target_user_domain="CORP",
                **ALICE,
            )
        ],
        "(User corp\\alice) -> (User corp\\sql) "
        "kind=ticket_service encryption=rc4 outcome=success source=10.0.0.7 service=sql",
    ),
    "SIGNED_IN_FROM": (
        [
            (
                "authentication",
                {
                    "time": AT,
                    "recorder": "entra",
                    "kind": "sign_in",
                    "outcome": "failure",
                    "reason": "bad_password",
                    "user_upn": "alice@corp.example",
                    "source_ip": "203.0.113.9",
                    "application": "Exchange",
                    "country": "NL",
                    "asn": "64500",
                },
            )
        ],
        "(User alice@corp.example) -> (IP 203.0.113.9) "
        "application=Exchange outcome=failure reason=bad_password country=NL network=AS64500",
    ),
    "VALIDATED": (
        [
            on_srv(
                "authentication",
                code="Security/4776",
                kind="logon",
                outcome="failure",
                reason="bad_password",
                source_host="WS7",
                **ALICE,
            )
        ],
        "(User corp\\alice) -> (Host srv1.corp.example) outcome=failure reason=bad_password source=ws7",
    ),
    "HAD_IP": (
        [
            on_srv(
                "network",
                kind="connection",
                outcome="success",
                host=SRV,
                direction="outbound",
                protocol="tcp",
                source_ip="10.0.0.5",
                target_ip="198.51.100.1",
                target_port=443,
            )
        ],
        "(Host srv1.corp.example) -> (IP 10.0.0.5) reason=connection",
    ),
    "CONNECTED_TO": (
        [
            on_srv(
                "network",
                kind="connection",
                outcome="success",
                host=SRV,
                direction="outbound",
                protocol="tcp",
                source_ip="10.0.0.5",
                target_ip="198.51.100.1",
                target_port=443,
                process="C:\\x\\beacon.exe",
                process_guid="{P}",
            )
        ],
        "(Process srv1.corp.example|{p}) -> (IP 198.51.100.1) port=443 protocol=tcp direction=outbound",
    ),
    "LOOKED_UP": (
        [on_srv("network", kind="lookup", outcome="success", host=SRV, target_host="Evil.Example.")],
        "(Host srv1.corp.example) -> (Domain evil.example)",
    ),
    "ACCESSED_SHARE": (
        [
            on_srv(
                "access",
                kind="share",
                outcome="success",
                host=SRV,
                source_ip="10.0.0.7",
                object="\\\\*\\ADMIN$",
                path="x.exe",
                **ALICE,
            )
        ],
        "(User corp\\alice) -> (Host srv1.corp.example) "
        "share=\\\\*\\ADMIN$ object=x.exe source=10.0.0.7 outcome=success",
    ),
    "REPLICATED": (
        [
            on_srv(
                "access",
                kind="directory",
                outcome="success",
                host=SRV,
                rights="1131f6aa-9c07-11d1-f79f-00c04fc2dcd2",
                **ALICE,
            )
        ],
        "(User corp\\alice) -> (Host srv1.corp.example) rights=1131f6aa-9c07-11d1-f79f-00c04fc2dcd2",
    ),
    "ACCESSED": (
        [
            on_srv(
                "access",
                kind="process",
                outcome="success",
                host=SRV,
                rights="0x1010",
                process_guid="{A}",
                process="C:\\m.exe",
                target_guid="{L}",
                target_process="C:\\Windows\\System32\\lsass.exe",
            )
        ],
        "(Process srv1.corp.example|{a}) -> (Process srv1.corp.example|{l}) rights=0x1010 kind=process",
    ),
    "RAN": (
        [on_srv("process", kind="start", host=SRV, pid=12, image="C:\\a.exe", **ALICE)],
        f"(User corp\\alice) -> (Process srv1.corp.example|12|{AT})",
    ),
    "SPAWNED": (
        [
            on_srv(
                "process",
                kind="start",
                host=SRV,
                pid=12,
                image="C:\\a.exe",
                parent_pid=4,
                parent_image="C:\\B.exe",
                **ALICE,
            )
        ],
        f"(Process srv1.corp.example|4|b.exe) -> (Process srv1.corp.example|12|{AT})",
    ),
    "CREATED": (
        [on_srv("change", object_kind="service", operation="created", host=SRV, object="PSEXESVC", **ALICE)],
        "(User corp\\alice) -> (Persistence srv1.corp.example|service|psexesvc) operation=created",
    ),
    "ON": (
        [on_srv("change", object_kind="task", operation="created", host=SRV, object="\\Evil")],
        "(Persistence srv1.corp.example|task|\\evil) -> (Host srv1.corp.example)",
    ),
    "CLEARED_LOG": (
        [on_srv("change", object_kind="log", operation="cleared", host=SRV, object="Security", **ALICE)],
        "(User corp\\alice) -> (Host srv1.corp.example) log=Security",
    ),
    "CHANGED": (
        [on_srv("change", object_kind="account", operation="password_reset", host=SRV, object="bob", **ALICE, **BOB)],
        "(User corp\\alice) -> (User corp\\bob) operation=password_reset object_kind=account host=srv1.corp.example",
    ),
    "MEMBER_OF": (
        [
            on_srv(
                "change",
                object_kind="group",
                operation="member_added",
                host=SRV,
                object="Domain Admins",
                **ALICE,
                **BOB,
            )
        ],
        "(User corp\\bob) -> (Group corp\\domain admins) operation=member_added",
    ),
    "CONSENTED_TO": (
        [
            (
                "change",
                {
                    "time": AT,
                    "recorder": "entra",
                    "object_kind": "app",
                    "operation": "consented",
                    "user_upn": "alice@corp.example",
                    "object": "Mail Reader",
                    "object_id": "11-22",
                    "details": "Mail.Read",
                },
            )
        ],
        "(User alice@corp.example) -> (App 11-22) operation=consented details=Mail.Read",
    ),
    "SENT": ([mail()], "(Mailbox mallory@evil.example) -> (Message m1@evil.example)"),
    "DELIVERED_TO": ([mail()], "(Message m1@evil.example) -> (Mailbox alice@corp.example) action=delivered"),
    "RELAYED": ([mail(source_ip="198.51.100.4")], "(IP 198.51.100.4) -> (Message m1@evil.example)"),
    "LINKS_TO": (
        [mail(urls=["https://u:p@Phish.example:8443/a?b#c"])],
        "(Message m1@evil.example) -> (Url https://u:p@Phish.example:8443/a?b#c)",
    ),
    "IN_DOMAIN": (
        [mail(sender=None, recipient=None, urls=["https://u:p@Phish.example:8443/a?b#c"])],
        "(Url https://u:p@Phish.example:8443/a?b#c) -> (Domain phish.example)",
    ),
    "ATTACHED": (
        [mail(attachments=["Invoice.html"], attachment_hashes=[""])],
        "(Message m1@evil.example) -> (File invoice.html@m1@evil.example) file_name=Invoice.html",
    ),
    "CLICKED": (
        [
            (
                "click",
                {"time": AT, "user_upn": "alice@corp.example", "url": "https://phish.example/", "action": "allowed"},
            )
        ],
        "(User alice@corp.example) -> (Url https://phish.example/) action=allowed",
    ),
    "OWNS": (
        [mailbox("access", logon_kind="owner")],
        "(User alice@corp.example) -> (Mailbox alice@corp.example) reason=owner",
    ),
    "ACCESSED_MAILBOX": (
        [mailbox("access", protocol="ews", client="python-requests")],
        "(User alice@corp.example) -> (Mailbox alice@corp.example) operation=access protocol=ews "
        "client=python-requests source=203.0.113.9 outcome=success",
    ),
    "GRANTED": (
        [mailbox("permission_granted", grantee="Eve@corp.example", rights=["FullAccess"])],
        "(User alice@corp.example) -> (Mailbox alice@corp.example) grantee=eve@corp.example rights=FullAccess "
        "operation=permission_granted",
    ),
    "CREATED_RULE": (
        [mailbox("rule_created", rule_name="..", forward_to=["drop@evil.example"])],
        "(User alice@corp.example) -> (MailRule alice@corp.example|..) operation=rule_created source=203.0.113.9",
    ),
    "FORWARDS_TO": (
        [mailbox("rule_created", rule_name="..", forward_to=["Drop@evil.example"])],
        "(MailRule alice@corp.example|..) -> (Mailbox drop@evil.example) reason=rule "
        "actor=alice@corp.example source=203.0.113.9",
    ),
    "ALERTED_ON": (
        [
            (
                "alert",
                {"time": AT, "product": "Hayabusa", "title": "Mimikatz", "rule": "r1", "host": SRV, "recorder": None},
            )
        ],
        "(Alert hayabusa|r1) -> (Host srv1.corp.example)",
    ),
}


def edges(graph: GraphStore, type: str) -> list[str]:
    """Give a type's edges, with the properties that are known."""
    names = [p.name for p in EDGES[type].properties]
    columns = "".join(f", edge.`{name}` AS `{name}`" for name in names)
    rows = graph.query(
        f"MATCH (source)-[edge:{type}]->(target) RETURN labels(source)[0] AS a, source.key AS b, "
        f"labels(target)[0] AS c, target.key AS d, edge.bucket AS bucket{columns} ORDER BY b, d"
    )
    found = []
    for row in rows:
        known = [f"{name}={row[name]}" for name in names if row[name] not in ("", None)]
        found.append(" ".join([f"({row['a']} {row['b']}) -> ({row['c']} {row['d']})", *known]))
    return found


@pytest.mark.parametrize("type", CASES)
def test_an_event_becomes_its_edge(tmp_path: Path, type: str) -> None:
    events, expected = CASES[type]
    graph = empty_kglite()
    apply(stored(tmp_path, events), graph, tmp_path / "deltas")
    assert edges(graph, type) == [expected]


def test_a_lease_puts_a_machine_at_an_address(tmp_path: Path) -> None:
    lease = {"time": AT, "kind": "lease", "outcome": "success", "source_ip": "10.0.0.9", "mac": "00:00:5e:00:53:09"}
    graph = empty_kglite()
    apply(stored(tmp_path, [("network", {**lease, "source_host": SRV})]), graph, tmp_path / "deltas")
    assert edges(graph, "HAD_IP") == ["(Host srv1.corp.example) -> (IP 10.0.0.9) reason=lease"]


def test_a_look_up_is_its_address_where_no_machine_is_known(tmp_path: Path) -> None:
    lookup = {
        "time": AT,
        "kind": "lookup",
        "outcome": "success",
        "source_ip": "10.0.0.9",
        "target_host": "evil.example",
    }
    graph = empty_kglite()
    apply(stored(tmp_path, [("network", lookup)]), graph, tmp_path / "deltas")
    assert edges(graph, "LOOKED_UP") == ["(IP 10.0.0.9) -> (Domain evil.example)"]


def test_all_kinds_at_once_are_the_same_on_each_engine(graph_store: GraphStore, tmp_path: Path) -> None:
    every = [event for events, _ in CASES.values() for event in events]
    graph = empty_kglite()
    apply(stored(tmp_path, every), graph, tmp_path / "deltas")
    other = tmp_path / "other"
    other.mkdir()
    apply(stored(other, every[::2], every[1::2]), graph_store, other / "deltas")
    assert [*export_nodes(graph_store), *export_edges(graph_store)] == [*export_nodes(graph), *export_edges(graph)]


def test_every_kind_of_edge_has_a_reading_of_each_of_its_tables() -> None:
    read = {type: {table for table, _ in readings} for type, readings in EDGE_READINGS.items()}
    assert read == {type: set(kind.tables) for type, kind in EDGES.items()}


def test_every_kind_is_shown() -> None:
    shown = {*CASES, "LOGGED_ON", "LOGON_TO", "RAN_ON"}
    assert shown == {type for type, readings in EDGE_READINGS.items() if readings}
    assert set(TABLES) == {table for readings in EDGE_READINGS.values() for table, _ in readings}
