"""Records that could not be used, kept verbatim (to 64 KiB) with the reason."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from graph_hunt.events.batch import Quarantined
from graph_hunt.events.journal import Entry, Reading, readings
from graph_hunt.events.storage import Storage

_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("record", pa.int64()),
        ("reason", pa.string()),
        ("raw", pa.string()),
        ("digest", pa.string()),
        ("load", pa.string()),
        ("turn", pa.int64()),
    ]
)


def path_of(batch: str) -> str:
    """Say where a batch's quarantined records stand."""
    return f"quarantine/{batch}.parquet"


def table_of(records: Sequence[tuple[Reading, Quarantined]]) -> pa.Table:
    """Lay records out for keeping, each with the attempt that met it."""
    return pa.Table.from_pylist(
        [
            {
                "file": record.file,
                "record": record.record,
                "reason": _text(record.reason),
                "raw": _text(record.raw),
                "digest": reading.digest,
                "load": reading.load,
                "turn": reading.turn,
            }
            for reading, record in records
        ],
        schema=_SCHEMA,
    )


def read(storage: Storage, entries: Sequence[Entry]) -> Iterable[Quarantined]:
    """Give the records in quarantine, each once however often its file was begun."""
    counted = {reading.attempt for reading in readings(entries).values()}
    for entry in entries:
        if not entry.quarantine:
            continue
        rows = pq.read_table(storage.path(entry.quarantine), filesystem=storage.files).to_pylist()
        for row in rows:
            if (row["digest"], row["load"], row["turn"]) in counted:
                yield Quarantined(row["file"], row["record"], row["reason"], row["raw"])


def _text(text: str) -> str:
    """Make text that UTF-8 can hold: a lone surrogate, as JSON may bear, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
