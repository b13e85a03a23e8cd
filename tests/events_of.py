"""Made-up events for the event store's tests: logon number n happens n hours after the epoch."""

from collections.abc import Iterable
from pathlib import Path

from graph_hunt.events.append import Appender
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore

HOUR = 3_600_000


def identity(number: int) -> str:
    return event_id(number * HOUR, [number])


def logons(numbers: Iterable[int], file: str, *, raw: str | None = None) -> Batch:
    """Give one logon for each number, one record that no table keeps, and one that is broken."""
    rows = Rows("test", file)
    for number in numbers:
        rows.add(
            "authentication",
            event_id=identity(number),
            time=number * HOUR,
            code=f"Test/{number % 2}",
            recorder="dc1",
            record=number,
            user=f"u{number}",
            raw=raw,
        )
        rows.seen("dc1", "Security", number * HOUR)
    rows.skip("Test/9")
    rows.reject(1_000_000, "no time", "{}")
    return rows.take()


def append(appender: Appender, file: Path, *batches: Iterable[int], finish: bool = True) -> None:
    """Append batches as read from a file, whatever that holds."""
    source = one_source(file)
    reading = appender.begin(source, "test")
    for numbers in batches:
        appender.append(reading, logons(numbers, source.name))
    if finish:
        appender.finish(reading)


def load(store: EventStore, file: Path, *batches: Iterable[int], finish: bool = True) -> str:
    """Load a file by itself; give the load's name."""
    with store.appender() as appender:
        append(appender, file, *batches, finish=finish)
        return appender.load


def numbers_in(store: EventStore) -> list[int]:
    with store.connection() as connection:
        rows = connection.execute("SELECT record FROM authentication ORDER BY record").fetchall()
    return [number for (number,) in rows]


def written(path: Path, content: str) -> Path:
    path.write_text(content)
    return path
