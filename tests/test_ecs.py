"""Events in the Elastic Common Schema: nested or dotted, as Elasticsearch and Kibana wrap them, with Windows events."""

import json

import pytest

from graph_hunt.loaders import ecs
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

ANN = ("ann", "CORP")


def sample(name: str) -> Reading:
    return read(ecs.LOADER, Content((SAMPLES / "ecs" / name).read_bytes(), name))


def test_logons_and_sign_ins() -> None:
    columns = (
        "kind",
        "outcome",
        "reason",
        "user",
        "user_domain",
        "target_host",
        "logon_type",
        "package",
        "application",
    )
    assert sample("documents.jsonl").rows("authentication", *columns) == [
        ("logon", "success", None, "deploy", None, "web1.corp.example", None, "publickey", None),
        ("logon", "failure", "unknown_user", "oracle", None, "web1.corp.example", None, None, None),
        ("logon", "success", None, *ANN, "ws1", "remote_interactive", "Negotiate", None),
        ("logoff", "success", None, *ANN, "ws1", None, None, None),
        ("explicit", "success", None, "deploy", None, "web1", None, None, None),
        ("sign_in", "success", None, None, None, None, None, None, "okta.system"),
    ]
    columns = ("source_ip", "source_port", "country", "city", "latitude", "asn", "target_user", "user_upn")
    assert sample("documents.jsonl").rows("authentication", *columns) == [
        ("203.0.113.9", 50022, "NL", "Amsterdam", "52.37", "64501", None, None),
        ("203.0.113.9", None, None, None, None, None, None, None),
        ("10.1.0.9", 50100, None, None, None, None, None, None),
        (None, None, None, None, None, None, None, None),
        (None, None, None, None, None, None, "root", None),
        ("198.51.100.7", None, "FR", None, None, None, None, "ann@acme.example"),
    ]


def test_processes_and_connections() -> None:
    found = sample("documents.jsonl")
    columns = ("kind", "guid", "pid", "image", "command_line", "integrity", "parent_guid", "sha256")
    shell = r"C:\Windows\System32\cmd.exe"
    assert found.rows("process", *columns) == [
        ("start", "e2", 4242, shell, "cmd /c whoami", "high", "e1", "aa" * 32),
        ("stop", "e2", 4242, shell, None, None, None, None),
    ]
    columns = ("kind", "direction", "protocol", "source_ip", "target_ip", "target_port", "target_host", "process_guid")
    assert found.rows("network", *columns, "bytes_out", "bytes_in", "duration") == [
        (
            *("connection", "outbound", "tcp", "10.1.0.21", "203.0.113.80", 443, "c2.example.net", "e2"),
            *(None, None, None),
        ),
        ("lookup", "outbound", "dns", None, None, None, "c2.example.net", "e2", None, None, None),
        ("connection", None, "tcp", "10.1.0.21", "10.1.0.30", 445, None, None, 120, 900, 2),
    ]


def test_changes() -> None:
    columns = ("object_kind", "operation", "user", "target_user", "target_user_upn")
    found = sample("documents.jsonl")
    assert found.rows("change", *columns) == [
        ("group", "member_added", "root", None, None),
        ("account", "created", None, "helper", None),
        ("account", "password_reset", None, None, "bob@acme.example"),
        ("startup", "created", "ann", None, None),
        ("run_key", "changed", "ann", None, None),
    ]
    assert found.rows("change", "object", "path")[4] == (
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Upd",
        r"C:\u.exe",
    )


def test_mail_and_alerts() -> None:
    found = sample("documents.jsonl")
    columns = ("message_id", "sender", "recipient", "direction", "action", "urls", "attachments", "attachment_hashes")
    assert found.rows("mail", *columns) == [
        (
            *("m1@evil.example", "billing@evil.example", recipient, "inbound", "delivered"),
            *(["https://evil.example/x"], ["a.docm"], ["cc" * 32]),
        )
        for recipient in ("ann@acme.example", "bob@acme.example")
    ]
    columns = ("title", "level", "techniques", "host", "user", "rule")
    assert found.rows("alert", *columns) == [("Credential dumping", "critical", ["T1003"], "ws1", "ann", "r1")]
    assert found.unused == {"ECS/network": 1, "ECS/configuration": 1}


@pytest.mark.parametrize("name", ["dotted.jsonl", "elasticsearch.json", "kibana.jsonl"])
def test_a_document_says_the_same_in_every_wrapping(name: str) -> None:
    found, plain = sample(name), sample("documents.jsonl")
    for table, count in (("authentication", 6), ("process", 2), ("network", 2)):
        ours, theirs = found.tables[table], plain.tables[table][:count]
        other = ("event_id", "record", "raw", "file")
        assert [{k: v for k, v in row.items() if k not in other} for row in ours] == [
            {k: v for k, v in row.items() if k not in other} for row in theirs
        ]
    # Those with an id of their own are the same event.
    assert found.rows("process", "event_id") == plain.rows("process", "event_id")


def test_a_windows_event_among_others_is_that_event() -> None:
    documents = (SAMPLES / "ecs" / "documents.jsonl").read_text().splitlines()
    winlog = {
        "@timestamp": "2026-03-02T09:30:00.000Z",
        "event": {"code": "4624", "kind": "event", "category": ["authentication"]},
        "host": {"name": "srv1"},
        "winlog": {
            "channel": "Security",
            "provider_name": "Microsoft-Windows-Security-Auditing",
            "event_id": "4624",
            "record_id": 77,
            "computer_name": "srv1.corp.example",
            "event_data": {
                "TargetUserName": "ann",
                "TargetDomainName": "CORP",
                "LogonType": "3",
                "IpAddress": "10.1.0.21",
            },
        },
    }
    found = read(ecs.LOADER, Content("\n".join([*documents[:6], json.dumps(winlog)]).encode()))
    assert found.rows("authentication", "code", "user", "source_ip", "target_host")[-1] == (
        *("Security/4624", "ann", "10.1.0.21"),
        "srv1.corp.example",
    )
    assert not ecs.LOADER.claims(Content("\n".join([json.dumps(winlog), *documents]).encode()))
