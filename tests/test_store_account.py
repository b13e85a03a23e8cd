"""What the event store says of itself: counts, evidence, quarantine, damage, and what can be taken out again."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.batch import Batch, Quarantined, Span
from graph_hunt.events.doctor import Complaint, Severity
from graph_hunt.events.evidence import lines_of
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore
from graph_hunt.loaders import find
from tests.events_of import HOUR, append, identity, load, numbers_in, written

LANL = "1,U1@DOM1,U1@DOM1,C1,C2,Kerberos,Network,LogOn,Success\n2,U2@DOM1,U2@DOM1,C1,C3,NTLM,Network,LogOn,Fail\n"


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    return EventStore.open(tmp_path / "events")


def test_an_empty_store_has_an_empty_account(store: EventStore) -> None:
    status = store.status()
    assert (status.batches, status.tables, status.first, status.files, status.records) == (0, {}, None, (), 0)
    assert (store.codes(), store.spans(), list(store.quarantine()), store.evidence([identity(1)])) == ({}, (), [], [])
    assert store.doctor() == []


def test_counts_add_up_when_files_overlap(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(40), range(40, 50))
    load(store, written(tmp_path / "b", "b"), range(30, 60))
    status = store.status()
    assert status.tables == {"authentication": 60}
    assert status.codes == {("authentication", "Test/0"): 30, ("authentication", "Test/1"): 30}
    assert (status.first, status.last) == (0, 59 * HOUR)
    assert (status.records, status.used) == (86, 80)
    assert status.unused == {"Test/9": 3}
    assert status.quarantined == {"no time": 3}
    assert status.duplicates == 20
    assert status.spans == (Span("dc1", "Security", 0, 59 * HOUR, 80),)
    assert [(Path(file.name).name, file.loader, file.records) for file in status.files] == [
        ("a", "test", 54),
        ("b", "test", 32),
    ]
    assert status.sources == {"test": 2}


def test_a_file_begun_again_after_a_cut_is_counted_once(store: EventStore, tmp_path: Path) -> None:
    file = written(tmp_path / "a", "a")
    load(store, file, range(20), finish=False)
    assert store.status().records == 22
    load(store, file, range(10), finish=False)
    assert store.status().records == 22
    load(store, file, range(20), range(20, 30))
    status = store.status()
    assert (status.records, status.used, status.duplicates) == (34, 30, 0)
    assert status.quarantined == {"no time": 2}
    assert list(store.quarantine()) == [Quarantined(str(file), 1_000_000, "no time", "{}")] * 2
    assert status.spans == (Span("dc1", "Security", 0, 29 * HOUR, 30),)


def test_a_file_read_twice_in_one_load_is_counted_once(store: EventStore, tmp_path: Path) -> None:
    file = written(tmp_path / "a", "a")
    with store.appender() as appender:
        append(appender, file, range(5))
        append(appender, file, range(5))
        assert appender.commit() is not None
        assert appender.duplicates == {"authentication": 5}
    status = store.status()
    assert (status.records, status.duplicates, status.quarantined) == (7, 0, {"no time": 1})
    assert len(list(store.quarantine())) == 1


def test_quarantined_records_are_kept_as_they_were(store: EventStore, tmp_path: Path) -> None:
    source = next(iter(find_sources([written(tmp_path / "a", "a")])))
    assert not isinstance(source, Exception)
    with store.appender() as appender:
        record = Quarantined("a", 3, 'no "EventID"', '{"x": "\ud800 é"}')
        appender.append(appender.begin(source, "test"), Batch({}, 1, 0, quarantined=(record,)))
    assert list(store.quarantine()) == [Quarantined("a", 3, 'no "EventID"', '{"x": "? é"}')]


def test_evidence_comes_in_the_order_asked_for(store: EventStore, tmp_path: Path) -> None:
    file = written(tmp_path / "a", "a")
    load(store, file, range(100))
    (batch,) = store.batches()
    found = store.evidence([identity(60), "no such", identity(2), identity(99) + "-1"])
    assert found == [
        {
            "table": "authentication",
            "event_id": identity(number),
            "time": number * HOUR,
            "source": "test",
            "code": "Test/0",
            "recorder": "dc1",
            "file": str(file),
            "record": number,
            "user": f"u{number}",
            "batch": batch,
            "raw_missing": f"{file} has no line {number}",
        }
        for number in (60, 2)
    ]


def read_lanl(store: EventStore, path: Path) -> list[str]:
    with store.appender() as appender:
        for source in find_sources([path]):
            assert not isinstance(source, Exception)
            loader = find(source)
            assert loader is not None
            reading = appender.begin(source, loader.name)
            for batch in loader.read(source, Options()):
                appender.append(reading, batch)
            appender.finish(reading)
    with store.connection() as connection:
        rows = connection.execute("SELECT event_id FROM authentication ORDER BY time").fetchall()
    return [event for (event,) in rows]


def test_a_bulk_source_s_line_is_read_from_its_file_again(store: EventStore, tmp_path: Path) -> None:
    file = written(tmp_path / "auth.txt", LANL)
    first, second = read_lanl(store, file)
    assert [row["raw"] for row in store.evidence([second, first])] == LANL.splitlines()[::-1]
    file.write_text(LANL.replace("U1", "U9"))
    (row,) = store.evidence([first])
    assert "raw" not in row
    assert row["raw_missing"] == f"{file} has changed since it was loaded"
    file.unlink()
    assert store.evidence([first])[0]["raw_missing"] == f"{file} is no longer there"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("width", [3, 700, 1_500_000])
def test_lines_are_found_by_their_number(width: int, end: str) -> None:
    count = 6_000_000 // width
    content = ("\n".join(str(number).rjust(width) for number in range(1, count + 1)) + end).encode()
    for numbers in ({1}, {count}, {1, 2, count // 2, count - 1}, {count + 1}, {count + 7, 2}):
        expected = {number: str(number).rjust(width) for number in numbers if number <= count}
        assert lines_of(io.BytesIO(content), numbers) == expected


@pytest.mark.parametrize("name", ["auth.txt.gz", "auth.zip"])
def test_a_bulk_source_s_line_is_read_from_its_archive_again(store: EventStore, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.endswith(".gz"):
        file.write_bytes(gzip.compress(LANL.encode()))
    else:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("other.txt", "nothing")
            archive.writestr("auth.txt", LANL)
        with zipfile.ZipFile(file) as archive:
            assert len(archive.namelist()) == 2
        file = rewritten(file)
    (event,) = read_lanl(store, file)[:1]
    assert store.evidence([event])[0]["raw"] == LANL.splitlines()[0]


def rewritten(file: Path) -> Path:
    """Leave only what a loader claims."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("logs/auth.txt", LANL)
    return file


def test_damage_is_found_and_says_what_to_load_again(store: EventStore, tmp_path: Path) -> None:
    files = [written(tmp_path / name, name) for name in "abcd"]
    for number, file in enumerate(files):
        load(store, file, [number * 24])
    parts = sorted(store.root.glob("authentication/*/*.parquet"))
    batches = store.batches()
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:-1])
    content = bytearray(parts[2].read_bytes())
    content[40] ^= 1
    parts[2].write_bytes(content)
    found = store.doctor(deep=True)
    assert [(one.severity, one.path, one.batch) for one in found] == [
        (Severity.ERROR, part.relative_to(store.root).as_posix(), batch)
        for part, batch in zip(parts[:3], batches, strict=False)
    ]
    size = parts[1].stat().st_size
    assert [one.what for one in found[:2]] == ["is missing", f"has {size:,} bytes where {size + 1:,} were written"]
    assert found[2].what == "is not what was written: its digest is another"
    assert found[0].remedy == f"take the batch out (doctor --repair) and load again: {files[0]}"
    store.drop([one.batch for one in found])
    assert store.doctor(deep=True) == []
    assert numbers_in(store) == [72]
    for number, file in enumerate(files[:3]):
        load(store, file, [number * 24])
    assert numbers_in(store) == [0, 24, 48, 72]


def test_what_a_cut_load_left_is_a_notice(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), [1])
    (entry,) = store.root.glob("journal/*.json")
    content = entry.read_text()
    entry.unlink()
    left = sorted(path.relative_to(store.root).as_posix() for path in store.root.rglob("*.parquet"))
    assert store.doctor() == [
        Complaint(Severity.NOTICE, path, "left by a load that was cut short", "nothing: the next load removes it")
        for path in left
    ]
    entry.write_text(content[:100])
    (only,) = store.doctor()
    assert (only.severity, only.path) == (Severity.ERROR, f"journal/{entry.name}")
    assert only.remedy == "restore this file from a copy of the workspace"


def test_a_load_can_be_undone_and_says_what_leaned_on_it(store: EventStore, tmp_path: Path) -> None:
    first, second, third = (written(tmp_path / name, name) for name in "abc")
    undone = load(store, first, range(10))
    load(store, second, range(5, 15))
    load(store, third, range(20, 25))
    removed = store.undo(undone)
    assert removed.rows == 10
    assert [reading.name for reading in removed.again] == [str(second)]
    assert numbers_in(store) == [*range(10, 15), *range(20, 25)]
    with store.appender() as appender:
        digests = [
            source.digest for source in find_sources([first, second, third]) if not isinstance(source, Exception)
        ]
        assert [appender.loaded(digest) is not None for digest in digests] == [False, False, True]
    load(store, second, range(5, 15))
    assert numbers_in(store) == [*range(5, 15), *range(20, 25)]
    assert store.status().duplicates == 0
    assert sorted(path.name for path in store.root.glob("quarantine/*")) == [
        f"{batch}.parquet" for batch in store.batches()
    ]
    with pytest.raises(WorkspaceError, match=f"no load is called {undone}"):
        store.undo(undone)


def test_old_days_can_be_taken_out(store: EventStore, tmp_path: Path) -> None:
    load(store, written(tmp_path / "a", "a"), range(72))
    load(store, written(tmp_path / "b", "b"), range(60, 80))
    removed = store.prune(49 * HOUR)
    assert removed.rows == 48
    assert numbers_in(store) == list(range(48, 80))
    status = store.status()
    assert (status.tables, status.duplicates, status.pruned) == ({"authentication": 32}, 12, 48)
    assert sorted(path.name for path in (store.root / "authentication").iterdir()) == [
        "day=1970-01-03",
        "day=1970-01-04",
    ]
    assert store.prune(49 * HOUR).rows == 0
    assert store.doctor() == []
