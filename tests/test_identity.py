"""Which account and which machine identifiers mean, whatever the order in which they were seen."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.events.identity import (
    Ledger,
    differs,
    together,
)
from graph_hunt.events.identity.nodes import user_nodes
from tests.identity_events import (
    ANN,
    DAY,
    EVE,
    HOUR,
    MINUTE,
    NOON,
    PERSON,
    Row,
    keys,
    ledger,
    logon,
    own_connection,
    row,
    sightings,
)


@settings(max_examples=12, deadline=None)
@given(st.permutations(PERSON))
def test_one_person_is_one_user_whatever_the_order(events: list[Row]) -> None:
    assert keys(events) == {"corp\\ann"}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=len(PERSON), max_size=len(PERSON)))
def test_one_person_is_one_user_in_whatever_loads(loads: list[int]) -> None:
    parts = [[event for event, load in zip(PERSON, loads, strict=True) if load == n] for n in range(4)]
    whole = Ledger.of(together([sightings(part) for part in parts]))
    assert {meaning.key for meaning in whole.combinations.values()} == {"corp\\ann"}
    assert whole.accounts.names == {"corp\\ann": "CORP\\ann"}


def test_a_load_twice_is_the_same_as_once_but_for_counts() -> None:
    once = sightings(PERSON)
    assert Ledger.of(together([once, once])).combinations == Ledger.of(once).combinations


def test_without_a_common_identifier_a_upn_and_a_name_stay_two() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", target_host="WS1"),
        logon(NOON + 1, user_upn="ann@mail.example", kind="sign_in"),
    ]
    assert keys(events) == {"corp\\ann", "ann@mail.example"}


def test_a_upn_that_is_known_to_be_anothers_is_not_joined_by_its_look() -> None:
    events = [
        logon(NOON, user="ann", user_domain="corp.example", user_sid=ANN, user_upn="ann.lee@corp.example"),
        logon(NOON + 1, user="eve", user_domain="CORP", user_sid=EVE, user_upn="ann@corp.example"),
        logon(NOON + 2, user_upn="ann@corp.example", kind="sign_in"),
    ]
    found = ledger(events).combinations
    assert found[None, None, None, "ann@corp.example", "@test"].key == "corp\\eve"
    assert {meaning.key for meaning in found.values()} == {"corp\\ann", "corp\\eve"}


@pytest.mark.parametrize("domains", [("CORP", "OTHER"), ("corp.example", "corp.other"), ("WS1", "WS2")])
def test_one_name_in_two_domains_is_two_users(domains: tuple[str, str]) -> None:
    events = [
        logon(NOON + n, user="admin", user_domain=domain, target_host=f"WS{n + 1}") for n, domain in enumerate(domains)
    ]
    assert len(keys(events)) == 2


def test_two_domains_with_one_first_label_are_not_joined_with_its_short_name() -> None:
    events = [
        logon(NOON, user="ann", user_domain="corp.example", target_host="A"),
        logon(NOON + 1, user="ann", user_domain="corp.other", target_host="A"),
        logon(NOON + 2, user="ann", user_domain="CORP", target_host="A"),
    ]
    assert keys(events) == {"corp.example\\ann", "corp.other\\ann", "corp\\ann"}


def test_a_netbios_name_that_is_no_first_label_is_found_by_the_domains_sid() -> None:
    events = [
        logon(NOON, user="samir", user_domain="3B", user_sid=ANN, target_host="A"),
        logon(NOON + 1, user="eve", user_domain="THREEBEESCO.COM", user_sid=EVE, target_host="A"),
        logon(NOON + 2, user="bob", user_domain="threebeesco.com", target_host="A"),
    ]
    assert keys(events) == {"3b\\samir", "3b\\eve", "3b\\bob"}


def test_different_domain_sids_keep_a_first_label_apart() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", user_sid=ANN, target_host="A"),
        logon(NOON + 1, user="ann", user_domain="corp.example", user_sid="S-1-5-21-7-8-9-1104", target_host="A"),
    ]
    assert keys(events) == {"corp\\ann", "corp.example\\ann"}


def test_clones_of_one_image_keep_their_local_accounts_apart() -> None:
    admin = "S-1-5-21-4-5-6-500"
    events = [
        logon(NOON, user="Administrator", user_domain="WS1", user_sid=admin, target_host="WS1"),
        logon(NOON + 1, user="Administrator", user_domain="WS2", user_sid=admin, target_host="WS2"),
        logon(NOON + 2, user_sid=admin, target_host="WS2"),
    ]
    found = ledger(events).combinations
    assert {c[1]: m.key for c, m in found.items()} == {
        "WS1": "ws1\\administrator",
        "WS2": "ws2\\administrator",
        None: "ws2\\administrator",
    }


def test_a_renamed_account_keeps_its_latest_name_and_a_new_one_takes_the_old() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", user_sid=ANN, target_host="A"),
        logon(NOON + DAY, user="ann.lee", user_domain="CORP", user_sid=ANN, target_host="A"),
        logon(NOON + 2 * DAY, user="ann", user_domain="CORP", user_sid=EVE, target_host="A"),
    ]
    found = ledger(events).combinations
    assert {c[2]: m.key for c, m in found.items() if c[0] != "ann.lee"} == {ANN: "corp\\ann.lee", EVE: "corp\\ann"}


def test_an_account_made_anew_under_its_name_stays_one_user_and_is_noted() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", user_sid=ANN, target_host="A"),
        logon(NOON + DAY, user="ann", user_domain="CORP", user_sid=EVE, target_host="A"),
    ]
    made = ledger(events)
    assert {m.key for m in made.combinations.values()} == {"corp\\ann"}
    assert [(link.left, link.refused) for link in made.links if link.refused] == [(ANN, "two SIDs are two accounts")]


@pytest.mark.parametrize(
    "name", ["o'brien", 'say "hi"', "smith, ann", "back\\slash", "ünï-çødé 名前", "x" * 400, "tab\there", "a;b"]
)
def test_any_name_survives(name: str) -> None:
    (key,) = keys([logon(NOON, user=name, user_domain="CORP", target_host="A")])
    assert key == f"corp\\{name.casefold()}"


def test_a_name_longer_than_a_directory_has_is_known_by_its_beginning_and_digest() -> None:
    long = "x" * 1_000_000
    made = keys(
        [logon(NOON, user=name, user_domain="CORP", target_host="A") for name in (long, long.upper(), f"{long}y")]
    )
    assert len(made) == 2
    assert {key[:206] for key in made if key} == {"corp\\" + "x" * 200 + "…"}
    assert {len(key) for key in made if key} == {len("corp\\") + 201 + 32}


@pytest.mark.parametrize(
    "columns",
    [
        {"user": "-"},
        {"user": "N/A", "user_domain": "-"},
        {"user": ""},
        {"user": "ANONYMOUS LOGON", "user_domain": "NT AUTHORITY", "user_sid": "S-1-5-7"},
        {"user": "ANONYMOUS LOGON", "user_domain": "C5"},
        {"user": "-", "user_domain": "-", "user_sid": "S-1-0-0"},
        {"user_sid": "S-1-5-32-544"},
        {"user": "Administrators", "user_domain": "BUILTIN"},
    ],
)
def test_nobody_is_nobody(columns: dict[str, Any]) -> None:
    assert keys([logon(NOON, **columns, target_host="A")]) <= {None}


@pytest.mark.parametrize(
    "columns",
    [
        {"user": "SYSTEM", "user_domain": "NT AUTHORITY", "user_sid": "S-1-5-18"},
        {"user": "SYSTEM"},
        {"user": "LOCAL SERVICE", "user_domain": "NT AUTHORITY"},
        {"user": "Système", "user_domain": "AUTORITE NT"},
        {"user": "NETWORK SERVICE", "user_domain": "A"},
        {"user": "DWM-1", "user_domain": "Window Manager", "user_sid": "S-1-5-90-0-1"},
        {"user": "UMFD-0", "user_domain": "Font Driver Host"},
        {"user": "MSSQLSERVER", "user_domain": "NT SERVICE"},
        {"user": "DefaultAppPool", "user_domain": "IIS APPPOOL"},
        {"user_sid": "S-1-5-20"},
        {"user": "A$", "user_domain": "CORP"},
        {"user": "A$", "user_domain": "WORKGROUP"},
        {"user": "a$@CORP.EXAMPLE", "user_domain": "CORP.EXAMPLE"},
        {"user": "host/a.corp.example"},
    ],
)
def test_what_a_machine_does_for_itself_is_the_host(columns: dict[str, Any]) -> None:
    found = ledger([logon(NOON, **columns, target_host="A.corp.example")])
    assert [(m.key, m.label) for m in found.combinations.values()] == [("a.corp.example", "Host")]


def test_a_managed_service_account_is_a_user_though_its_name_ends_like_a_machines() -> None:
    events = [
        logon(NOON, user="sqlsvc$", user_domain="CORP", logon_type="service", target_host="DB1"),
        logon(NOON + 1, user="DB1$", user_domain="CORP", logon_type="service", target_host="DB1"),
    ]
    assert keys(events) == {"corp\\sqlsvc$", "db1"}


def test_a_managed_service_account_that_comes_over_the_network_is_a_user() -> None:
    events = [
        own_connection(NOON, "APP1.corp.example", "10.0.0.7"),
        logon(NOON, user="sqlsvc$", user_domain="CORP", package="Kerberos", source_ip="10.0.0.7", target_host="DB1"),
        logon(NOON + 1, user="web$", user_domain="CORP", package="NTLM", source_host="APP1", target_host="DB1"),
        row(
            "authentication",
            NOON + 2,
            kind="ticket_service",
            outcome="success",
            user="ann",
            user_domain="CORP",
            target_user="web$",
            target_user_domain="CORP",
            target_host="web",
            recorder="DC1",
        ),
    ]
    assert keys(events) == {"corp\\sqlsvc$", "corp\\web$", "corp\\ann"}
    found = ledger(events)
    assert found.hosts["web"].key is None
    assert {one.host for one in found.intervals} == {"app1.corp.example"}


def test_a_managed_service_account_that_many_machines_share_is_a_user() -> None:
    at = {"user": "web$", "user_domain": "CORP", "package": "Kerberos", "target_host": "DB1"}
    events = [logon(NOON + number, **at, source_ip=f"10.0.0.{number}") for number in (1, 2, 3)]
    assert keys(events) == {"corp\\web$"}
    assert keys(events[:2]) == {"web"}
    # A machine that moves has one address after another.
    assert keys([logon(NOON + n * HOUR, **at, source_ip=f"10.0.0.{n}") for n in (1, 2, 3)]) == {"web"}
    # What is seen as a machine stays one, however many addresses it has.
    assert keys([*events, own_connection(NOON, "WEB", "10.0.0.9")]) == {"web"}


@pytest.mark.parametrize(
    ("name", "key"), [("gmsa_sql$", "corp\\gmsa_sql$"), ("SQL-gMSA1$", "corp\\sql-gmsa1$"), ("ogmsax$", "ogmsax")]
)
def test_a_managed_service_account_is_told_by_its_name(name: str, key: str) -> None:
    at = {"user": name, "user_domain": "CORP", "package": "Kerberos", "source_ip": "10.0.0.7", "target_host": "DB1"}
    assert keys([logon(NOON, **at)]) == {key}


@pytest.mark.parametrize(
    "proof",
    [
        [],
        [own_connection(NOON, "APP1.corp.example", "10.0.0.8")],
        [own_connection(NOON, "APP1.corp.example", "10.0.0.7"), own_connection(NOON + DAY, "PC1", "10.0.0.9")],
    ],
    ids=["nothing else is known", "another address is another's", "something else bears its name"],
)
def test_a_machine_account_over_the_network_is_its_machine(proof: list[Row]) -> None:
    at = {"user": "PC1$", "user_domain": "CORP", "package": "Kerberos", "source_ip": "10.0.0.7", "target_host": "DB1"}
    assert keys([*proof, logon(NOON, **at)]) == {"pc1"}


def test_a_domain_controllers_account_from_an_attackers_machine_is_still_its_machine() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", target_host="DC1"),
        logon(NOON + 1, user="DC1$", user_domain="CORP", package="NTLM", source_host="EVIL", target_host="CA1"),
    ]
    assert keys(events) == {"corp\\ann", "dc1"}


def test_an_administrator_seen_in_batch_logons_only_is_no_service_by_that() -> None:
    events = [
        logon(NOON, user="adm", user_domain="CORP", logon_type="batch", elevated=True, target_host="WS1"),
        logon(NOON, user="backup", user_domain="CORP", logon_type="batch", target_host="WS1"),
        logon(NOON, user="agent", user_domain="CORP", logon_type="service", elevated=True, target_host="WS1"),
    ]
    nodes = user_nodes(ledger(events)).to_pylist()
    assert {node["name"]: node["kind"] for node in nodes} == {
        "CORP\\adm": "human",
        "CORP\\backup": "service",
        "CORP\\agent": "service",
    }


def test_a_user_made_to_look_like_a_machine_is_a_user() -> None:
    made = row(
        "change",
        object_kind="account",
        operation="created",
        target_user="backup$",
        target_user_domain="WS1",
        host="WS1",
    )
    events = [made, logon(NOON + 1, user="backup$", user_domain="WS1", target_host="WS1")]
    assert keys(events) == {"ws1\\backup$"}


def test_a_domain_controllers_own_accounts_are_its_domains() -> None:
    events = [
        row("authentication", kind="ticket_granting", code="Security/4768", recorder="DC1.corp.example"),
        logon(NOON, code="Security/4776", user="ann", recorder="DC1.corp.example"),
        logon(NOON, code="Security/4776", user="ann", recorder="WS1.corp.example"),
    ]
    assert keys(events) == {"corp\\ann", "ws1\\ann"}


def test_short_and_full_name_of_a_machine_are_one_host_where_only_one_has_it() -> None:
    events = [
        logon(NOON, user="x", user_domain="CORP", target_host="ws1"),
        logon(NOON, user="x", user_domain="CORP", target_host="WS1.corp.example"),
        logon(NOON, user="x", user_domain="CORP", target_host="web.corp.example"),
        logon(NOON, user="x", user_domain="CORP", target_host="web.other.example"),
        logon(NOON, user="x", user_domain="CORP", target_host="WEB"),
    ]
    found = {name: meaning.key for name, meaning in ledger(events).hosts.items()}
    assert found == {
        "ws1": "ws1.corp.example",
        "WS1.corp.example": "ws1.corp.example",
        "web.corp.example": "web.corp.example",
        "web.other.example": "web.other.example",
        "WEB": "web",
    }


def test_a_machine_account_tells_two_machines_of_one_short_name_apart() -> None:
    events = [
        logon(NOON, user="WEB$", user_domain="OTHER", target_host="web.corp.example"),
        logon(NOON, user="WEB$", user_domain="other.example", target_host="web.other.example"),
    ]
    assert keys(events) == {"web.other.example"}


def renamed(old: str, new: str, at: int = NOON) -> Row:
    return row("change", at, object_kind="computer", operation="renamed", old_value=old, value=new, recorder="DC1")


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(3)))
def test_a_rename_keeps_one_host(order: list[int]) -> None:
    events = [
        logon(NOON - HOUR, user="bob", user_domain="OLD", target_host="OLD.corp.example"),
        renamed("OLD", "NEW"),
        logon(NOON + HOUR, user="bob", user_domain="NEW", target_host="NEW.corp.example"),
    ]
    found = ledger([events[n] for n in order])
    assert {m.key for n, m in found.hosts.items() if n != "DC1"} == {"new.corp.example"}
    assert {m.key for m in found.combinations.values()} == {"new\\bob"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("EVIL-1$", "DC1"), ("OLD", "DC1"), ("DC1", "NEW")],
    ids=["no longer a machine account's name", "the new name is another's", "the old name is still in use"],
)
def test_a_name_taken_from_another_machine_joins_nothing(old: str, new: str) -> None:
    events = [
        logon(NOON - DAY, user="bob", user_domain="CORP", target_host="DC1"),
        renamed(old, new),
        logon(NOON + 2 * DAY, user="bob", user_domain="CORP", target_host="DC1"),
        logon(NOON + HOUR, user="bob", user_domain="CORP", source_host="NEW", target_host="DC1"),
        logon(NOON - HOUR, user="bob", user_domain="CORP", source_host="OLD", target_host="DC1"),
    ]
    found = {name: meaning.key for name, meaning in ledger(events).hosts.items()}
    assert found == {"DC1": "dc1", "NEW": "new", "OLD": "old"}


def test_what_later_events_teach_of_earlier_ones_is_told() -> None:
    first = [logon(NOON, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="A")]
    before = ledger(first)
    assert differs(before, ledger([*first, logon(NOON + 1, user="eve", user_domain="CORP", target_host="A")])) == ""
    assert differs(before, ledger([*first, own_connection(NOON + MINUTE, "WS1", "10.0.0.5")])) == (
        "the address 10.0.0.5 was another machine's at times"
    )
    assert differs(before, ledger([*first, own_connection(NOON + 9 * DAY, "WS1", "10.0.0.5")])) == ""
    assert differs(before, ledger([*first, logon(NOON + 1, target_host="a.corp.example")])) == (
        "the machine A was a, now it is a.corp.example"
    )
    named = logon(NOON + 1, user="ann", user_domain="CORP", user_sid=ANN, target_host="A")
    later = logon(NOON + 2, user="lee", user_domain="CORP", user_sid=ANN, target_host="A")
    assert differs(before, ledger([*first, named, later])) == "the account ann was corp\\ann, now it is corp\\lee"


def test_what_a_cloud_service_does_for_itself_is_nobody_and_its_bare_names_are_its_own() -> None:
    events = [
        row("mailbox", NOON, recorder="Exchange", operation="access", user="SYSTEM", user_domain="NT AUTHORITY"),
        row("mailbox", NOON, recorder="Exchange", operation="access", user="ann"),
        logon(NOON, user="bob", user_domain="corp.onmicrosoft.com", kind="sign_in"),
    ]
    assert keys(events) == {None, "exchange\\ann", "bob@corp.onmicrosoft.com"}


def test_an_object_made_anew_under_its_upn_keeps_it() -> None:
    first, second = "73d664e4-0886-4a73-b745-c694da45ddb4", "0872937f-1d3c-4426-9d4d-8a1f1cd23a4b"
    events = [
        logon(NOON, user_sid=first, user_upn="ann@mail.example", kind="sign_in"),
        logon(NOON + DAY, user_sid=second, user_upn="ann@mail.example", kind="sign_in"),
    ]
    assert keys(events) == {"ann@mail.example"}
