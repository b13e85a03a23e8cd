"""The state store: durable, versioned, audited, and safe for several writers."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, String, Table, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from graph_hunt.casework.state import AUDIT, METADATA, Area, State, area, history, record
from graph_hunt.errors import InputError, StateUnavailable, WorkspaceVersion
from graph_hunt.settings import settle
from tests.paths import ROOT


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty store in a file."""
    opened = State.open(tmp_path / "state.db")
    yield opened
    opened.close()


def _fact(connection: Connection, pragma: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()


def test_a_commit_is_durable_and_keys_hold(state: State) -> None:
    with state.begin() as connection:
        facts = [_fact(connection, one) for one in ("journal_mode", "synchronous", "foreign_keys")]
    assert facts == ["wal", 2, 1]


def test_a_change_and_its_trail_go_together_or_not_at_all(state: State) -> None:
    with pytest.raises(RuntimeError), state.begin() as connection:
        record(connection, who="ann", action="close", subject="case:1")
        raise RuntimeError
    with state.begin() as connection:
        assert list(history(connection)) == []
        record(connection, who="ann", action="close", subject="case:1", before={"state": "open"}, after={"n": 1})
        record(connection, who="bob", action="open", subject="case:2")
    with state.begin() as connection:
        (found,) = history(connection, "case:1")
    assert (found.who, found.action, found.before, found.after) == ("ann", "close", {"state": "open"}, {"n": 1})


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'eve'", "DELETE FROM audit"])
def test_the_trail_is_never_edited(state: State, statement: str) -> None:
    with state.begin() as connection:
        record(connection, who="ann", action="open", subject="case:1")
    with pytest.raises(DatabaseError, match="never edited"), state.begin() as connection:
        connection.execute(text(statement))


def test_writers_at_once_lose_nothing(state: State) -> None:
    def write() -> None:
        for number in range(20):
            with state.begin() as connection:
                seen = connection.execute(select(func.count()).select_from(AUDIT)).scalar()
                record(connection, who="ann", action="count", subject=str(number), after=seen)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with state.begin() as connection:
        assert [one.after for one in history(connection)] == list(range(80))


def test_a_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    command = [sys.executable, "-m", "tests.killed_state", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(25)]
        process.kill()
        said += [int(line) for line in process.stdout]
    opened = State.open(path)
    with opened.begin() as connection:
        kept = [one.after for one in history(connection)]
    opened.close()
    assert kept[: len(said)] == said
    assert kept == list(range(len(kept)))


def test_tables_of_a_feature_that_becomes_known_later_are_made_and_brought_up(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area, "_AREAS", dict(area._AREAS))
    note = Table("test_note", METADATA, Column("id", Integer, primary_key=True), Column("text", String))
    try:
        area.register(Area("notes", 1, (note,)))
        with state.begin() as connection:
            connection.execute(insert(note).values(id=1, text="kept"))

        def colour(connection: Connection) -> None:
            connection.execute(text("ALTER TABLE test_note ADD COLUMN colour VARCHAR DEFAULT 'red'"))

        area.register(Area("notes", 2, (note,), {2: colour}))
        with state.begin() as connection:
            assert connection.execute(text("SELECT text, colour FROM test_note")).one() == ("kept", "red")
        area.register(Area("notes", 1, (note,)))
        with pytest.raises(WorkspaceVersion, match="notes is of version 2; this program reads 1"), state.begin():
            pass
    finally:
        METADATA.remove(note)


def test_the_store_is_the_workspaces_file_unless_a_server_is_named(tmp_path: Path) -> None:
    assert settle({}, workspace=tmp_path).state_store == tmp_path / "state.db"
    named = settle({"GRAPH_HUNT_STATE": "postgresql://ann:secret@db/hunt"}, workspace=tmp_path)
    assert named.state_store == "postgresql://ann:secret@db/hunt"
    assert "secret" not in repr(named)


def test_what_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StateUnavailable, match="file"):
        State.open(tmp_path / "file" / "state.db")
    with pytest.raises(InputError, match="mysql is not served"):
        State.open("mysql://host/name")
