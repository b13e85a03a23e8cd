"""The event store: what is appended is there once, with an account of every file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore

HOUR = 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    return EventStore.open(tmp_path / "events")


def load(store: EventStore, file: Path, numbers: Iterator[int] | range, *, finish: bool = True) -> None:
    """Append one logon an hour for each number, from a file that holds whatever it holds."""
    source = one_source(file)
    with store.appender() as appender:
        reading = appender.begin(source, "test")
        rows = Rows("test", source.name)
        for number in numbers:
            at = number * HOUR
            rows.add(
                "authentication",
                event_id=event_id(at, [number]),
                time=at,
                code=f"Test/{number % 2}",
                record=number,
                user=f"u{number}",
            )
            rows.seen("dc1", "Security", at)
        rows.skip("Test/9")
        rows.reject(9, "no time", "{}")
        appender.append(reading, rows.take())
        if finish:
            appender.finish(reading)


def numbers_in(store: EventStore) -> list[int]:
    with store.connection() as connection:
        rows = connection.execute("SELECT record FROM authentication ORDER BY record").fetchall()
    return [number for (number,) in rows]


def written(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


def test_an_empty_store_has_typed_views_without_rows(store: EventStore) -> None:
    with store.connection() as connection:
        assert connection.execute("SELECT count(*), max(time), max(batch) FROM mail").fetchall() == [(0, None, None)]


def test_overlapping_files_give_each_event_once(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(40))
    load(store, written(tmp_path / "b", "b"), range(30, 60))
    load(store, written(tmp_path / "c", "c"), range(60))
    assert numbers_in(store) == list(range(60))
    assert store.codes() == {("authentication", "Test/0"): 30, ("authentication", "Test/1"): 30}


def test_rows_lie_in_a_folder_a_day(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(20, 30))
    (batch,) = store.batches()
    files = sorted(path.relative_to(store.root) for path in store.root.rglob("*.parquet"))
    assert [str(file) for file in files] == [
        f"authentication/day=1970-01-01/{batch}.parquet",
        f"authentication/day=1970-01-02/{batch}.parquet",
        f"quarantine/{batch}.parquet",
    ]


def test_a_file_without_its_entry_is_not_there_and_is_removed(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(3))
    (entry,) = store.root.glob("journal/*.json")
    entry.unlink()
    assert numbers_in(store) == []
    load(store, written(tmp_path / "b", "b"), range(5, 6))
    assert numbers_in(store) == [5]
    assert len(list(store.root.glob("authentication/*/*.parquet"))) == 1
