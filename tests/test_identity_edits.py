"""Why identifiers are one, and how a person decides otherwise."""

from pathlib import Path

import pytest

from graph_hunt.errors import InputError, UnknownEntity, WorkspaceError
from graph_hunt.events.identity import (
    Edit,
    Edits,
    decide,
    identifiers_of,
    links_of,
    read_edits,
    record,
)
from tests.identity_events import ANN, DAY, EVE, HOUR, NOON, PERSON, keys, ledger, logon, own_connection

SPLIT = Edit("split", "account", "corp\\ann", "ann@corp.example")
JOIN = Edit("join", "account", "corp\\ann", "ann@mail.example")


def test_a_split_undoes_a_join_and_an_undo_undoes_the_split() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", user_upn="ann@corp.example"),
        logon(NOON + 1, user_upn="ann@corp.example", kind="sign_in"),
        logon(NOON + 2, user="ann", user_domain="CORP", target_host="A"),
    ]
    assert keys(events) == {"corp\\ann"}
    assert keys(events, SPLIT) == {"corp\\ann", "ann@corp.example"}
    assert keys(events, SPLIT, Edit("undo", "account", "ann@corp.example", "corp\\ann")) == {"corp\\ann"}


def test_a_join_by_hand_makes_one_user_of_two() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", target_host="A"),
        logon(NOON + 1, user_upn="ann@mail.example", kind="sign_in"),
    ]
    assert keys(events) == {"corp\\ann", "ann@mail.example"}
    assert keys(events, JOIN) == {"corp\\ann"}


def test_hosts_are_joined_and_split_by_hand() -> None:
    events = [logon(NOON, user="x", user_domain="CORP", target_host=name) for name in ("ws1", "ws1.corp.example", "b")]
    found = ledger(events, Edit("split", "host", "ws1", "ws1.corp.example"), Edit("join", "host", "b", "ws1")).hosts
    assert {name: meaning.key for name, meaning in found.items()} == {
        "ws1": "ws1",
        "b": "ws1",
        "ws1.corp.example": "ws1.corp.example",
    }


def test_links_say_why_and_what_was_refused() -> None:
    events = [
        logon(NOON, user="ann", user_domain="CORP", user_sid=ANN, target_host="A"),
        logon(NOON + DAY, user="ann", user_domain="CORP", user_sid=EVE, target_host="A"),
        logon(NOON + 1, user="ann", user_domain="corp.example", user_sid=ANN, target_host="A"),
    ]
    found = links_of(ledger(events), "CORP\\Ann")
    assert [(link.kind, link.left, link.right, link.reason, link.refused) for link in found] == [
        ("domain", "corp", "corp.example", "accounts of both bear the SID S-1-5-21-1-2-3", ""),
        ("domain", "corp", "corp.example", "first label of the DNS name", ""),
        ("account", EVE, "corp\\ann", "named in one row", ""),
        ("account", ANN, "corp\\ann", "named in one row", "two SIDs are two accounts"),
    ]
    assert identifiers_of(ledger(events), ANN) == [ANN, EVE, "corp\\ann"]


def test_a_hosts_links_name_its_addresses_and_their_times() -> None:
    found = ledger(
        [own_connection(NOON, "WS1", "10.0.0.5"), own_connection(NOON + HOUR, "ws1.corp.example", "10.0.0.5")]
    )
    assert [(link.kind, link.left, link.right, link.first, link.last) for link in links_of(found, "WS1")] == [
        ("host", "ws1", "ws1.corp.example", NOON, NOON + HOUR),
        ("address", "10.0.0.5", "ws1.corp.example", NOON - DAY, NOON + HOUR + DAY),
    ]
    assert links_of(found, "10.0.0.5") == links_of(found, "WS1")[1:]
    assert identifiers_of(found, "10.0.0.5") == ["ws1.corp.example"]


def test_decisions_name_identifiers_as_people_write_them(tmp_path: Path) -> None:
    made = ledger([*PERSON, own_connection(NOON, "WS1", "10.0.0.5")])
    edits = [
        decide(made, "split", "CORP.EXAMPLE\\Ann", "ANN@corp.example", reason="two people", author="lee", at=NOON),
        decide(made, "split", "WS1", "10.0.0.5"),
        decide(made, "split", "ws1", "WS1.corp.example"),
    ]
    for edit in edits:
        record(tmp_path / "identities.jsonl", edit)
    assert read_edits(tmp_path / "identities.jsonl").decided == (
        Edit("split", "account", "corp\\ann", "ann@corp.example", "two people", "lee", NOON),
        Edit("split", "address", "10.0.0.5", "ws1"),
        Edit("split", "host", "ws1", "ws1.corp.example"),
    )


def test_decisions_about_what_was_never_seen_or_differs_in_kind_are_refused() -> None:
    made = ledger(PERSON)
    with pytest.raises(UnknownEntity, match=r"no entity is called 'corp\\\\anne'; near it: corp\\ann"):
        decide(made, "join", "corp\\anne", ANN)
    with pytest.raises(InputError, match="ws1 is a host, CORP a domain"):
        decide(made, "join", "ws1", "CORP")
    with pytest.raises(InputError, match="two spellings"):
        decide(made, "join", "CORP\\ann", "corp.example\\ANN")


def test_a_file_of_decisions_that_is_damaged_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "identities.jsonl"
    assert read_edits(file) == Edits()
    record(file, SPLIT)
    file.write_bytes(file.read_bytes() + b'{"action": "sp')
    with pytest.raises(WorkspaceError, match=r"identities\.jsonl:2: not a decision"):
        read_edits(file)


def test_an_address_is_taken_from_a_host_or_given_to_it_by_hand() -> None:
    events = [
        own_connection(NOON, "WS1", "10.0.0.5"),
        logon(NOON, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="A"),
        logon(NOON + 90 * DAY, user="ann", user_domain="CORP", source_ip="10.0.0.5", target_host="A"),
    ]
    assert [i.host for i in ledger(events, Edit("split", "address", "10.0.0.5", "ws1")).intervals] == []
    pinned = ledger(events, Edit("join", "address", "10.0.0.5", "a")).intervals
    assert [(i.host, i.since < NOON, i.until > NOON + 90 * DAY) for i in pinned] == [("a", True, True)]
