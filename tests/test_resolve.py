import itertools

from graph_hunt.events.resolve import resolve
from tests.identity_events import HOUR, MINUTE, NOON, Row, connect, logon, row


def resolved(events: list[Row], columns: str, table: str = "authentication") -> list[tuple[object, ...]]:
    connection = connect(events)
    resolve(connection)
    return connection.execute(f"SELECT {columns} FROM {table}_resolved ORDER BY time, event_id").fetchall()


def test_an_account_has_the_key_of_its_domain_and_name() -> None:
    events = [logon(user="pgustavo", user_domain="THESHIRE", target_host="WORKSTATION5.theshire.local")]
    assert resolved(events, "user_key, user_label, target_key, target_label") == [
        ("theshire\\pgustavo", "User", "workstation5.theshire.local", "Host")
    ]


def test_sid_upn_and_name_of_one_person_are_one_user_in_any_order() -> None:
    sid = "S-1-5-21-1-2-3-1104"
    events = [
        logon(NOON, user_sid=sid, target_host="A"),
        logon(NOON + 1, user="ann", user_domain="CORP", user_sid=sid, target_host="A"),
        logon(NOON + 2, user_upn="Ann@corp.example", target_host="A"),
        logon(NOON + 3, user_upn="ann@corp.example", user_sid=sid, target_host="A"),
    ]
    for order in itertools.permutations(events):
        assert resolved(list(order), "DISTINCT user_key") == [("corp\\ann",)]


def test_two_domains_keep_their_accounts_apart() -> None:
    events = [
        logon(NOON, user="admin", user_domain="CORP", target_host="A"),
        logon(NOON + 1, user="admin", user_domain="OTHER", target_host="A"),
        logon(NOON + 2, user="admin", target_host="A"),
    ]
    assert resolved(events, "user_key") == [("corp\\admin",), ("other\\admin",), ("a\\admin",)]


def test_an_address_seen_at_a_machine_names_the_source_of_a_logon() -> None:
    events = [
        row(
            "network",
            NOON,
            kind="connection",
            direction="outbound",
            host="WS5",
            source_ip="10.0.0.5",
            target_ip="10.0.0.1",
        ),
        logon(NOON + HOUR, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1"),
        logon(NOON + 40 * HOUR, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1"),
    ]
    assert resolved(events, "source_key, source_label") == [("ws5", "Host"), ("10.0.0.5", "IP")]


def test_nobody_is_no_user_and_a_machine_is_its_host() -> None:
    events = [
        logon(NOON, user="ANONYMOUS LOGON", user_domain="NT AUTHORITY", target_host="A"),
        logon(NOON + 1, user="SYSTEM", user_domain="NT AUTHORITY", user_sid="S-1-5-18", target_host="A"),
        logon(NOON + 2, user="B$", user_domain="CORP", target_host="A"),
        logon(NOON + 3, user="LOCAL SERVICE", user_domain="C5", target_host="A"),
        logon(NOON + 4, user="-", user_domain="-", user_sid="S-1-0-0", target_host="A"),
    ]
    assert resolved(events, "user_key, user_label") == [
        (None, None),
        ("a", "Host"),
        ("b", "Host"),
        ("c5", "Host"),
        (None, None),
    ]


def sources(*events: Row, at: int = NOON) -> list[tuple[object, ...]]:
    """Resolve where a logon of ann's from 10.0.0.5 came from, given other events."""
    asked = logon(at, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1")
    return resolved([*events, asked], "DISTINCT source_key, source_label")


def lease(at: int, host: str, ip: str = "10.0.0.5") -> Row:
    return row("network", at, kind="lease", outcome="success", source_host=host, source_ip=ip, mac="00:11:22:33:44:55")


def named(at: int, source: str, **columns: object) -> Row:
    return logon(
        at, user="bob", user_domain="CORP", source_host=source, source_ip="10.0.0.5", target_host="FS1", **columns
    )


def test_dhcp_reuse_does_not_join_hosts() -> None:
    events = [
        lease(NOON, "WS1"),
        lease(NOON + 6 * HOUR, "WS2"),
        logon(NOON + HOUR, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1"),
        logon(NOON + 7 * HOUR, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1"),
    ]
    assert resolved(events, "source_key, source_label") == [("ws1", "Host"), ("ws2", "Host")]


def test_behind_nat_the_address_stays_an_address_and_names_stay_names() -> None:
    events = [named(NOON + n * MINUTE, ("WS1", "WS2", "WS3")[n % 3]) for n in range(9)]
    events.append(logon(NOON + 5 * MINUTE, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1"))
    found = resolved(events, "DISTINCT source_key, source_label")
    assert sorted(found) == [("10.0.0.5", "IP"), ("ws1", "Host"), ("ws2", "Host"), ("ws3", "Host")]


def test_an_address_is_never_the_machine_that_recorded_the_logon() -> None:
    rdp = logon(
        NOON,
        user="ann",
        user_domain="CORP",
        source_host="FS1",
        source_ip="10.0.0.5",
        target_host="FS1.corp.example",
        recorder="FS1.corp.example",
        logon_type="remote_interactive",
    )
    assert resolved([rdp], "source_key, source_label, target_key") == [("10.0.0.5", "IP", "fs1.corp.example")]


def test_a_machine_accounts_ticket_names_its_address() -> None:
    ticket = row(
        "authentication",
        NOON + HOUR,
        kind="ticket_granting",
        outcome="success",
        code="Security/4768",
        user="WS1$",
        user_domain="CORP",
        source_ip="10.0.0.5",
        recorder="DC1",
    )
    used = logon(NOON, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="DC1")
    assert resolved([used, ticket], "source_key, source_label") == [("ws1", "Host"), ("ws1", "Host")]


def test_names_that_a_spray_makes_up_become_no_hosts() -> None:
    events = [named(NOON + n * 1000, f"x{n}", outcome="failure") for n in range(5)]
    events = [(table, {**columns, "outcome": "failure"}) for table, columns in events]
    connection = connect(events)
    resolve(connection)
    assert connection.execute("SELECT DISTINCT source_key, source_label FROM authentication_resolved").fetchall() == [
        ("10.0.0.5", "IP")
    ]
    assert connection.execute("SELECT key FROM host_nodes").fetchall() == [("fs1",)]


def test_the_other_end_of_a_connection_is_a_host_only_where_it_is_known_as_one() -> None:
    def connection_to(at: int, name: str | None, ip: str | None) -> Row:
        return row(
            "network",
            at,
            kind="connection",
            direction="outbound",
            protocol="tcp",
            host="WS1",
            recorder="WS1",
            source_ip="10.0.0.5",
            target_host=name,
            target_ip=ip,
        )

    events = [
        connection_to(NOON, "www.vendor.example", "8.8.8.8"),
        connection_to(NOON + 1, "WS1", "10.0.0.5"),
        connection_to(NOON + 2, None, "10.0.0.5"),
        connection_to(NOON + 3, "C17", None),
        row("network", NOON + 4, kind="lookup", host="WS1", target_host="WS1"),
    ]
    assert resolved(events, "target_key, target_label, source_key", "network") == [
        ("8.8.8.8", "IP", "ws1"),
        ("ws1", "Host", "ws1"),
        ("ws1", "Host", "ws1"),
        ("c17", "Host", "ws1"),
        (None, None, None),
    ]


def test_sysmons_turned_about_connections_do_not_give_a_server_its_clients_address() -> None:
    turned = row(
        "network",
        NOON,
        kind="connection",
        direction="inbound",
        protocol="udp",
        host="DC1",
        source_ip="10.0.0.1",
        source_port=53,
        target_ip="10.0.0.5",
        target_port=52346,
    )
    assert sources(turned) == [("10.0.0.5", "IP")]


def test_cloud_sign_ins_do_not_make_their_public_address_a_host() -> None:
    sign_in = row(
        "authentication",
        NOON,
        kind="sign_in",
        outcome="success",
        user_upn="ann@corp.example",
        source_ip="8.8.8.8",
        source_host="WS1",
        client="Mozilla/5.0",
        code="Entra/SignIn",
    )
    connection = connect([sign_in])
    resolve(connection)
    assert connection.execute("SELECT user_key, user_label FROM authentication_resolved").fetchall() == [
        ("ann@corp.example", "User")
    ]
    assert connection.execute("SELECT key, scope, country FROM ip_nodes").fetchall() == [("8.8.8.8", "public", "US")]


def test_every_row_stays_one_row() -> None:
    events = [lease(NOON + n * HOUR, f"WS{n % 3}") for n in range(30)] + [
        logon(NOON + n * MINUTE, user=f"u{n % 7}", user_domain="CORP", source_ip="10.0.0.5", target_host="A")
        for n in range(200)
    ]
    connection = connect(events)
    resolve(connection)
    assert connection.execute(
        "SELECT count(*), count(DISTINCT event_id), count(user_key) FROM authentication_resolved"
    ).fetchall() == [(200, 200, 200)]
    assert connection.execute("SELECT count(*) FROM network_resolved").fetchall() == [(30,)]


def test_nodes_say_what_was_seen_of_accounts_and_machines() -> None:
    ticket = row(
        "authentication",
        NOON,
        kind="ticket_service",
        outcome="success",
        code="Security/4769",
        recorder="DC1.corp.example",
        user="ann",
        user_domain="CORP.EXAMPLE",
        target_user="sqlsvc",
        target_user_domain="CORP.EXAMPLE",
    )
    admin = row(
        "change",
        NOON,
        object_kind="group",
        operation="member_added",
        object_id="S-1-5-32-544",
        host="WS1",
        target_user="eve",
        target_user_domain="CORP",
    )
    events = [
        ticket,
        admin,
        logon(NOON, user="Ann", user_domain="CORP", target_host="WS1"),
        logon(NOON, user="batch", user_domain="CORP", target_host="WS1", logon_type="batch"),
        row("authentication", NOON, kind="privileged", user="boss", user_domain="CORP", target_host="WS1"),
    ]
    connection = connect(events)
    resolve(connection)
    assert connection.execute("SELECT key, name, domain, kind, privileged FROM user_nodes ORDER BY key").fetchall() == [
        ("corp\\ann", "CORP\\Ann", "corp", "human", False),
        ("corp\\batch", "CORP\\batch", "corp", "service", False),
        ("corp\\boss", "CORP\\boss", "corp", "human", True),
        ("corp\\eve", "CORP\\eve", "corp", "human", True),
        ("corp\\sqlsvc", "CORP.EXAMPLE\\sqlsvc", "corp", "service", False),
    ]
    assert connection.execute(
        "SELECT key, name, short_name, domain, role, tier0 FROM host_nodes ORDER BY key"
    ).fetchall() == [
        ("dc1.corp.example", "DC1.corp.example", "dc1", "corp.example", "domain_controller", True),
        ("ws1", "WS1", "ws1", None, "", False),
    ]


def test_a_workspace_without_events_resolves_to_nothing() -> None:
    connection = connect([row("alert", NOON)])
    resolve(connection)
    assert connection.execute("SELECT user_key, host_key, source_key FROM alert_resolved").fetchall() == [(None,) * 3]


def test_a_cloud_service_that_recorded_is_no_machine() -> None:
    events = [
        row("mailbox", NOON, recorder="Exchange", operation="access", user_upn="ann@corp.example"),
        row("authentication", NOON, kind="sign_in", recorder="AzureActiveDirectory", user_upn="ann@corp.example"),
        row("change", NOON, recorder="AzureActiveDirectory", object_kind="role", user_upn="ann@corp.example"),
        logon(
            NOON, user="ann", user_domain="CORP", recorder="EXCHANGE.corp.example", target_host="EXCHANGE.corp.example"
        ),
    ]
    connection = connect(events)
    resolve(connection)
    assert connection.execute("SELECT key FROM host_nodes").fetchall() == [("exchange.corp.example",)]
    assert connection.execute("SELECT recorder_key FROM mailbox_resolved").fetchall() == [(None,)]
    assert connection.execute("SELECT recorder_key, host_key FROM change_resolved").fetchall() == [(None, None)]
    assert sorted(resolved(events, "kind, recorder_key")) == [("logon", "exchange.corp.example"), ("sign_in", None)]


def test_a_machine_that_began_a_connection_is_its_source_whatever_its_address() -> None:
    def outbound(host: str, at: int) -> Row:
        return row(
            "network",
            at,
            kind="connection",
            direction="outbound",
            host=host,
            source_ip="10.0.2.15",
            target_ip="10.0.0.9",
        )

    events = [outbound(("WS1", "WS2")[n % 2], NOON + n * MINUTE) for n in range(4)]
    assert resolved(events, "source_key", "network") == [("ws1",), ("ws2",), ("ws1",), ("ws2",)]


def test_an_address_in_place_of_a_machine_s_name_is_that_machine_only_while_it_has_it() -> None:
    events = [
        row("network", NOON, kind="connection", direction="outbound", host="FS1", source_ip="10.0.0.9"),
        row("access", NOON + HOUR, kind="share", host="10.0.0.9", source_ip="10.0.0.5", recorder="zeek"),
        row("access", NOON + 40 * HOUR, kind="share", host="10.0.0.9", source_ip="10.0.0.5", recorder="zeek"),
    ]
    assert resolved(events, "host_key", "access") == [("fs1",), (None,)]
