"""A named piece of input that a loader reads: a file, a member of an archive, or standard input."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from graph_hunt.events.batch import Batch

HEAD_BYTES = 65536
"""How much of a source a loader may look at to claim it."""


class Source(Protocol):
    """A readable input, already decompressed."""

    name: str
    """Its path as the user knows it, `archive.zip!member` inside an archive, `-` for standard input."""
    path: str
    """The file on this machine that it is, or is a member of; '' for standard input."""
    problem: str
    """Why it breaks off or could not be read as a whole, '' where it could; known once it was read."""

    @property
    def head(self) -> bytes:
        """Its first 64 KiB."""

    @property
    def size(self) -> int | None:
        """How many bytes it has, decompressed, where that is known before it is read."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its content in hexadecimal; the first asking reads it through."""

    def open(self) -> BinaryIO:
        """Open it at its beginning, as a sequential stream of bytes."""

    def on_disk(self) -> AbstractContextManager[Path]:
        """Give a path that holds its decompressed content, for readers that seek or read in bulk."""


@runtime_checkable
class Growing(Protocol):
    """A source whose stream waits for more; what there is already can be looked at."""

    def look(self) -> BinaryIO:
        """Open what there is now."""


def look_ahead(source: Source) -> BinaryIO:
    """Open a source for a look at what is coming, before it is read."""
    return source.look() if isinstance(source, Growing) else source.open()


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about a source that it does not say itself."""

    epoch: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """The moment of second 1 in LANL telemetry."""
    year: int | None = None
    """The year of syslog lines that bear none."""
    timezone: str = "UTC"
    """The zone of local times without one."""
    extra: dict[str, str] = field(default_factory=dict)


class Loader(Protocol):
    """A source family: says whether it knows a source, and turns it into batches.

    A loader is a module `loaders/<name>.py` (or a package) with a public object `LOADER`. Discovery finds it.
    """

    @property
    def name(self) -> str:
        """What it is called in rows, reports and options."""

    def claims(self, source: Source) -> bool:
        """Tell by the content of the head, never by the name alone, whether this loader reads the source."""

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches; raise `UnreadableInput` where it breaks off, after what could be read."""
