"""Windows events written for tests."""

from typing import Any

import orjson

from graph_hunt.loaders.windows import LOADER
from tests.sources import Content, read


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


def rows(*records: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The rows that records give, each with its table's name and without its null columns."""
    reading = read(LOADER, Content(b"\n".join(orjson.dumps(record) for record in records)))
    assert not reading.quarantined
    return [
        (name, {column: value for column, value in row.items() if value is not None})
        for name, found in reading.tables.items()
        for row in found
    ]


def row(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of the one row that a record gives, the common ones left out."""
    ((_, found),) = rows(record)
    for name in ("event_id", "time", "source", "code", "recorder", "file", "record", "raw"):
        found.pop(name)
    return found
