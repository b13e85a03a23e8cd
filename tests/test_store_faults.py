"""The event store under faults: killed at any moment, and a disk that is full."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.append import Due
from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore
from tests.events_of import load, numbers_in, written
from tests.paths import ROOT

KILLS = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_a_load_killed_at_any_line_and_begun_again_gives_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_load", str(tmp_path), "7", str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert results[-1]["kills"] >= KILLS
    for result in results:
        assert {key: result[key] for key in result if key != "kills"} == {
            "numbers": list(range(60)),
            "errors": [],
            "rows": 60,
            "records": 105,
            "duplicates": 15,
            "quarantine": 15,
            "orphans": 0,
        }


def fill(store: EventStore, file: Path, first: int, count: int) -> None:
    """Load events whose originals do not compress."""
    source = one_source(file)
    chance = Random(first)
    with store.appender(Due(rows=count // 4)) as appender:
        reading = appender.begin(source, "test")
        for start in range(first, first + count, count // 4):
            rows = Rows("test", source.name)
            for number in range(start, start + count // 4):
                rows.add(
                    "authentication",
                    event_id=event_id(number, [number]),
                    time=number,
                    code="T/1",
                    record=number,
                    raw=chance.randbytes(500).hex(),
                )
            appender.append(reading, rows.take())
        appender.finish(reading)


def only_whole_commits(store: EventStore) -> None:
    assert [one for one in store.doctor(deep=True) if one.severity == "error"] == []
    assert not list(store.root.rglob("*.part"))
    named = {path for entry in store.entries() for path in entry.files}
    assert {path.relative_to(store.root).as_posix() for path in store.root.rglob("*.parquet")} == named


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_cannot_be_written_leaves_no_half_commit(tmp_path: Path) -> None:
    store = EventStore.open(tmp_path / "events")
    load(store, written(tmp_path / "a", "a"), range(10))
    expected = "a file would become larger than this account may write; what was committed before stands"
    with small_files(100_000), pytest.raises(WorkspaceError, match=expected):
        fill(store, written(tmp_path / "b", "b"), 100, 2_000)
    only_whole_commits(store)
    assert numbers_in(store) == list(range(10))
    fill(store, tmp_path / "b", 100, 2_000)
    assert numbers_in(store) == [*range(10), *range(100, 2_100)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount a small disk; the test above stands for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_costs_nothing_committed(small_disk: Path, tmp_path: Path) -> None:
    store = EventStore.open(small_disk / "events")
    load(store, written(tmp_path / "a", "a"), range(10))
    with pytest.raises(WorkspaceError, match="the disk is full; what was committed before stands"):
        fill(store, written(tmp_path / "b", "b"), 100, 8_000)
    only_whole_commits(store)
    kept = numbers_in(store)
    assert kept[:10] == list(range(10))
    assert len(kept) in (10, 2_010, 4_010, 6_010)
    with pytest.raises(WorkspaceError, match="the disk is full"):
        fill(store, tmp_path / "b", 100, 8_000)
    assert numbers_in(store) == kept
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    fill(store, tmp_path / "b", 100, 8_000)
    assert numbers_in(store) == [*range(10), *range(100, 8_100)]


def test_after_a_failed_commit_nothing_more_is_taken(tmp_path: Path) -> None:
    store = EventStore.open(tmp_path / "events")
    source = one_source(written(tmp_path / "a", "a"))
    with pytest.raises(WorkspaceError, match="begin the load again"), store.appender() as appender:
        reading = appender.begin(source, "test")
        rows = Rows("test", source.name)
        rows.add("change", event_id=event_id(1, [1]), time=1, code="T/1", record=1, raw="x" * 200)
        appender.append(reading, rows.take())
        with small_files(10), pytest.raises(WorkspaceError, match="would become larger"):
            appender.commit()
        appender.append(reading, rows.take())
    assert store.batches() == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    written(tmp_path / "file", "not a folder")
    store = EventStore.open(tmp_path / "file" / "events")
    with pytest.raises(WorkspaceError, match=r"file/events: cannot be written \(.*Not a directory"), store.appender():
        pass
