"""Zeek's logs, tabbed and as JSON."""

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.loaders import zeek
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str) -> Reading:
    return read(zeek.LOADER, Content((SAMPLES / "zeek" / name).read_bytes(), name))


def test_a_connection_is_the_same_event_in_both_forms() -> None:
    columns = ("event_id", "outcome", "protocol", "source_ip", "target_ip", "target_port", "bytes_out", "packets")
    tabbed, json = sample("conn.log").rows("network", *columns), sample("conn.json").rows("network", *columns)
    assert tabbed[0] == json[0]
    assert [row[1:] for row in tabbed] == [
        ("success", "tcp", "192.0.2.10", "192.0.2.20", 445, 4000, 84),
        ("failure", "tcp", "192.0.2.10", "192.0.2.21", 3389, None, 3),
        ("success", "udp", "2001:db8::10", "2001:db8::53", 53, 40, 2),
    ]


def test_a_line_that_does_not_fit_its_header_is_quarantined() -> None:
    found = sample("conn.log")
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(12, "3 fields, expected 21")]
    assert found.records == 4


def test_a_file_may_hold_logs_one_after_another() -> None:
    found = sample("ntlm_and_dns.log")
    columns = ("user", "user_domain", "outcome", "source_host", "source_ip", "target_host", "package")
    assert found.rows("authentication", *columns) == [
        ("ann", "CORP", "success", "PC1", "192.0.2.10", "srv1.corp.example", "NTLM"),
        ("jörg", "CORP", "failure", "PC1", "192.0.2.10", "srv1.corp.example", "NTLM"),
        (None, None, "success", None, "192.0.2.10", "srv1.corp.example", "NTLM"),
    ]
    assert found.rows("network", "kind", "target_host", "outcome", "answers") == [
        ("lookup", "files.corp.example", "success", ["srv1.corp.example", "192.0.2.20"]),
        ("lookup", "nowhere.example", "failure", None),
    ]


def test_tickets_on_the_wire() -> None:
    found = sample("kerberos.json")
    columns = ("kind", "outcome", "reason", "user", "user_domain", "target_user", "target_host", "encryption")
    assert found.rows("authentication", *columns) == [
        ("ticket_granting", "failure", "bad_password", "ann", "CORP.EXAMPLE", "krbtgt", None, None),
        ("ticket_service", "success", None, "ann", "CORP.EXAMPLE", None, None, "rc4"),
        ("ticket_service", "success", None, "PC1$", "CORP.EXAMPLE", "srv1$", "srv1.corp.example", "aes256"),
        ("ticket_granting", "failure", "unknown_user", "nobody", "CORP.EXAMPLE", "krbtgt", None, None),
    ]
    assert found.unused == {"Zeek/kerberos/preauth_required": 1, "Zeek/kerberos/no_request": 1}


def test_each_record_is_of_the_log_that_it_names() -> None:
    found = sample("corelight.json")
    columns = ("code", "kind", "outcome", "user", "source_host", "source_ip", "target_host", "application")
    assert found.rows("authentication", *columns) == [
        ("Zeek/rdp", "session", None, "ann", "PC1", "192.0.2.10", "192.0.2.21", "RDP"),
        ("Zeek/ssh", "logon", "success", None, None, "192.0.2.10", "192.0.2.30", "sshd"),
        ("Zeek/radius", "logon", "success", "ann", None, "198.51.100.7", "192.0.2.2", "RADIUS"),
    ]
    assert found.rows("access", "kind", "host", "object", "path", "rights") == [
        ("share", "srv1.corp.example", "C$", None, None),
        ("share", "srv1.corp.example", "C$", "Windows\\psexesvc.exe", "file_open"),
        ("pipe", "srv1.corp.example", "svcctl", "\\pipe\\ntsvcs", "CreateServiceW"),
    ]
    assert found.rows("network", "kind", "recorder", "source_host", "source_ip", "target_host", "mac") == [
        ("lease", "sensor1", "PC1.corp.example", "192.0.2.10", None, "00:00:5e:00:53:10"),
        ("connection", "sensor1", None, "192.0.2.10", "files.example", None),
    ]
    assert found.unused == {"Zeek/ssh/no_logon": 1, "Zeek/dhcp/no_lease": 1, "Zeek/weird": 1}
    assert [bad.reason for bad in found.quarantined] == ["ts: no time that can be read"]


def test_a_sensor_is_no_machine_that_took_part() -> None:
    found = sample("otrf/combined.jsonl")
    assert {row["recorder"] for name in ("access", "authentication") for row in found.tables[name]} == {None}
    assert {row["host"] for row in found.tables["network"]} == {None}


@pytest.mark.parametrize(
    "content", [b'{"ts":1.5,"uid":"C1","id":7,"query":[1],"answers":"x"}\n', b"#separator \\x09\n#fields\n"]
)
def test_values_of_other_types_cost_no_more_than_their_record(content: bytes) -> None:
    assert read(zeek.LOADER, Content(content)).records <= 1


@SHARED_ONLY
def test_all_lines_of_the_combined_recording_are_accounted_for() -> None:
    found = read(zeek.LOADER, one_source(DATA / "otrf-security-datasets/compound/apt29/day1/combined_zeek.log.gz"))
    assert (found.records, found.used, len(found.quarantined)) == (2140, 1208, 0)
    assert {name: len(rows) for name, rows in found.tables.items()} == {
        "network": 1044,
        "access": 146,
        "authentication": 18,
    }
