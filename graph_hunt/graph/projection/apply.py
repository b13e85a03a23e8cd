"""Applies pending batches of events to a graph, or builds the graph anew from all of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Protocol

import duckdb

from graph_hunt.errors import Overtaken, StoreError
from graph_hunt.events import lock
from graph_hunt.events.identity import Edits, Ledger, sight, together
from graph_hunt.events.resolve import resolve
from graph_hunt.events.storage import Storage
from graph_hunt.graph.projection.add_up import add_up
from graph_hunt.graph.projection.deltas import LOCK, NAME, Deltas
from graph_hunt.graph.projection.difference import differs, lost
from graph_hunt.graph.projection.measure import measure
from graph_hunt.graph.projection.write import write
from graph_hunt.graph.store import GraphStore, Mark, marks

HOUR = 3_600_000
"""The usual length of a bucket, in ms."""
MOST = 16
"""Folders of deltas that are kept apart; each load looks into all of them."""
VERSION = 6
"""Raised when the same events give another graph than before, so that old graphs are built anew."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Events(Protocol):
    """What the projection asks of the event store."""

    def batches(self) -> Sequence[str]:
        """Name the committed batches."""

    def removals(self) -> Sequence[str]:
        """Name what took events out."""

    def connection(self, batches: Sequence[str] | None = None) -> duckdb.DuckDBPyConnection:
        """Give a connection with a view for each event table, over these batches or all."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the graph depends on besides the events."""

    bucket: int = HOUR
    """The length of a bucket of time, in ms."""
    edits: Edits = field(default_factory=Edits)
    """What a person decided about identities."""
    geo: tuple[Path, ...] = ()
    """MaxMind DB files to hear before the bundled one."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done to the graph."""

    batches: int
    rebuilt: str = ""
    """Why the graph was built anew; '' where it was not."""
    edges: dict[str, int] = field(default_factory=dict)
    """Edges written, by type."""


def _silent(what: str, done: int, of: int) -> None:
    return


def apply(
    events: Events,
    graph: GraphStore,
    folder: Path,
    terms: Terms | None = None,
    progress: Progress = _silent,
    *,
    common: Storage | None = None,
    wait: bool = False,
) -> Applied:
    """Bring the graph up to what the event store holds; `folder` is for the deltas, and for nothing else.

    `common` is where several machines keep the deltas; `wait` for a process that is at it, or raise.
    """
    while True:
        try:
            with _alone(graph, folder, wait=wait):
                return _apply(events, graph, Deltas(folder, common), terms or Terms(), progress)
        except Overtaken:
            if not wait:
                raise


@contextmanager
def _alone(graph: GraphStore, folder: Path, *, wait: bool) -> Iterator[None]:
    with lock.held(folder / LOCK, wait=wait):
        own = folder / NAME
        if not own.exists():
            own.write_text(token_hex(8))
        with graph.alone(own.read_text(), wait=wait):
            yield


def _apply(events: Events, graph: GraphStore, deltas: Deltas, terms: Terms, progress: Progress) -> Applied:
    there, batches = marks(graph), events.batches()
    known = {batch for mark in there for batch in mark.batches}
    removals = events.removals()
    if not known.issuperset(removals):
        return _anew(events, graph, deltas, terms, progress, "events were taken out")
    known.difference_update(removals)
    if foreign := known - set(batches):
        raise StoreError(
            f"the graph holds {len(foreign)} batches of events that this workspace does not have: it is another "
            "workspace's, or its journal was changed by hand; `graph-hunt rebuild` makes it anew from this one"
        )
    if why := _stale(there, deltas, terms):
        return _anew(events, graph, deltas, terms, progress, why)
    deltas.keep(there)
    pending = [batch for batch in batches if batch not in known]
    if not pending:
        return Applied(0)
    done = _onward(events, graph, deltas, pending, terms, progress)
    return done if isinstance(done, Applied) else _anew(events, graph, deltas, terms, progress, done)


def rebuild(
    events: Events,
    graph: GraphStore,
    folder: Path,
    terms: Terms | None = None,
    progress: Progress = _silent,
    *,
    common: Storage | None = None,
    wait: bool = False,
) -> Applied:
    """Build the graph anew from all events."""
    with _alone(graph, folder, wait=wait):
        return _anew(events, graph, Deltas(folder, common), terms or Terms(), progress, "asked for")


def _stale(there: Sequence[Mark], deltas: Deltas, terms: Terms) -> str:
    """Say why the graph can not be continued, or ''."""
    if any(mark.projection != VERSION for mark in there):
        return "the program now makes another graph of the same events"
    if any(mark.bucket != terms.bucket for mark in there):
        return "the length of a bucket was changed"
    if {mark.load for mark in there} - {mark.load for mark in deltas.marks}:
        return "the deltas of some loads are gone"
    if any(delta.said != terms.edits.digest for delta in deltas.all()):
        return "what people say of identities has changed"
    return ""


def _onward(
    events: Events, graph: GraphStore, deltas: Deltas, pending: Sequence[str], terms: Terms, progress: Progress
) -> Applied | str:
    """Add the pending batches to the graph, or say why it must be built anew."""
    progress("resolving identities", 0, 1)
    with closing(events.connection(pending)) as connection:
        seen, before = sight(connection), deltas.sightings()
        ledger = Ledger.of(together([*before, seen]), terms.edits)
        if why := differs(before, ledger, terms.edits):
            return why
        resolve(connection, ledger, terms.geo)
        if why := lost(connection, deltas):
            return why
        delta = deltas.begin()
        delta.keep_sightings(seen)
        delta.keep_said(terms.edits.digest)
        measure(connection, delta, terms.bucket, progress)
        earlier = deltas.all()
        mark = Mark(deltas.next(), tuple(pending), terms.bucket, VERSION)
        delta = deltas.finish(delta, mark)
        with graph.writing() as writer:
            edges = write(connection, writer, earlier, delta, progress)
            progress("marking", 0, 1)
            writer.mark(mark)
            progress("publishing", 0, 1)
    if len(deltas.all()) > MOST:
        progress("adding up loads", 0, 1)
        add_up(deltas)
    return Applied(len(pending), "", edges)


def _anew(events: Events, graph: GraphStore, deltas: Deltas, terms: Terms, progress: Progress, why: str) -> Applied:
    progress("resolving identities", 0, 1)
    deltas.keep([])
    # The mark names what took events out, too: the graph is then known to be made after it.
    removals, batches = events.removals(), events.batches()
    with closing(events.connection(batches)) as connection:
        seen = sight(connection)
        resolve(connection, Ledger.of(seen, terms.edits), terms.geo)
        delta = deltas.begin()
        delta.keep_sightings(seen)
        delta.keep_said(terms.edits.digest)
        measure(connection, delta, terms.bucket, progress)
        mark = Mark(deltas.next(), (*batches, *removals), terms.bucket, VERSION)
        delta = deltas.finish(delta, mark)
        with graph.writing(anew=True) as writer:
            edges = write(connection, writer, [], delta, progress)
            progress("marking", 0, 1)
            writer.mark(mark)
            progress("publishing", 0, 1)
    return Applied(len(batches), why, edges)
