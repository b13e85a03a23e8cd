import itertools

from graph_hunt.events.resolve import resolve
from tests.identity_events import HOUR, NOON, Row, connect, logon, row


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
