"""What is usual for an entity: values, volumes, cold starts; kept by part, and counted anew where identities change."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.identity import Edits
from graph_hunt.events.store import EventStore
from graph_hunt.hunting.baselines import Baselines, Usual, Volume, updated
from tests.commands import answer, run
from tests.identity_events import DAY, HOUR
from tests.telemetry import Event, add, stored
from tests.written import lanl_lines

BEGIN = 1_600_041_600_000
"""A midnight."""


def logon(name: str, source: str, target: str, at: int, **more: Any) -> Event:
    row = {
        "time": at, "kind": "logon", "outcome": "success", "logon_type": "network", "user": name, "user_domain": "CORP",
        "source_host": source, "target_host": target, "code": "Security/4624", **more,
    }  # fmt: skip
    return "authentication", row


def week(first: int, days: int) -> list[Event]:
    """Ann logs on to a server twice a day from her machine, bob once."""
    return [
        one
        for day in range(first, first + days)
        for one in (
            logon("ann", "WS1", "SRV1", BEGIN + day * DAY + 8 * HOUR),
            logon("ann", "WS1", "SRV1", BEGIN + day * DAY + 9 * HOUR),
            logon("bob", "WS2", "SRV1", BEGIN + day * DAY + 9 * HOUR),
        )
    ]


def kept(folder: Path, store: EventStore) -> Baselines:
    return updated(folder / "baselines", store, Edits())


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    return stored(tmp_path, week(0, 8))


def test_values_come_with_days_counts_and_who_else_has_them(tmp_path: Path, store: EventStore) -> None:
    found = kept(tmp_path, store).of("User", "corp\\ann")
    first, last = BEGIN + 8 * HOUR, BEGIN + 7 * DAY + 9 * HOUR
    assert found.usual == (
        Usual("host", "srv1", 16, 8, first, last, 1),
        Usual("hour", "8", 8, 8, first, BEGIN + 7 * DAY + 8 * HOUR, 0),
        Usual("hour", "9", 8, 8, BEGIN + 9 * HOUR, last, 1),
        Usual("source", "ws1", 16, 8, first, last, 0),
    )
    assert found.volumes == (Volume("logons", 2.0, 0.0, 2, 8),)
    assert (found.days, found.active_days, found.cold_start) == (8, 8, False)


def test_a_days_volume_counts_days_without_any(tmp_path: Path) -> None:
    days = [0, 1, 2, 6]
    store = stored(tmp_path, [logon("ann", "WS1", "SRV1", BEGIN + day * DAY) for day in days])
    assert kept(tmp_path, store).of("User", "corp\\ann").volumes == (Volume("logons", 1.0, 0.0, 1, 7),)


def test_before_a_moment_only_what_was_before_counts(tmp_path: Path, store: EventStore) -> None:
    found = kept(tmp_path, store).of("User", "corp\\ann", BEGIN + 2 * DAY)
    assert (found.days, found.cold_start) == (2, True)
    assert {one.trait: one.days for one in found.usual if one.trait != "hour"} == {"host": 2, "source": 2}


def test_an_entity_that_was_never_seen_has_nothing_usual(tmp_path: Path, store: EventStore) -> None:
    found = kept(tmp_path, store).of("User", "corp\\eve")
    assert (found.usual, found.volumes, found.active_days) == ((), (), 0)


def test_a_first_time_is_asked_for(tmp_path: Path, store: EventStore) -> None:
    known = kept(tmp_path, store)
    assert known.first_seen("User", "corp\\ann", "host", "srv1") == BEGIN + 8 * HOUR
    assert known.first_seen("User", "corp\\ann", "host", "srv2") is None


def test_only_what_came_since_is_counted_and_adds_up(tmp_path: Path, store: EventStore) -> None:
    before = kept(tmp_path, store)
    add(store, tmp_path, week(8, 2))
    after = kept(tmp_path, store)
    assert after.files[: len(before.files)] == before.files
    assert len(after.files) == len(before.files) + 1
    anew = updated(tmp_path / "anew", store, Edits())
    assert after.of("User", "corp\\ann") == anew.of("User", "corp\\ann")
    assert kept(tmp_path, store) == after


def test_all_is_counted_anew_where_an_earlier_name_means_another(tmp_path: Path, store: EventStore) -> None:
    kept(tmp_path, store)
    add(store, tmp_path, [logon("ann", "WS1.corp.example", "SRV1.corp.example", BEGIN + 9 * DAY)])
    found = kept(tmp_path, store)
    assert len(found.files) == 1
    assert found.first_seen("User", "corp\\ann", "host", "srv1.corp.example") == BEGIN + 8 * HOUR


def test_who_reads_while_all_is_counted_anew_keeps_what_there_was(tmp_path: Path, store: EventStore) -> None:
    before = kept(tmp_path, store)
    expected = before.of("User", "corp\\ann")
    add(store, tmp_path, [logon("ann", "WS1.corp.example", "SRV1.corp.example", BEGIN + 9 * DAY)])
    kept(tmp_path, store)
    assert before.of("User", "corp\\ann") == expected


def test_several_that_count_at_once_count_once(tmp_path: Path, store: EventStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: kept(tmp_path, store), range(4)))
    assert {one.files for one in found} == {(tmp_path / "baselines" / "0000-0000" / "usual.parquet",)}
    add(store, tmp_path, week(8, 2))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: kept(tmp_path, store), range(4)))
    assert len({one.files for one in found}) == 1
    assert found[0].of("User", "corp\\ann") == updated(tmp_path / "anew", store, Edits()).of("User", "corp\\ann")


def test_a_spoiled_part_is_counted_anew(tmp_path: Path, store: EventStore) -> None:
    expected = kept(tmp_path, store).of("User", "corp\\ann")
    (tmp_path / "baselines" / "0000-0000" / "contents.json").write_text("{")
    assert kept(tmp_path, store).of("User", "corp\\ann") == expected


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path, store: EventStore) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="file/baselines: what is usual cannot be kept there"):
        updated(tmp_path / "file" / "baselines", store, Edits())


def test_a_mailbox_has_its_clients_and_addresses(tmp_path: Path) -> None:
    access = {
        "time": BEGIN, "operation": "access", "outcome": "success", "user_upn": "ann@corp.example",
        "mailbox": "Ann@corp.example", "client": "Outlook", "client_ip": "198.51.100.7", "items": 5,
    }  # fmt: skip
    found = kept(tmp_path, stored(tmp_path, [("mailbox", access)])).of("Mailbox", "ann@corp.example")
    assert {one.trait: one.value for one in found.usual} == {
        "actor": "ann@corp.example", "address": "198.51.100.7", "client": "Outlook", "hour": "0", "operation": "access",
    }  # fmt: skip
    assert found.volumes == (Volume("items", 5.0, 0.0, 5, 1),)


def test_the_command_shows_what_is_usual(tmp_path: Path) -> None:
    (tmp_path / "auth.txt").write_text("\n".join(lanl_lines(200)) + "\n")
    assert run("load", tmp_path / "auth.txt", "-w", tmp_path / "w").returncode == 0
    found = answer("baseline", "DOM1\\U1", "-w", tmp_path / "w", "--format", "json")
    assert (found["key"], found["cold_start"]) == ("dom1\\u1", True)
    done = run("baseline", "DOM1\\U1", "-w", tmp_path / "w", "--limit", "2")
    assert done.returncode == 0
    assert "cold start: 3 days of telemetry; what is usual is not known yet" in done.stderr
