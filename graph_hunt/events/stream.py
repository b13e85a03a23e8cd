"""Sequential streams of bytes: a bounded stretch of a file, and decompression that is bounded too.

Where content breaks off, a stream first gives what could be read, then ends, and raises only when read once more: a
reader that gathers blocks or lines does not lose the last of them. `broken` tells why.
"""

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa

from graph_hunt.errors import InputError, OversizedInput, UnreadableInput

_BLOCK = 1 << 18
_LZMA_MEMORY = 1 << 29
"""What an .xz may ask for; its strongest preset asks for 65 MiB."""


@dataclass(slots=True)
class Meter:
    """How far one file on disk has unfolded, against its bounds."""

    name: str
    stored: int
    most: int
    ratio: int
    grace: int
    unfolded: int = 0

    def add(self, size: int) -> None:
        """Count bytes that came out; raise `OversizedInput` beyond the bounds."""
        self.check(self.unfolded + size)
        self.unfolded += size

    def check(self, size: int) -> None:
        """Refuse to unfold so many bytes if that is beyond the bounds."""
        if size > self.most:
            raise OversizedInput(f"unfolds to more than {self.most:,} bytes", where=self.name)
        if size > self.grace and size > self.ratio * max(self.stored, 1):
            raise OversizedInput(
                f"unfolds to more than {self.ratio} times its {self.stored:,} bytes, as a bomb does", where=self.name
            )


class Sequential(io.RawIOBase):
    """A stream over `take(n)`, which gives up to n bytes, or nothing at the end."""

    def __init__(self, name: str, take: Callable[[int], bytes], close: Callable[[], object]) -> None:
        self._name, self._take, self._close = name, take, close
        self.broken: InputError | None = None
        self.closed_by: Callable[[InputError | None], None] | None = None
        """Told why it broke off, if it did, when it is closed."""

    def readable(self) -> bool:
        """It is read from only."""
        return True

    def readinto(self, buffer: "io.WriteableBuffer") -> int:  # type: ignore[name-defined]
        """Fill a buffer."""
        if self.broken is not None:
            raise self.broken
        view = memoryview(buffer).cast("B")
        try:
            content = self._take(len(view))
        except OversizedInput:
            raise
        except InputError as error:
            self.broken = error
            return 0
        except _BREAKS as error:
            self.broken = UnreadableInput(f"breaks off: {_words(error)}", where=self._name)
            return 0
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Close what it reads from."""
        if not self.closed:
            self._close()
            if self.closed_by is not None:
                self.closed_by(self.broken)
        super().close()


_BREAKS = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    pa.ArrowException,
    NotImplementedError,
    RuntimeError,
)


def _words(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__


def stretch(name: str, path: Path, start: int, length: int) -> Sequential:
    """Read a stretch of a file; the file may have grown since."""
    file = path.open("rb", buffering=0)
    file.seek(start)
    left = length

    def take(size: int) -> bytes:
        nonlocal left
        content = file.read(min(size, left)) if left else b""
        if left and not content:
            raise UnreadableInput(f"breaks off {left:,} bytes before its end", where=name)
        left -= len(content)
        return content

    return Sequential(name, take, file.close)


def whole(name: str, stream: BinaryIO, count: Callable[[int], None]) -> Sequential:
    """Read what another reader gives; `count` is told after each block how many bytes have come out."""
    return Sequential(name, _counted(stream.read, count), stream.close)


class Decompressor(Protocol):
    """What `bz2` and `lzma` give."""

    @property
    def eof(self) -> bool:
        """It has come to its end."""

    @property
    def needs_input(self) -> bool:
        """It gives no more before it is fed."""

    @property
    def unused_data(self) -> bytes:
        """What followed its end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Decompress up to so many bytes."""


class _Gzip:
    """`zlib` in the manner of `bz2` and `lzma`."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        content = self._inflate.decompress(self._inflate.unconsumed_tail + data, max(max_length, 0))
        # A full buffer may leave output inside zlib even when it has taken all input.
        self.needs_input = not self._inflate.unconsumed_tail and len(content) < max_length
        return content


FORMATS: dict[str, Callable[[], Decompressor]] = {
    "gzip": _Gzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY),
}


def decompress(name: str, stream: BinaryIO, kind: str, count: Callable[[int], None]) -> Sequential:
    """Decompress a stream; `count` is told after each block how many bytes have come out."""
    if kind == "zstd":
        unfolded = pa.CompressedInputStream(stream, "zstd")
        return Sequential(name, _counted(unfolded.read, count), lambda: (unfolded.close(), stream.close()))
    return Sequential(name, _counted(_members(stream, FORMATS[kind], kind), count), stream.close)


def _counted(take: Callable[[int], bytes], count: Callable[[int], None]) -> Callable[[int], bytes]:
    position = 0

    def counted(size: int) -> bytes:
        nonlocal position
        content = take(size)
        position += len(content)
        count(position)
        return content

    return counted


def _members(stream: BinaryIO, make: Callable[[], Decompressor], kind: str) -> Callable[[int], bytes]:
    """Decompress one member after another, as `cat a.gz b.gz` makes them."""
    member = make()
    ended = False

    def take(size: int) -> bytes:
        nonlocal member, ended
        while not ended:
            if member.eof:
                rest = (member.unused_data or stream.read(_BLOCK)).lstrip(b"\0")
                if not rest and not (rest := stream.read(_BLOCK).lstrip(b"\0")):
                    ended = True
                    break
                member = make()
                content = _after(member, rest, size, kind)
            elif member.needs_input:
                content = member.decompress(_more(stream, kind), size)
            else:
                content = member.decompress(b"", size)
            if content:
                return content
        return b""

    return take


def _more(stream: BinaryIO, kind: str) -> bytes:
    content = stream.read(_BLOCK)
    if not content:
        raise EOFError(f"the {kind} stream is cut short")
    return content


def _after(member: Decompressor, rest: bytes, size: int, kind: str) -> bytes:
    try:
        return member.decompress(rest, size)
    except _BREAKS as error:
        raise EOFError(f"what follows the {kind} stream is not {kind}") from error
