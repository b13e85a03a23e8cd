"""Finding what a user names: files, folders, globs, archives and standard input become sources, one after another.

What something is, is told by its first bytes, never by its name. Archives are read in place; only what must be read
out of order is unfolded into a temporary file. Nothing found is passed over in silence: it is a source or an error.
"""

import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from graph_hunt.errors import InputError, UnclaimedInput, UnreadableInput
from graph_hunt.events.archive import unfolded
from graph_hunt.events.input import Input, Limits, Spool, unkept
from graph_hunt.events.stream import Meter, stretch

STDIN = "-"
_BLOCK = 1 << 20
_DESCRIPTORS = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""Where a shell's <(command) is a pipe that someone writes to; any other pipe could keep us waiting for ever."""

_Identity = tuple[int, int]


def find_sources(
    paths: Iterable[str | Path], limits: Limits | None = None, *, stdin: BinaryIO | None = None
) -> Iterator[Input | InputError]:
    """Give each source under these paths, in the order of names; an `InputError` stands for what cannot be read.

    Take them one at a time: a source keeps what it was unfolded into until it is let go.
    """
    bounds = limits or Limits()
    for path in paths:
        name = str(path)
        if name == STDIN:
            yield from _stream(name, stdin or sys.stdin.buffer, bounds)
        elif os.path.lexists(name):
            yield from _under(Path(name), bounds)
        elif matches := _matches(name):
            for match in matches:
                yield from _under(Path(match), bounds)
        else:
            expected = "a pattern that matches a file" if glob.has_magic(name) else "a file, a folder, a pattern or -"
            yield UnreadableInput("there is no such file", where=shown(name), expected=expected)


def one_source(path: Path, limits: Limits | None = None) -> Input:
    """Give the one source that a file is; raise where it cannot be read or holds several."""
    found = list(find_sources([path], limits))
    if len(found) != 1:
        raise UnreadableInput(f"holds {len(found)} sources", where=shown(path), expected="one")
    source = found[0]
    if isinstance(source, InputError):
        raise source
    return source


def shown(path: str | Path) -> str:
    """Write a path as text that UTF-8 can hold, whatever bytes it has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _matches(pattern: str) -> list[str]:
    if not glob.has_magic(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  (Path.glob takes no absolute pattern)


def _under(named: Path, limits: Limits) -> Iterator[Input | InputError]:
    """Walk what was named, without recursion: folders may lie deeper than Python's stack."""
    waiting: list[tuple[Path, frozenset[_Identity]]] = [(named, frozenset())]
    while waiting:
        path, above = waiting.pop()
        try:
            seen = path.stat()
            if stat.S_ISDIR(seen.st_mode):
                identity = (seen.st_dev, seen.st_ino)
                if identity in above:
                    yield UnreadableInput("is a link to a folder that it lies in", where=shown(path))
                    continue
                if _is_workspace(path):
                    yield UnclaimedInput("is a workspace of graph-hunt, not telemetry", where=shown(path))
                    continue
                children = sorted(path.iterdir(), key=lambda child: os.fsencode(child.name), reverse=True)
                inside = above | {identity}
                waiting += [(child, inside) for child in children]
                continue
        except OSError as error:
            yield _unreadable(path, error)
            continue
        if stat.S_ISREG(seen.st_mode):
            yield from _file(path, seen.st_size, limits)
        elif path is named and stat.S_ISFIFO(seen.st_mode) and str(path).startswith(_DESCRIPTORS):
            with path.open("rb") as stream:
                yield from _stream(shown(path), stream, limits)
        else:
            yield UnreadableInput(f"is {_kind(seen.st_mode)}", where=shown(path), expected="a file or a folder")


def plain(path: Path, size: int, limits: Limits) -> Input:
    """Give the first `size` bytes of a file as a source, whatever they are."""
    name = shown(path)
    meter = Meter(name, size, limits.unfolded, limits.ratio, limits.grace)
    return Input(
        name,
        lambda: stretch(name, path, 0, size),
        limits=limits,
        meter=meter,
        path=shown(path.absolute()),
        size=size,
        file=path,
    )


def _file(path: Path, size: int, limits: Limits) -> Iterator[Input | InputError]:
    yield from unfolded(plain(path, size, limits))


def _stream(name: str, stream: BinaryIO, limits: Limits) -> Iterator[Input | InputError]:
    try:
        spool = Spool(limits.spool)
        size = spool.fill(iter(lambda: stream.read(_BLOCK), b""))
    except OSError as error:
        yield unkept(name, error)
        return
    meter = Meter(name, size, limits.unfolded, limits.ratio, limits.grace)
    yield from unfolded(
        Input(
            name,
            lambda: stretch(name, spool.path, 0, size),
            limits=limits,
            meter=meter,
            size=size,
            file=spool.path,
            keep=spool,
        )
    )


def _is_workspace(folder: Path) -> bool:
    return (folder / "events" / "journal").is_dir() and (folder / "events" / "lock").is_file()


def _unreadable(path: Path, error: OSError) -> UnreadableInput:
    if isinstance(error, FileNotFoundError):
        return UnreadableInput("is a link to what is not there", where=shown(path))
    return UnreadableInput(f"cannot be opened ({error.strerror})", where=shown(path))


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"
