"""Many files read by several processes: the same load as one file after another."""

import gzip
import shutil
from pathlib import Path

import pytest

from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore
from graph_hunt.workspace import ahead as reading_ahead
from graph_hunt.workspace.ahead import FileRead
from graph_hunt.workspace.loading import LoadReport, Outcome, load
from tests.paths import SAMPLES

_SAMPLES = (
    "m365/management_activity.jsonl",
    "okta/console.csv",
    "syslog/auth.log",
    "windows/kerberos_users.evtx",
    "windows/psexec_service.evtx",
    "zeek/conn.log",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound files, with one that holds another's content, one that breaks off, one that is nothing, an archive."""
    folder = tmp_path / "telemetry"
    folder.mkdir()
    for place, sample in enumerate(_SAMPLES):
        shutil.copy(SAMPLES / sample, folder / f"{place}-{Path(sample).name}")
    (folder / "3-again.evtx").write_bytes((SAMPLES / _SAMPLES[3]).read_bytes())
    (folder / "5-cut.evtx").write_bytes((SAMPLES / _SAMPLES[4]).read_bytes()[:2000])
    (folder / "6-empty").write_bytes(b"")
    (folder / "7-picture").write_bytes(b"\x89PNG\r\n\x1a\n" * 50)
    (folder / "8-auth.log.gz").write_bytes(gzip.compress((SAMPLES / "syslog/auth.log").read_bytes() * 2))
    (folder / "9-flows.jsonl").write_bytes((SAMPLES / "ecs/documents.jsonl").read_bytes())
    return folder


def _load(folder: Path, store: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> LoadReport:
    monkeypatch.setattr(reading_ahead, "_WORTH_WORKERS", 1)
    monkeypatch.setattr(reading_ahead, "processors", lambda: count)
    report = load(EventStore.open(store), [folder], Options(year=2024))
    report.batches, report.seconds = [], 0.0
    return report


def _rows(store: Path) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with EventStore.open(store).connection() as connection:
        for name in ("authentication", "process", "network", "change", "mailbox"):
            query = f"SELECT event_id, file, record, raw FROM {name} ORDER BY ALL"
            found += [(name, *row) for row in connection.execute(query).fetchall()]
    return found


@pytest.mark.parametrize("processes", [False, True], ids=["in-this-process", "by-others"])
def test_files_read_ahead_give_the_same_load(
    processes: bool, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _load(folder, tmp_path / "alone", 1, monkeypatch)
    if not processes:
        monkeypatch.setattr("sys.executable", "")
    together = _load(folder, tmp_path / "together", 2, monkeypatch)
    assert together.sources == alone.sources
    assert [one.outcome for one in alone.sources].count(Outcome.KNOWN) == 1
    assert {one.outcome for one in alone.sources} == set(Outcome) - {Outcome.UNREADABLE}
    assert _rows(tmp_path / "together") == _rows(tmp_path / "alone")


def test_files_that_are_known_are_not_read_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "")
    _load(folder, tmp_path / "store", 2, monkeypatch)
    read: list[str] = []

    def note(file: reading_ahead._File) -> FileRead:
        read.append(file.path.name)
        return FileRead(None)

    monkeypatch.setattr(reading_ahead._File, "run", note)
    again = _load(folder, tmp_path / "store", 2, monkeypatch)
    assert again.total("records") == 0
    assert read == ["7-picture"]
