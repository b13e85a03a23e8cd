"""The served workspace: what a load publishes is seen, and requests under way keep what they began with."""

import threading
from pathlib import Path

import pytest

from graph_hunt.api.current import Current
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.written import windows_logon, write_lines


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with one account."""
    made = Settings(tmp_path / "w")
    load(made, tmp_path / "a.json", 1, "alice")
    return made


def load(settings: Settings, file: Path, record: int, name: str) -> None:
    """Load a logon."""
    with Workspace.open(settings) as workspace:
        workspace.load([write_lines(file, [windows_logon(record, name)])])


def users(workspace: Workspace) -> int:
    """How many accounts its graph has."""
    (row,) = workspace.graph.query("MATCH (user:User) RETURN count(user) AS total")
    return int(row["total"])


def test_the_next_request_sees_a_load_and_the_one_before_does_not(settings: Settings, tmp_path: Path) -> None:
    current = Current(settings)
    before = current.get()
    assert users(before) == 1
    load(settings, tmp_path / "b.json", 2, "bob")
    assert users(current.get()) == 2
    assert users(before) == 1
    assert current.get() is current.get()
    current.close()


def test_a_large_graph_is_read_beside(settings: Settings, tmp_path: Path) -> None:
    current = Current(settings, large=1)
    load(settings, tmp_path / "b.json", 2, "bob")
    assert users(current.get()) in (1, 2)
    current.wait()
    assert users(current.get()) == 2
    current.close()


def test_many_who_ask_at_once_see_every_load(settings: Settings, tmp_path: Path) -> None:
    current = Current(settings)
    for number in range(2, 8):
        load(settings, tmp_path / f"{number}.json", number, f"user{number}")
        seen: list[int] = []
        threads = [threading.Thread(target=lambda: seen.append(users(current.get()))) for _ in range(8)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [number] * 8
    current.close()
