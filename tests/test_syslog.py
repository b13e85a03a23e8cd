"""Syslog: its forms, its years, and what sshd, sudo, su, PAM, Postfix and Dovecot say in it."""

import doctest
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import syslog
from graph_hunt.loaders.syslog import line, who
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")
IN_2024 = Options(year=2024)
EVIL, ANN, RIGHT = "203.0.113.9", "ann", "198.51.100.7"


def sample(name: str, options: Options = IN_2024) -> Reading:
    return read(syslog.LOADER, Content((SAMPLES / "syslog" / name).read_bytes(), name), options)


def said(*lines: str, options: Options = IN_2024) -> Reading:
    """Read lines of one machine, a second apart."""
    text = "".join(f"Jun  3 10:00:{second:02d} web1 {words}\n" for second, words in enumerate(lines))
    return read(syslog.LOADER, Content(text.encode()), options)


def times(found: Reading) -> list[str]:
    return [
        f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}" for (at,) in found.rows("authentication", "time")
    ]  # type: ignore[operator]


@pytest.mark.parametrize("module", [line, who])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_what_sshd_says() -> None:
    found = sample("auth.log")
    columns = ("record", "code", "outcome", "reason", "user", "source_ip", "source_port", "package", "target_host")
    sshd = [row for row in found.rows("authentication", *columns) if str(row[1]).startswith("sshd")]
    assert sorted(sshd, key=lambda row: row[0]) == [  # type: ignore[arg-type, return-value]
        (6, "sshd/Failed", "failure", "unknown_user", "admin", EVIL, 4001, "password", "web1"),
        (7, "sshd/Failed", "failure", "unknown_user", "admin", EVIL, 4001, "password", "web1"),
        (7, "sshd/Failed", "failure", "unknown_user", "admin", EVIL, 4001, "password", "web1"),
        (9, "sshd/InvalidUser", "failure", "unknown_user", "oracle", EVIL, 4002, None, "web1"),
        (11, "sshd/GaveUp", "failure", "other", "root", EVIL, 4003, None, "web1"),
        (13, "sshd/Failed", "failure", "restricted", "root", EVIL, 4004, "password", "web1"),
        (15, "sshd/Accepted", "success", None, ANN, RIGHT, 5001, "publickey", "web1"),
    ]
    kinds = set(found.rows("authentication", "kind", "logon_type", "application"))
    assert {("logon", "cleartext", "sshd"), ("logon", "network", "sshd"), ("logoff", None, "sshd")} <= kinds


def test_a_name_cannot_forge_the_address() -> None:
    found = said(
        "sshd[1]: Failed password for invalid user from 10.1.1.1 from 203.0.113.9 port 58946 ssh2",
        "sshd[2]: Failed password for invalid user x from 10.1.1.2 port 55 ssh2 from 203.0.113.9 port 58946 ssh2",
        "sshd[3]: Failed password for ann from 203.0.113.9 port 20000 ssh1: ruser from 10.1.1.3",
        "vsftpd: pam_unix(vsftpd:auth): authentication failure; uid=0 ruser=rhost=10.1.1.4 rhost=203.0.113.9  user=ann",
    )
    assert found.rows("authentication", "source_ip") == [(EVIL,)] * 4


def test_other_words_for_failing() -> None:
    found = said(
        "sshd[1]: error: PAM: Authentication failure for ann from gw.bulk.example via 192.0.2.1",
        "sshd[2]: User root not allowed because account is locked",
        "sshd[2]: Received disconnect from 203.0.113.9: 11: Bye Bye [preauth]",
        "sshd[3]: Connection from 203.0.113.9 port 51353 on 192.0.2.1 port 22",
        "sshd[3]: Disconnecting: Too many authentication failures for root [preauth]",
        "[sshd]: User root from 203.0.113.9 not allowed because not listed in AllowUsers",
        "sshd[4]: Failed keyboard-interactive/pam for <invalid username> from 203.0.113.9 port 42742 ssh2",
        "sshd[5]: error: maximum authentication attempts exceeded for invalid user eve from 203.0.113.9 port 9 ssh2",
        "sshd[5]: Disconnecting invalid user eve 203.0.113.9 port 9: Too many authentication failures [preauth]",
    )
    columns = ("code", "reason", "user", "source_ip", "source_host")
    assert sorted(found.rows("authentication", *columns), key=repr) == [
        ("sshd/Failed", "bad_password", ANN, None, "gw.bulk.example"),
        ("sshd/Failed", "unknown_user", None, EVIL, None),
        ("sshd/GaveUp", "other", "eve", EVIL, None),
        ("sshd/GaveUp", "other", "root", EVIL, None),
        ("sshd/NotAllowed", "locked", "root", EVIL, None),
        ("sshd/NotAllowed", "restricted", "root", EVIL, None),
    ]


def test_keys_that_were_offered_before_the_right_one_are_no_failures() -> None:
    offered = "sshd[1]: Failed publickey for git from 198.51.100.7 port 7 ssh2: RSA SHA256:a"
    refused = said(offered, offered, "sshd[1]: Connection closed by 198.51.100.7 port 7 [preauth]")
    assert refused.rows("authentication", "code") == [("sshd/Failed",)]
    accepted = said(offered, "sshd[1]: Accepted publickey for git from 198.51.100.7 port 7 ssh2: RSA SHA256:b")
    assert accepted.rows("authentication", "code") == [("sshd/Accepted",)]


def test_what_failed_before_a_success_of_another_is_not_forgiven() -> None:
    found = said(
        "sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 ruser= rhost=203.0.113.9  user=root",
        "sshd[1]: Accepted password for ann from 203.0.113.9 port 7 ssh2",
    )
    assert sorted(found.rows("authentication", "outcome", "user")) == [("failure", "root"), ("success", "ann")]


def test_broken_lines_of_known_programs_do_not_fail() -> None:
    journal = b'{"__REALTIME_TIMESTAMP":"1717401601000000","_HOSTNAME":"w","SYSLOG_IDENTIFIER":"sudo","_PID":"3x",'
    journal += b'"MESSAGE":"ann : TTY=pts/0 ; USER=root ; COMMAND=/bin/sh"}\n'
    assert read(syslog.LOADER, Content(journal)).rows("process", "pid") == [(None,)]
    found = said("sshd[1]: pam_unix(sshd:auth): authentication failure; ", "sudo: ann : TTY")
    assert found.records == 2


def test_acting_as_another() -> None:
    found = sample("auth.log")
    columns = ("record", "code", "outcome", "reason", "user", "target_user", "process")
    explicit = [row for row in found.rows("authentication", *columns) if row[6] is not None]
    assert explicit == [
        (18, "sudo/COMMAND", "success", None, ANN, "root", "/usr/bin/sudo"),
        *[(20, "sudo/failed", "failure", "bad_password", "eve", "root", "/usr/bin/sudo")] * 3,
        (21, "sudo/failed", "failure", "restricted", "eve", "root", "/usr/bin/sudo"),
        (23, "su/failed", "failure", "bad_password", ANN, "root", "/usr/bin/su"),
        (24, "su/session", "success", None, ANN, "root", "/usr/bin/su"),
        (26, "su/session", "success", None, "bob", "postgres", "/usr/bin/su"),
        (40, "pkexec/COMMAND", "success", None, ANN, "root", "/usr/bin/pkexec"),
    ]
    assert found.rows("process", "user", "image", "command_line", "current_directory")[0] == (
        *("root", "/usr/bin/vi", "/usr/bin/vi /etc/shadow ; id", "/home/ann"),
    )


def test_accounts_and_tables_that_change() -> None:
    columns = ("code", "object_kind", "operation", "user", "object", "target_user")
    assert sample("auth.log").rows("change", *columns) == [
        ("useradd/account", "account", "created", None, "svc", "svc"),
        ("usermod/group", "group", "member_added", None, "sudo", "svc"),
        ("passwd/account", "account", "password_reset", None, "svc", "svc"),
        ("gpasswd/group", "group", "member_added", "root", "docker", "bob"),
        ("crontab/task", "task", "changed", "svc", "crontab of svc", None),
    ]


def test_every_line_is_answered_for() -> None:
    found = sample("auth.log")
    assert found.unused == {
        "Syslog/comment": 1,
        "sshd/other": 4,
        "sshd/repeated": 5,
        "Syslog/systemd-logind": 1,
        "PAM/sudo": 1,
        "su/repeated": 2,
        "usermod/other": 1,
        "PAM/cron": 1,
        "Syslog/cron": 1,
    }
    assert (found.records, found.used) == (43, 24)
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [
        (42, "Jun 31 is no day of its year"),
        (43, "no line of syslog: it does not begin with a time"),
    ]


def test_a_message_is_known_by_its_queue_id() -> None:
    columns = ("record", "message_id", "sender", "recipient", "subject", "action", "direction", "source_ip", "size")
    assert sample("mail.log").rows("mail", *columns)[:4] == [
        (12, "in.1@fabrikam.example", "carl@fabrikam.example", "ann@contoso.example", "Grüße", "delivered", "inbound",
         "203.0.113.25", 2500),
        (13, "in.1@fabrikam.example", "carl@fabrikam.example", "bob@contoso.example", "Grüße", "bounced", "inbound",
         "203.0.113.25", 2500),
        (19, "out.1@contoso.example", "ann@contoso.example", "carl@fabrikam.example", None, "sent", "outbound",
         "198.51.100.40", 900),
        (24, "20250101001500.7D4F5F0004@mx1.contoso.example", "root@mx1.contoso.example", "root@mx1.contoso.example",
         None, "delivered", "internal", None, 400),
    ]  # fmt: skip


def test_what_postfix_refused() -> None:
    found = sample("mail.log")
    columns = ("record", "sender", "recipient", "source_ip", "action", "threats", "network_id")
    why = (
        "Service unavailable; Client host [203.0.113.77] blocked using rbl.example; https://rbl.example/q?203.0.113.77"
    )
    assert found.rows("mail", *columns)[4:] == [
        (25, "x@bulk.example", "ann@contoso.example", "203.0.113.77", "blocked", [why], None),
        (
            27,
            "y@bulk.example",
            "ann@contoso.example",
            "203.0.113.78",
            "blocked",
            ["Spam message rejected"],
            "8E5F6F0005",
        ),
        (28, "z@bulk.example", "ann@contoso.example", "203.0.113.79", "blocked", ["no thanks"], "8E5F6F0006"),
    ]
    assert found.unused["Postfix/greylisted"] == 1


def test_logins_to_mail() -> None:
    columns = ("record", "code", "outcome", "reason", "user", "user_upn", "source_ip", "application", "session")
    upn = "ann@contoso.example"
    assert sample("mail.log").rows("authentication", *columns) == [
        (15, "Postfix/login", "success", None, None, upn, "198.51.100.40", "SMTP", None),
        (30, "Postfix/login_failed", "failure", "bad_password", None, upn, "203.0.113.77", "SMTP", None),
        (32, "Dovecot/login_failed", "failure", "unknown_user", "bob", None, "203.0.113.77", "IMAP", "s1"),
        (32, "Dovecot/login_failed", "failure", "unknown_user", "bob", None, "203.0.113.77", "IMAP", "s1"),
        (33, "Dovecot/login", "success", None, None, upn, "198.51.100.40", "IMAP", "s2"),
        (35, "Dovecot/auth_failed", "failure", "bad_password", "eve", None, "203.0.113.80", "Dovecot", None),
    ]


def test_the_year_runs_on_past_new_year() -> None:
    assert times(sample("mail.log", Options(year=2023)))[:2] == ["2023-12-31 23:59:00", "2024-01-01 00:17:02"]


def test_the_year_is_told_by_the_time_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mail.log"
    file.write_bytes((SAMPLES / "syslog" / "mail.log").read_bytes())
    for modified, expected in (
        ("2020-01-01", "2019-12-31"),
        ("2020-06-01", "2019-12-31"),
        ("2019-12-30", "2018-12-31"),
    ):
        moment = datetime.fromisoformat(modified).replace(tzinfo=UTC).timestamp() + 3600
        os.utime(file, (moment, moment))
        batches = list(syslog.LOADER.read(one_source(file), Options()))
        at = batches[0].tables["authentication"]["time"][0].as_py()
        assert f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}" == expected


def test_forms_of_lines() -> None:
    words = "sshd[7]: Accepted password for ann from 198.51.100.7 port 5001 ssh2"
    forms = (
        f"Jun  3 08:00:00 web1 {words}",
        f"<86>Jun  3 2024 08:00:00 web1 {words}",
        f"Jun 3 08:00:00.000 web1 {words}",
        f"2024-06-03T10:00:00.000000+02:00 web1 {words}",
        f"2024-06-03T08:00:00Z web1 {words}",
        f"2024-06-03 08:00:00+0000 web1 {words}",
        "<86>1 2024-06-03T08:00:00Z web1 sshd 7 - - Accepted password for ann from 198.51.100.7 port 5001 ssh2",
        f"Jun  3 08:00:00 web1 {words.replace(': ', ': [ID 800047 auth.info] ')}",
        f"Jun  3 08:00:00 web1 /usr/sbin/{words}",
    )
    found = {read(syslog.LOADER, Content(form.encode() + b"\n"), IN_2024).rows("authentication", "event_id", "user")[0]
             for form in forms}  # fmt: skip
    assert len(found) == 1
    label = (
        f"@{(1 << 62) + 10 + 1717401600:016x}00000000 sshd: Accepted password for ann from 198.51.100.7 port 1 ssh2\n"
    )
    assert times(read(syslog.LOADER, Content(label.encode()))) == ["2024-06-03 08:00:00"]


def test_local_times_are_in_the_zone_given() -> None:
    found = said(
        "sshd[7]: Accepted password for ann from 198.51.100.7 port 5001 ssh2",
        options=Options(year=2024, timezone="Europe/Vienna"),
    )
    assert times(found) == ["2024-06-03 08:00:00"]


def test_last_message_repeated() -> None:
    found = said("sshd[7]: Failed password for ann from 203.0.113.9 port 1 ssh2", "last message repeated 2 times")
    assert found.rows("authentication", "record", "user") == [(1, ANN), (2, ANN), (2, ANN)]
    assert len(set(found.rows("authentication", "event_id"))) == 3


def test_lines_of_the_same_words_at_one_time_are_as_many_events() -> None:
    one = "Jun  3 10:00:00 web1 sshd[7]: Failed password for ann from 203.0.113.9 port 1 ssh2\n"
    found = read(syslog.LOADER, Content((one * 3).encode()), IN_2024)
    assert len(set(found.rows("authentication", "event_id"))) == 3
    again = read(syslog.LOADER, Content((one * 2).encode()), IN_2024)
    assert found.rows("authentication", "event_id")[:2] == again.rows("authentication", "event_id")


def test_records_of_journals() -> None:
    found = sample("journal.jsonl")
    assert found.rows("authentication", "record", "time", "code", "user", "target_host") == [
        (1, 1717401600123, "sshd/Accepted", ANN, "web3"),
        (2, 1717401601000, "sudo/COMMAND", ANN, "web3"),
        (4, 1717401603000, "sshd/Failed", "\ufffd", "web3"),
    ]
    assert found.unused == {"Syslog/kernel": 1}
    assert [bad.record for bad in found.quarantined] == [5]
    table = sample("log_analytics.csv")
    assert table.rows("authentication", "time", "user", "target_host") == [(1717401601000, ANN, "web4")]


def test_modern_syslog() -> None:
    found = sample("rfc5424.log")
    columns = ("time", "code", "user", "user_domain", "user_upn", "source_host")
    assert found.rows("authentication", *columns) == [
        (1717401600123, "sshd/Accepted", ANN, "CONTOSO", None, None),
        (1717401605000, "sshd/Failed", None, None, "bob@contoso.example", "gw.bulk.example"),
        (1717401606000, "sudo/COMMAND", ANN, "CONTOSO", None, None),
    ]
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(4, "its time cannot be read")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        b"Jun  3 10:00:00 no tag here\nJun  3 10:00:01 nor here\n",
        b"2024-12-15 14:12:12 192.168.1.31:45321 TLS Error: x\n",
        b"Jun  3 10:00:00 dc1 MSWinEventLog\t1\tSecurity\n",
        b'<14>1 2024-06-03T08:00:00Z dc1 NXLog 1 - [NXLOG@14506 EventID="4624"] x\n',
        b'{"MESSAGE": "x"}\n',
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not syslog.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(
    ("name", "records", "codes"),
    [
        (
            "loghub/OpenSSH_2k.log",
            2000,
            {"sshd/Failed": 529, "sshd/InvalidUser": 3, "sshd/Accepted": 1, "PAM/session_closed": 1},
        ),
        ("crowdsec-hub/postfix-logs/postfix-logs.log", 7, {"Postfix/login_failed": 1, "Postfix/reject": 3}),
        ("crowdsec-hub/ssh-generic-test/ssh-generic-test.log", 1, {"sshd/InvalidUser": 1}),
        ("plaso/syslog/syslog_ssh.log", 9, {"sshd/Accepted": 5, "sshd/Failed": 1}),
        ("crowdsec-hub/endlessh-syslogs/endlessh-logs.log", 24, {}),
    ],
)
def test_real_logs_load_whole(name: str, records: int, codes: dict[str, int]) -> None:
    found = read(syslog.LOADER, Content((DATA / name).read_bytes()), IN_2024)
    assert (found.records, len(found.quarantined)) == (records, 0)
    assert Counter(code for table in found.tables for (code,) in found.rows(table, "code")) == codes
