"""What every loader promises, held to each sample under `samples/<loader>/`: drop a file there, and it is tested."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from graph_hunt.events.batch import Batch
from graph_hunt.events.event_id import time_of
from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import all_loaders
from graph_hunt.schema import TABLES, Type
from tests.paths import SAMPLES
from tests.sources import Content

_NOT_TELEMETRY = (".md", ".toml", ".expected.jsonl")
_LOADERS = {loader.name: loader for loader in all_loaders()}
_BLANK = {"", "-", "N/A", "(null)"}
_EARLIEST, _LATEST = 0, 4_102_444_800_000
"""1970 (LANL telemetry begins there unless told its epoch) and 2100."""


def _samples() -> list[Path]:
    found = [path for name in _LOADERS for path in sorted((SAMPLES / name).rglob("*")) if path.is_file()]
    return [path for path in found if not path.name.endswith(_NOT_TELEMETRY)]


def _read(path: Path) -> list[Batch]:
    return list(_LOADERS[_owner(path)].read(one_source(path), Options()))


def _owner(path: Path) -> str:
    return path.relative_to(SAMPLES).parts[0]


each_sample = pytest.mark.parametrize("path", _samples(), ids=lambda path: str(path.relative_to(SAMPLES)))


@each_sample
def test_a_sample_is_claimed_by_its_loader_alone(path: Path) -> None:
    source = one_source(path)
    assert [name for name, loader in _LOADERS.items() if loader.claims(source)] == [_owner(path)]


@each_sample
def test_a_sample_is_claimed_by_its_content_not_its_name(path: Path) -> None:
    source = one_source(path)
    assert _LOADERS[_owner(path)].claims(Content(source.open().read(), "no-name"))


@each_sample
def test_every_record_is_used_not_used_or_quarantined(path: Path) -> None:
    batches = _read(path)
    assert sum(batch.records for batch in batches) > 0
    for batch in batches:
        assert batch.records == batch.used + sum(batch.unused.values()) + len(batch.quarantined)
        assert all(entry.reason and entry.record > 0 for entry in batch.quarantined)
        assert all(code.count("/") and code == code.strip() for code in batch.unused)


@each_sample
def test_rows_have_the_schema_of_their_table(path: Path) -> None:
    for batch in _read(path):
        for name, table in batch.tables.items():
            assert table.schema.equals(TABLES[name].schema)
            assert table.num_rows > 0


@each_sample
def test_rows_say_what_they_are_and_where_they_stood(path: Path) -> None:
    for batch in _read(path):
        for table in batch.tables.values():
            for row in table.select(["event_id", "time", "source", "code", "recorder", "record", "file"]).to_pylist():
                assert row["source"] == _owner(path)
                assert _EARLIEST <= row["time"] < _LATEST
                assert time_of(row["event_id"]) == row["time"]
                assert row["code"].count("/") >= 1
                assert row["record"] >= 1
                assert row["file"]


@each_sample
def test_event_ids_are_the_same_when_read_again(path: Path) -> None:
    first, second = (
        [(name, identity) for batch in _read(path) for name, table in batch.tables.items() for identity in _ids(table)]
        for _ in range(2)
    )
    assert first == second


def _ids(table: pa.Table) -> list[str]:
    return list(table["event_id"].to_pylist())


@each_sample
def test_rows_of_one_table_and_event_id_are_one_event_exported_twice(path: Path) -> None:
    seen: dict[tuple[str, str], dict[str, object]] = {}
    for batch in _read(path):
        for name, table in batch.tables.items():
            for row in table.drop_columns(["record", "raw"]).to_pylist():
                assert seen.setdefault((name, row["event_id"]), row) == row


@each_sample
def test_what_is_not_known_is_null_never_blank(path: Path) -> None:
    blank = Counter(
        (name, column.name)
        for batch in _read(path)
        for name, table in batch.tables.items()
        for column in TABLES[name].columns
        if column.type is Type.TEXT and column.name != "raw"
        for value in table[column.name].to_pylist()
        if value is not None and value.strip() in _BLANK
    )
    assert not blank
