"""Reading ahead: while one file is appended, worker processes read those that come after it.

What a file gives is taken in the files' order, so a load is the same as one file after another. Only files of their own
are read so: what is a member of an archive, or long, or named together with its loader, is read when its turn comes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from graph_hunt import loaders
from graph_hunt.errors import InputError
from graph_hunt.events.batch import Batch
from graph_hunt.events.input import Input, Limits
from graph_hunt.events.inputs import plain
from graph_hunt.events.source import Loader, Options
from graph_hunt.loaders._workers import Workers, processors

__all__ = ["FileRead", "ahead"]

_LOOKED_AT = 256
"""Sources that are looked at before their turn."""
_WORTH_WORKERS = 64 << 20
"""Fewer bytes in as many files are read sooner than workers start."""
_LONG = 16 << 20
"""A file of more bytes waits for its turn: what it gives is not kept in memory as a whole."""

Found = Input | InputError


@dataclass(slots=True)
class FileRead:
    """What a file gave: the loader that claims it, batches, and why there are no more, if that is not its end."""

    loader: Loader | None
    batches: list[Batch] = field(default_factory=list)
    problem: str = ""
    error: Exception | None = None

    def given(self) -> Iterator[Batch]:
        """Yield the batches; raise what reading raised after them."""
        yield from self.batches
        if self.error is not None:
            raise self.error


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be read."""

    path: Path
    size: int
    limits: Limits
    options: Options

    def run(self) -> FileRead:
        """Read it."""
        source = plain(self.path, self.size, self.limits)
        read = FileRead(None)
        try:
            read.loader = loaders.find(source)
            if read.loader is not None:
                for batch in read.loader.read(source, self.options):
                    read.batches.append(batch)
        except Exception as error:  # it is answered for where the file is appended
            read.error = error
        read.problem = source.problem
        return read


def ahead(
    sources: Iterable[Found], options: Options, wanted: Callable[[Input], bool], workers: int | None = None
) -> Iterator[tuple[Found, "Future[FileRead] | None"]]:
    """Give each source in order, with what it gave where it was read ahead; those not `wanted` are not."""
    count = processors() if workers is None else workers
    coming = iter(sources)
    window: deque[Found] = deque()
    begun: dict[int, Future[FileRead]] = {}
    hired: Workers | None = None
    with ExitStack() as stack:
        while True:
            _look(coming, window)
            if not window:
                return
            if hired is None and count > 1 and _bytes(window) >= _WORTH_WORKERS:
                hired = stack.enter_context(Workers(count))
            if hired is not None:
                for found in list(window)[: 2 * count]:
                    if id(found) not in begun and isinstance(found, Input) and _short(found) and wanted(found):
                        begun[id(found)] = hired.submit(_task(found, options))
            found = window.popleft()
            yield found, begun.pop(id(found), None)


def _look(coming: Iterator[Found], window: deque[Found]) -> None:
    """Look at more sources, up to one that keeps what it was unfolded into."""
    while len(window) < _LOOKED_AT and not (window and isinstance(window[-1], Input) and not window[-1].plain):
        found = next(coming, None)
        if found is None:
            return
        window.append(found)


def _short(found: Input) -> bool:
    return found.plain and 0 < (found.size or 0) <= _LONG


def _bytes(window: Iterable[Found]) -> int:
    return sum(found.size or 0 for found in window if isinstance(found, Input) and _short(found))


def _task(found: Input, options: Options) -> _File:
    assert found.file is not None and found.size is not None
    return _File(found.file, found.size, found.limits, options)
