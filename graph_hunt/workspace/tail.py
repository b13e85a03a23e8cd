"""A text file that grows, read by its loader as if it were one long file.

The loader runs in a greenlet: where it asks for more than there is, it rests until there is more, so what it knows of
earlier lines (columns, sessions, how often a line was said) is not lost between two looks. A last line is given once it
is complete, or the file has come to its end.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from greenlet import getcurrent, greenlet

from graph_hunt.events.batch import GATHERING, Batch, Rows
from graph_hunt.events.source import HEAD_BYTES, Loader, Options

_BLOCK = 1 << 20
_PORTION = 16 << 20
"""What is read of one file at one look, so that no file waits for another's gigabytes."""
_MARK = 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Tail:
    """A growing file, and how far its loader has come."""

    def __init__(self, path: Path, name: str, loader: Loader, options: Options) -> None:
        self.path, self.name, self.loader = str(path), name, loader
        self._file = path.open("rb", buffering=0)
        self.position = 0
        self.more = False
        """There was more than one look reads."""
        self.problem = ""
        self._left, self._ended = 0, False
        self._gathered: list[Rows] = []
        self._batches: list[Batch] = []
        self._head = os.pread(self._file.fileno(), HEAD_BYTES, 0)
        seen = os.fstat(self._file.fileno())
        begins = f"followed {seen.st_dev} {seen.st_ino} ".encode() + self._head.partition(b"\n")[0]
        self.digest = sha256(begins).hexdigest()
        """Names the file by how it begins, for what it holds changes."""
        self._reader = greenlet(lambda: self._read(options))

    @property
    def head(self) -> bytes:
        """What it began with."""
        return self._head

    @property
    def size(self) -> int | None:
        """It is not known: it grows."""
        return None

    @property
    def replaced(self) -> bool:
        """It was cut short, or holds something else than what was read."""
        size = os.fstat(self._file.fileno()).st_size
        read = self._head[: min(_MARK, self.position)]
        return size < self.position or os.pread(self._file.fileno(), len(read), 0) != read

    def look(self) -> BinaryIO:
        """Open what there is now, for a look ahead."""
        return Path(self.path).open("rb")

    def open(self) -> BinaryIO:
        """Open it to be read as it grows."""
        return cast(BinaryIO, _Growing(self))

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give its path."""
        yield Path(self.path)

    def advance(self, *, ended: bool = False) -> list[Batch]:
        """Read what there is now; `ended` says that no more will come."""
        self._left, self._ended = _PORTION, ended
        self.more = False
        if not self._reader.dead:
            self._reader.switch()
        for rows in self._gathered:
            if rows.records:
                self._batches.append(rows.take())
        found, self._batches = self._batches, []
        return found

    def close(self) -> None:
        """Let go of the file; what the loader holds back is not made into rows."""
        self._file.close()

    def _read(self, options: Options) -> None:
        # A greenlet has a context of its own.
        GATHERING.set(self._gathered)
        for batch in self.loader.read(self, options):
            self._batches.append(batch)

    def take(self) -> bytes:
        """The next whole lines; rests where there are none, and gives nothing at the end."""
        while True:
            if self._left > 0 and (block := self._whole_lines()):
                self.position += len(block)
                self._left -= len(block)
                return block
            if self._ended and self._left > 0:
                return b""
            self.more = self._left <= 0
            getcurrent().parent.switch()

    def _whole_lines(self) -> bytes:
        size = _BLOCK
        while True:
            block = os.pread(self._file.fileno(), size, self.position)
            if self._ended and len(block) < size:
                return block
            cut = self._cut(block)
            if cut or len(block) < size:
                return block[:cut]
            size *= 2

    def _cut(self, block: bytes) -> int:
        if not self._head.startswith(_UTF16):
            return block.rfind(b"\n") + 1
        newline = b"\n\0" if self._head.startswith(_UTF16[0]) else b"\0\n"
        place = block.rfind(newline)
        while place >= 0 and (self.position + place) % 2:
            place = block.rfind(newline, 0, place + 1)
        return place + 2 if place >= 0 else 0


class _Growing(io.BufferedIOBase):
    """The stream of a tail: whole lines, and the end only where the file has come to it.

    It gives what there is, unlike `io.BufferedReader`, which would wait until it has all that was asked for.
    """

    def __init__(self, tail: Tail) -> None:
        self._tail, self._rest, self._at = tail, b"", 0

    def readable(self) -> bool:
        """It is read from only."""
        return True

    def _fill(self) -> None:
        if self._at >= len(self._rest):
            self._rest, self._at = self._tail.take(), 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Give up to so many bytes, fewer where there are no more yet."""
        self._fill()
        end = len(self._rest) if size is None or size < 0 else self._at + size
        piece = self._rest[self._at : end]
        self._at += len(piece)
        return piece

    def readline(self, size: int | None = -1, /) -> bytes:
        """Give a line, or as much of it as is asked for."""
        self._fill()
        end = self._rest.find(b"\n", self._at) + 1 or len(self._rest)
        if size is not None and size >= 0:
            end = min(end, self._at + size)
        line = self._rest[self._at : end]
        self._at = end
        return line
