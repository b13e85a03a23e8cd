"""Findings of Hayabusa and Chainsaw become alerts, the same ones from every form they come in."""

import pytest

from graph_hunt.loaders import alerts
from graph_hunt.loaders.alerts.clock import clock_of
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

COLUMNS = ("product", "title", "level", "techniques", "host", "user", "user_domain", "source_ip")


def sample(name: str) -> Reading:
    return read(alerts.LOADER, Content((SAMPLES / "alerts" / name).read_bytes(), name))


def test_hayabusa_lines() -> None:
    found = sample("hayabusa.jsonl")
    assert found.rows("alert", "time", *COLUMNS) == [
        (
            1618950793680,
            "Hayabusa",
            "Logon (Network)",
            "informational",
            None,
            "MSEDGEWIN10",
            "user03",
            "MSEDGEWIN10",
            "10.0.2.17",
        ),
        (
            1618950794000,
            "Hayabusa",
            "Suspicious Remote Service",
            "critical",
            ["T1021.002", "T1569.002"],
            "MSEDGEWIN10",
            "SYSTEM",
            "NT AUTHORITY",
            None,
        ),
    ]
    assert found.rows("alert", "rule", "details")[1] == (
        "2d1f0f3c-0000-4000-8000-000000000001",
        r"CmdLine: cmd.exe /c whoami ¦ Proc: C:\Windows\System32\cmd.exe ¦ User: NT AUTHORITY\SYSTEM ¦ Hash: a, b",
    )


def test_hayabusa_objects_one_after_another() -> None:
    found = sample("hayabusa_pretty.json")
    assert found.rows("alert", "record", *COLUMNS) == [
        (1, "Hayabusa", "Logon (Network)", "informational", None, "MSEDGEWIN10", "user03", "MSEDGEWIN10", "10.0.2.17"),
        (2, "Hayabusa", "Password Guessing", "medium", ["T1110.001"], "MSEDGEWIN10", None, None, "10.0.2.99"),
    ]


def test_hayabusa_table() -> None:
    found = sample("hayabusa.csv")
    assert found.rows("alert", "record", *COLUMNS) == [
        (
            1,
            "Hayabusa",
            "Suspicious Remote Service",
            "critical",
            ["T1021.002", "T1569.002"],
            "MSEDGEWIN10",
            "SYSTEM",
            "NT AUTHORITY",
            None,
        ),
        (2, "Hayabusa", "Explicit Logon", "low", None, "MSEDGEWIN10", "bob", "CORP", None),
    ]
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(3, "the time 'not a time' cannot be read")]


def test_a_finding_is_the_same_from_every_profile_and_form() -> None:
    lines, pretty, table = sample("hayabusa.jsonl"), sample("hayabusa_pretty.json"), sample("hayabusa.csv")
    assert lines.rows("alert", "event_id")[0] == pretty.rows("alert", "event_id")[0]
    assert lines.rows("alert", "event_id")[1] == table.rows("alert", "event_id")[0]
    assert (
        sample("chainsaw.json").rows("alert", "event_id")[1]
        == sample("chainsaw_sigma.csv").rows("alert", "event_id")[0]
    )


def test_chainsaw_detections() -> None:
    assert sample("chainsaw.json").rows("alert", "time", "record", *COLUMNS) == [
        (
            1635025811123,
            1,
            "Chainsaw",
            "RDP Logon",
            "informational",
            None,
            "fs03.offsec.lan",
            "admmig",
            "OFFSEC",
            "10.23.23.9",
        ),
        (
            1635025860000,
            2,
            "Chainsaw",
            "PsExec Pipe",
            "critical",
            ["T1569.002"],
            "fs03.offsec.lan",
            "SYSTEM",
            "NT AUTHORITY",
            None,
        ),
        (1635026100000, 3, "Chainsaw", "Account Brute Force", "high", None, None, "ann", None, None),
    ]


def test_a_row_of_chainsaw_is_one_alert_for_each_rule_it_names() -> None:
    found = sample("chainsaw_sigma.csv")
    assert (found.records, found.used) == (1, 1)
    assert found.rows("alert", *COLUMNS) == [
        ("Chainsaw", "PsExec Pipe", None, None, "fs03.offsec.lan", "SYSTEM", "NT AUTHORITY", None),
        ("Chainsaw", "Unusual Pipe", None, None, "fs03.offsec.lan", "SYSTEM", "NT AUTHORITY", None),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2022-02-22 22:00:00.123 +02:00",
        "2022-02-22T20:00:00.1234567Z",
        "2022-02-22 20:00:00.123456Z",
        "2022-02-22 14:00:00.123456-06:00",
        "02-22-2022 10:00:00.123 PM +02:00",
        "02-22-2022 14:00:00.123 -06:00",
        "22-02-2022 22:00:00.123 +02:00",
        "23-02-2022 01:30:00.123 +05:30",
    ],
)
def test_every_way_to_write_a_time_is_read(written: str) -> None:
    assert clock_of(written, "UTC")(written) == 1645560000123


def test_other_times() -> None:
    assert clock_of("", "UTC")("Tue, 22 Feb 2022 14:00:00 -0600") == 1645560000000
    assert clock_of("", "Europe/Paris")("2022-02-22 21:00:00.123") == 1645560000123
    assert clock_of("", "UTC")("02-03-2022 14:00:00.123 -06:00") is None
    assert clock_of('"02-13-2022 14:00:00', "UTC")("02-03-2022 14:00:00.123 -06:00") == 1643918400123


@pytest.mark.parametrize(
    "content",
    [
        b'{"Event":{"System":{"EventID":4624}}}\n',
        b"Timestamp,Computer,Message\n",
        b"\x89PNG",
        b"",
        b"timestamp,path,x\n",
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not alerts.LOADER.claims(Content(content))
