"""Events in the Open Cybersecurity Schema Framework, class by class."""

import json

from graph_hunt.loaders import ocsf
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

WS1, SRV1, ANN_SID = "ws1.corp.example", "srv1.corp.example", "S-1-5-21-1-2-3-1104"
SHELL = r"C:\Windows\System32\cmd.exe"


def sample() -> Reading:
    return read(ocsf.LOADER, Content((SAMPLES / "ocsf" / "events.jsonl").read_bytes()))


def test_authentication() -> None:
    columns = (
        "code",
        "kind",
        "outcome",
        "reason",
        "user",
        "source_host",
        "source_ip",
        "target_host",
        "logon_type",
        "package",
    )
    assert sample().rows("authentication", *columns) == [
        ("OCSF/3002", "logon", "success", None, "ann", "WS1", "10.1.0.21", SRV1, "network", "NTLM"),
        # What the schema has no place for is taken from `unmapped`.
        (
            *("OCSF/3002", "logon", "failure", "bad_password", "bob", "WS1", "10.1.0.21", SRV1),
            *("remote_interactive", "Negotiate"),
        ),
        ("OCSF/3002", "sign_in", "success", None, None, None, "198.51.100.7", None, None, None),
        ("OCSF/3002", "logoff", "success", None, "ann", None, None, SRV1, None, None),
        ("OCSF/3002", "ticket_service", "success", None, "ann", None, "10.1.0.21", None, None, "Kerberos"),
        ("OCSF/4005", "session", "success", None, "ann", None, "10.1.0.21", SRV1, "remote_interactive", None),
        ("OCSF/4007", "logon", "failure", "bad_password", "root", None, "203.0.113.9", "web1", None, "password"),
    ]
    columns = ("user_upn", "application", "mfa", "country", "city", "latitude", "longitude", "client", "session")
    assert sample().rows("authentication", *columns)[2] == (
        *("ann@acme.example", "signin.amazonaws.com", "satisfied", "FR", "Lyon", "45.76", "4.83", "Mozilla/5.0", "s1"),
    )
    columns = ("target_user", "target_user_domain", "target_service", "user_sid", "logon_id")
    assert sample().rows("authentication", *columns)[4] == ("srv1$", "CORP", "srv1$", ANN_SID, None)


def test_processes_and_what_they_opened() -> None:
    columns = ("kind", "guid", "pid", "image", "command_line", "integrity", "parent_guid", "sha256", "md5")
    assert sample().rows("process", *columns) == [
        ("start", "p2", 4242, SHELL, "cmd /c whoami", "high", "p1", "aa" * 32, "bb" * 16),
        ("stop", "p2", 4242, SHELL, "cmd /c whoami", None, None, "aa" * 32, "bb" * 16),
    ]
    columns = ("kind", "host", "user", "source_ip", "object", "path", "rights", "process_guid", "target_guid")
    lsass = r"C:\Windows\System32\lsass.exe"
    assert sample().rows("access", *columns) == [
        ("process", WS1, "ann", None, lsass, None, "0x1010", "p2", "p0"),
        ("share", SRV1, "ann", "10.1.0.21", "ADMIN$", "u.exe", "SMB2_WRITE", None, None),
    ]


def test_the_network() -> None:
    columns = ("code", "kind", "direction", "protocol", "source_ip", "target_ip", "target_port", "target_host")
    assert sample().rows("network", *columns, "bytes_out", "duration") == [
        (
            *("OCSF/4001", "connection", "outbound", "tcp", "10.1.0.21", "203.0.113.80", 443, "c2.example.net"),
            *(120, 2),
        ),
        ("OCSF/4003", "lookup", "outbound", "dns", "10.1.0.21", None, None, "c2.example.net", None, None),
        ("OCSF/4005", "connection", None, "tcp", "10.1.0.21", "10.1.0.30", 3389, SRV1, None, None),
        ("OCSF/4007", "connection", None, None, "203.0.113.9", "10.1.0.40", 22, "web1", None, None),
    ]


def test_mail() -> None:
    columns = ("message_id", "sender", "return_path", "recipient", "direction", "action", "spf", "dkim", "urls")
    assert sample().rows("mail", *columns, "attachment_hashes") == [
        (
            *("m1@evil.example", "billing@evil.example", "bounce@evil.example", recipient, "inbound", "delivered"),
            *("fail", "none", ["https://evil.example/x"], ["cc" * 32]),
        )
        for recipient in ("ann@acme.example", "bob@acme.example")
    ]


def test_changes() -> None:
    columns = ("object_kind", "operation", "user", "user_upn", "object", "target_user", "target_user_upn")
    run = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Upd"
    found = sample().rows("change", *columns)
    assert found[:4] == [
        ("account", "created", "ann", None, "helper", "helper", None),
        ("mfa_method", "deleted", None, "admin@acme.example", "bob@acme.example", None, "bob@acme.example"),
        ("group", "member_added", "ann", None, r"SRV1\Administrators", "bob", None),
        ("role", "member_added", None, "admin@acme.example", "Global Admin", None, "bob@acme.example"),
    ]
    assert [change[:3] for change in found[4:]] == [
        ("startup", "created", "ann"),
        ("task", "created", "ann"),
        ("run_key", "changed", "ann"),
    ]
    assert sample().rows("change", "object", "path")[5:] == [(r"\Upd", r"C:\u.exe -q"), (run, r"C:\u.exe")]


def test_findings_and_what_is_not_used() -> None:
    columns = ("title", "level", "techniques", "host", "user", "source_ip", "rule")
    assert sample().rows("alert", *columns) == [
        ("Credential dumping", "high", ["T1003", "T1003.001"], WS1, "ann", "10.1.0.9", "r1")
    ]
    assert sample().unused == {"OCSF/6003": 1}


def test_accounts_of_amazon_are_named_by_their_resource() -> None:
    event = {
        "class_uid": 3002,
        "activity_id": 1,
        "time": 1772442000000,
        "user": {"uid": "arn:aws:sts::111122223333:assumed-role/Admin/ann"},
        "dst_endpoint": {"svc_name": "https://console.aws.example/"},
        "api": {"service": {"name": "signin.amazonaws.com"}},
        "src_endpoint": {"ip": "198.51.100.7"},
    }
    found = read(ocsf.LOADER, Content(json.dumps(event).encode()))
    columns = ("kind", "user", "user_domain", "application")
    assert found.rows("authentication", *columns) == [("sign_in", "ann", "111122223333", "signin.amazonaws.com")]


def test_a_source_that_is_the_machine_itself_is_no_source() -> None:
    event = {
        "class_uid": 3002,
        "activity_id": 1,
        "status_id": 1,
        "time": 1772442000000,
        "user": {"name": "ann", "domain": "CORP"},
        "device": {"hostname": SRV1},
        "src_endpoint": {"name": "SRV1", "ip": "127.0.0.1"},
        "auth_protocol": "Other",
        "auth_protocol_id": 99,
        "logon_type_id": 2,
    }
    found = read(ocsf.LOADER, Content(json.dumps(event).encode()))
    columns = ("kind", "source_host", "source_ip", "target_host", "package", "logon_type")
    assert found.rows("authentication", *columns) == [("logon", None, None, SRV1, None, "interactive")]
