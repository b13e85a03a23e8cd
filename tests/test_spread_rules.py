"""Each rule of the spread: a story in which it carries a compromise, and the nearest one in which it does not."""

from collections.abc import Sequence

import pytest

from graph_hunt.hunting.spread import RULES, Entity
from graph_hunt.hunting.spread.table import written
from tests.paths import ROOT
from tests.spread_stories import DAY, HOUR, MINUTE, NOON, Row, account, follow, host, logoff, logon, row, rules, user

LATER = NOON + MINUTE
CONTROLLER = "DC1.corp.example"
COPY = "DS-Replication-Get-Changes, DS-Replication-Get-Changes-All"


def explicit(at: int = LATER, outcome: str = "success", **columns: str) -> Row:
    given = {"target_user": "adm", "target_user_domain": "CORP", "target_host": "SRV1", "source_host": "WS1"}
    return row(
        "authentication", at, kind="explicit", outcome=outcome, recorder="WS1", **account("ann"), **given, **columns
    )


def process(name: str, machine: str, at: int = LATER, kind: str = "start") -> Row:
    return row("process", at, kind=kind, host=machine, image=r"C:\Windows\System32\cmd.exe", pid=1, **account(name))


def memory_read(rights: str = "0x1010", image: str = r"C:\Windows\System32\lsass.exe", at: int = LATER) -> Row:
    return row("access", at, kind="process", host="WS1", target_process=image, rights=rights, outcome="success")


def share(name: str, path: str | None = None, kind: str = "share", at: int = LATER) -> Row:
    given = {"source_host": "WS1", "host": "SRV1", "object": name, "path": path, "outcome": "success"}
    return row("access", at, kind=kind, **account("ann"), **given)


def copied(name: str, rights: str = COPY, at: int = LATER) -> Row:
    return row("access", at, kind="directory", host=CONTROLLER, rights=rights, outcome="success", **account(name))


def taken(operation: str, by: str = "ann") -> Row:
    other = {"target_user": "bob", "target_user_domain": "CORP"}
    given = {"object_kind": "account", "operation": operation, "host": CONTROLLER, "outcome": "success"}
    return row("change", LATER, **given, **account(by), **other)


def ticket(encryption: str, target: str = "svc_sql", at: int = LATER) -> Row:
    other = {"target_user": target, "target_user_domain": "CORP", "encryption": encryption}
    given = {"kind": "ticket_service", "outcome": "success", "source_host": "WS1", "recorder": CONTROLLER}
    return row("authentication", at, **given, **account("ann"), **other)


def mailbox_opened(logon_kind: str) -> Row:
    given = {"operation": "access", "outcome": "success", "mailbox": "Bob@corp.example", "logon_kind": logon_kind}
    return row("mailbox", LATER, **given, **account("ann"))


def message(direction: str = "internal") -> Row:
    given = {"message_id": "m1", "network_id": "n1", "recipient": "ann@corp.example", "action": "delivered"}
    return row("mail", NOON, direction=direction, sender="Boss@corp.example", **given)


def click(action: str = "allowed", network_id: str = "n1") -> Row:
    return row("click", LATER, url="http://bad.example/", action=action, network_id=network_id, **account("ann"))


BOSS = Entity("Mailbox", "boss@corp.example")
BOB = Entity("Mailbox", "bob@corp.example")

FIRES: list[tuple[str, Sequence[Row], Entity, str, list[str]]] = [
    ("a logon's source", [logon("ann", "WS1", "SRV1", LATER)], host("ws1"), "corp\\ann", ["used_from"]),
    ("a ticket's source", [ticket("aes256")], host("ws1"), "corp\\ann", ["used_from"]),
    ("explicit credentials' source", [explicit()], host("ws1"), "corp\\adm", ["used_from"]),
    ("a share's source", [share("ADMIN$")], host("ws1"), "corp\\ann", ["used_from"]),
    (
        "a machine account elsewhere",
        [logon("SRV1$", "WS1", "SRV2", LATER), process("ann", "SRV1")],
        host("ws1"),
        "srv1",
        ["used_from"],
    ),
    ("a network logon", [logon("ann", "WS1", "SRV1", LATER)], user("ann"), "srv1", ["logs_on"]),
    ("a remote desktop", [logon("ann", "WS1", "SRV1", LATER, "remote_interactive")], user("ann"), "srv1", ["logs_on"]),
    ("an administrative share", [share("ADMIN$")], user("ann"), "srv1", ["logs_on"]),
    ("a program", [process("ann", "SRV1")], user("ann"), "srv1", ["runs_code"]),
    (
        "a service made",
        [row("change", LATER, object_kind="service", operation="created", host="SRV1", **account("ann"))],
        user("ann"),
        "srv1",
        ["runs_code"],
    ),
    ("where an account is used", [logon("ann", "WS1", "SRV1", LATER)], user("ann"), "ws1", ["works_at"]),
    (
        "credentials left before",
        [logon("ann", None, "SRV1", NOON - HOUR, "interactive"), logon("eve", "WS1", "SRV1", LATER)],
        user("eve"),
        "corp\\ann",
        ["logs_on", "leaves_credentials"],
    ),
    ("a program's token", [process("ann", "WS1")], host("ws1"), "corp\\ann", ["runs_where"]),
    (
        "memory read while logged on",
        [logon("ann", None, "WS1", NOON - HOUR, "cached"), memory_read()],
        host("ws1"),
        "corp\\ann",
        ["read_from_memory"],
    ),
    (
        "a logon by nobody",
        [row("authentication", LATER, kind="logon", outcome="success", logon_type="network", source_host="WS1",
             target_host="SRV1", user="ANONYMOUS LOGON", user_domain="NT AUTHORITY")],
        host("ws1"),
        "srv1",
        ["relays"],
    ),
    (
        "a connection",
        [row("network", LATER, kind="connection", source_host="WS1", target_host="SRV1", target_port=3389, host="WS1",
             source_ip="10.0.0.1", target_ip="10.0.0.2", direction="outbound"),
         row("network", LATER, kind="connection", source_host="WS1", target_host="SRV1", target_port=3389, host="SRV1",
             source_ip="10.0.0.1", target_ip="10.0.0.2", direction="inbound")],
        host("ws1"),
        "srv1",
        ["relays"],
    ),
    ("a machine's own logon", [logon("WS1$", "WS1", "SRV1", LATER)], host("ws1"), "srv1", ["acts_as_machine"]),
    ("a password given", [explicit()], user("ann"), "corp\\adm", ["gives_password"]),
    ("an RC4 ticket", [ticket("rc4")], user("ann"), "corp\\svc_sql", ["roasts"]),
    ("a password reset", [taken("password_reset")], user("ann"), "corp\\bob", ["takes_account"]),
    ("an account made", [taken("created")], user("ann"), "corp\\bob", ["takes_account"]),
    ("DCSync", [copied("ann")], user("ann"), "corp", ["copies_secrets"]),
    ("DCSync by a workstation", [copied("WS1$")], host("ws1"), "corp", ["copies_secrets"]),
    (
        "code on a domain controller",
        [copied("DC1$"), process("ann", CONTROLLER)],
        user("ann"),
        "corp",
        ["runs_code", "holds_directory"],
    ),
    ("another's mailbox", [mailbox_opened("delegate")], user("ann"), "bob@corp.example", ["opens_mailbox"]),
    ("a mailbox's owner", [mailbox_opened("owner")], BOB, "corp\\ann", ["owns_mailbox"]),
    ("a lure from inside", [message(), click()], BOSS, "corp\\ann", ["lures"]),
    ("a message's link", [message("inbound"), click("overridden")], Entity("Message", "m1"), "corp\\ann", ["lures"]),
]  # fmt: skip

QUIET: list[tuple[str, Sequence[Row], Entity, str]] = [
    ("a failed logon's source", [logon("ann", "WS1", "SRV1", LATER, outcome="failure")], host("ws1"), "corp\\ann"),
    ("a failed logon", [logon("ann", "WS1", "SRV1", LATER, outcome="failure")], user("ann"), "srv1"),
    ("a logon before", [logon("ann", "WS1", "SRV1", NOON - 1)], user("ann"), "srv1"),
    ("a logon after the window", [logon("ann", "WS1", "SRV1", NOON + 7 * DAY + 1)], user("ann"), "srv1"),
    ("another domain's namesake",
     [logon("ann", "WS1", "SRV1", LATER, user_domain="OTHER"), logon("ann", None, "WS2", LATER)], user("ann"), "srv1"),
    ("a refused password", [explicit(outcome="failure"), logon("adm", None, "WS3", LATER)], user("ann"), "corp\\adm"),
    ("a program that stopped", [process("ann", "SRV1", kind="stop")], user("ann"), "srv1"),
    ("another's program", [process("bob", "SRV1"), logon("ann", None, "WS1", LATER)], user("ann"), "srv1"),
    ("a task deleted", [row("change", LATER, object_kind="task", operation="deleted", host="SRV1", **account("ann"))],
     user("ann"), "srv1"),
    ("a network logon's target", [logon("ann", "WS1", "SRV1", LATER)], host("srv1"), "corp\\ann"),
    ("a process looked at", [logon("ann", None, "WS2", LATER), memory_read("0x1000")], host("ws1"), "corp\\ann"),
    ("an AES ticket", [ticket("aes256")], user("ann"), "corp\\svc_sql"),
    ("a changed account", [taken("changed")], user("ann"), "corp\\bob"),
    ("the directory read", [copied("ann", "DS-Replication-Get-Changes")], user("ann"), "corp"),
    ("replication by a domain controller", [copied("DC1$")], host("dc1.corp.example"), "corp"),
    ("code on a server", [copied("DC1$"), process("ann", "SRV1.corp.example")], user("ann"), "corp"),
    ("another's mailbox is not the owner's account", [mailbox_opened("delegate")], BOB, "corp\\ann"),
    ("a blocked click", [message(), click("blocked")], BOSS, "corp\\ann"),
    ("another message's click", [message(), click(network_id="n2")], BOSS, "corp\\ann"),
    ("a connection to a web server",
     [row("network", LATER, kind="connection", source_host="WS1", target_host="SRV1", target_port=443, host="WS1",
          source_ip="10.0.0.1", target_ip="10.0.0.2", direction="outbound"), logon("ann", "WS1", "SRV1", NOON - 1)],
     host("ws1"), "srv1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "start", "key", "expected"), [case[1:] for case in FIRES], ids=[c[0] for c in FIRES]
)
def test_a_rule_carries_a_compromise(events: Sequence[Row], start: Entity, key: str, expected: list[str]) -> None:
    assert rules(follow(events, start), key) == expected


@pytest.mark.parametrize(("events", "start", "key"), [case[1:] for case in QUIET], ids=[case[0] for case in QUIET])
def test_what_is_no_such_act_carries_none(events: Sequence[Row], start: Entity, key: str) -> None:
    assert rules(follow(events, start), key) is None


def test_every_rule_is_told_in_a_story() -> None:
    assert {rule.name for rule in RULES} == {rule for case in FIRES for rule in case[4]}


LEAVES = {
    "interactive": True,
    "unlock": True,
    "remote_interactive": True,
    "cached": True,
    "batch": True,
    "service": True,
    "cleartext": True,
    "new_credentials": True,
    "network": False,
    "proxy": False,
}


@pytest.mark.parametrize(("kind", "leaves"), LEAVES.items(), ids=LEAVES)
def test_a_logon_leaves_credentials_by_its_type(kind: str, leaves: bool) -> None:
    """Bob reaches SRV1 an hour after ann logged on there."""
    events = [logon("ann", None, "SRV1", NOON, kind), process("bob", "SRV1", NOON + HOUR)]
    expected = ["runs_code", "leaves_credentials"] if leaves else None
    assert rules(follow(events, user("bob"), NOON + HOUR), "corp\\ann") == expected


SPANS = [
    ("interactive", 10 * HOUR),
    ("remote_interactive", 10 * HOUR),
    ("cleartext", 10 * HOUR),
    ("new_credentials", 10 * HOUR),
    ("cached", 7 * DAY),
    ("batch", 30 * DAY),
    ("service", 30 * DAY),
]


@pytest.mark.parametrize(("kind", "span"), SPANS)
def test_without_a_logoff_credentials_stay_for_the_stated_span(kind: str, span: int) -> None:
    for after, expected in ((span, ["leaves_credentials"]), (span + 1, None)):
        events = [logon("ann", None, "SRV1", NOON, kind)]
        assert rules(follow(events, host("srv1"), NOON + after), "corp\\ann") == expected


@pytest.mark.parametrize("kind", ["interactive", "remote_interactive", "cleartext", "new_credentials"])
def test_a_logoff_ends_the_session_sooner_or_later_than_the_span(kind: str) -> None:
    for end in (2 * HOUR, 30 * HOUR):
        events = [logon("ann", None, "SRV1", NOON, kind), logoff("ann", "SRV1", NOON + end, kind)]
        assert rules(follow(events, host("srv1"), NOON + end), "corp\\ann") == ["leaves_credentials"]
        assert rules(follow(events, host("srv1"), NOON + end + 1), "corp\\ann") is None


@pytest.mark.parametrize("kind", ["cached", "batch", "service"])
def test_a_logoff_does_not_clear_what_is_kept_on_disk(kind: str) -> None:
    events = [logon("ann", None, "SRV1", NOON, kind), logoff("ann", "SRV1", NOON + MINUTE, kind)]
    assert rules(follow(events, host("srv1"), NOON + DAY), "corp\\ann") == ["leaves_credentials"]


def test_a_logoff_ends_the_session_of_its_identifier_and_no_other() -> None:
    events = [
        logon("ann", None, "SRV1", NOON, "interactive", logon_id="0x1"),
        logoff("ann", "SRV1", NOON + HOUR, logon_id="0x2"),
        logoff("ann", "WS1", NOON + HOUR, logon_id="0x1"),
        logoff("ann", "SRV1", NOON + 2 * HOUR, kind="network", logon_id="0x1"),
        logoff("ann", "SRV1", NOON + 3 * HOUR, logon_id="0x1"),
    ]
    assert rules(follow(events, host("srv1"), NOON + 3 * HOUR), "corp\\ann") == ["leaves_credentials"]
    assert rules(follow(events, host("srv1"), NOON + 3 * HOUR + 1), "corp\\ann") is None


def test_new_credentials_leave_the_account_that_they_are_of() -> None:
    other = {"target_user": "adm", "target_user_domain": "CORP"}
    events = [logon("ann", None, "WS1", LATER, "new_credentials", **other)]
    assert rules(follow(events, host("ws1")), "corp\\adm") == ["leaves_credentials"]
    assert rules(follow(events, user("ann")), "corp\\adm") == ["gives_password"]


def test_the_program_is_likelier_than_the_mere_logon() -> None:
    events = [logon("ann", "WS1", "SRV1", LATER), process("ann", "SRV1", LATER + 1), logon("bob", "WS2", "SRV2", LATER)]
    ran = next(one for one in follow(events, user("ann")).reached if one.key == "srv1")
    assert [hop.act for hop in ran.path] == ["execution"]
    mere = next(one for one in follow(events, user("bob")).reached if one.key == "srv2")
    assert mere.likelihood < ran.likelihood


def test_dcsync_says_that_every_account_is_compromised() -> None:
    events = [copied("ann"), logon("bob", "WS1", "SRV1", NOON - 1), logon("adm", "WS1", "SRV1", NOON - 1)]
    radius = follow(events, user("ann"))
    assert radius.total == {"Directory": 1}
    assert radius.notes[-1] == "The directory corp.example is reached: all its 3 known accounts count as compromised."


def test_the_page_has_the_tables_of_the_code() -> None:
    page = (ROOT / "docs" / "blast-radius.md").read_text()
    assert written(page) == page


def test_likelihoods_are_under_one() -> None:
    assert all(0 < likelihood < 1 for rule in RULES for likelihood in rule.likelihood.values())
