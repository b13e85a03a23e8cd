"""Event log files (EVTX)."""

from collections.abc import Iterator
from pathlib import Path

import orjson
from evtx import PyEvtxParser

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.loaders.windows.mapping import store
from graph_hunt.loaders.windows.rendered import Malformed, event_of

MAGIC = b"ElfFile\x00"


def read(path: Path, rows: Rows) -> Iterator[Batch]:
    """Yield the file's batches; a part that cannot be read is quarantined, and the rest goes on."""
    try:
        records = PyEvtxParser(str(path), number_of_threads=1, indent=False).records_json()
    except (RuntimeError, OSError) as error:
        raise UnreadableInput("not a readable event log file", where=rows.file, expected="an EVTX header") from error
    position = 0
    while True:
        position += 1
        try:
            record = next(records)
        except StopIteration:
            break
        except RuntimeError as error:
            rows.reject(position, f"damaged part of the log: {error}", "")
            continue
        if record is None:
            break
        keep(record["data"], rows, position)
        yield from rows.batches()
    yield from rows.batches(last=True)


def keep(raw: str, rows: Rows, position: int) -> None:
    """Store one record rendered as JSON."""
    try:
        event = event_of(orjson.loads(raw)["Event"])
    except (orjson.JSONDecodeError, KeyError, Malformed) as error:
        rows.reject(position, f"not an event: {error}", raw)
        return
    store(event, rows, position, raw)
