"""Windows events written for tests, and a source that holds them in memory."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from graph_hunt.events.batch import Batch
from graph_hunt.events.source import HEAD_BYTES, Options
from graph_hunt.loaders.windows import LOADER


class Held:
    """A source in memory."""

    def __init__(self, content: bytes, name: str = "held") -> None:
        self.content, self.name, self.head = content, name, content[:HEAD_BYTES]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.content)
            file.flush()
            yield Path(file.name)


def event(
    channel: str,
    code: int,
    data: dict[str, Any] | None = None,
    *,
    provider: str = "",
    computer: str = "PC1.corp.example",
) -> dict[str, Any]:
    """An event as the `evtx` tools render it."""
    providers = {"Security": "Microsoft-Windows-Security-Auditing", "System": "Service Control Manager"}
    return {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": provider or providers.get(channel, channel.partition("/")[0])}},
                "EventID": code,
                "TimeCreated": {"#attributes": {"SystemTime": "2024-03-01T12:00:00.123456Z"}},
                "EventRecordID": 7,
                "Channel": channel,
                "Computer": computer,
            },
            "EventData": data or {},
        }
    }


def load(content: bytes, options: Options | None = None) -> list[Batch]:
    """Read a content that must be claimed."""
    source = Held(content)
    assert LOADER.claims(source)
    return list(LOADER.read(source, options or Options()))


def rows(*records: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The rows that records give, each with its table's name and without its null columns."""
    found = []
    for batch in load(b"\n".join(orjson.dumps(record) for record in records)):
        for name, table in batch.tables.items():
            found += [(name, {k: v for k, v in row.items() if v is not None}) for row in table.to_pylist()]
    return found


def row(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of the one row that a record gives, the common ones left out."""
    ((_, found),) = rows(record)
    for name in ("event_id", "time", "source", "code", "recorder", "file", "record", "raw"):
        found.pop(name)
    return found
