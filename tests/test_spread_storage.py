"""An activity kept on disk: the same answers, collected once for a state, and never a spoiled one."""

from pathlib import Path

import duckdb
import pytest

from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.spread import blast_radius, collect, kept
from graph_hunt.hunting.spread import storage as storage_module
from tests.identity_events import connect, row
from tests.spread_stories import HOUR, NOON, logon, user

EVENTS = [
    logon("ann", "WS1", "SRV1", NOON),
    logon("bob", None, "SRV1", NOON - HOUR, "interactive"),
    logon("bob", "SRV1", "SRV2", NOON + HOUR),
]


def connection() -> duckdb.DuckDBPyConnection:
    made = connect(EVENTS)
    resolve(made)
    return made


def never() -> duckdb.DuckDBPyConnection:
    raise AssertionError("collected again")


def test_what_is_kept_answers_as_what_was_collected(tmp_path: Path) -> None:
    with connection() as made:
        expected = blast_radius(collect(made), user("ann"), NOON)
    assert blast_radius(kept(tmp_path, "one", connection), user("ann"), NOON) == expected
    assert blast_radius(kept(tmp_path, "one", never), user("ann"), NOON) == expected


def test_alerts_beside_them_do_not_matter() -> None:
    with connection() as made, connect([*EVENTS, row("alert", NOON, title="odd", level="low")]) as other:
        resolve(other)
        assert blast_radius(collect(other), user("ann"), NOON) == blast_radius(collect(made), user("ann"), NOON)


def test_another_state_is_collected_and_replaces_what_was_kept(tmp_path: Path) -> None:
    kept(tmp_path, "one", connection)
    kept(tmp_path, "two", connection)
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(AssertionError, match="collected again"):
        kept(tmp_path, "one", never)


def test_what_older_rules_made_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path, "one", connection)
    monkeypatch.setattr(storage_module, "_FORMAT", "another")
    with pytest.raises(AssertionError, match="collected again"):
        kept(tmp_path, "one", never)


@pytest.mark.parametrize("name", ["time.npy", "entities.arrow", "contents.json"])
def test_a_spoiled_file_is_collected_anew(tmp_path: Path, name: str) -> None:
    kept(tmp_path, "one", connection)
    (spoiled,) = tmp_path.glob(f"*/{name}")
    spoiled.write_bytes(b"{")
    assert len(kept(tmp_path, "one", connection)) == 3


def test_where_nothing_can_be_written_the_answer_comes_all_the_same(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    assert len(kept(place, "one", connection)) == 3
