"""What loaders yield: every record answered for, whatever its values."""

import pytest

from graph_hunt.events.batch import Batch, Quarantined, Rows, Span


def rows() -> Rows:
    return Rows("test", "file.json")


def test_a_batch_accounts_for_every_record() -> None:
    gathered = rows()
    gathered.add("process", event_id="a", time=1, code="T/1", record=1, image="a.exe")
    gathered.add("process", event_id="a-1", time=1, code="T/1", record=1, image="b.exe")
    gathered.skip("T/2")
    gathered.skip("T/2")
    gathered.reject(4, "no time", "{}")
    gathered.seen("h", "c", 5)
    gathered.seen("h", "c", 3)
    assert gathered.records == 4
    batch = gathered.take()
    assert (batch.records, batch.used, dict(batch.unused)) == (4, 1, {"T/2": 2})
    assert batch.quarantined == (Quarantined("file.json", 4, "no time", "{}"),)
    assert batch.spans == (Span("h", "c", 3, 5, 2),)
    assert batch.tables["process"].select(["image", "source", "file"]).to_pylist() == [
        {"image": "a.exe", "source": "test", "file": "file.json"},
        {"image": "b.exe", "source": "test", "file": "file.json"},
    ]
    assert gathered.take() == Batch({}, 0, 0)


def test_a_lone_surrogate_does_not_hide_an_event() -> None:
    gathered = rows()
    gathered.add("process", event_id="a", time=1, code="T/1", record=1, image="a\ud800é\ud83d\ude00", raw="\udfff")
    batch = gathered.take()
    assert batch.used == 1
    assert batch.tables["process"].select(["image", "raw"]).to_pylist() == [{"image": "a\ufffdé😀", "raw": "\ufffd"}]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"pid": 1 << 80}, "pid: OverflowError: Python int too large to convert to C long"),
        ({"pid": "many"}, "pid: ArrowInvalid: Could not convert 'many' with type str: tried to convert to int64"),
        ({"time": None}, "time: missing"),
        ({"event_id": None}, "event_id: missing"),
    ],
)
def test_a_value_that_fits_no_column_costs_its_record_alone(values: dict[str, object], reason: str) -> None:
    gathered = rows()
    gathered.add("process", event_id="a", time=1, code="T/1", record=1, pid=7)
    gathered.add("process", **{"event_id": "b", "time": 2, "code": "T/1", "record": 2, "raw": "b"} | values)
    gathered.add("network", event_id="b", time=2, code="T/1", record=2, raw="b")
    batch = gathered.take()
    assert (batch.records, batch.used) == (2, 1)
    assert batch.quarantined == (Quarantined("file.json", 2, reason, "b"),)
    assert batch.tables["process"].column("pid").to_pylist() == [7]
    assert batch.tables["network"].num_rows == 0


def test_an_unknown_column_is_a_loader_s_mistake() -> None:
    gathered = rows()
    gathered.add("process", event_id="a", time=1, code="T/1", record=1, colour="red")
    with pytest.raises(KeyError, match="process has no column colour"):
        gathered.take()
