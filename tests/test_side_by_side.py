"""Long sources read by several processes: the same rows, numbers and accounts as by one."""

from pathlib import Path

import pyarrow as pa
import pytest

from graph_hunt import loaders
from graph_hunt.events.batch import Batch
from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import _side_by_side
from graph_hunt.loaders._side_by_side import ByRecord
from tests.paths import SAMPLES

_LINED = (
    "defender/event_hub.jsonl",
    "ecs/documents.jsonl",
    "entra/azure_monitor.jsonl",
    "google_workspace/activities.jsonl",
    "m365/management_activity.jsonl",
    "message_trace/reporting_service.jsonl",
    "ocsf/events.jsonl",
    "okta/event_stream.jsonl",
    "windows/nxlog.jsonl",
)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut pieces that small files have several of."""
    monkeypatch.setattr(_side_by_side, "_PIECE", 20_000)


def _read(file: Path, workers: int) -> list[Batch]:
    source = one_source(file)
    loader = loaders.find(source)
    assert isinstance(loader, ByRecord)
    return list(loaders.read(loader, source, Options(), workers))


def _same(one: list[Batch], other: list[Batch]) -> None:
    names = {name for batch in one for name in batch.tables}
    for name in names:
        assert _table(one, name).equals(_table(other, name))
    assert [quarantined for batch in one for quarantined in batch.quarantined] == [
        quarantined for batch in other for quarantined in batch.quarantined
    ]
    for count in ("records", "used"):
        assert sum(getattr(batch, count) for batch in one) == sum(getattr(batch, count) for batch in other)


def _table(batches: list[Batch], name: str) -> pa.Table:
    return pa.concat_tables([batch.tables[name] for batch in batches if name in batch.tables]).combine_chunks()


@pytest.fixture
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the pieces in this process, as where no interpreter can be started: that is much quicker."""
    monkeypatch.setattr("sys.executable", "")


@pytest.mark.parametrize("sample", _LINED)
@pytest.mark.usefixtures("no_processes")
def test_pieces_give_what_the_whole_gives(sample: str, tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    lines = (SAMPLES / sample).read_bytes().splitlines()
    broken = [b"", b'{"broken": ', b"7"]
    file.write_bytes(b"\n".join([*lines * 3, *broken, *lines * (200_000 // sum(map(len, lines)) + 1)]))
    together = _read(file, 2)
    assert len(together) > 5
    _same(_read(file, 1), together)


def test_processes_give_what_one_gives(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes((SAMPLES / "okta/event_stream.jsonl").read_bytes() * 60)
    _same(_read(file, 1), _read(file, 2))


@pytest.mark.usefixtures("no_processes")
def test_lines_of_several_records_number_the_lines_after_them_alike(tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    line = (SAMPLES / "m365/management_activity.jsonl").read_bytes().splitlines()[0]
    page = b'{"value": [' + b",".join([line] * 30) + b"]}"
    file.write_bytes(b"\n".join([line, *([line] * 20 + [page]) * 5, *[line] * 90]) + b"\n")
    _same(_read(file, 1), _read(file, 2))


@pytest.mark.usefixtures("no_processes")
def test_a_line_too_long_to_keep_costs_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    line = (SAMPLES / "okta/event_stream.jsonl").read_bytes().splitlines()[0]
    file.write_bytes(b"\n".join([*[line] * 40, b'{"long": "' + b"x" * (40 << 20) + b'"}', *[line] * 40]))
    one, other = _read(file, 1), _read(file, 2)
    assert [quarantined.record for batch in other for quarantined in batch.quarantined] == [41]
    _same(one, other)
