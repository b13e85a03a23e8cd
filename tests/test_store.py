"""The event store: what is appended is there once, in Parquet that any tool can read."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.errors import WorkspaceBusy, WorkspaceError, WorkspaceVersion
from graph_hunt.events.append import Due
from graph_hunt.events.batch import Batch
from graph_hunt.events.inputs import one_source
from graph_hunt.events.partition import by_day, once
from graph_hunt.events.store import EventStore, Resources
from graph_hunt.schema import TABLES
from tests.events_of import HOUR, append, identity, load, logons, numbers_in, written
from tests.paths import ROOT


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    return EventStore.open(tmp_path / "events")


def test_an_empty_store_has_typed_views_without_rows(store: EventStore) -> None:
    with store.connection() as connection:
        assert connection.execute("SELECT count(*), max(time), max(batch) FROM mail").fetchall() == [(0, None, None)]
        assert connection.execute("SELECT typeof(urls) FROM (FROM mail UNION ALL FROM mail) LIMIT 1").fetchall() == []
    assert not store.root.exists()


def test_every_table_has_all_its_columns_and_the_batch(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(3))
    with store.connection() as connection:
        for name, table in TABLES.items():
            columns = connection.execute(f"DESCRIBE {name}").fetchall()
            assert [column[0] for column in columns] == [*table.names, "batch"]


def test_a_connection_can_be_limited_to_batches(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(3))
    load(store, written(tmp_path / "b", "b"), range(2, 6))
    first, second = store.batches()
    with store.connection([second]) as connection:
        assert connection.execute("SELECT record, batch FROM authentication ORDER BY record").fetchall() == [
            (3, second),
            (4, second),
            (5, second),
        ]
    with store.connection([]) as connection:
        assert connection.execute("SELECT count(*) FROM authentication").fetchall() == [(0,)]
    with pytest.raises(WorkspaceError, match="no batch nine"):
        store.connection([first, "nine"])


def test_overlapping_files_give_each_event_once(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(40))
    load(store, written(tmp_path / "b", "b"), range(30, 60))
    load(store, written(tmp_path / "c", "c"), range(60))
    assert numbers_in(store) == list(range(60))
    assert store.codes() == {("authentication", "Test/0"): 30, ("authentication", "Test/1"): 30}


def test_an_event_twice_in_one_commit_stands_once(store: EventStore, tmp_path: Path) -> None:
    with store.appender() as appender:
        append(appender, written(tmp_path / "a", "a"), [5, 1, 5], [1, 2])
        append(appender, written(tmp_path / "b", "b"), [2, 3])
    assert numbers_in(store) == [1, 2, 3, 5]


def test_rows_lie_in_a_folder_a_day_in_order_of_time(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [30, 20, 25, 21])
    (batch,) = store.batches()
    files = sorted(path.relative_to(store.root).as_posix() for path in store.root.rglob("*.parquet"))
    assert files == [
        f"authentication/day=1970-01-01/{batch}.parquet",
        f"authentication/day=1970-01-02/{batch}.parquet",
        f"quarantine/{batch}.parquet",
    ]
    read = duckdb.execute("SELECT record FROM read_parquet(?)", [str(store.root / files[0])]).fetchall()
    assert read == [(20,), (21,)]


def test_any_tool_reads_the_tables_by_their_folder(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(20, 30))
    found = duckdb.execute(
        "SELECT day, count(*) FROM read_parquet(?) GROUP BY day ORDER BY day",
        [str(store.root / "authentication/*/*.parquet")],
    ).fetchall()
    assert [(str(day), count) for day, count in found] == [("1970-01-01", 4), ("1970-01-02", 6)]


def test_batches_are_named_in_the_order_of_their_commits(store: EventStore, tmp_path: Path) -> None:
    for number in range(3):
        load(store, written(tmp_path / str(number), str(number)), [number])
    batches = store.batches()
    assert [batch[:11] for batch in batches] == ["0000000001-", "0000000002-", "0000000003-"]
    assert len({batch.partition("-")[2] for batch in batches}) == 3


def test_small_files_share_a_commit_and_large_ones_take_several(store: EventStore, tmp_path: Path) -> None:
    with store.appender(Due(rows=10)) as appender:
        for number in range(4):
            append(appender, written(tmp_path / str(number), str(number)), range(number * 4, number * 4 + 4))
        assert len(appender.batches) == 1
        append(appender, written(tmp_path / "large", "large"), range(100, 135))
    assert [entry.rows for entry in store.entries()] == [
        {"authentication": 12},
        {"authentication": 14},
        {"authentication": 10},
        {"authentication": 10},
        {"authentication": 5},
    ]
    assert numbers_in(store) == [*range(16), *range(100, 135)]


def test_an_error_while_loading_leaves_what_was_committed(store: EventStore, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="loader"), store.appender(Due(rows=10)) as appender:
        append(appender, written(tmp_path / "a", "a"), range(10), range(10, 14))
        raise RuntimeError("loader")
    assert numbers_in(store) == list(range(10))


def test_a_file_read_to_its_end_is_known_by_its_content(store: EventStore, tmp_path: Path) -> None:
    first, copy = written(tmp_path / "a", "same"), written(tmp_path / "b", "same")
    with store.appender() as appender:
        assert appender.loaded(one_source(first).digest) is None
        append(appender, first, range(3), finish=False)
        assert appender.loaded(one_source(first).digest) is None
    with store.appender() as appender:
        assert appender.loaded(one_source(first).digest) is None
        append(appender, first, range(3))
        known = appender.loaded(one_source(copy).digest)
        assert known is not None and known.name == str(first)
    with store.appender() as appender:
        known = appender.loaded(one_source(copy).digest)
        assert known is not None and known.name == str(first)


def test_bulk_tables_need_no_null_columns_but_the_essential_ones(store: EventStore, tmp_path: Path) -> None:
    source = one_source(written(tmp_path / "a", "a"))
    rows = pa.table({"event_id": [identity(1)], "time": [HOUR], "code": ["T/1"], "user": ["u"]})
    with store.appender() as appender:
        reading = appender.begin(source, "test")
        appender.append(reading, Batch({"authentication": rows}, 1, 1))
        with pytest.raises(ValueError, match="authentication: rows without time"):
            appender.append(reading, Batch({"authentication": rows.drop(["time"])}, 1, 1))
        with pytest.raises(KeyError, match="authentication has no column colour"):
            appender.append(reading, Batch({"authentication": rows.append_column("colour", [["red"]])}, 1, 1))
    with store.connection() as connection:
        assert connection.execute('SELECT "user", source_ip FROM authentication').fetchall() == [("u", None)]


def test_days_beyond_the_calendar_fall_on_its_ends(store: EventStore, tmp_path: Path) -> None:
    times = [-(1 << 43), -1, 0, 1 << 43, 1 << 62]
    rows = pa.table({"event_id": [f"e{at}" for at in times], "time": times, "code": ["T/1"] * 5})
    source = one_source(written(tmp_path / "a", "a"))
    with store.appender() as appender:
        appender.append(appender.begin(source, "test"), Batch({"change": rows}, 5, 5))
    days = sorted(path.name for path in (store.root / "change").iterdir())
    assert days == ["day=1691-04-06", "day=1969-12-31", "day=1970-01-01", "day=2248-09-26", "day=9999-12-31"]
    with store.connection() as connection:
        assert connection.execute("SELECT time FROM change ORDER BY time").fetchall() == [(at,) for at in times]


def test_a_file_without_its_entry_is_not_there_and_is_removed(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(3))
    (entry,) = store.root.glob("journal/*.json")
    entry.rename(entry.with_name("half.json.part"))
    own = written(store.root / "notes.txt", "the user's own")
    assert numbers_in(store) == []
    load(store, written(tmp_path / "b", "b"), [5])
    assert numbers_in(store) == [5]
    (batch,) = store.batches()
    assert sorted(path.name for path in store.root.rglob("*") if path.is_file()) == [
        f"{batch}.parquet",
        f"{batch}.parquet",
        "0000000001.json",
        "lock",
        "notes.txt",
    ]
    assert own.exists()


def test_columns_that_a_newer_program_adds_are_null_in_older_files(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [1])
    (entry,) = store.root.glob("journal/*.json")
    (part,) = store.root.glob("authentication/*/*.parquet")
    narrow = [name for name in TABLES["authentication"].names if name not in ("user", "elevated")]
    duckdb.execute(f"COPY (SELECT {', '.join(narrow)} FROM '{part}') TO '{part}.new' (FORMAT parquet)")
    Path(f"{part}.new").replace(part)
    entry.write_text(entry.read_text().replace('"user",\n', "").replace('"elevated",\n', ""))
    again = EventStore.open(store.root)
    load(again, written(tmp_path / "b", "b"), [2])
    with again.connection() as connection:
        rows = connection.execute('SELECT record, "user", elevated FROM authentication ORDER BY record').fetchall()
    assert rows == [(1, None, None), (2, "u2", None)]


def test_a_store_of_a_newer_program_is_refused(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [1])
    (entry,) = store.root.glob("journal/*.json")
    entry.write_text(entry.read_text().replace('"format": 2', '"format": 3'))
    with pytest.raises(WorkspaceVersion, match=r"graph-hunt 0\.1\.0 in format 3; this program reads up to 2"):
        EventStore.open(store.root)


def test_a_damaged_journal_is_an_error_that_names_the_file(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [1])
    (entry,) = store.root.glob("journal/*.json")
    entry.write_text(entry.read_text()[:-40])
    with pytest.raises(WorkspaceError, match=rf"journal/{entry.name}: not a journal entry"):
        EventStore.open(store.root)


def test_a_store_for_reading_writes_nothing(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [1])
    reader = EventStore.open(store.root, Resources(threads=1, memory="200MB"), read_only=True)
    assert numbers_in(reader) == [1]
    with pytest.raises(WorkspaceError, match="opened for reading only"), reader.appender():
        pass


def test_a_reader_sees_what_another_process_commits(store: EventStore, tmp_path: Path) -> None:
    reader = EventStore.open(store.root, read_only=True)
    assert reader.batches() == []
    load(store, written(tmp_path / "a", "a"), [1])
    assert numbers_in(reader) == [1]


def test_a_reader_sees_what_another_process_takes_out(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(20, 30))
    reader = EventStore.open(store.root, read_only=True)
    assert len(numbers_in(reader)) == 10
    store.prune(24 * HOUR)
    assert numbers_in(reader) == [24, 25, 26, 27, 28, 29]


def test_large_rows_make_smaller_commits(store: EventStore, tmp_path: Path) -> None:
    source = one_source(written(tmp_path / "a", "a"))
    text = pa.repeat("x" * 3_000, 200)
    rows = pa.table(
        {"event_id": [identity(n) for n in range(200)], "time": range(200), "code": ["T"] * 200, "raw": text}
    )
    with store.appender(Due(size=250_000)) as appender:
        appender.append(appender.begin(source, "test"), Batch({"process": rows}, 200, 200))
        assert len(appender.batches) == 1
    assert [entry.rows["process"] for entry in store.entries()] == [156, 44]


_HOLDER = """
import sys
from pathlib import Path
from graph_hunt.events.store import EventStore
with EventStore.open(Path(sys.argv[1])).appender():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_who_the_first_is(store: EventStore, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusy, match=f"process {holder.pid} is loading into it"), store.appender():
            pass
        holder.kill()
    load(store, written(tmp_path / "a", "a"), [1])
    assert numbers_in(store) == [1]


def test_two_writers_in_one_process_are_kept_apart(store: EventStore) -> None:
    with store.appender(), pytest.raises(WorkspaceBusy, match=f"process {os.getpid()} "), store.appender():
        pass


@pytest.mark.parametrize("ids", [["a"], ["a", "b", "a"], [identity(1), identity(1) + "-1", identity(2), identity(1)]])
def test_the_first_row_of_an_event_is_kept(ids: list[str]) -> None:
    rows = pa.table({"event_id": ids, "place": list(range(len(ids)))})
    kept = {event: ids.index(event) for event in ids}
    assert once(rows).column("place").to_pylist() == sorted(kept.values())


def test_rows_are_cut_at_midnight() -> None:
    rows = pa.table({"time": [0, 86_399_999, 86_400_000, 86_400_001, 5 * 86_400_000]})
    assert [(day, part.num_rows) for day, part in by_day(rows)] == [
        ("1970-01-01", 2),
        ("1970-01-02", 2),
        ("1970-01-06", 1),
    ]


_NUMBERS = st.lists(st.integers(0, 60), max_size=12)
_LOADS = st.lists(st.lists(_NUMBERS, min_size=1, max_size=3), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None)
@given(loads=_LOADS, commit_rows=st.integers(1, 20))
def test_however_events_are_cut_repeated_and_mixed_each_is_there_once(
    loads: list[list[list[int]]], commit_rows: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mixed")
    store = EventStore.open(folder / "events", Resources(threads=1))
    for number, batches in enumerate(loads):
        with store.appender(Due(rows=commit_rows)) as appender:
            for place, numbers in enumerate(batches):
                append(appender, written(folder / f"{number}.{place}", f"{number}.{place}"), numbers)
    given_rows = [number for batches in loads for numbers in batches for number in numbers]
    assert numbers_in(store) == sorted(set(given_rows))
    status = store.status()
    assert status.tables.get("authentication", 0) == len(set(given_rows))
    assert status.duplicates == len(given_rows) - len(set(given_rows))
    files = sum(len(batches) for batches in loads)
    assert (status.unused, status.quarantined) == ({"Test/9": files}, {"no time": files})
    assert store.doctor(deep=True) == []


def test_a_batch_of_one_file_can_hold_a_record_s_original(store: EventStore, tmp_path: Path) -> None:
    source = one_source(written(tmp_path / "a", "a"))
    with store.appender() as appender:
        appender.append(appender.begin(source, "test"), logons([1], source.name, raw='{"EventID": 4624, "x": "é\\\\"}'))
    with store.connection() as connection:
        assert connection.execute("SELECT raw FROM authentication").fetchall() == [('{"EventID": 4624, "x": "é\\\\"}',)]
