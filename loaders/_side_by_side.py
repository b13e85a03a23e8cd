"""Long sources with a record a line, read by several processes: each reads some lines, and what they give is joined.

Rows, their order and their numbers are those of one process that reads it all.
"""

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NoReturn, Protocol, runtime_checkable

import pyarrow.compute as pc

from graph_hunt.events.batch import Batch
from graph_hunt.events.source import HEAD_BYTES, Growing, Loader, Options, Source, look_ahead
from graph_hunt.loaders._records import LONGEST, Stretch, filled, has_lines
from graph_hunt.loaders._workers import Workers, processors

__all__ = ["ByRecord", "read"]

_WORTH_WORKERS = 64 << 20
"""A source of fewer bytes is read sooner than workers start."""
_PIECE = 8 << 20
_LOOKED_THROUGH = 4 << 20
"""How far loaders look ahead for what holds for the whole source."""


@runtime_checkable
class ByRecord(Protocol):
    """A loader that reads each JSON record by itself, whatever stands around it."""

    @property
    def by_record(self) -> bool:
        """It does."""


def read(loader: Loader, source: Source, options: Options, workers: int | None = None) -> Iterator[Batch]:
    """Yield a source's batches, by as many processes as it is worth, or `workers`."""
    if workers is None:
        workers = processors() if source.size is not None and source.size >= _WORTH_WORKERS else 1
    if workers < 2 or isinstance(source, Growing) or not (isinstance(loader, ByRecord) and has_lines(source.head)):
        yield from loader.read(source, options)
        return
    with look_ahead(source) as stream:
        beginning = filled(stream, _LOOKED_THROUGH)
    with source.open() as stream, Workers(workers) as hired:
        yield from _joined(hired, stream, _Piece(loader, source.name, beginning, options))
        # Where content breaks off, a stream ends first, and says so when it is read once more.
        stream.read(1)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a piece gave, how many lines it has, and the last number given to a record of it."""

    batches: list[Batch]
    lines: int
    last: int


@dataclass
class _Piece:
    """Some whole lines of a source, as a source; `taken` are the numbers at its beginning that are not free."""

    loader: Loader
    name: str
    beginning: bytes
    """How the whole source begins."""
    options: Options
    content: bytes = field(default=b"", repr=False)
    taken: int = 0
    path: str = ""
    problem: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        self._stretch = Stretch()

    @property
    def head(self) -> bytes:
        """The whole source's head, by which its form is told."""
        return self.beginning[:HEAD_BYTES]

    @property
    def size(self) -> int:
        """How many bytes its own lines have."""
        return len(self.content)

    def look(self) -> BinaryIO:
        """Open the whole source's beginning."""
        return io.BytesIO(self.beginning)

    def open(self) -> BinaryIO:
        """Open its own lines."""
        self._stretch = Stretch(self.content)
        self._stretch.last = self.taken
        return self._stretch

    def on_disk(self) -> NoReturn:
        """Nothing of it is on disk."""
        raise NotImplementedError

    def run(self) -> _Given:
        """Read it."""
        batches = list(self.loader.read(self, self.options))
        return _Given(batches, self.content.count(b"\n"), self._stretch.last)


def _pieces(stream: BinaryIO, plain: _Piece, sent: deque[_Piece]) -> Iterator[_Piece]:
    while content := filled(stream, _PIECE):
        if not content.endswith(b"\n"):
            rest = stream.readline(LONGEST)
            content += rest
            while len(rest) == LONGEST and not rest.endswith(b"\n"):
                # Of so long a line no more is kept than shows that it is one.
                rest = stream.readline(LONGEST)
                content = content.removesuffix(b"\n") + b"\n"
        piece = replace(plain, content=content)
        sent.append(piece)
        yield piece


def _joined(hired: Workers, stream: BinaryIO, plain: _Piece) -> Iterator[Batch]:
    sent: deque[_Piece] = deque()
    before = taken = 0
    for given in hired.results(_pieces(stream, plain, sent)):
        piece = sent.popleft()
        if taken:
            # Lines with several records each, as few sources have them: the numbers go past the lines'.
            given = replace(piece, taken=taken).run()
        for batch in given.batches:
            yield _numbered(batch, before)
        before += given.lines
        taken = max(given.last - given.lines, 0)


def _numbered(batch: Batch, before: int) -> Batch:
    """Number a batch's records from where its piece begins."""
    if not before:
        return batch
    tables = {}
    for name, rows in batch.tables.items():
        place = rows.schema.get_field_index("record")
        tables[name] = rows.set_column(place, rows.schema.field(place), pc.add(rows.column(place), before))
    moved = tuple(replace(one, record=one.record + before) for one in batch.quarantined)
    return replace(batch, tables=tables, quarantined=moved)
