"""Several processes load into one event store at once, in a folder and in a bucket: each event is there once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph_hunt.errors import WorkspaceBusy, WorkspaceError
from graph_hunt.events.append import Appender
from graph_hunt.events.journal import Entry, Journal
from graph_hunt.events.storage import Storage
from graph_hunt.events.store import EventStore, Resources
from tests.commands import environment
from tests.events_of import HOUR, append, identity, load, numbers_in, written
from tests.object_store import BUCKET, served
from tests.paths import ROOT

RANGES = ((0, 60), (0, 60), (30, 90))


@pytest.fixture(scope="module")
def object_store() -> Iterator[dict[str, str]]:
    with served() as found:
        yield found


@pytest.fixture(params=["folder", "bucket"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path | str:
    """Where the store is."""
    if request.param == "folder":
        return tmp_path / "events"
    for name, value in request.getfixturevalue("object_store").items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


def loading(root: Path | str, tmp_path: Path, number: int, kill: int = 0) -> "subprocess.Popen[str]":
    """Begin a load that waits for the others."""
    file = written(tmp_path / f"file{number}", f"file {number}")
    command = [sys.executable, "-m", "tests.loading_at_once", root, file, *RANGES[number], kill]
    return subprocess.Popen(
        list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    )


def loaded_at_once(root: Path | str, tmp_path: Path, kills: tuple[int, ...] = (0, 0, 0)) -> list[int]:
    """Load the files at once; give how the loads ended."""
    processes = [loading(root, tmp_path, number, kill) for number, kill in enumerate(kills)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.wait() for process in processes]
    for process in processes:
        process.communicate()
    return ended


def all_is_there_once(store: EventStore) -> None:
    assert numbers_in(store) == list(range(90))
    status = store.status()
    assert status.tables == {"authentication": 90}
    assert (status.records, status.used, status.duplicates) == (60 * 3 + 12 * 3 * 2, 180, 90)
    assert [one.what for one in store.doctor(deep=True) if one.severity == "error"] == []


def test_overlapping_files_loaded_at_once_give_each_event_once(root: Path | str, tmp_path: Path) -> None:
    assert loaded_at_once(root, tmp_path) == [0, 0, 0]
    store = EventStore.open(root, Resources(threads=1), shared=True)
    all_is_there_once(store)
    assert len({entry.batch.partition("-")[2] for entry in store.entries()}) == 3
    assert [one.path for one in store.doctor()] == []


@pytest.mark.parametrize("line", [900, 2600])
def test_one_of_them_killed_and_repeated_changes_nothing(root: Path | str, tmp_path: Path, line: int) -> None:
    assert loaded_at_once(root, tmp_path, (0, line, 0)) == [0, -9, 0]
    store = EventStore.open(root, Resources(threads=1), shared=True)
    assert numbers_in(store) == list(range(90))
    assert loaded_at_once(root, tmp_path) == [0, 0, 0]
    all_is_there_once(store)


class Interrupted(Journal):
    """A journal to which something comes first, once: what another process might do at that moment."""

    def __init__(self, storage: Storage, meanwhile: Callable[[], object]) -> None:
        super().__init__(storage)
        self._meanwhile = [meanwhile]

    def append(self, entry: Entry, after: int) -> list[tuple[int, Entry]]:
        while self._meanwhile:
            self._meanwhile.pop()()
        return super().append(entry, after)


def committed_while(store: EventStore, file: Path, numbers: Iterable[int], meanwhile: Callable[[], object]) -> None:
    """Commit numbers; something happens between the writing of the rows and that of the entry."""
    with closing(store.connection()) as connection:
        appender = Appender(store.storage, Interrupted(store.storage, meanwhile), connection, alone=False)
        append(appender, file, numbers)
        appender.commit()


def test_what_another_takes_out_at_that_moment_is_brought_back(root: Path | str, tmp_path: Path) -> None:
    store = EventStore.open(root, shared=True)
    first = load(store, written(tmp_path / "a", "a"), range(10))
    committed_while(store, written(tmp_path / "b", "b"), range(5, 15), lambda: EventStore.open(root).undo(first))
    assert numbers_in(store) == list(range(5, 15))
    assert store.status().duplicates == 0


def test_what_another_commits_at_that_moment_is_not_there_twice(root: Path | str, tmp_path: Path) -> None:
    store, other = EventStore.open(root, shared=True), EventStore.open(root, shared=True)
    file = written(tmp_path / "b", "b")
    committed_while(store, written(tmp_path / "a", "a"), range(10), lambda: load(other, file, range(5, 15)))
    assert numbers_in(store) == list(range(15))
    assert [entry.rows["authentication"] for entry in store.entries()] == [10, 5]
    committed_while(store, written(tmp_path / "c", "c"), range(50, 55), lambda: load(other, file, range(90, 95)))
    assert numbers_in(store) == [*range(15), *range(50, 55), *range(90, 95)]
    assert store.doctor(deep=True) == []


def test_old_days_and_loads_go_from_a_shared_store(root: Path | str, tmp_path: Path) -> None:
    store = EventStore.open(root, shared=True)
    load(store, written(tmp_path / "a", "a"), range(72))
    second = load(store, written(tmp_path / "b", "b"), range(60, 80))
    assert store.prune(49 * HOUR).rows == 48
    assert numbers_in(store) == list(range(48, 80))
    assert store.undo(second).rows == 8
    assert numbers_in(store) == list(range(48, 72))
    assert len(store.removals()) == 2
    assert [row["record"] for row in store.evidence([identity(71), identity(47)])] == [71]
    assert store.doctor(deep=True) == []


def test_a_store_that_others_load_into_is_not_for_one_alone(tmp_path: Path) -> None:
    alone, shared = EventStore.open(tmp_path / "events"), EventStore.open(tmp_path / "events", shared=True)
    with shared.appender(), shared.appender(), pytest.raises(WorkspaceBusy), alone.appender():
        pass
    with alone.appender(), pytest.raises(WorkspaceBusy), shared.appender():
        pass


def test_what_cut_loads_left_goes_when_no_load_can_still_be_writing_it(tmp_path: Path) -> None:
    shared = EventStore.open(tmp_path / "events", shared=True)
    load(shared, written(tmp_path / "a", "a"), [1])
    (part,) = (tmp_path / "events").glob("authentication/*/*.parquet")
    left = part.with_name("0000000002-other.parquet")
    left.write_bytes(part.read_bytes())
    load(shared, written(tmp_path / "b", "b"), [2])
    assert shared.sweep() == []
    assert [one.what for one in shared.doctor()] == [
        "left by a load that was cut short, or being written by one that runs"
    ]
    os.utime(left, (0, 0))
    assert shared.sweep() == ["authentication/day=1970-01-01/0000000002-other.parquet"]
    assert shared.doctor() == []


def test_a_url_that_is_no_bucket_is_refused(object_store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in object_store.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WorkspaceError, match="gs://b/p: no place for events; expected a folder, or s3://BUCKET/PREFIX"):
        EventStore.open("gs://b/p")
    with pytest.raises(WorkspaceError, match="s3://nowhere/p: cannot be "):
        with EventStore.open("s3://nowhere/p").appender():
            pass
