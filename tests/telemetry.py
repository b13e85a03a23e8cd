"""Made-up events, put into an event store: each is `(table, {column: value})`, each load a commit of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore

Event = tuple[str, dict[str, Any]]


def identity(table: str, row: dict[str, Any]) -> str:
    """An event's id: of its time, and of all it says."""
    return event_id(row["time"], [table, *(f"{name}={row[name]}" for name in sorted(row))])


def add(store: EventStore, folder: Path, events: Sequence[Event]) -> None:
    """Load events as one file, which holds no others."""
    rows = Rows("test", "test")
    for number, (table, row) in enumerate(events, 1):
        filled = {"code": "Test/1", "recorder": "dc1.corp.example", **row}
        rows.add(table, event_id=identity(table, row), source="test", file="test", record=number, **filled)
    file = folder / f"{len(store.batches())}.txt"
    file.write_text("\n".join(identity(*event) for event in events))
    source = one_source(file)
    with store.appender() as appender:
        reading = appender.begin(source, "test")
        appender.append(reading, rows.take())
        appender.finish(reading)


def stored(folder: Path, *loads: Sequence[Event]) -> EventStore:
    """An event store that holds these loads."""
    store = EventStore.open(folder / "events")
    for events in loads:
        add(store, folder, events)
    return store
