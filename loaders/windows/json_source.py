"""JSON lines, read one by one."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import BinaryIO

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.loaders.windows.json_forms import recognise
from graph_hunt.loaders.windows.mapping import store
from graph_hunt.loaders.windows.rendered import Malformed


def read_lines(stream: BinaryIO, rows: Rows, zone: tzinfo) -> Iterator[Batch]:
    """Yield the batches of a stream of JSON lines."""
    for number, line in enumerate(stream, start=1):
        line = line.strip(b" \t\r\n\x00")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line:
            keep(line, rows, number, zone)
            yield from rows.batches()
    yield from rows.batches(last=True)


def keep(line: bytes, rows: Rows, number: int, zone: tzinfo) -> None:
    """Store one record."""
    raw = line.decode("utf-8", "replace")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        rows.reject(number, f"not JSON: {error}", raw)
        return
    reader = recognise(record)
    if reader is None:
        rows.reject(number, "not a Windows event", raw)
        return
    try:
        event = reader(record, zone)
    except (Malformed, AttributeError, TypeError) as error:
        rows.reject(number, f"not a Windows event: {error}", raw)
        return
    store(event, rows, number, raw)
