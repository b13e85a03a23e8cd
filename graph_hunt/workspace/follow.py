"""Following: files and folders that grow are read as they do, and committed at every look.

What a look finds is committed before the next; a kill loses nothing, for a follower that starts again reads its files
from their beginning, and what the store has counts once. A file that was renamed is known by its inode and goes on; one
that was cut short or replaced has come to its end, and what stands in its place is another.
"""

import glob
import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from graph_hunt import loaders
from graph_hunt.errors import InputError, WorkspaceBusy
from graph_hunt.events.append import Appender
from graph_hunt.events.batch import Batch
from graph_hunt.events.input import Input
from graph_hunt.events.inputs import find_sources, shown
from graph_hunt.events.journal import Reading
from graph_hunt.events.source import Loader, Options
from graph_hunt.events.store import EventStore
from graph_hunt.workspace.loading import LoadReport, Outcome, SourceReport, take
from graph_hunt.workspace.tail import Tail

_BINARY = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"ElfFile\0")
_WHOLE = ("lanl", "mapped", "message", "utmp")
"""Loaders that read a file in bulk: it is read anew where it has changed."""
_OLD = 3600.0
"""Seconds after which a file that no one wrote to is read as a whole, until it changes."""
_Identity = tuple[int, int]


@dataclass(slots=True)
class _Followed:
    path: Path
    tail: Tail | None = None
    reading: Reading | None = None
    stamp: tuple[int, int] = (-1, -1)
    """Size and time of change when it was last read as a whole."""
    report: SourceReport = field(default_factory=lambda: SourceReport("", Outcome.LOADED))


class Follow:
    """Follows files and folders into an event store; call `look` again and again."""

    def __init__(
        self,
        events: EventStore,
        paths: Sequence[str | Path],
        options: Options | None = None,
        *,
        loader: Loader | None = None,
    ) -> None:
        if loader is not None and loader.name == "mapped" and "map" not in (options or Options()).extra:
            raise InputError("a mapping is not followed", where="--follow", expected="telemetry that a loader knows")
        self._events, self._paths, self._options = events, [str(path) for path in paths], options or Options()
        self._loader = loader
        self._files: dict[_Identity, _Followed] = {}
        self._load = ""
        self._pending: list[tuple[_Followed, list[Batch], bool]] = []
        self.report = LoadReport()
        """What came of it so far."""
        self.more = False
        """There is more to be read at once."""

    def look(self) -> bool:
        """Read and commit what has come since the last look; tell whether anything had."""
        if not self._pending:
            self._pending, whole = self._advance()
        else:
            whole = []
        if not self._pending and not whole:
            return False
        try:
            with self._events.appender(load=self._load) as appender:
                self._load = appender.load
                for followed, batches, ended in self._pending:
                    self._append(appender, followed, batches, ended=ended)
                for followed in whole:
                    self._whole(appender, followed)
        except WorkspaceBusy:
            # Another load is at it: what was read is kept, and nothing more is read.
            for followed in whole:
                followed.stamp = (-1, -1)
            return False
        self._pending = []
        self.report.batches += appender.batches
        self.report.duplicates.update(appender.duplicates)
        return True

    def close(self) -> None:
        """Let go of the files."""
        for followed in self._files.values():
            if followed.tail is not None:
                followed.tail.close()

    def _advance(self) -> tuple[list[tuple[_Followed, list[Batch], bool]], list[_Followed]]:
        found: list[tuple[_Followed, list[Batch], bool]] = []
        whole: list[_Followed] = []
        self.more = False
        there = {(seen.st_dev, seen.st_ino): (path, seen) for path, seen in self._found()}
        for identity, followed in list(self._files.items()):
            gone = identity not in there
            if followed.tail is not None and (gone or followed.tail.replaced):
                found.append((followed, self._read(followed, ended=not followed.tail.replaced), True))
                followed.tail.close()
            if gone or (found and found[-1][0] is followed):
                del self._files[identity]
        for identity, (path, seen) in there.items():
            followed = self._files.setdefault(identity, _Followed(path))
            followed.path = path
            if followed.tail is None and self._begins(followed, seen):
                whole.append(followed)
            if followed.tail is not None and (batches := self._read(followed)):
                found.append((followed, batches, False))
        return found, whole

    def _begins(self, followed: _Followed, seen: os.stat_result) -> bool:
        """Begin to read a file; tell whether it is to be read as a whole."""
        stamp = (seen.st_size, seen.st_mtime_ns)
        if stamp == followed.stamp or not seen.st_size:
            return False
        first = followed.stamp == (-1, -1)
        followed.stamp = stamp
        with suppress(OSError):
            with followed.path.open("rb") as file:
                head = file.read(65536)
            if head.startswith(_BINARY) or (first and time.time() - seen.st_mtime > _OLD):
                return True
            loader = self._chosen(followed.path)
            if loader is None or loader.name in _WHOLE or b"\n" not in head:
                return loader is not None and loader.name in _WHOLE
            name = shown(followed.path)
            followed.tail = Tail(followed.path, name, loader, self._options)
            followed.report = SourceReport(name, Outcome.LOADED, loader.name)
            self.report.sources.append(followed.report)
        return False

    def _chosen(self, path: Path) -> Loader | None:
        if self._loader is not None:
            return self._loader
        sources = [one for one in find_sources([path]) if isinstance(one, Input)]
        return loaders.find(sources[0]) if len(sources) == 1 else None

    def _read(self, followed: _Followed, *, ended: bool = False) -> list[Batch]:
        tail = followed.tail
        assert tail is not None
        try:
            batches = tail.advance(ended=ended)
            while ended and tail.more:
                batches += tail.advance(ended=ended)
        except (InputError, OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
            followed.report.outcome, followed.report.problem = Outcome.BROKEN, f"{tail.name}: {error}"
            return []
        self.more = self.more or tail.more
        return batches

    def _append(self, appender: Appender, followed: _Followed, batches: list[Batch], *, ended: bool) -> None:
        tail = followed.tail
        assert tail is not None
        if followed.reading is None:
            followed.reading = appender.begin(tail, tail.loader.name)
        for batch in batches:
            appender.append(followed.reading, batch)
            followed.report.count(batch)
        if ended:
            appender.finish(followed.reading)

    def _whole(self, appender: Appender, followed: _Followed) -> None:
        for source in find_sources([followed.path]):
            if isinstance(source, InputError):
                self.report.sources.append(SourceReport(source.where, Outcome.UNREADABLE, problem=str(source)))
            else:
                self.report.sources.append(take(appender, source, self._options, self._loader))

    def _found(self) -> Iterator[tuple[Path, os.stat_result]]:
        own = self._events.root.absolute() if isinstance(self._events.root, Path) else None
        for path in self._named():
            if own and own.is_relative_to(path.absolute().parent) and path.absolute().is_relative_to(own.parent):
                continue
            with suppress(OSError):
                seen = path.stat()
                if stat.S_ISREG(seen.st_mode):
                    yield path, seen

    def _named(self) -> Iterable[Path]:
        for written in self._paths:
            path = Path(written)
            if path.is_dir():
                yield from sorted(path.rglob("*"))
            elif glob.has_magic(written) and not path.exists():
                yield from map(Path, sorted(glob.glob(written, recursive=True)))  # noqa: PTH207
            else:
                yield path
