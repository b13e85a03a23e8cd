"""The embedded graph's file: who may write it, and what is there after an error."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from graph_hunt.errors import StoreBusy, StoreError
from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.store import Mark, marks
from tests.test_graph import CLEARED, CLEARED_LOG, HOSTS, fill, logs


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    first = KgliteStore.open(tmp_path / "graph.kgl")
    fill(first)
    first.close()
    again = KgliteStore.open(tmp_path / "graph.kgl", read_only=True)
    assert [row["log"] for row in logs(again)] == ["Security", "System"]
    assert marks(again) == [Mark("00000001", ("one",), 3_600_000, 1)]


def test_a_reader_sees_what_another_wrote_since(tmp_path: Path) -> None:
    reader = KgliteStore.open(tmp_path / "graph.kgl", read_only=True)
    assert logs(reader) == []
    writer = KgliteStore.open(tmp_path / "graph.kgl")
    fill(writer)
    assert len(logs(reader)) == 2
    writer.close()


def test_an_error_leaves_the_graph_before(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl")
    fill(store)
    with pytest.raises(RuntimeError), store.writing(anew=True) as writer:
        writer.nodes("Host", [HOSTS])
        raise RuntimeError
    assert len(logs(store)) == 2


def test_a_query_during_a_write_sees_the_graph_before() -> None:
    store = KgliteStore.open(serving=True)
    fill(store)
    with store.writing() as writer:
        writer.edges(CLEARED_LOG, [CLEARED.set_column(0, "key", pa.array(["c", "d"]))], known=False)
        assert len(logs(store)) == 2
    assert len(logs(store)) == 4


def test_a_second_writer_is_told_who_holds_the_graph(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl")
    with pytest.raises(StoreBusy, match=str(os.getpid())):
        KgliteStore.open(tmp_path / "graph.kgl")
    store.close()
    KgliteStore.open(tmp_path / "graph.kgl").close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = KgliteStore.open(tmp_path / "graph.kgl", read_only=True)
    with pytest.raises(StoreError, match="reading only"), store.writing():
        pass


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "graph.kgl").write_bytes(b"no graph")
    with pytest.raises(StoreError, match=r"graph\.kgl"):
        KgliteStore.open(tmp_path / "graph.kgl").query("RETURN 1 AS one")
