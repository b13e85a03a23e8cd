"""One input: a file, a member of an archive, or standard input, that can be opened any number of times."""

import hashlib
import io
import os
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from graph_hunt.errors import InputError, UnreadableInput
from graph_hunt.events.source import HEAD_BYTES
from graph_hunt.events.stream import Meter, Sequential

_BLOCK = 1 << 20
_BUFFER = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """How far archives and compressed files may unfold, each of them by itself."""

    unfolded: int = 512 << 30
    """Bytes in all."""
    ratio: int = 300
    """Times its size on disk; telemetry compresses 5 to 60 times, a bomb 1,000 times and more."""
    grace: int = 256 << 20
    """Bytes that may unfold whatever the ratio."""
    members: int = 1_000_000
    """Members of one archive."""
    depth: int = 3
    """Archives within archives."""
    spool: Path | None = None
    """The folder of temporary files; the system's own where not said."""


class Spool:
    """A temporary file that is gone as soon as nothing refers to it."""

    def __init__(self, folder: Path | None) -> None:
        handle, name = tempfile.mkstemp(prefix="graph-hunt-", dir=folder)
        os.close(handle)
        self.path = Path(name)
        self._gone = weakref.finalize(self, _unlink, self.path)

    def fill(self, blocks: Iterable[bytes]) -> int:
        """Put these blocks in it; give its size."""
        with self.path.open("wb") as file:
            return sum(file.write(block) for block in blocks)

    def remove(self) -> None:
        """Remove it now."""
        self._gone()


def unkept(name: str, error: OSError) -> UnreadableInput:
    """Say that the folder of temporary files could not take a source."""
    return UnreadableInput(f"cannot be kept in a temporary file ({error.strerror or error})", where=name)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


class Input:
    """A source (see `graph_hunt.events.source.Source`)."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], Sequential],
        *,
        limits: Limits,
        meter: Meter,
        path: str = "",
        size: int | None = None,
        file: Path | None = None,
        keep: object = None,
    ) -> None:
        self.name, self.path, self.size = name, path, size
        self.limits, self.meter = limits, meter
        self.file = file
        """The file on disk that holds exactly its content, if there is one."""
        self.problem = ""
        self.broken: InputError | None = None
        """What stood in the way of its end, once it was read."""
        self._opener, self._keep = opener, keep
        self._head: bytes | None = None
        self._digest = ""
        self._reached = 0

    def __repr__(self) -> str:
        return f"Input({self.name!r})"

    @property
    def plain(self) -> bool:
        """It is a file of its own, as it stands on disk."""
        return self.file is not None and self._keep is None

    @property
    def head(self) -> bytes:
        """Its first 64 KiB."""
        if self._head is None:
            with self.open() as stream:
                self._head = stream.read(HEAD_BYTES)
        return self._head

    @property
    def digest(self) -> str:
        """The SHA-256 of its content in hexadecimal; the first asking reads it through."""
        if not self._digest:
            digest = hashlib.sha256()
            for block in self._blocks():
                digest.update(block)
            self._digest = digest.hexdigest()
        return self._digest

    def open(self) -> BinaryIO:
        """Open it at its beginning."""
        try:
            stream = self._opener()
        except OSError as error:
            raise UnreadableInput(f"cannot be opened ({error.strerror or error})", where=self.name) from error
        stream.closed_by = self._note
        return io.BufferedReader(stream, _BUFFER)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give a path that holds its content; a copy of it where it is compressed or has grown since it was found."""
        if self.file is not None and (self._keep is not None or self._settled()):
            yield self.file
            self._note(None)
            return
        spool = self.spooled()
        try:
            yield spool.path
        finally:
            spool.remove()

    def spooled(self) -> Spool:
        """Copy its content, as far as it can be read, to a temporary file."""
        try:
            spool = Spool(self.limits.spool)
            spool.fill(self._blocks())
        except OSError as error:
            raise unkept(self.name, error) from error
        return spool

    def reached(self, position: int) -> None:
        """Count how far it has unfolded, however often it is opened."""
        if position > self._reached:
            self.meter.add(position - self._reached)
            self._reached = position

    def _blocks(self) -> Iterator[bytes]:
        with self.open() as stream:
            try:
                while block := stream.read(_BLOCK):
                    yield block
            except UnreadableInput:
                return  # It is in `broken` now.

    def _settled(self) -> bool:
        assert self.file is not None
        try:
            return self.file.stat().st_size == self.size
        except OSError as error:
            raise UnreadableInput(f"cannot be opened ({error.strerror})", where=self.name) from error

    def _note(self, broken: InputError | None) -> None:
        """Note, when a reader is done, why there was no more, or that there is more by now."""
        if broken is not None:
            self.broken, self.problem = broken, str(broken)
        if self.file is None or self._keep is not None or self.size is None:
            return
        with suppress(OSError):
            if self.file.stat().st_size > self.size:
                self.problem = (
                    f"{self.name}: grew while it was read; read as far as it went at first, {self.size:,} bytes"
                )
