"""Unix's login records: utmp, wtmp, btmp and lastlog."""

from pathlib import Path

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import utmp
from tests import utmp_records
from tests.paths import SAMPLES
from tests.sources import Content, read
from tests.utmp_records import BEGUN, FORMS, btmp, lastlog, login, wtmp

HERE = Options(extra={"host": "web1"})
EVIL = "203.0.113.9"


def test_samples_are_those_that_are_written_here(tmp_path: Path) -> None:
    utmp_records.main(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert (SAMPLES / "utmp" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_logons_and_their_ends_on_every_kind_of_machine(form: str) -> None:
    found = read(utmp.LOADER, Content(wtmp(form), "wtmp"), HERE)
    columns = ("record", "kind", "user", "source_host", "source_ip", "logon_type", "device", "duration")
    assert found.rows("authentication", *columns) == [
        (4, "logon", "root", None, None, "interactive", "tty1", None),
        (5, "logon", "ann", "pc1.corp.example", "10.1.2.3", "network", "pts/0", None),
        (6, "session", "ann", None, None, "interactive", "pts/1", None),
        (7, "logoff", "ann", "pc1.corp.example", "10.1.2.3", "network", "pts/0", 300),
        (8, "logon", "bob", None, "2001:db8::9", "network", "pts/2", None),
    ]
    assert {(row["target_host"], row["recorder"]) for row in found.tables["authentication"]} == {("web1", "web1")}
    assert found.tables["authentication"][0]["time"] == (BEGUN + 60) * 1000 + 250
    assert found.unused == {"Utmp/BOOT_TIME": 1, "Utmp/RUN_LVL": 1, "Utmp/LOGIN_PROCESS": 1, "Utmp/DEAD_PROCESS": 1}


def test_failures_are_named_waiting_terminals_are_not() -> None:
    found = read(utmp.LOADER, Content(btmp(), "btmp"))
    columns = ("record", "outcome", "reason", "user", "source_ip", "target_host", "application")
    assert found.rows("authentication", *columns) == [
        (1, "failure", "other", "root", EVIL, None, "sshd"),
        (2, "failure", "other", "root", EVIL, None, "sshd"),
        (3, "failure", "unknown_user", None, EVIL, None, "sshd"),
        (4, "failure", "unknown_user", None, None, None, None),
    ]
    assert len({row["event_id"] for row in found.tables["authentication"]}) == 4
    assert found.unused == {"Utmp/LOGIN_PROCESS": 1}


@pytest.mark.parametrize(
    ("name", "outcome"), [("btmp-20240301", "failure"), ("var/log/btmp.1", "failure"), ("wtmp", "success")]
)
def test_a_logon_in_the_file_of_failures_failed(name: str, outcome: str) -> None:
    record = login(7, "tty7", "ann", ":0", pid=5, at=1)
    assert read(utmp.LOADER, Content(record, name)).rows("authentication", "outcome") == [(outcome,)]


def test_a_record_in_utmp_and_wtmp_is_one_event() -> None:
    record = login(7, "pts/0", "ann", EVIL, pid=5, at=1, ip=EVIL)
    first, second = (
        read(utmp.LOADER, Content(content, name), HERE).rows("authentication", "event_id")
        for content, name in ((record, "utmp"), (login(2, "~", "reboot") + record, "wtmp"))
    )
    assert first == second


def test_damaged_and_cut_records_cost_themselves_only() -> None:
    sound = login(7, "tty1", "root", pid=5, at=1)
    found = read(utmp.LOADER, Content(sound + b"\xff" * 384 + sound + sound + sound[:100]))
    assert [bad.record for bad in found.quarantined] == [2, 5]
    assert [bad.reason for bad in found.quarantined] == ["type -1, expected 0 to 9", "cut after 100 of 384 bytes"]
    assert (found.records, found.used) == (5, 3)


@pytest.mark.parametrize("form", ["<i32s256s", "<q32s256s", ">i32s256s"])
def test_the_last_logon_of_each_account(form: str) -> None:
    found = read(utmp.LOADER, Content(lastlog(form)), HERE)
    columns = ("record", "user", "source_ip", "target_host", "device")
    assert found.rows("authentication", *columns) == [
        (1, "root", None, "web1", "tty1"),
        (1001, "uid 1000", "10.1.2.3", "web1", "pts/0"),
    ]


def test_a_lastlog_that_begins_with_a_hole_is_known(tmp_path: Path) -> None:
    path = tmp_path / "lastlog"
    with path.open("wb") as file:
        file.seek(292 * 1000)
        file.write(lastlog()[-292:])
        file.truncate(292 * 1_000_000)
    found = read(utmp.LOADER, one_source(path))
    assert found.rows("authentication", "record", "user") == [(1001, "uid 1000")]


@pytest.mark.parametrize(
    "content",
    [b"", bytes(384), bytes(292 * 300), b'{"time":"x"}' * 100, b"\x01\0" * 5000, "плохо".encode() * 500],
    ids=["empty", "zeros", "zeros-long", "json", "ones", "text"],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not utmp.LOADER.claims(Content(content))
