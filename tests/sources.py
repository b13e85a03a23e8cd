"""A source that lies in memory, for the tests of loaders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from graph_hunt.events.batch import Batch, Quarantined
from graph_hunt.events.source import HEAD_BYTES, Loader, Options, Source


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes as a source."""

    content: bytes
    name: str = "telemetry"
    path: str = ""

    @property
    def head(self) -> bytes:
        return self.content[:HEAD_BYTES]

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()

    def open(self) -> BinaryIO:
        return BytesIO(self.content)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        with TemporaryDirectory() as folder:
            path = Path(folder, "content")
            path.write_bytes(self.content)
            yield path


@dataclass(frozen=True, slots=True)
class Reading:
    """What a loader made of a source, all batches together."""

    tables: dict[str, list[dict[str, object]]]
    records: int
    used: int
    unused: dict[str, int]
    quarantined: list[Quarantined]
    batches: list[Batch]

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        """The rows of a table, in order, as tuples of these columns."""
        return [tuple(row[column] for column in columns) for row in self.tables.get(table, [])]


def read(loader: Loader, source: Source, options: Options | None = None) -> Reading:
    """Read a source that the loader claims; its account must add up."""
    assert loader.claims(source)
    batches = list(loader.read(source, options or Options()))
    reading = Reading({}, 0, 0, {}, [], batches)
    records = used = 0
    for batch in batches:
        assert batch.records == batch.used + sum(batch.unused.values()) + len(batch.quarantined)
        records, used = records + batch.records, used + batch.used
        for code, count in batch.unused.items():
            reading.unused[code] = reading.unused.get(code, 0) + count
        reading.quarantined.extend(batch.quarantined)
        for name, table in batch.tables.items():
            reading.tables.setdefault(name, []).extend(table.to_pylist())
    return Reading(reading.tables, records, used, reading.unused, reading.quarantined, batches)
